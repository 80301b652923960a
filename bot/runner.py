"""Runs one event, or a batch: load, decide, save, commit. The only code that changes a matter.

A person's tap and the clock's deadline go the same way. Everything happens in one transaction on a
database thread; whoever is beaten by another writer loads what is true now and decides again.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from bot.context import Context
from bot.request import (
    CurrentMatter,
    HelpTarget,
    NewMatter,
    OfMatter,
    Outcome,
    Problem,
    Request,
    Target,
)
from protocol.calls import CallRoll, MayCall
from protocol.decision import Decision, Follow, Reason
from protocol.effects import Reply
from protocol.events import DeadlinePassed, Event, OpenSilent, PlanVisit, RevisePlan
from protocol.ids import MatterId, PersonId, PlaceId, ProgramId
from protocol.matter import blank, decide
from protocol.plan import Plan
from protocol.records import Matter
from protocol.situation import NotReadError, Situation, unread
from protocol.visit import Tap
from storage import inbound, matters, outbox, people, roll_call_rows, roll_calls, situation
from storage.codec import DamagedError, UnknownSchemaError
from storage.database import Conflict
from storage.matters import Change
from storage.sealing import Sealer

T = TypeVar("T")
TRIES_MAX = 5  # each lost race means that somebody else's event was recorded meanwhile
# What changes nothing and is worth an answer all the same.
_ANSWERED = (Reason.ALREADY_CLOSED, Reason.ALREADY_CALLED, Reason.ALREADY_OFFERED)
# How far ahead the rota is read: the longest tail of a ladder, with room.
TAIL = timedelta(hours=3)
_UNREAD = unread()


async def run(ctx: Context, request: Request) -> Outcome:
    """Run one person's request; when this returns, it is stored.

    Raises:
        Conflict: other writers came first five times in a row; nothing was stored.
        Unavailable: the database did not answer; whether it is stored is not known.
    """
    outcome = await _until_won(ctx, _run, request)
    ctx.nudge()
    return outcome


async def run_event(ctx: Context, matter: MatterId, event: Event) -> Decision | None:
    """Run an event that no person sent; None if there is no such matter. Raises as `run` does."""
    decision = await _until_won(ctx, _run_event, matter, event)
    ctx.nudge()
    return decision


async def write(ctx: Context, work: Callable[..., T], *args: object) -> T:
    """Run `work(conn, write, ...)` as one transaction, as a whole again where another was first.

    For what is stored beside a matter, and may step one or many. Raises as `run` does.
    """
    done = await _until_won(ctx, work, *args)
    ctx.nudge()
    return done


async def _until_won(ctx: Context, step: Callable[..., T], *args: object) -> T:
    for _ in range(TRIES_MAX - 1):
        try:
            return await ctx.database.run(step, Write.of(ctx), *args)
        except Conflict:
            continue
    return await ctx.database.run(step, Write.of(ctx), *args)


@dataclass(frozen=True, slots=True)
class Write:
    """This is what a transaction needs besides its connection: the keys and both times."""

    sealer: Sealer
    at: datetime
    transport_now: datetime

    @classmethod
    def of(cls, ctx: Context) -> "Write":
        """The write as of now."""
        return cls(ctx.sealer, ctx.clock.now(), ctx.clock.transport())


def _run(conn: Connection, write: Write, request: Request) -> Outcome:
    person = people.by_slack(conn, request.user)
    if person is None:
        return Outcome(problem=Problem.UNKNOWN_PERSON)
    first = inbound.first_time(conn, request.key, write.at)
    matter = _target(conn, write, request.target, person.id)
    if isinstance(matter, Problem):
        return Outcome(person=person.id, problem=matter)
    event = request.event(person.id)
    if not first:
        # Recorded before. Deciding again without saving gives a refusal its words once more.
        return Outcome(_decide(conn, write, matter, event), matter, person.id, repeated=True)
    decision = step(conn, write, matter, event)
    if request.reply and (decision.refused or decision.reason in _ANSWERED):
        key = f"{matter.id}/reply/{request.key}"
        reply = Reply(key, person.id, decision.reason.value, write.at)
        _ask_world(conn, write, matter, (reply,))
    return Outcome(decision, decision.matter, person.id)


def _run_event(
    conn: Connection, write: Write, matter_id: MatterId, event: Event
) -> Decision | None:
    matter = matters.load(conn, write.sealer, matter_id)
    return None if matter is None else step(conn, write, matter, event)


def step(conn: Connection, write: Write, matter: Matter, event: Event) -> Decision:
    """Decide one event and save what follows from it, with the events that it has for others."""
    decision = _decide(conn, write, matter, event)
    _save(conn, write, [Change(matter, decision, event)])
    return decision


def run_many(conn: Connection, write: Write, ids: Iterable[MatterId]) -> list[Decision]:
    """Tell each of these matters that its deadline has passed, in one transaction and in bulk.

    Whoever claimed them holds their rows. Any fault undoes the whole batch: the sweep then goes
    through it one by one, so that one bad record stops nobody else's clock.
    """
    found = matters.load_many(conn, write.sealer, list(ids))
    event = DeadlinePassed(write.at)
    around = _around(conn, write, found.values(), reads_answers=True)
    done = [
        Change(matter, decide(matter, event, around[matter.program]), event)
        for matter in found.values()
    ]
    _save(conn, write, done)
    return [change.decision for change in done]


def _save(conn: Connection, write: Write, done: list[Change]) -> None:
    matters.save_many(conn, write.sealer, done, at=write.at, transport_now=write.transport_now)
    warnings: list[Follow] = []
    for change in done:
        if isinstance(change.event, CallRoll):
            _ask_all(conn, write, change)
            continue
        for follow in change.decision.follow:
            if isinstance(follow.event, MayCall):
                warnings.append(follow)
            else:
                _follow(conn, write, change.before, follow)
    _warn(conn, write, warnings)


def _follow(conn: Connection, write: Write, before: Matter, follow: Follow) -> None:
    other = matters.load(conn, write.sealer, follow.matter)
    if other is None:
        other = blank(follow.matter, before.program, _worker_of(follow.event, before))
    step(conn, write, other, follow.event)


def _warn(conn: Connection, write: Write, warnings: list[Follow]) -> None:
    """Give these to the matters that exist: hardly ever one, so all are looked up at once."""
    known = matters.existing(conn, [follow.matter for follow in warnings])
    for follow in warnings:
        if follow.matter not in known:
            continue
        try:
            silent = matters.load(conn, write.sealer, follow.matter)
        except (DamagedError, UnknownSchemaError):
            # Another record keeps nobody from a miss; that one's own sweep tells of it.
            continue
        if silent is not None:
            step(conn, write, silent, follow.event)


def _ask_all(conn: Connection, write: Write, call: Change) -> None:
    """Ask everybody in bulk: their visits are held, so that no tap is taken meanwhile."""
    asks = {follow.matter: follow.event for follow in call.decision.follow}
    found = matters.load_many(conn, write.sealer, asks)
    around = _around(conn, write, found.values())
    asked = [
        Change(one, decide(one, asks[id_], around[one.program]), asks[id_])
        for id_, one in found.items()
    ]
    _save(conn, write, asked)


def _worker_of(event: Event, before: Matter) -> PersonId:
    if isinstance(event, OpenSilent):
        return event.worker
    return event.by if isinstance(event, PlanVisit) else before.worker


def _decide(conn: Connection, write: Write, matter: Matter, event: Event) -> Decision:
    if isinstance(event, Tap):
        # An OK is hardly ever about anybody but its worker: the rest of the world is six queries.
        with suppress(NotReadError):
            return decide(matter, event, _UNREAD)
    plans = [event.plan] if isinstance(event, PlanVisit | RevisePlan) else []
    reads_answers = isinstance(event, DeadlinePassed)
    by = getattr(event, "by", None)
    found = _around(conn, write, [matter], plans, by=by, reads_answers=reads_answers)
    around = found[matter.program]
    if isinstance(event, CallRoll) and not matter.version:
        around = _for_roll_call(conn, write, matter.program, around)
    return decide(matter, event, around)


def _for_roll_call(
    conn: Connection, write: Write, program: ProgramId, around: Situation
) -> Situation:
    found, unread = roll_calls.out_now(conn, write.sealer, program, write.at)
    calling = roll_call_rows.is_open(conn, program)
    return replace(around, out=found, unread=unread, calling=calling)


def _around(
    conn: Connection,
    write: Write,
    about: Collection[Matter],
    plans: Iterable[Plan] = (),
    *,
    by: PersonId | None = None,
    reads_answers: bool = False,
) -> dict[ProgramId, Situation]:
    """Load the rest of the world for these matters: cover, places, workers, and keys if needed.

    `by` is whoever acts: whether they serve here is part of it, though they are only a peer.
    Private answers are opened for the clock alone: one that cannot be read stops nobody's tap.
    """
    plans = [*plans, *(matter.visit.plan for matter in about if matter.visit)]
    partners = {plan.partner for plan in plans} - {None}
    who = {person for matter in about for person in matter.members}
    # Whoever was taken off a plan may have said something that is still to be read.
    who |= {answer.by for matter in about if matter.visit for answer in matter.visit.answers}
    places: set[PlaceId] = {stop.place for p in plans for stop in p.stops if stop.place}
    answering = reads_answers and any(one.visit and one.visit.answers for one in about)
    found = situation.load_many(
        conn,
        write.sealer,
        {matter.program for matter in about},
        people=frozenset(who | {person for person in partners if person}),
        places=frozenset(places),
        at=write.at,
        until=max([write.at, *(plan.end_at for plan in plans)]) + TAIL,
        peers=[by] if by else [],
        with_duress=answering,
    )
    called = [one for matter in about if matter.roll_call for one in matter.roll_call.people]
    if not called:
        return found
    out, unread = roll_calls.of_ids(conn, write.sealer, {one.matter for one in called})
    return {id_: replace(one, out=out, unread=unread) for id_, one in found.items()}


def _target(conn: Connection, write: Write, target: Target, person: PersonId) -> Matter | Problem:
    match target:
        case OfMatter(id=matter_id):
            return matters.load(conn, write.sealer, matter_id) or Problem.NO_SUCH_MATTER
        case CurrentMatter():
            return matters.current(conn, write.sealer, person) or Problem.NO_OPEN_VISIT
        case NewMatter(id=matter_id, program=chosen):
            return matters.load(conn, write.sealer, matter_id) or _fresh(
                conn, write, matter_id, person, chosen
            )
        case HelpTarget(id=named, fresh=fresh):
            matter = named and matters.load(conn, write.sealer, named)
            if matter and matter.is_active and person in matter.members:
                return matter
            found = matters.current(conn, write.sealer, person)
            return found or _fresh(conn, write, fresh, person)


def _fresh(
    conn: Connection,
    write: Write,
    matter_id: MatterId,
    person: PersonId,
    chosen: ProgramId | None = None,
) -> Matter | Problem:
    programs = people.programs_of(conn, person, write.at)
    if not programs:
        return Problem.NO_PROGRAM
    # A role that ended while a form was open must not cost anybody their clock.
    return blank(matter_id, chosen if chosen in programs else programs[0], person)


def _ask_world(conn: Connection, write: Write, matter: Matter, effects: tuple[Reply, ...]) -> None:
    outbox.add(
        conn,
        matter.program,
        matter.id if matter.version else None,
        effects,
        at=write.at,
        transport_now=write.transport_now,
    )
