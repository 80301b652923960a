"""The rest of the world as the rules may know it, read in one transaction and with few queries."""

from collections.abc import Collection
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from sqlalchemy import Connection, String, and_, bindparam, or_, select, union_all

from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.people import Cover, Duty, Role
from protocol.records import VisitState
from protocol.situation import Situation, Worker
from storage import people as people_rows
from storage import places as place_rows
from storage import programs, tables
from storage.columns import AnyRow
from storage.sealing import Sealer

# A visit in one of these states has begun; one that was only planned begins at its start.
BEFORE_START = (VisitState.PLANNED, VisitState.CONFIRMED)
# Whoever stands behind the workers: a few dozen people in any program.
STAFF = tuple(role.value for role in Role if role is not Role.PEER)


_AT = bindparam("at", type_=tables.UtcDateTime())
_DUTY, _GRANT, _WHO = tables.duty.c, tables.role_grant.c, tables.person.c
_PROGRAMS = bindparam("programs", type_=String, expanding=True)
_REACHED = and_(_WHO.active, _WHO.slack_user.is_not(None)).label("reached")
# Asked at every tap and every sweep: made once.
_DUTIES = (
    select(tables.duty, _REACHED)
    .join(tables.person, _WHO.id == _DUTY.person_id)
    .where(
        _DUTY.program_id.in_(_PROGRAMS),
        _DUTY.until_at > _AT,
        _DUTY.from_at <= bindparam("until", type_=tables.UtcDateTime()),
    )
    .order_by(_DUTY.from_at, _DUTY.id)
)
_HOLDING = (
    select(_GRANT.program_id, _GRANT.role, _GRANT.person_id, _REACHED)
    .join(tables.person, _WHO.id == _GRANT.person_id)
    .where(_GRANT.program_id.in_(_PROGRAMS), people_rows.held_at(_AT))
    .order_by(_GRANT.role, _GRANT.from_at, _GRANT.person_id)
)
_HOLDERS = _HOLDING.where(_GRANT.role.in_(STAFF))
_PEERS = _GRANT.person_id.in_(bindparam("peers", type_=String, expanding=True))
_HOLDERS_AND_PEERS = _HOLDING.where(or_(_GRANT.role.in_(STAFF), _PEERS))

_VISIT, _MATTER = tables.visit.c, tables.matter.c
_BEGUN = and_(
    _VISIT.state != VisitState.CLOSED.value,
    or_(_VISIT.state.not_in([state.value for state in BEFORE_START]), _VISIT.start_at <= _AT),
)
_THEM = bindparam("who", type_=String, expanding=True)
# Each half has an index of its own; together they would read everything that is open.
_IN_FIELD = union_all(
    select(_MATTER.worker)
    .join(tables.visit, _VISIT.matter_id == _MATTER.id)
    .where(_MATTER.worker.in_(_THEM), _MATTER.closed_at.is_(None), _BEGUN),
    select(_VISIT.partner).where(_VISIT.partner.in_(_THEM), _BEGUN),
)


class Around(TypedDict):
    """This is for whom a situation is read: workers and places, and cover from `at` to `until`.

    Both are aware; `peers` as in `covers`. Duress choices are opened only for the sweep that reads
    answers.
    """

    people: Collection[PersonId]
    places: Collection[PlaceId]
    at: datetime
    until: datetime
    peers: NotRequired[Collection[PersonId]]
    with_duress: NotRequired[bool]


class UnknownProgramError(Exception):
    """This says that a matter names a program which is not in the database."""


def load(
    conn: Connection, sealer: Sealer, program: ProgramId, **around: Unpack[Around]
) -> Situation:
    """This is the situation in one program; see `load_many`."""
    return load_many(conn, sealer, [program], **around)[program]


def load_many(
    conn: Connection, sealer: Sealer, which: Collection[ProgramId], **around: Unpack[Around]
) -> dict[ProgramId, Situation]:
    """This reads the situations of programs, for one matter or for many, in as many queries as one.

    Raises UnknownProgramError.
    """
    owners = programs.by_ids(conn, which)
    if missing := set(which) - owners.keys():
        raise UnknownProgramError(min(missing))
    found = covers(conn, which, around["at"], around["until"], peers=around.get("peers", ()))
    places = place_rows.by_ids(conn, around["places"])
    workers = _workers(conn, sealer, around["people"], around.get("with_duress", False))
    return {
        id_: Situation(
            policy=owner.policy, cover=found[id_], places=places, workers=workers, zone=owner.zone
        )
        for id_, owner in owners.items()
    }


def cover(
    conn: Connection,
    program: ProgramId,
    at: datetime,
    until: datetime,
    *,
    peers: Collection[PersonId] = (),
) -> Cover:
    """This is who stands behind one program's workers; see `covers`."""
    return covers(conn, [program], at, until, peers=peers)[program]


def covers(
    conn: Connection,
    which: Collection[ProgramId],
    at: datetime,
    until: datetime,
    *,
    peers: Collection[PersonId] = (),
) -> dict[ProgramId, Cover]:
    """This reads who stands behind the workers of programs from `at` up to and including `until`.

    Of the peers only `peers` are in it: a program has thousands, and no rule asks for all of them.
    """
    given = {"programs": list(which), "at": at, "until": until}
    duties = conn.execute(_DUTIES, given).all()
    if peers:
        holders = conn.execute(_HOLDERS_AND_PEERS, {**given, "peers": list(peers)}).all()
    else:
        holders = conn.execute(_HOLDERS, given).all()
    out = in_field(conn, {row.person_id for row in (*duties, *holders)}, at)
    return {
        one: _cover(
            [row for row in duties if row.program_id == one],
            [row for row in holders if row.program_id == one],
            out,
        )
        for one in which
    }


def _cover(duties: list[AnyRow], holders: list[AnyRow], out: frozenset[PersonId]) -> Cover:
    known = {PersonId(row.person_id): row.reached for row in (*duties, *holders)}
    return Cover(
        duties=tuple(
            Duty(PersonId(row.person_id), Role(row.role), row.from_at, row.until_at)
            for row in duties
        ),
        holders=tuple((Role(row.role), PersonId(row.person_id)) for row in holders),
        in_field=out & known.keys(),
        unreachable=frozenset(who for who, reached in known.items() if not reached),
    )


def in_field(conn: Connection, who: Collection[PersonId], at: datetime) -> frozenset[PersonId]:
    """These of `who` are on a visit that has begun, in whichever program."""
    found = conn.execute(_IN_FIELD, {"who": list(who), "at": at})
    return frozenset(map(PersonId, found.scalars()))


def _workers(
    conn: Connection, sealer: Sealer, ids: Collection[PersonId], with_duress: bool
) -> dict[PersonId, Worker]:
    found = people_rows.by_ids(conn, ids)
    choices = people_rows.duress_choices(conn, sealer, ids) if with_duress else {}
    return {
        who: Worker(who, one.trained_until, one.excludes, choices.get(who))
        for who, one in found.items()
    }
