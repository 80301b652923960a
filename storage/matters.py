"""Loading a matter and saving what was decided about it: all of it at once, or nothing.

Whatever rows a decision changes, the one `matter.version` is advanced first, by compare-and-set.
Otherwise "confirmed safe" and "rung due" could both succeed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, String, bindparam, case, func, null, select, union_all

from protocol.decision import Decision
from protocol.events import Event
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.plan import Purpose
from protocol.records import Escalation, Matter, Visit, VisitState
from storage import audit, codec, matter_rows, outbox, raised_rows, roll_call_rows
from storage.codec import DamagedError, Sealing
from storage.columns import AnyRow
from storage.dispatch import voided
from storage.tables import escalation, matter, raised, roll_call, visit

_BEFORE_START = (VisitState.PLANNED, VisitState.CONFIRMED)


_IDS = bindparam("ids", type_=String, expanding=True)
# Whatever a tap or a sweep asks is made once: making a statement costs more than running it.
_CLIMBS = (
    select(
        escalation.c.matter_id,
        escalation.c.state.label("climb_state"),
        escalation.c.due_at.label("climb_due_at"),
        escalation.c.body.label("climb"),
        escalation.c.body_schema.label("climb_schema"),
    )
    .where(escalation.c.matter_id.in_(_IDS))
    .order_by(escalation.c.matter_id, escalation.c.no)
)
_ROW = (
    matter.c.id,
    matter.c.program_id,
    matter.c.worker,
    matter.c.version,
    matter.c.about,
    matter.c.silent,
    visit.c.state.label("visit_state"),
    visit.c.due_at.label("visit_due_at"),
    visit.c.body,
    visit.c.body_schema,
    roll_call.c.due_at.label("roll_call_due_at"),
    roll_call.c.body.label("roll_call"),
    roll_call.c.body_schema.label("roll_call_schema"),
    raised.c.state.label("raised_state"),
    raised.c.due_at.label("raised_due_at"),
    raised.c.body.label("raised"),
    raised.c.body_schema.label("raised_schema"),
)
_JOINED = (
    matter.outerjoin(visit, visit.c.matter_id == matter.c.id)
    .outerjoin(roll_call, roll_call.c.matter_id == matter.c.id)
    .outerjoin(raised, raised.c.matter_id == matter.c.id)
)
_WHOLE = select(*_ROW).select_from(_JOINED).where(matter.c.id.in_(_IDS)).order_by(matter.c.id)
# One matter is one query: a row for each climb, and hardly any has more than one.
_ONE_WITH_CLIMBS = (
    select(
        *_ROW,
        escalation.c.matter_id,
        escalation.c.state.label("climb_state"),
        escalation.c.due_at.label("climb_due_at"),
        escalation.c.body.label("climb"),
        escalation.c.body_schema.label("climb_schema"),
    )
    .select_from(_JOINED.outerjoin(escalation, escalation.c.matter_id == matter.c.id))
    .order_by(escalation.c.no)
)
_ONE = _ONE_WITH_CLIMBS.where(matter.c.id == bindparam("id", type_=String))
_SHOWN_OPEN = (matter.c.active, matter.c.closed_at.is_(None), ~matter.c.silent)
_PERSON = bindparam("person", type_=String)
_OPEN = (
    select(matter.c.id, matter.c.opened_at, visit.c.state, visit.c.start_at)
    .select_from(matter.outerjoin(visit, visit.c.matter_id == matter.c.id))
    .where(*_SHOWN_OPEN)
)
_MINE = union_all(
    _OPEN.where(matter.c.worker == _PERSON), _OPEN.where(visit.c.partner == _PERSON)
).subquery()
_BEFORE = func.coalesce(_MINE.c.state, "").in_([state.value for state in _BEFORE_START])
# The newest in which they are out or being looked for, else the plan that starts first.
_MEANT = (
    select(_MINE.c.id)
    .order_by(
        case((_BEFORE, 1), else_=0),
        case((_BEFORE, null()), else_=_MINE.c.opened_at).desc(),
        case((_BEFORE, _MINE.c.start_at)),
        case((_BEFORE, null()), else_=_MINE.c.id).desc(),
        _MINE.c.id,
    )
    .limit(1)
)
_THE_MEANT = _ONE_WITH_CLIMBS.where(matter.c.id == _MEANT.scalar_subquery())


class Change(NamedTuple):
    """This is one decision to save: the matter as it was read, what was decided, and on what."""

    before: Matter
    decision: Decision
    event: Event


def load(conn: Connection, sealer: Sealing, id_: MatterId) -> Matter | None:
    """Load a whole matter, in one query; None where there is none. Raises as `load_many` does."""
    return _one(conn.execute(_ONE, {"id": id_}).all(), sealer)


def current(conn: Connection, sealer: Sealing, person: PersonId) -> Matter | None:
    """Load the matter that `current_of` names, in one query. Raises as `load_many` does."""
    return _one(conn.execute(_THE_MEANT, {"person": person}).all(), sealer)


def existing(conn: Connection, ids: Sequence[MatterId]) -> frozenset[MatterId]:
    """Which of these are stored."""
    if not ids:
        return frozenset()
    return frozenset(conn.scalars(select(matter.c.id).where(matter.c.id.in_(ids))))


def load_many(conn: Connection, sealer: Sealing, ids: Iterable[MatterId]) -> dict[MatterId, Matter]:
    """Load whole matters, in two queries however many there are; unknown ids are left out.

    Raises DamagedError, UnknownSchemaError or what the sealer raises where one cannot be read.
    """
    wanted = {"ids": list(ids)}
    climbs: dict[str, list[Escalation]] = {}
    for row in conn.execute(_CLIMBS, wanted):
        climbs.setdefault(row.matter_id, []).append(_escalation(row))
    found = [
        _matter(row, sealer, tuple(climbs.get(row.id, ()))) for row in conn.execute(_WHOLE, wanted)
    ]
    return {one.id: one for one in found}


def save(
    conn: Connection,
    sealer: Sealing,
    before: Matter,
    decision: Decision,
    event: Event,
    *,
    at: datetime,
    transport_now: datetime,
) -> None:
    """Save one decision; see `save_many`. What follows for other matters is the caller's to run."""
    save_many(conn, sealer, [Change(before, decision, event)], at=at, transport_now=transport_now)


