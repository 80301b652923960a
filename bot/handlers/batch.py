"""Reading low plans one by one, and confirming together what was read.

Sending the form stores the request and nothing else; bot/scheduler/batch.py answers plan by plan.
"""

import asyncio
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.handlers import opening
from bot.handlers.door import Door
from bot.handlers.opening import Opener
from bot.runner import TAIL, Write
from bot.slack import looking
from bot.slack.carried import Carried
from bot.slack.ids import Action, Form
from bot.slack.modals import batch as forms
from bot.slack.modals.parts import View
from bot.slack.read.payload import BadInput, Body
from bot.slack.render import ack as answers
from bot.slack.words import batch as words
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.approval import MAY_APPROVE, along, has_cover
from protocol.ids import MatterId
from protocol.people import RESPONDER_ROLES
from protocol.together import fits
from storage import batches, board, matters, people, roll_calls, situation
from storage.batches import Batch
from storage.database import Unavailable
from storage.sealing import Sealer

log = structlog.get_logger(__name__)


class Drawing:
    """This draws the list, and each plan that is opened in it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def all(self, _value: Carried, user: str) -> View | str:
        """The list of what waits, with nothing opened yet."""
        ctx = self._door.ctx
        found = await ctx.database.run(_waiting, ctx.sealer, user, ctx.clock.now())
        if found is None or not found[1]:
            return _(words.NONE)
        return forms.low_plans_form(*found)

    async def one(self, client: AsyncWebClient, body: Body) -> str:
        """Show one plan whole, in the list; what to say where that failed."""
        asked = forms.opened(body)
        if isinstance(asked, BadInput):
            return asked.sentence
        user, matter, number = asked
        ctx = self._door.ctx
        try:
            async with asyncio.timeout(opening.READ_WITHIN):
                found = await ctx.database.run(_whole, ctx.sealer, user, matter, ctx.clock.now())
            view = forms.with_plan(body, number, found)
            if isinstance(view, BadInput):
                return view.sentence
            shown = body["view"]
            async with asyncio.timeout(opening.OPEN_WITHIN):
                # With the hash a second tap never undoes what the first has opened.
                await client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)
        except (TimeoutError, Unavailable, SlackClientError, OSError) as fault:
            log.warning("form.not_changed", form="low_plans", error=type(fault).__name__)
            return answers.no_form(self._door.line(user))
        return ""


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what opens the list and its plans, and for the list when it is sent."""
    opener, drawing = Opener(door), Drawing(door)

    @app.action(Action.READ_LOW_PLANS.value)
    async def open_list(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, drawing.all)

    @app.action(Action.READ_PLAN.value)
    async def open_plan(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        said = await drawing.one(client, body)
        await ack()
        door.say_beside(context, said)

    @app.view(Form.LOW_PLANS.value)
    async def confirm_ticked(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read(body), ask_for_all)


def ask_for_all(conn: Connection, write: Write, asked: forms.Confirming) -> BadInput | None:
    """Store the request, whole; the same form sent twice is one request."""
    who = people.by_slack(conn, asked.user)
    if who is None or people.roles(conn, asked.program, who.id, write.at).isdisjoint(MAY_APPROVE):
        return BadInput(labels.NOT_KNOWN)
    found = matters.load_many(conn, write.sealer, [plan.matter for plan in asked.plans])
    ours = {which for which, matter in found.items() if matter.program == asked.program}
    if any(plan.matter not in ours for plan in asked.plans):
        return BadInput(labels.UNREADABLE)
    batches.add(conn, Batch(asked.id, asked.program, who.id, asked.plans, asked.every), write.at)
    return None


_List = tuple[board.Look, list[tuple[board.Open, board.VisitRow]]]


def _waiting(conn: Connection, sealer: Sealer, user: str, at: datetime) -> _List | None:
    """What waits for this person, without what the columns do not tell to be theirs or lowered."""
    look = board.look(conn, user, at)
    if look is None:
        return None
    rows = forms.waiting_low(look)
    # What cannot be read is left out: it must not keep the others from being read.
    found, _unread = roll_calls.of_ids(conn, sealer, [one.matter for one, _visit in rows])
    mine = {which for which, matter in found.items() if fits(matter, look.person)}
    return look, [row for row in rows if row[0].matter in mine][: forms.PLANS_MAX]


def _whole(
    conn: Connection, sealer: Sealer, user: str, which: MatterId, at: datetime
) -> forms.Whole | None:
    """One plan whole, with who is on duty then; None where it does not wait for this person."""
    who, matter = people.by_slack(conn, user), matters.load(conn, sealer, which)
    if who is None or matter is None or matter.visit is None or not fits(matter, who.id):
        return None
    plan = matter.visit.plan
    cover = situation.cover(conn, matter.program, at, plan.end_at + TAIL)
    if not cover.holds(who.id, MAY_APPROVE):
        return None
    people_on = along(matter, plan)
    covered = has_cover(people_on, plan.start_at, plan.end_at, matter.visit.timings, cover, at)
    on_duty = [p for role in RESPONDER_ROLES for p in cover.on_duty(role, plan.start_at)]
    names = people.names(conn, on_duty)
    listed = dict.fromkeys(names[p] for p in on_duty if p in names and p not in people_on)
    view = looking.view(conn, sealer, matter)
    return forms.Whole(view, tuple(listed) if covered else ())
