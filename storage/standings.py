"""Standing plans as rows: asked for, claimed when they are due, and what each has made.

A claim holds the row until its transaction ends, and what is made is committed with it: whoever is
killed in between has made nothing, and a visit has the id of its place in the row, so that it is
made once. Every change is a line in the plan's own chain of the history.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from protocol.ids import MatterId, PersonId, ProgramId
from protocol.plan import Plan
from protocol.situation import Situation
from protocol.standing import Standing, StandingState, Why
from storage import audit, situation, tables
from storage.codec import DamagedError, UnknownSchemaError
from storage.columns import AnyRow
from storage.database import insert, skip_locked
from storage.sealing import Sealer
from storage.standing_tables import standing as rows
from storage.standing_tables import standing_visit

SCHEMA = 1

_S, _V = rows.c, standing_visit.c
_STANDING = TypeAdapter(Standing)
_WAITING = _S.attempt_at.is_not(None)
_NEXT = select(func.min(_S.attempt_at)).where(_WAITING)
# What was given up was not read, so its body is as it was.
_READABLE = or_(_S.why.is_(None), _S.why != Why.FAULT.value)


def matter_of(which: str, no: int) -> MatterId:
    """This is the id of a standing plan's visit: the same however often it is made."""
    return MatterId(sha256(f"standing/{which}/{no}".encode()).hexdigest()[:24])


def add(conn: Connection, new: Standing, actor: PersonId, at: datetime) -> bool:
    """This stores one that was asked for; False where this very one is there already."""
    row: dict[str, Any] = {"id": new.id, "program_id": new.program, "worker": new.worker}
    row |= {"partner": new.plan.partner, "asked_at": new.asked_at, **_values(new)}
    made = conn.execute(insert(conn, rows).on_conflict_do_nothing(), row).rowcount == 1
    if made:
        _note(conn, new, actor, at, "StandingAsked")
    return made


def one(conn: Connection, which: str) -> Standing | None:
    """This is one as it stands, held until the transaction ends; None where there is none."""
    row = conn.execute(select(rows).where(_S.id == which, _READABLE).with_for_update()).first()
    return None if row is None else _read(row)


def look(conn: Connection, which: str) -> Standing | None:
    """This is one as it stands, to be shown."""
    row = conn.execute(select(rows).where(_S.id == which, _READABLE)).first()
    return None if row is None else _read(row)


def save(conn: Connection, new: Standing, actor: PersonId | None, at: datetime, event: str) -> None:
    """This stores a change to one that `one` or `claim` holds, due anew."""
    conn.execute(update(rows).where(_S.id == new.id).values(**_values(new), faults=0))
    _note(conn, new, actor, at, event)


def made(conn: Connection, of: Standing, start_at: datetime, matter: MatterId | None) -> None:
    """This records what became of a standing plan's next visit; None where none was made."""
    row = {
        "standing_id": of.id,
        "no": of.next_no,
        "program_id": of.program,
        "start_at": start_at,
        "matter_id": matter,
    }
    conn.execute(insert(conn, standing_visit).on_conflict_do_nothing(), row)


def visits(conn: Connection, which: str) -> list[MatterId]:
    """These are the visits that a standing plan has made so far."""
    mine = select(_V.matter_id).where(_V.standing_id == which, _V.matter_id.is_not(None))
    return [MatterId(id_) for id_ in conn.execute(mine.order_by(_V.no)).scalars()]


def has_visit(conn: Connection, of: Standing, start_at: datetime) -> bool:
    """Whether its worker has, or had, a visit that starts at this very instant.

    Planned by hand, or by another standing plan that this one follows; also one called off.
    """
    visit = tables.visit.c
    theirs = or_(visit.worker == of.worker, visit.partner == of.worker)
    same = select(visit.matter_id).where(theirs, visit.start_at == start_at)
    return conn.execute(same.limit(1)).first() is not None


def next_due(conn: Connection) -> datetime | None:
    """This is when the next one is due to be tried (world time); None where none is open."""
    return conn.execute(_NEXT).scalar()


def claim(conn: Connection, now: datetime) -> str | None:
    """This names the one that is due longest, and holds it until the transaction ends."""
    due = select(_S.id).where(_WAITING, _S.attempt_at <= now)
    due = due.order_by(_S.attempt_at, _S.id).limit(1)
    found = conn.execute(skip_locked(conn, due, rows)).scalar()
    return None if found is None else str(found)


