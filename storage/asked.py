"""How often a row was the answer, by day: never who asked, and never a row of one's own life."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from protocol.ids import ProgramId
from storage import programs
from storage.database import insert
from storage.huddle_tables import matrix_asked

_A = matrix_asked.c


def count(conn: Connection, which: ProgramId, row: str, at: datetime) -> None:
    """Count an answer whose first row this was, on the program's own day of `at` (aware)."""
    program = programs.by_id(conn, which)
    if program is None:
        return
    day = at.astimezone(program.zone_info).date().isoformat()
    new = insert(conn, matrix_asked).values(
        id=f"{which}/{row}/{day}", program_id=which, row_key=row, day=day, times=1
    )
    once_more = {"times": _A.times + 1}
    conn.execute(
        new.on_conflict_do_update(index_elements=["program_id", "row_key", "day"], set_=once_more)
    )


def since(conn: Connection, which: ProgramId, day: str) -> dict[str, int]:
    """How often each row was asked for from this day on, written as 2026-11-23."""
    rows = conn.execute(
        select(_A.row_key, func.sum(_A.times).label("times"))
        .where(_A.program_id == which, _A.day >= day)
        .group_by(_A.row_key)
    )
    return {row.row_key: int(row.times) for row in rows}
