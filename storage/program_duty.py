"""This brings the duties to what a program's file says, from now on; the past stays as it was."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from protocol.people import Duty
from storage.program_change import Change
from storage.program_file import ProgramFile
from storage.tables import duty


def apply_duty(conn: Connection, file: ProgramFile, at: datetime) -> Iterator[Change]:
    """This replaces future duties, and ends or prolongs those that run at this instant."""
    columns = duty.c
    rows = conn.execute(
        select(duty).where(columns.program_id == file.program.id, columns.until_at > at)
    ).all()
    left = {row.id: row for row in rows}
    done: Counter[tuple[str, str, str]] = Counter()
    new = []
    for turn in _longest(file.turns(at), at):
        who = (turn.role.value, str(turn.person))
        row = _same(turn, left.values(), at)
        if row is None:
            new.append(_entry(file, turn))
            done[(*who, "added")] += 1
            continue
        del left[row.id]
        if row.until_at != turn.until_at:
            conn.execute(update(duty).where(columns.id == row.id).values(until_at=turn.until_at))
            done[(*who, "moved")] += 1
    for row in left.values():
        _stop(conn, row, at)
        done[row.role, row.person_id, "removed"] += 1
    # Only now: what is added may begin when something that was removed did.
    if new:
        conn.execute(insert(duty), new)
    for (role, who_id, did), count in sorted(done.items()):
        turns = "1 turn" if count == 1 else f"{count} turns"
        yield Change("duty", f"of {who_id} as {role}", f"{turns} {did}")


def _longest(turns: Iterable[Duty], at: datetime) -> list[Duty]:
    # A person is on duty in a role once at a time, however often the file says so; and nobody was
    # on duty before the file said so.
    found: dict[tuple[object, ...], Duty] = {}
    for turn in turns:
        key = (turn.role, turn.person, max(turn.from_at, at))
        if turn.until_at > at and (key not in found or found[key].until_at < turn.until_at):
            found[key] = replace(turn, from_at=max(turn.from_at, at))
    return list(found.values())


def _same(turn: Duty, rows: Iterable[Row[Any]], at: datetime) -> Row[Any] | None:
    return next(
        (
            row
            for row in rows
            if (row.role, row.person_id) == (turn.role, turn.person)
            and max(row.from_at, at) == turn.from_at
        ),
        None,
    )


def _entry(file: ProgramFile, turn: Duty) -> dict[str, object]:
    return {
        "program_id": file.program.id,
        "role": turn.role.value,
        "person_id": turn.person,
        "from_at": turn.from_at,
        "until_at": turn.until_at,
    }


def _stop(conn: Connection, row: Row[Any], at: datetime) -> None:
    if row.from_at < at:
        conn.execute(update(duty).where(duty.c.id == row.id).values(until_at=at))
    else:
        conn.execute(delete(duty).where(duty.c.id == row.id))
