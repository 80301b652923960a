"""Flags on places: raise one, dispute one, review one; and what opens the forms for that.

A flag and what it means for every open visit to that place are one transaction.
"""

from datetime import datetime
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy import Connection

from bot.handlers.door import Door
from bot.runner import Write, step
from bot.slack.carried import NO_MATTER, Carried
from bot.slack.ids import Action, Form
from bot.slack.modals import flags as forms
from bot.slack.modals.parts import View
from bot.slack.read.payload import BadInput
from bot.slack.words import flags as words
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.flagged import PlaceFlagged
from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.people import APPROVER_ROLES
from protocol.plan import Stop
from protocol.policy import Policy
from protocol.rating import FlagKind
from protocol.records import Matter
from storage import flags, homes, matters, people, places, programs
from storage.codec import DamagedError, UnknownSchemaError
from storage.flags import StandingFlag, Told
from storage.sealing import CannotOpenError, Sealer

# What was said to a flag that can't be done. Said on the event loop, in the person's language.
REFUSED: Final[dict[Told, str]] = {
    Told.GONE: words.GONE,
    Told.CHANGED_SINCE: words.REVIEWED_SINCE,
}

log = structlog.get_logger(__name__)


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the forms about flags."""

    @app.view(Form.FLAG.value)
    async def raised(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_flag(body), raise_flag)

    @app.view(Form.DISPUTE_FLAG.value)
    async def disputed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_dispute(body), dispute_flag)

    @app.view(Form.REVIEW_FLAG.value)
    async def reviewed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_review(body), review_flag)


# --- what is stored, in one transaction on a database thread ---------------------------------


def raise_flag(conn: Connection, write: Write, asked: forms.Flagging) -> BadInput | None:
    """Raise a flag, and tell every open visit to that place."""
    who = people.by_slack(conn, asked.user)
    serving = people.programs_of(conn, who.id, write.at) if who else []
    if who is None or not serving:
        return BadInput(labels.NOT_KNOWN)
    program, stop = serving[0], Stop(asked.new_place, asked.place)
    if asked.about.matter != NO_MATTER:
        matter = matters.load(conn, write.sealer, asked.about.matter)
        there = _stop(matter, asked.about.number)
        if matter is None or there is None or matter.program not in serving:
            return BadInput(labels.UNREADABLE)
        program = matter.program
        stop = there if there.label.strip() or there.place else stop
    place = _place(conn, write, program, stop, who.id)
    if place is None:
        return BadInput(labels.NEEDS_PLACE)
    new = flags.raise_one(
        conn,
        write.sealer,
        _policy(conn, program),
        flag_id=asked.id,
        program=program,
        place=place,
        kind=asked.kind,
        author=who.id,
        at=write.at,
        evidence=asked.evidence,
    )
    if new:
        homes.doubt(conn, program)
        _tell_visits(conn, write, program, place, asked.kind, who.id)
    return None


def dispute_flag(conn: Connection, write: Write, said: forms.Said) -> BadInput | None:
    """Dispute a flag of one's own program."""
    who, flag = people.by_slack(conn, said.user), flags.one(conn, said.flag, write.at)
    if who is None or flag is None:
        return BadInput(words.GONE)
    if flag.program not in people.programs_of(conn, who.id, write.at):
        return BadInput(labels.NOT_KNOWN)
    word = flags.Spoken(said.id, said.flag, who.id, write.at, said.reason)
    told = flags.dispute(conn, write.sealer, _policy(conn, flag.program), word)
    homes.doubt(conn, flag.program)
    return BadInput(REFUSED[told]) if told in REFUSED else None


def review_flag(conn: Connection, write: Write, said: forms.Said) -> BadInput | None:
    """Review a flag; one that became stricter is told like a new one."""
    who, flag = people.by_slack(conn, said.user), flags.one(conn, said.flag, write.at)
    if who is None or flag is None:
        return BadInput(words.GONE)
    if not _may_review(conn, flag, who.id, write.at):
        return BadInput(words.NOT_YOURS)
    word = flags.Spoken(said.id, said.flag, who.id, write.at, said.reason)
    policy = _policy(conn, flag.program)
    told = flags.review(conn, write.sealer, policy, word, said.verdict, said.seen)
    homes.doubt(conn, flag.program)
    stricter = said.verdict is FlagKind.NO_ENTRY and flag.kind is not FlagKind.NO_ENTRY
    if told is Told.DONE and stricter:
        _tell_visits(conn, write, flag.program, flag.place, FlagKind.NO_ENTRY, who.id)
    return BadInput(REFUSED[told]) if told in REFUSED else None


def _may_review(conn: Connection, flag: StandingFlag, who: PersonId, at: datetime) -> bool:
    return not people.roles(conn, flag.program, who, at).isdisjoint(APPROVER_ROLES)


def _policy(conn: Connection, which: ProgramId) -> Policy:
    program = programs.by_id(conn, which)
    if program is None:
        raise LookupError(which)
    return program.policy


