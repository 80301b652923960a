"""Opening forms: one read at most, then `views.open`, then the answer. Nothing is written.

A trigger is good for three seconds, so neither the read nor Slack may take longer than its share.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers import flags, onboarding, reading, standing
from bot.handlers.door import Answer, Door
from bot.slack.carried import DRILL, NO_VISIT, RAISED, Carried
from bot.slack.ids import Action, ApproverMore, More, ResponderMore
from bot.slack.modals import approver, asking, plan, responder, worker
from bot.slack.modals.parts import View
from bot.slack.read.payload import (
    BadInput,
    Body,
    carried,
    strict,
    trigger_of,
    user_of,
)
from bot.slack.render import ack as answers
from bot.slack.render.view import MatterView
from bot.slack.words import labels, reasons
from bot.slack.words.speech import _
from protocol.decision import Reason
from storage.database import Unavailable

READ_WITHIN: Final = 1.0  # s
OPEN_WITHIN: Final = 1.5  # s

# Draws a form for what a button carries and who pressed it, or says why there is none.
Draw = Callable[[Carried, str], Awaitable[View | str]]

log = structlog.get_logger(__name__)


class Opener:
    """This draws each form, reading at most once, and opens it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def tap(
        self,
        ack: Answer,
        context: AsyncBoltContext,
        client: AsyncWebClient,
        body: Body,
        draw: Draw,
        *,
        turns: bool = False,
    ) -> None:
        """Open the form that a button asks for; a sentence beside the answer says why not.

        One that `turns` takes the place of the form in which its own button was pressed.
        """
        sentence = await self._tapped(client, body, draw, turns)
        await ack()
        self._door.say_beside(context, sentence)

    async def _tapped(self, client: AsyncWebClient, body: Body, draw: Draw, turns: bool) -> str:
        found = _tap(body)
        if isinstance(found, BadInput):
            return found.sentence
        user, trigger, value = found
        try:
            async with asyncio.timeout(READ_WITHIN):
                drawn = await draw(value, user)
        except (TimeoutError, Unavailable):
            return answers.no_form(self._door.line(user))
        if isinstance(drawn, str):
            return drawn
        shown = body.get("view") or {}
        if turns and shown.get("type") == "modal":
            return await turn_view(self._door, client, shown, user, drawn)
        return await open_view(self._door, client, trigger, user, drawn)

    async def confirm_plan(self, value: Carried, user: str) -> View | str:
        """The plan as it is now; refused if it is no longer the one that was shown."""
        view = await self._as_shown(value, user)
        return view if isinstance(view, str) else approver.confirm_form(view)

    async def lower_rating(self, value: Carried, user: str) -> View | str:
        """The plan and why it may be rated lower; refused where it may not."""
        view = await self._as_shown(value, user)
        if isinstance(view, str):
            return view
        return approver.lower_form(view) or reasons.words(approver.why_no_lower(view))

    async def _as_shown(self, value: Carried, user: str) -> MatterView | str:
        ctx = self._door.ctx
        view = await ctx.database.run(
            reading.plan_to_answer, ctx.sealer, value.matter, user, ctx.clock.now()
        )
        if isinstance(view, Reason):
            return reasons.words(view)
        if view is None or view.matter.visit is None:
            return _(labels.UNREADABLE)
        if view.matter.visit.revision != value.number:
            return reasons.words(Reason.PLAN_CHANGED)
        return view

    async def change_plan(self, value: Carried, user: str) -> View | str:
        """The worker's own plan, to be changed; its note is shown to nobody else."""
        ctx, now = self._door.ctx, self._door.ctx.clock.now()
        own = await ctx.database.run(reading.own_plan, ctx.sealer, value.matter, user, now)
        if own is None:
            return reasons.words(Reason.NOT_YOUR_VISIT)
        old, choices = own
        return plan.revise_form(choices, value.matter, old)

    async def flag_place(self, value: Carried, user: str) -> View | str:
        """The place where the worker is, or that is next."""
        return await flags.Drawing(self._door).flag(value, user)

    async def weekly(self, value: Carried, user: str) -> View | str:
        """The worker's own low visit, to come again every week."""
        return await standing.Drawing(self._door).ask(Carried(value.matter), user)

    async def support(self, value: Carried, user: str) -> View | str:
        """Whom to send: the program's people."""
        ctx = self._door.ctx
        people = await ctx.database.run(
            reading.colleagues, ctx.sealer, value.matter, user, ctx.clock.now()
        )
        return responder.support_form(value.matter, people)


