"""Opening the plan form, in every way there is, and changing it while it is open.

Nothing is written: the form carries what it will become. A change that Slack does not take leaves
the form as it was, with all that was typed; whatever stands in it can be sent without any change.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers import opening, reading
from bot.handlers.door import Answer, Door
from bot.handlers.reading import Asker
from bot.slack.carried import unpack
from bot.slack.ids import PROGRAM, TEMPLATE, Action, Command, Field
from bot.slack.modals import plan, plan_changes
from bot.slack.modals.parts import View
from bot.slack.read.payload import (
    BadInput,
    Body,
    action_of,
    key_of_action,
    key_of_command,
    minted,
    strict,
    text_of,
    trigger_of,
    user_of,
)
from bot.slack.render import ack as answers
from bot.slack.words import labels
from bot.slack.words.speech import _, speak
from protocol.ids import MatterId, ProgramId
from protocol.plan import Plan, VisitKind
from storage.database import Unavailable

T = TypeVar("T")
Change = Callable[[Body], Awaitable[View | None]]

# What is typed after the visit command, in each language.
HERE: Final = frozenset(("here", "aquí", "aqui"))
AGAIN: Final = frozenset(("again", "otra", "repetir"))

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """This is what somebody wants to fill in. `here`: they are there; `again`: as before.

    `which` names the visit to plan again, where one was pressed.
    """

    user: str
    trigger: str
    matter: MatterId
    here: bool = False
    again: bool = False
    which: MatterId | None = None


class Plans:
    """This draws plan forms, reading once, and opens or changes them."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def command(self, ack: Answer, client: AsyncWebClient, body: Body) -> None:
        """Open a form for the visit command; what went wrong is the command's answer."""
        said = await self._opened(client, _command(body))
        await (ack(**answers.said(said)) if said else ack())

    async def tap(
        self,
        ack: Answer,
        context: AsyncBoltContext,
        client: AsyncWebClient,
        wanted: Wanted | BadInput,
    ) -> None:
        """Open a form for a button; what went wrong is said beside the answer."""
        said = await self._opened(client, wanted)
        await ack()
        self._door.say_beside(context, said)

    async def change(self, ack: Answer, client: AsyncWebClient, body: Body, change: Change) -> None:
        """Change the form that is open, if it is still as this tap found it."""
        try:
            async with asyncio.timeout(opening.READ_WITHIN):
                view = await change(body)
        except (TimeoutError, Unavailable):
            view = None
        if view is not None:
            await self._update(client, body["view"], view)
        await ack()

    async def _opened(self, client: AsyncWebClient, wanted: Wanted | BadInput) -> str:
        if isinstance(wanted, BadInput):
            return wanted.sentence
        try:
            async with asyncio.timeout(opening.READ_WITHIN):
                view = await self._drawn(wanted)
        except (TimeoutError, Unavailable):
            return answers.no_form(self._door.line(wanted.user))
        if view is None:
            return _(labels.NOT_KNOWN)
        return await opening.open_view(self._door, client, wanted.trigger, wanted.user, view)

    async def _drawn(self, wanted: Wanted) -> View | None:
        """The form, or the question for which program it is; None for a stranger."""
        if wanted.again:
            found, like = await self._before(wanted.user, which=wanted.which)
        else:
            found, like = await self._asker(wanted.user), None
        if found is None:
            return None
        if like is not None:
            return plan.plan_form(found.choices, wanted.matter, self._now(), like)
        if len(found.programs) > 1:
            return plan.program_form(found.programs, wanted.matter, wanted.here)
        return self._form(found, wanted.matter, here=wanted.here)

    def _form(self, found: Asker, matter: MatterId, *, here: bool) -> View:
        if here:
            return plan.here_now_form(found.choices, matter)
        return plan.plan_form(found.choices, matter, self._now())

    async def program_chosen(self, body: Body) -> View | None:
        """The form of this program, in place of the question which one."""
        asked = _program_asked(body)
        if isinstance(asked, BadInput):
            return None
        user, program, matter, here = asked
        found = await self._asker(user, program)
        return None if found is None else self._form(found, matter, here=here)

    async def like_last(self, body: Body) -> View | None:
        """The form as the last plan was; what was typed so far gives way to it."""
        shown = _form_shown(body)
        if isinstance(shown, BadInput):
            return None
        user, program, matter = shown
        found, like = await self._before(user, program)
        if found is None or like is None:
            return None
        turn = plan_changes.next_turn(body["view"]["blocks"])
        return plan.plan_form(found.choices, matter, self._now(), like, turn)

    async def template(self, body: Body) -> View | None:
        """The form with what one kind of visit usually has."""
        kind, shown = _kind(body), _form_shown(body)
        if isinstance(kind, BadInput) or isinstance(shown, BadInput):
            return None
        found = await self._asker(shown[0], shown[1])
        if found is None or kind not in found.choices.templates:
            return None
        return _or_none(plan_changes.with_template(body, kind, found.choices))

    async def details(self, body: Body) -> View | None:
        """The form with everything else that can be said."""
        shown = _form_shown(body)
        found = None if isinstance(shown, BadInput) else await self._asker(shown[0], shown[1])
        return None if found is None else _or_none(plan_changes.with_details(body, found.choices))

    async def place(self, body: Body) -> View | None:
        """The form with a line for a place that is not on the list, where that was picked."""
        return _or_none(plan_changes.place_answered(body))

    async def _asker(self, user: str, program: ProgramId | None = None) -> Asker | None:
        database = self._door.ctx.database
        return self._met(user, await database.run(reading.asker, user, self._now(), program))

    async def _before(
        self, user: str, program: ProgramId | None = None, which: MatterId | None = None
    ) -> tuple[Asker | None, Plan | None]:
        ctx = self._door.ctx
        found = await ctx.database.run(
            reading.plan_again, ctx.sealer, user, self._now(), program, which
        )
        asker, like = found or (None, None)
        return self._met(user, asker), like

    def _met(self, user: str, asker: Asker | None) -> Asker | None:
        if asker is not None:
            self._door.remember(user, asker.reader)
            speak(asker.reader.language)
        return asker

    async def _update(self, client: AsyncWebClient, shown: Body, view: View) -> None:
        try:
            async with asyncio.timeout(opening.OPEN_WITHIN):
                # With the hash a second tap never undoes what the first has done to the form.
                await client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)
        except (TimeoutError, SlackClientError, OSError) as fault:
            log.warning("form.not_changed", form=view["callback_id"], error=type(fault).__name__)

    def _now(self) -> datetime:
        return self._door.ctx.clock.now()


