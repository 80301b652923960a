"""Standing plans: a worker asks, somebody else confirms, either ends it, the worker skips a visit.

What is made of one is made by bot/scheduler/standing.py.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from sqlalchemy import Connection

from bot.handlers.door import Door
from bot.runner import TAIL, Write
from bot.slack import looking
from bot.slack.carried import Carried
from bot.slack.ids import Action, Field, Form
from bot.slack.modals import standing as forms
from bot.slack.modals.parts import View
from bot.slack.read.payload import BadInput
from bot.slack.render.approval import plan_text
from bot.slack.render.standing import AGAIN
from bot.slack.words import standing as words
from bot.slack.words.speech import _
from protocol import standing as rules
from protocol import standing_news as news
from protocol.approval import MAY_APPROVE
from protocol.effects import Said
from protocol.events import PlanVisit
from protocol.ids import MatterId, PersonId
from protocol.matter import blank
from protocol.plan import Plan
from protocol.planning import new_visit
from protocol.records import Matter
from protocol.standing import No, Standing, StandingState, Why
from storage import homes, inbound, matters, outbox, people, situation, standings
from storage.sealing import Sealer

# Of the approvers, so many are asked by a message; it stands in the Home of every one of them.
ASKED_MAX: Final = 2
# The question that a refusal is about.
_ABOUT: Final = {No.NO_DAYS: Field.WEEKDAYS, No.TOO_LONG: Field.DAYS, No.TOO_OFTEN: Field.EVERY}


class Drawing:
    """This draws the two forms, reading once for each."""

    def __init__(self, door: Door) -> None:
        self._ctx = door.ctx

    async def ask(self, value: Carried, user: str) -> View | str:
        """For a visit of one's own, or a standing plan that ends: on which days?"""
        ctx, now = self._ctx, self._ctx.clock.now()
        found = await ctx.database.run(_asked_like, ctx.sealer, value, user)
        if isinstance(found, No):
            return _(words.NO[found])
        _matter, plan, weekdays = found
        return forms.ask_form(value, plan, weekdays, now)

    async def confirm(self, value: Carried, user: str) -> View | str:
        """The whole plan, to be confirmed."""
        ctx, now = self._ctx, self._ctx.clock.now()
        found = await ctx.database.run(_shown, ctx.sealer, value.matter, user, now)
        return _(words.NO[found]) if isinstance(found, No) else forms.confirm_form(found, now)