def faults(conn: Connection, which: str) -> int:
    """This is how often one faulted since its last change."""
    return int(conn.execute(select(_S.faults).where(_S.id == which)).scalar_one())


def around(
    conn: Connection, sealer: Sealer, of: Standing, plan: Plan, at: datetime, until: datetime
) -> Situation:
    """This is the rest of the world for one visit: its places, its people, cover from `at` on."""
    return situation.load(
        conn,
        sealer,
        of.program,
        people=of.along,
        places={stop.place for stop in plan.stops if stop.place is not None},
        at=at,
        until=until,
        peers=of.along,
    )


def give_up(
    conn: Connection, which: str, at: datetime
) -> tuple[ProgramId, PersonId, PersonId | None, PersonId | None]:
    """This ends one that cannot be done, without reading it; returns whose it is, to tell them.

    That is the program, the worker, their partner and the approver.
    """
    gone = {"state": StandingState.ENDED.value, "why": Why.FAULT.value, "ended_at": at}
    over = update(rows).where(_S.id == which).values(**gone, due_at=None, attempt_at=None)
    row = conn.execute(over.returning(_S.program_id, _S.worker, _S.partner, _S.approver)).one()
    audit.append(
        conn,
        f"standing/{which}",
        program=row.program_id,
        at=at,
        actor=None,
        event="StandingEnded",
        reason=Why.FAULT.value,
        body={},
    )
    return row.program_id, row.worker, row.partner, row.approver


def postpone(conn: Connection, which: str, until: datetime) -> int:
    """This tries one that faulted again at `until`; returns its faults since its last change."""
    moved = (
        update(rows)
        .where(_S.id == which, _WAITING)
        .values(attempt_at=until, faults=_S.faults + 1)
        .returning(_S.faults)
    )
    return conn.execute(moved).scalar() or 0


def open_ones(
    conn: Connection, person: PersonId, programs: Collection[ProgramId]
) -> list[Standing]:
    """These are the open ones of a person, and all of these programs, by who asked first.

    One that cannot be read is left out: a Home is shown without it.
    """
    mine: ColumnElement[bool] = _S.worker == person
    if programs:
        mine = mine | _S.program_id.in_(programs)
    opened = select(rows).where(and_(_S.state != StandingState.ENDED.value, mine))
    found = []
    for row in conn.execute(opened.order_by(_S.asked_at, _S.id)):
        try:
            found.append(_read(row))
        except (DamagedError, UnknownSchemaError):
            continue
    return found


def _values(one: Standing) -> dict[str, Any]:
    body = _STANDING.dump_python(one, mode="json")
    # A set has no order of its own, and the same record is always written alike.
    body["plan"]["factors"].sort()
    return {
        "state": one.state.value,
        "days": one.days,
        "approver": one.approver,
        "until_at": one.until_at,
        "ended_at": one.ended_at,
        "why": one.why.value if one.why else None,
        "due_at": one.due_at,
        "attempt_at": one.due_at,
        "body": body,
        "body_schema": SCHEMA,
    }


def _read(row: AnyRow) -> Standing:
    if row.body_schema != SCHEMA:
        raise UnknownSchemaError(f"Standing of schema {row.body_schema}")
    try:
        found: Standing = _STANDING.validate_python(row.body)
    except ValidationError as error:
        where = [".".join(map(str, found["loc"])) for found in error.errors(include_input=False)]
        raise DamagedError(f"Standing: {', '.join(where)}") from None
    if (found.state.value, found.due_at) != (row.state, row.due_at):
        raise DamagedError(f"standing plan {row.id}: columns and body differ")
    return found


def _note(
    conn: Connection, one: Standing, actor: PersonId | None, at: datetime, event: str
) -> None:
    audit.append(
        conn,
        f"standing/{one.id}",
        program=one.program,
        at=at,
        actor=actor,
        event=event,
        reason=one.why.value if one.why else one.state.value,
        body={
            "weekdays": list(one.pattern.weekdays),
            "at": one.pattern.at.isoformat(),
            "places": [stop.place for stop in one.plan.stops],
            "days": one.days,
            "next_no": one.next_no,
        },
    )