def save_many(
    conn: Connection,
    sealer: Sealing,
    changes: Sequence[Change],
    *,
    at: datetime,
    transport_now: datetime,
) -> None:
    """Save decisions about different matters: rows, one audit line each, what to tell the world.

    A decision that changes nothing is passed by. `at` is world time.

    Raises:
        Conflict: one of the matters is no longer as it was read; the transaction must not commit.
        Forbidden: from the database, when the transaction runs (see `storage.database`).
    """
    real = [change for change in changes if change.decision.changed]
    if not real:
        return
    pairs = [(change.before, change.decision.matter) for change in real]
    matter_rows.write(conn, sealer, pairs, at)
    audit.append_many(conn, [_line(change, at) for change in real])
    # Before the new rows are added: those are not void.
    outbox.void(conn, [void for change in real for void in voided(*change)])
    outbox.add_many(
        conn,
        [
            outbox.Asked(change.before.program, change.before.id, change.decision.effects)
            for change in real
        ],
        at=at,
        transport_now=transport_now,
    )


def current_of(conn: Connection, person: PersonId) -> MatterId | None:
    """Find the matter that a worker means when they name none; None where nothing is open.

    That is the newest in which they are out or being looked for, else the plan that starts first.
    """
    found = conn.execute(_MEANT, {"person": person}).scalar()
    return None if found is None else MatterId(found)


def visits_of(
    conn: Connection, worker: PersonId, program: ProgramId | None, most: int
) -> list[MatterId]:
    """List a worker's visits in a program, or in all, open or not, the newest first.

    Looks after a colleague are left out: nobody plans one again.
    """
    columns, purpose = matter.c, visit.c.body["plan", "purpose"].as_string()
    mine = [columns.worker == worker, ~columns.silent, purpose != Purpose.SENT_TO_LOOK.value]
    if program is not None:
        mine.append(columns.program_id == program)
    rows = select(columns.id).join(visit, visit.c.matter_id == columns.id).where(*mine)
    newest = rows.order_by(columns.opened_at.desc(), columns.id.desc()).limit(most)
    return [MatterId(id_) for id_ in conn.execute(newest).scalars()]


def open_matters(
    conn: Connection, program: ProgramId | None = None, *, silent: bool = False
) -> list[MatterId]:
    """List the matters in which somebody is out or looked for, the next due first.

    Silent ones only on request: whoever asks must not show them where a worker can look.
    """
    where = list(_SHOWN_OPEN[:2] if silent else _SHOWN_OPEN)
    if program is not None:
        where.append(matter.c.program_id == program)
    rows = select(matter.c.id).where(*where).order_by(matter.c.due_at, matter.c.id)
    return [MatterId(id_) for id_ in conn.execute(rows).scalars()]


def _line(change: Change, at: datetime) -> audit.Entry:
    before, decision, event = change
    return audit.Entry(
        chain=before.id,
        program=before.program,
        at=at,
        actor=getattr(event, "by", None),
        event=type(event).__name__,
        reason=decision.reason,
        body=audit.public_body(event),
    )


def _one(rows: Sequence[AnyRow], sealer: Sealing) -> Matter | None:
    if not rows:
        return None
    climbs = tuple(_escalation(row) for row in rows if row.matter_id is not None)
    return _matter(rows[0], sealer, climbs)


def _matter(row: AnyRow, sealer: Sealing, climbs: tuple[Escalation, ...]) -> Matter:
    id_ = MatterId(row.id)
    trigger, climb = raised_rows.read(row, sealer) or (None, None)
    return Matter(
        id=id_,
        program=ProgramId(row.program_id),
        worker=PersonId(row.worker),
        version=row.version,
        visit=None if row.body is None else _visit(row, sealer, id_),
        escalations=(climb,) if climb else climbs,
        about=None if row.about is None else MatterId(row.about),
        silent=row.silent,
        roll_call=roll_call_rows.read(row),
        trigger=trigger,
    )


def _visit(row: AnyRow, sealer: Sealing, id_: MatterId) -> Visit:
    read = codec.visit_of(row.body, row.body_schema, sealer, id_)
    if (read.state, read.due_at) != (row.visit_state, row.visit_due_at):
        raise DamagedError(f"visit {id_}: columns and body differ")
    return read


def _escalation(row: AnyRow) -> Escalation:
    read = codec.escalation_of(row.climb, row.climb_schema)
    if (read.state, read.due_at) != (row.climb_state, row.climb_due_at):
        raise DamagedError(f"escalation {read.no} of {row.matter_id}: columns and body differ")
    return read