def drawn(door: Door) -> dict[str, Any]:
    """Which button opens which form; see bot/handlers/opening.py."""
    drawing = Drawing(door)
    return {Action.PLAN_WEEKLY: drawing.ask, Action.OPEN_STANDING: drawing.confirm}


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the forms, and for the taps that skip or end."""

    @app.view(Form.STANDING.value)
    async def asked(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_ask(body), ask)

    @app.view(Form.CONFIRM_STANDING.value)
    async def confirmed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_confirm(body), confirm)

    @app.action(Action.SKIP_STANDING.value)
    async def skipped(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.note(ack, context, body, forms.read_tap(body), skip)

    @app.action(Action.END_STANDING.value)
    async def ended(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.note(ack, context, body, forms.read_tap(body), end)


# --- what is stored, in one transaction on a database thread ---------------------------------


def ask(conn: Connection, write: Write, asked: forms.Asking) -> BadInput | None:
    """Store what a worker asks for, and ask who may confirm it."""
    who = people.by_slack(conn, asked.user)
    found = _asked_like(conn, write.sealer, asked.about, asked.user)
    if who is None or isinstance(found, No):
        return _refused(found if isinstance(found, No) else No.NOT_LIKE_THIS)
    matter, plan, _weekdays = found
    new = rules.ask(asked.id, matter, plan, asked.weekdays, asked.days, write.at)
    if isinstance(new, No):
        return _refused(new)
    if standings.add(conn, new, who.id, write.at):
        cover = situation.cover(conn, new.program, write.at, write.at)
        askable = rules.approvers(new, cover, write.at)[:ASKED_MAX]
        _tell(conn, write, new, Said.STANDING_ASKED, askable)
    return None


def confirm(conn: Connection, write: Write, said: forms.Confirming) -> BadInput | None:
    """Somebody else says yes; the worker and their partner hear it."""
    who, standing = people.by_slack(conn, said.user), standings.one(conn, said.standing)
    if who is None or standing is None:
        return _refused(No.OVER)
    if (standing.state, standing.approver) == (StandingState.ACTIVE, who.id):
        return None  # the same form, sent twice
    plan = standing.plan_at(standing.pattern.next_after(write.at))
    until = plan.end_at + TAIL
    around = standings.around(conn, write.sealer, standing, plan, write.at, until)
    new = rules.confirm(standing, who.id, write.at, said.days, said.every, around)
    if isinstance(new, No | Why):
        return _refused(new)
    standings.save(conn, new, who.id, write.at, "StandingConfirmed")
    members = (new.worker, new.plan.partner)
    _tell(conn, write, new, Said.STANDING_CONFIRMED, members, about=who.id)
    return None


def skip(conn: Connection, write: Write, tap: forms.Tapped) -> BadInput | None:
    """The worker leaves out the visit that was shown. Tapped twice, it is one visit."""
    who, standing = people.by_slack(conn, tap.user), standings.one(conn, tap.standing)
    if who is None or standing is None or who.id not in standing.along:
        return _refused(No.OVER)
    new = rules.skip(standing, tap.number)
    if isinstance(new, No) or new == standing or standing.next_at is None:
        return None
    standings.made(conn, standing, standing.next_at, None)
    standings.save(conn, new, who.id, write.at, "StandingSkipped")
    homes.doubt(conn, new.program)
    return None


def end(conn: Connection, write: Write, tap: forms.Tapped) -> BadInput | None:
    """Whoever is on it, or may approve, ends it; the others hear so."""
    who, standing = people.by_slack(conn, tap.user), standings.one(conn, tap.standing)
    if who is None or standing is None or not inbound.first_time(conn, tap.key, write.at):
        return None
    if tap.declines and standing.state is not StandingState.ASKED:
        return None
    cover = situation.cover(conn, standing.program, write.at, write.at)
    new = rules.end(standing, who.id, write.at, cover)
    if isinstance(new, No):
        return None
    standings.save(conn, new, who.id, write.at, "StandingEnded")
    others = (new.worker, new.plan.partner, new.approver)
    _tell(conn, write, new, Said.STANDING_ENDED, (one for one in others if one != who.id))
    return None


def _refused(why: No | Why) -> BadInput:
    if isinstance(why, No):
        return BadInput(words.NO[why], _ABOUT.get(why))
    return BadInput(words.WHY_NOT[why])


def _tell(
    conn: Connection,
    write: Write,
    standing: Standing,
    said: Said,
    people_: Iterable[PersonId | None],
    *,
    about: PersonId | None = None,
) -> None:
    told = [
        news.tell(standing, said, who, write.at, about=about, start_at=standing.next_at)
        for who in dict.fromkeys(people_)
        if who is not None
    ]
    outbox.add(conn, standing.program, None, told, at=write.at, transport_now=write.transport_now)
    homes.doubt(conn, standing.program)


# --- what the forms show ---------------------------------------------------------------------


def _asked_like(
    conn: Connection, sealer: Sealer, about: Carried, user: str
) -> tuple[Matter, Plan, tuple[int, ...]] | No:
    """What to plan every week: one's own visit, or the same standing plan once more."""
    who = people.by_slack(conn, user)
    if about.said == AGAIN:
        standing = standings.look(conn, about.matter)
        if who is None or standing is None or standing.worker != who.id:
            return No.NOT_LIKE_THIS
        matter = blank(MatterId(""), standing.program, standing.worker)
        return matter, standing.plan, standing.pattern.weekdays
    found = matters.load(conn, sealer, about.matter)
    if who is None or found is None or found.worker != who.id or found.visit is None:
        return No.NOT_LIKE_THIS
    if not rules.suits(found.visit):
        return No.NOT_LIKE_THIS
    plan = rules.template_of(found.visit)
    return found, plan, (rules.weekday_of(plan),)


def _shown(
    conn: Connection, sealer: Sealer, which: str, user: str, at: datetime
) -> forms.Asked | No:
    """A standing plan that waits, drawn as the plan of its first visit."""
    who, standing = people.by_slack(conn, user), standings.look(conn, which)
    if who is None or standing is None or standing.state is not StandingState.ASKED:
        return No.OVER
    if people.roles(conn, standing.program, who.id, at).isdisjoint(MAY_APPROVE):
        return No.NOT_AN_APPROVER
    plan = standing.plan_at(standing.pattern.next_after(at))
    around = standings.around(conn, sealer, standing, plan, at, plan.end_at + TAIL)
    visit = new_visit(PlanVisit(at, standing.worker, plan), around)
    matter = Matter(MatterId(""), standing.program, standing.worker, visit=visit)
    text = plan_text(looking.view(conn, sealer, matter), visit)
    return forms.Asked(standing, text, plan.start_at, visit.timings.check_in_every)
