"""This reads what somebody has and could hand over, to whom, and how many people are out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.slack.carried import Carried
from bot.slack.modals.handover import Held
from bot.slack.render import trigger
from bot.slack.words import handover as words
from bot.slack.words import labels, names
from bot.slack.words.speech import _
from protocol.approval import MAY_APPROVE, along
from protocol.climb import kept_from
from protocol.ids import PersonId, ProgramId
from protocol.offers import Handed
from protocol.people import RESPONDER_ROLES, Cover, Role
from protocol.records import HELD, Matter, VisitState
from protocol.roll_call import is_out
from protocol.watch import watcher_of
from storage import matters, people, programs, raised_rows, roll_calls, situation
from storage.sealing import Sealer

_MAY_TAKE = (*RESPONDER_ROLES, Role.EXECUTIVE, Role.PROGRAM_MANAGER)
# A duty that begins in the next minutes counts: the handover comes a little before it.
SOON = timedelta(minutes=15)

Named = list[tuple[PersonId, str]]


@dataclass(frozen=True, slots=True)
class Mine:
    """This is everything that one person has, and who could be asked to take it."""

    held: tuple[Held, ...]
    takers: Named


@dataclass(frozen=True, slots=True)
class OutNow:
    """This is how many people of a program are out, and how long they get to answer."""

    program: ProgramId
    people: int
    within: timedelta


def one(
    conn: Connection, sealer: Sealer, carried: Carried, slack_user: str, at: datetime
) -> tuple[Held, Named] | str:
    """One thing to hand over, and who could be asked; or why not."""
    matter, person = matters.load(conn, sealer, carried.matter), people.by_slack(conn, slack_user)
    if matter is None or person is None:
        return labels.UNREADABLE
    if matter.program not in people.programs_of(conn, person.id, at):
        return labels.NOT_KNOWN
    what = Handed.VISIT if carried.said == Handed.VISIT else Handed.ESCALATION
    takers = _takers(conn, matter.program, what, at, (person.id, *_left_out(matter, what)))
    return (Held(matter.id, what, ""), takers) if takers else words.NOBODY_TO_ASK


def mine(conn: Connection, sealer: Sealer, slack_user: str, at: datetime) -> Mine | str:
    """Everything that this person has, in each of their programs; or why there is no form."""
    person = people.by_slack(conn, slack_user)
    if person is None:
        return labels.NOT_KNOWN
    held: list[Held] = []
    takers: Named = []
    for program in people.programs_of(conn, person.id, at):
        raised = raised_rows.open_ones(conn, [program], person.id)
        ids = matters.open_matters(conn, program, silent=True)
        ids += [one.matter for one in raised if one.owner == person.id]
        found, _unread = roll_calls.of_ids(conn, sealer, ids)
        own = [one for matter in found.values() for one in _of(conn, matter, person.id)]
        if own:
            left_out = {person.id, *(p for m in found.values() for p in m.members)}
            kind = Handed.VISIT if any(o.what is Handed.VISIT for o in own) else Handed.ESCALATION
            takers += _takers(conn, program, kind, at, left_out)
        held += own
    if not held:
        return words.NOTHING_HELD
    return Mine(tuple(held), list(dict.fromkeys(takers))) if takers else words.NOBODY_TO_ASK


def out_now(conn: Connection, sealer: Sealer, slack_user: str, at: datetime) -> OutNow | str:
    """Who is out in the first program that this person serves as a responder."""
    person = people.by_slack(conn, slack_user)
    if person is None:
        return labels.NOT_KNOWN
    for program in people.programs_of(conn, person.id, at):
        known = programs.by_id(conn, program)
        cover = situation.cover(conn, program, at, at)
        if known is None or not cover.holds(person.id, RESPONDER_ROLES):
            continue
        ids = matters.open_matters(conn, program)
        found, unread = roll_calls.of_ids(conn, sealer, ids)
        out = [m for m in found.values() if m.visit is not None and is_out(m.visit, at)]
        count = sum(len(m.members) for m in out) + len(unread)
        return OutNow(program, count, known.policy.account_within)
    return words.ONLY_RESPONDERS


def _of(conn: Connection, matter: Matter, person: PersonId) -> Iterable[Held]:
    """What this person has of this matter."""
    escalation, visit = matter.open_escalation, matter.visit
    worker = people.names(conn, [matter.worker]).get(matter.worker, "")
    if escalation is not None and escalation.state in HELD and escalation.owner == person:
        kind = _(names.ESCALATION[escalation.kind])
        if matter.trigger is not None:
            kind = trigger.title(matter.trigger)
        yield Held(matter.id, Handed.ESCALATION, f"{kind}: {worker}")
    if visit is not None and visit.state is not VisitState.CLOSED and watcher_of(visit) == person:
        yield Held(matter.id, Handed.VISIT, _(words.VISIT_OF, who=worker))


def _left_out(matter: Matter, what: Handed) -> tuple[PersonId, ...]:
    if what is Handed.VISIT and matter.visit is not None:
        return along(matter, matter.visit.plan)
    escalation = matter.open_escalation
    return kept_from(matter, escalation) if escalation else matter.members


def _takers(
    conn: Connection, program: ProgramId, what: Handed, at: datetime, left_out: Iterable[PersonId]
) -> Named:
    cover = situation.cover(conn, program, at, at + SOON)
    away = {*left_out, *cover.in_field, *cover.unreachable}
    may = _on_duty(cover) if what is Handed.VISIT else _holders(cover)
    found = people.names(conn, may - away)
    return sorted(found.items(), key=lambda named: named[1].casefold())


def _on_duty(cover: Cover) -> set[PersonId]:
    return {duty.person for duty in cover.duties if duty.role in MAY_APPROVE}


def _holders(cover: Cover) -> set[PersonId]:
    return {person for role, person in cover.holders if role in _MAY_TAKE}