def _stop(matter: Matter | None, number: int) -> Stop | None:
    stops = matter.visit.plan.stops if matter and matter.visit else ()
    return stops[number] if number < len(stops) else None


def _place(
    conn: Connection, write: Write, program: ProgramId, stop: Stop, by: PersonId
) -> PlaceId | None:
    """The place in the registry. One that is not there yet is added under the label it goes by."""
    if stop.place is not None and places.is_of(conn, stop.place, program):
        return stop.place
    label = " ".join(stop.label.split())
    if not label:
        return None
    return flags.place_called(conn, write.sealer, program, label, by=by, at=write.at)


def _tell_visits(
    conn: Connection,
    write: Write,
    program: ProgramId,
    place: PlaceId,
    kind: FlagKind,
    by: PersonId,
) -> None:
    found = places.place(conn, place)
    label = found.label if found else ""
    event = PlaceFlagged(write.at, by, place, label, kind)
    for matter_id in flags.open_visits_to(conn, program, place, label):
        try:
            matter = matters.load(conn, write.sealer, matter_id)
        except (DamagedError, UnknownSchemaError, CannotOpenError):
            # One record that cannot be read must not keep a flag from counting for the others.
            log.exception("flag.visit_not_read", matter=matter_id)
            continue
        if matter is not None:
            step(conn, write, matter, event)


# --- what opens the forms; see bot/handlers/opening.py ---------------------------------------


class Drawing:
    """This draws the forms about flags, reading at most once for each."""

    def __init__(self, door: Door) -> None:
        self._ctx = door.ctx

    async def flag(self, value: Carried, user: str) -> View | str:
        """The place of the visit that the button stands on; from the Home, any place."""
        ctx = self._ctx
        found = await ctx.database.run(_where, ctx.sealer, value, user, ctx.clock.now())
        if found is None:
            return _(labels.NOT_KNOWN)
        about, label, known = found
        return forms.flag_form(about, label, known)

    async def dispute(self, _value: Carried, user: str) -> View | str:
        """Every flag that counts in the person's program."""
        found = await self._ctx.database.run(_standing, user, self._ctx.clock.now())
        return _(labels.NOT_KNOWN) if found is None else forms.dispute_form(*found)

    async def review(self, value: Carried, user: str) -> View | str:
        """One flag, with what was seen; that it was read is written down."""
        ctx = self._ctx
        found = await ctx.database.run(_review, ctx.sealer, value.matter, user, ctx.clock.now())
        return _(found) if isinstance(found, str) else forms.review_form(*found)


def drawn(door: Door) -> dict[str, Any]:
    """Which button opens which form."""
    drawing = Drawing(door)
    return {
        Action.FLAG_PLACE: drawing.flag,
        Action.DISPUTE_FLAG: drawing.dispute,
        Action.REVIEW_FLAG: drawing.review,
    }


_Where = tuple[Carried, str, list[tuple[PlaceId, str]]]


def _where(
    conn: Connection, sealer: Sealer, value: Carried, user: str, at: datetime
) -> _Where | None:
    serving = _programs_of(conn, user, at)
    matter = matters.load(conn, sealer, value.matter) if value.matter != NO_MATTER else None
    ours = matter is not None and matter.program in {one.id for one in serving}
    if matter is not None and matter.visit is not None and ours:
        stop = matter.visit.stop
        place = places.place(conn, stop.place) if stop.place else None
        label = place.label if place else stop.label
        if label.strip():
            return Carried(matter.id, number=matter.visit.stop_no), label, []
    if not serving:
        return None
    known = places.places_of(conn, serving[0].id, at)
    return Carried(NO_MATTER), "", [(place.id, place.label) for place in known]


def _programs_of(conn: Connection, user: str, at: datetime) -> list[programs.Program]:
    who = people.by_slack(conn, user)
    served = people.programs_of(conn, who.id, at) if who else []
    return [found for found in (programs.by_id(conn, one) for one in served) if found]


def _standing(conn: Connection, user: str, at: datetime) -> tuple[list[StandingFlag], str] | None:
    serving = _programs_of(conn, user, at)
    if not serving:
        return None
    return flags.standing(conn, serving[0].id, at), serving[0].zone


def _review(
    conn: Connection, sealer: Sealer, flag_id: str, user: str, at: datetime
) -> tuple[StandingFlag, str, str, str, str] | str:
    who, flag = people.by_slack(conn, user), flags.one(conn, flag_id, at)
    if who is None or flag is None:
        return words.GONE
    if not _may_review(conn, flag, who.id, at):
        return words.NOT_YOURS
    program = programs.by_id(conn, flag.program)
    zone = program.zone if program else "UTC"
    author = people.names(conn, [flag.author]).get(flag.author, "")
    seen = flags.evidence(conn, sealer, flag_id, who.id, at)
    disputed = flags.dispute_reason(conn, sealer, flag_id) if flag.disputed else ""
    return flag, author, zone, seen, disputed
