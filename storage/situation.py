"""The rest of the world as the rules may know it, read in one transaction and with few queries."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.people import Cover, Duty, Role
from protocol.records import VisitState
from protocol.situation import Situation, Worker
from storage import people as people_rows
from storage import places as place_rows
from storage import programs, tables
from storage.sealing import Sealer

# A visit in one of these states has begun; one that was only planned begins at its start.
BEFORE_START = (VisitState.PLANNED, VisitState.CONFIRMED)


class UnknownProgramError(Exception):
    """This says that a matter names a program which is not in the database."""


def load(
    conn: Connection,
    sealer: Sealer,
    program: ProgramId,
    *,
    people: Collection[PersonId],
    places: Collection[PlaceId],
    at: datetime,
    until: datetime,
    with_duress: bool = False,
) -> Situation:
    """This reads the situation that these workers and places are in, for one matter or for many.

    The duties are those from `at` to `until` (aware). Duress choices are opened only for the sweep
    that reads answers. Raises UnknownProgramError.
    """
    owner = programs.by_id(conn, program)
    if owner is None:
        raise UnknownProgramError(program)
    return Situation(
        policy=owner.policy,
        cover=cover(conn, program, at, until),
        places=place_rows.by_ids(conn, places),
        workers=_workers(conn, sealer, people, with_duress),
        zone=owner.zone,
    )


def cover(conn: Connection, program: ProgramId, at: datetime, until: datetime) -> Cover:
    """This reads who stands behind the program's workers from `at` up to and including `until`."""
    duty, grant = tables.duty.c, tables.role_grant.c
    duties = tuple(
        Duty(PersonId(row.person_id), Role(row.role), row.from_at, row.until_at)
        for row in conn.execute(
            select(tables.duty)
            .where(duty.program_id == program, duty.until_at > at, duty.from_at <= until)
            .order_by(duty.from_at, duty.id)
        )
    )
    holders = tuple(
        (Role(row.role), PersonId(row.person_id))
        for row in conn.execute(
            select(grant.role, grant.person_id)
            .where(grant.program_id == program, people_rows.held_at(at))
            .order_by(grant.role, grant.from_at, grant.person_id)
        )
    )
    known = {duty.person for duty in duties} | {person for _, person in holders}
    return Cover(
        duties=duties,
        holders=holders,
        in_field=in_field(conn, at),
        unreachable=frozenset(known - people_rows.slack_ids(conn, known).keys()),
    )


def in_field(conn: Connection, at: datetime) -> frozenset[PersonId]:
    """These are the workers and partners of visits that have begun, in whichever program."""
    visit = tables.visit.c
    begun = and_(
        visit.state != VisitState.CLOSED.value,
        or_(visit.state.not_in([state.value for state in BEFORE_START]), visit.start_at <= at),
    )
    rows = conn.execute(select(visit.worker, visit.partner).where(begun))
    return frozenset(PersonId(who) for row in rows for who in row if who is not None)


def _workers(
    conn: Connection, sealer: Sealer, ids: Collection[PersonId], with_duress: bool
) -> dict[PersonId, Worker]:
    found = people_rows.by_ids(conn, ids)
    choices = people_rows.duress_choices(conn, sealer, ids) if with_duress else {}
    return {
        who: Worker(who, one.trained_until, one.excludes, choices.get(who))
        for who, one in found.items()
    }