def register(app: AsyncApp, door: Door) -> None:
    """Listen for whatever opens a plan form, and for the taps inside it."""
    plans = Plans(door)

    @app.command(door.ctx.settings.commands[Command.VISIT.value])
    async def open_visit(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await plans.command(ack, client, body)

    for action in (Action.PLAN_VISIT, Action.HERE_NOW, Action.REPEAT_VISIT):
        app.action(action.value)(_opens(plans, action))
    changes: dict[str | re.Pattern[str], Change] = {
        re.compile(f"{PROGRAM}[0-9]+"): plans.program_chosen,
        TEMPLATE: plans.template,
        Action.LIKE_LAST.value: plans.like_last,
        Action.MORE_DETAILS.value: plans.details,
        Field.PLACE.value: plans.place,
    }
    for which, change in changes.items():
        app.action(which)(_changes(plans, change))

    @app.action(Field.ALREADY_THERE.value)
    async def open_ticked(ack: AsyncAck) -> None:
        # The tick counts when the form is sent, whether or not this has come.
        await ack()


def _opens(plans: Plans, action: Action) -> Callable[..., Awaitable[None]]:
    async def opened(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await plans.tap(ack, context, client, _pressed(body, action))

    return opened


def _changes(plans: Plans, change: Change) -> Callable[..., Awaitable[None]]:
    async def changed(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await plans.change(ack, client, body, change)

    return changed


@strict
def _command(body: Body) -> Wanted:
    said = set(str(body.get("text") or "").casefold().split())
    matter = minted(key_of_command(body))
    here, again = bool(said & HERE), bool(said & AGAIN)
    return Wanted(user_of(body), trigger_of(body), matter, here=here, again=again and not here)


@strict
def _pressed(body: Body, action: Action) -> Wanted:
    carried = unpack(action_of(body).get("value"))
    return Wanted(
        user_of(body),
        trigger_of(body),
        minted(key_of_action(body)),
        here=action is Action.HERE_NOW,
        again=action is Action.REPEAT_VISIT,
        which=carried.matter if carried else None,
    )


@strict
def _form_shown(body: Body) -> tuple[str, ProgramId | None, MatterId]:
    target, _zone = plan.carried_of(body)
    return user_of(body), target.program, target.id


@strict
def _program_asked(body: Body) -> tuple[str, ProgramId, MatterId, bool]:
    program = ProgramId(text_of(action_of(body)["value"]))
    matter, here = plan.asked_for(body)
    return user_of(body), program, matter, here


@strict
def _kind(body: Body) -> VisitKind:
    return VisitKind(action_of(body)["selected_option"]["value"])


def _or_none(changed: T | BadInput) -> T | None:
    return None if isinstance(changed, BadInput) else changed