async def open_view(door: Door, client: AsyncWebClient, trigger: str, user: str, view: View) -> str:
    """Open a form; what to say if that failed, else nothing."""
    try:
        async with asyncio.timeout(OPEN_WITHIN):
            await client.views_open(trigger_id=trigger, view=view)
    except (TimeoutError, SlackClientError, OSError) as fault:
        log.warning("form.not_opened", form=view["callback_id"], error=type(fault).__name__)
        return answers.no_form(door.line(user))
    return ""


async def turn_view(door: Door, client: AsyncWebClient, shown: Body, user: str, view: View) -> str:
    """Put a form in the place of the one that is shown; what to say if that failed."""
    try:
        async with asyncio.timeout(OPEN_WITHIN):
            # With the hash a second tap never turns back what the first has turned.
            await client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)
    except (TimeoutError, SlackClientError, OSError) as fault:
        log.warning("form.not_turned", form=view["callback_id"], error=type(fault).__name__)
        return answers.no_form(door.line(user))
    return ""


def _at_once(form: Callable[[Carried], View]) -> Draw:
    """A form that needs no reading."""

    async def draw(value: Carried, _user: str) -> View:
        return form(value)

    return draw


def forms(opener: Opener) -> dict[str, Draw]:
    """Which button opens which form."""
    return {
        Action.ASK_WHO: _at_once(asking.ask_form),
        Action.RUNNING_LATE: _at_once(lambda v: worker.running_late_form(v.matter)),
        Action.CHANGE_PLAN: opener.change_plan,
        Action.CONFIRM_PLAN: opener.confirm_plan,
        Action.ASK_CHANGES: _at_once(lambda v: approver.ask_changes_form(v.matter, v.number)),
        Action.DECLINE_PLAN: _at_once(lambda v: approver.decline_form(v.matter, v.number)),
        Action.LOG_ATTEMPT: _at_once(
            lambda v: responder.attempt_form(v.matter, raised=v.said == RAISED)
        ),
        Action.SEND_SUPPORT: opener.support,
        Action.CALL_EMERGENCY: _at_once(lambda v: responder.emergency_form(v.matter)),
        Action.CLOSE: _at_once(
            lambda v: responder.close_form(
                v.matter, v.number, drill=DRILL in v.said, visit=NO_VISIT not in v.said
            )
        ),
    }


def menu_forms(opener: Opener) -> dict[str, Draw]:
    """Which line of a menu opens which form; the other lines act at once."""
    return {
        More.EXTEND: _at_once(lambda v: worker.extend_form(v.matter)),
        More.NO_SIGNAL: _at_once(lambda v: worker.no_signal_form(v.matter)),
        More.CHANGE_PLAN: opener.change_plan,
        More.FLAG_PLACE: opener.flag_place,
        More.WEEKLY: opener.weekly,
        ApproverMore.LOWER_RATING: opener.lower_rating,
        ResponderMore.PROXY: _at_once(lambda v: responder.proxy_form(v.matter)),
    }


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what opens a form. Before the other listeners: a menu's other lines are theirs."""
    opener = Opener(door)

    theirs = {**flags.drawn(door), **onboarding.drawn(door), **standing.drawn(door)}
    for action, draw in {**forms(opener), **theirs}.items():
        app.action(action)(_opens(opener, draw))
    for line, draw in menu_forms(opener).items():
        for menu in (Action.MORE, Action.RESPONDER_MORE, Action.APPROVER_MORE):
            app.action(menu.value, matchers=[_is_line(line)])(_opens(opener, draw))


def _opens(opener: Opener, draw: Draw) -> Callable[..., Awaitable[None]]:
    async def opened(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, draw)

    return opened


def _is_line(line: str) -> Callable[..., Awaitable[bool]]:
    async def matches(body: dict[str, Any]) -> bool:
        found = strict(carried)(body)
        return not isinstance(found, BadInput) and found.said == line

    return matches


@strict
def _tap(body: Body) -> tuple[str, str, Carried]:
    return user_of(body), trigger_of(body), carried(body)
