"""Roll calls as rows: at most one of a program is open."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from protocol.calls import RollCall
from protocol.ids import ProgramId
from protocol.records import Matter
from storage import codec
from storage.codec import DamagedError
from storage.columns import AnyRow
from storage.database import Conflict, insert
from storage.tables import roll_call


def is_open(conn: Connection, program: ProgramId) -> bool:
    """Whether a roll call of this program is open."""
    column = roll_call.c
    wanted = select(column.matter_id).where(
        column.program_id == program, column.due_at.is_not(None)
    )
    return conn.execute(wanted.limit(1)).first() is not None


def write(conn: Connection, pairs: Sequence[tuple[Matter, Matter]]) -> None:
    """Write the roll calls that changed. Raises Conflict where another is open already."""
    column = roll_call.c
    for before, after in pairs:
        now = after.roll_call
        if now is None or now == before.roll_call:
            continue
        body: dict[str, Any] = {
            "due_at": now.due_at,
            "body": codec.roll_call_body(now),
            "body_schema": codec.schema_of("RollCall"),
        }
        if before.roll_call is not None:
            conn.execute(
                update(roll_call).where(column.matter_id == bindparam("of")).values(body),
                {"of": after.id},
            )
            continue
        row = {"matter_id": after.id, "program_id": after.program, "asked_by": now.by}
        made = insert(conn, roll_call).values(**row, asked_at=now.at, **body)
        if conn.execute(made.on_conflict_do_nothing()).rowcount != 1:
            raise Conflict("a roll call is open already")


def read(row: AnyRow) -> RollCall | None:
    """Read the roll call of a matter's row. Raises DamagedError or UnknownSchemaError."""
    if row.roll_call is None:
        return None
    found = codec.roll_call_of(row.roll_call, row.roll_call_schema)
    if found.due_at != row.roll_call_due_at:
        raise DamagedError(f"roll call {row.id}: columns and body differ")
    return found
