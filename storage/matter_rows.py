"""The rows of a matter: which of them a decision changed, and what stands in each column."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    String,
    Table,
    Update,
    bindparam,
    delete,
    update,
)

from protocol.matter import next_deadline
from protocol.records import Escalation, Matter, Visit
from storage import codec, raised_rows, roll_call_rows
from storage.codec import Sealing
from storage.columns import UtcDateTime
from storage.database import Conflict, Each, insert
from storage.tables import escalation, matter, stop, visit

# A matter as it was read, and as it is from now on.
Pair = tuple[Matter, Matter]
Values = dict[str, Any]

_STEP = Each(
    {
        "of": String(),
        "read_version": Integer(),
        "silent": Boolean(),
        "about": String(),
        "active": Boolean(),
        "due_at": UtcDateTime(),
        "closed_at": UtcDateTime(),
    },
    lambda new: (
        update(matter)
        .where(matter.c.id == new["of"], matter.c.version == new["read_version"])
        .values(
            version=matter.c.version + 1,
            silent=new["silent"],
            about=new["about"],
            active=new["active"],
            due_at=new["due_at"],
            attempt_at=new["due_at"],
            closed_at=new["closed_at"],
            faults=0,
        )
    ),
)

# What a deadline that was met by nobody changes of a matter, most of the time.
_CLOCK_ON = Each(
    {"of": String(), "read_version": Integer(), "due_at": UtcDateTime()},
    lambda new: (
        update(matter)
        .where(matter.c.id == new["of"], matter.c.version == new["read_version"])
        .values(
            version=matter.c.version + 1,
            due_at=new["due_at"],
            attempt_at=new["due_at"],
            faults=0,
        )
    ),
)


def write(conn: Connection, sealer: Sealing, pairs: Sequence[Pair], at: datetime) -> None:
    """Advance the versions first, then write what changed. Raises Conflict where beaten to it."""
    _open(conn, [after for before, after in pairs if before.version == 0], at)
    _advance(conn, [pair for pair in pairs if pair[0].version > 0], at)
    stored = [(_as_stored(before), after) for before, after in pairs]
    _write_visits(conn, sealer, stored)
    _write_stops(conn, stored)
    _write_escalations(conn, stored)
    roll_call_rows.write(conn, stored)
    raised_rows.write(conn, sealer, stored)


def _as_stored(before: Matter) -> Matter:
    if before.version:
        return before
    return replace(before, visit=None, escalations=(), roll_call=None, trigger=None)


def _open(conn: Connection, opened: Sequence[Matter], at: datetime) -> None:
    if not opened:
        return
    rows = [
        {
            "id": after.id,
            "program_id": after.program,
            "worker": after.worker,
            "version": 1,
            "opened_at": at,
            **_clock(after, at),
        }
        for after in opened
    ]
    done = conn.execute(insert(conn, matter).on_conflict_do_nothing(), rows)
    if done.rowcount != len(rows):
        raise Conflict("a matter was opened by somebody else")


def _advance(conn: Connection, pairs: Sequence[Pair], at: datetime) -> None:
    if not pairs:
        return
    rows = [
        {"of": before.id, "read_version": before.version, **_clock(after, at)}
        for before, after in pairs
    ]
    step = _CLOCK_ON if all(_only_the_clock(*pair) for pair in pairs) else _STEP
    # The row count alone says who was first; a copy of the row in memory could not.
    if step.run(conn, rows) != len(rows):
        raise Conflict("a matter is no longer as it was read")


def _only_the_clock(before: Matter, after: Matter) -> bool:
    was = before.silent, before.about, before.is_active
    return after.is_open and before.is_open and was == (after.silent, after.about, after.is_active)


def _clock(after: Matter, at: datetime) -> Values:
    due_at = next_deadline(after)
    return {
        "silent": after.silent,
        "about": after.about,
        "active": after.is_active,
        "due_at": due_at,
        "attempt_at": due_at,
        "closed_at": None if after.is_open else at,
    }


def _write_visits(conn: Connection, sealer: Sealing, pairs: Sequence[Pair]) -> None:
    new: list[Values] = []
    changed: list[tuple[Values, Values]] = []
    for before, after in pairs:
        if after.visit is not None and after.visit != before.visit:
            row = _visit_row(after, after.visit, sealer)
            if before.visit is None:
                new.append(row)
            else:
                changed.append((_visit_columns(before, before.visit), row))
    _put(conn, visit, new, changed)


def _write_stops(conn: Connection, pairs: Sequence[Pair]) -> None:
    """Write the stops of changed routes; a stop that was left out of the plan goes."""
    rows, shorter = [], []
    for before, after in pairs:
        was = before.visit.plan.stops if before.visit else ()
        now = after.visit.plan.stops if after.visit else ()
        rows += [
            {
                "matter_id": after.id,
                "no": no,
                "program_id": after.program,
                "label": one.label,
                "place_id": one.place,
                "arrived_at": one.arrived_at,
                "left_at": one.left_at,
            }
            for no, one in enumerate(now)
            if no >= len(was) or was[no] != one
        ]
        if len(now) < len(was):
            shorter.append({"of": after.id, "length": len(now)})
    if shorter:
        beyond = stop.c.no >= bindparam("length")
        conn.execute(delete(stop).where(stop.c.matter_id == bindparam("of"), beyond), shorter)
    if rows:
        into = insert(conn, stop)
        keys = ["matter_id", "no"]
        kept = {name: into.excluded[name] for name in rows[0] if name not in keys}
        conn.execute(into.on_conflict_do_update(index_elements=keys, set_=kept), rows)


def _write_escalations(conn: Connection, pairs: Sequence[Pair]) -> None:
    new: list[Values] = []
    changed: list[tuple[Values, Values]] = []
    for before, after in pairs:
        if after.trigger is not None:
            continue  # its climb stands in its own row
        known = len(before.escalations)
        new += [_escalation_row(after, one) for one in after.escalations[known:]]
        both = zip(before.escalations, after.escalations, strict=False)
        changed += [
            (_escalation_columns(before, was), _escalation_row(after, now))
            for was, now in both
            if was != now
        ]
    # What closes goes first: a matter has one open escalation at any time.
    _put(conn, escalation, new, changed)


def _put(
    conn: Connection, table: Table, new: list[Values], changed: list[tuple[Values, Values]]
) -> None:
    """Add new rows, and write of the changed ones (as they were, as they are) what changed.

    A column that keeps its value is looked up again by what it refers to, and moved in its index.
    """
    if changed:
        kept = {
            name for name in changed[0][0] if all(was[name] == now[name] for was, now in changed)
        }
        names = tuple(name for name in changed[0][1] if name not in kept or name in _KEYS)
        rewrite, given = _rewriting(table, names)
        conn.execute(rewrite, [{given[name]: now[name] for name in names} for _, now in changed])
    if new:
        conn.execute(table.insert(), new)


_KEYS = frozenset(column.name for one in (visit, escalation) for column in one.primary_key)


@lru_cache(maxsize=64)
def _rewriting(table: Table, names: tuple[str, ...]) -> tuple[Update, dict[str, str]]:
    """An UPDATE of these columns by the key, and what it calls the value of each."""
    given = {name: f"new_{name}" for name in names}
    keys = {column.name for column in table.primary_key}
    own = [table.c[key] == bindparam(given[key]) for key in keys]
    others: Values = {name: bindparam(given[name]) for name in names if name not in keys}
    return update(table).where(*own).values(others), given


def _visit_row(after: Matter, now: Visit, sealer: Sealing) -> Values:
    return {
        **_visit_columns(after, now),
        "body": codec.visit_body(now, sealer, after.id),
        "body_schema": codec.schema_of("Visit"),
    }


def _visit_columns(after: Matter, now: Visit) -> Values:
    return {
        "matter_id": after.id,
        "program_id": after.program,
        "worker": after.worker,
        "partner": now.plan.partner,
        "state": now.state,
        "rating": now.rating,
        "approval": now.approval,
        "approver": now.approver,
        "expecting": now.expecting,
        "start_at": now.plan.start_at,
        "due_at": now.due_at,
        "ended_at": now.ended_at,
        "outcome": now.outcome,
        "revision": now.revision,
    }


def _escalation_row(after: Matter, now: Escalation) -> Values:
    return {
        **_escalation_columns(after, now),
        "body": codec.escalation_body(now),
        "body_schema": codec.schema_of("Escalation"),
    }


def _escalation_columns(after: Matter, now: Escalation) -> Values:
    closing = now.closing
    return {
        "matter_id": after.id,
        "no": now.no,
        "program_id": after.program,
        "worker": after.worker,
        "kind": now.kind,
        "state": now.state,
        "owner": now.owner,
        "rung": now.rung,
        "cycle": now.cycle,
        "opened_at": now.opened_at,
        "base_at": now.base_at,
        "due_at": now.due_at,
        "closed_at": now.closed_at,
        "closed_by": closing.by if closing else None,
        "accounted": closing.accounted if closing else None,
        "second_by": now.second,
        "drill": now.drill,
    }
