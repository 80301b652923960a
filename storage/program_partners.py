"""This brings the directory of partners to what a program's file says."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage.columns import AnyRow
from storage.partner_table import partner
from storage.program_change import ApplyRefusedError, Change
from storage.program_file import Partner, ProgramFile

_P = partner.c


def apply_partners(conn: Connection, file: ProgramFile) -> Iterator[Change]:
    """This adds and changes partners, and takes away those that are not in the file any more.

    Raises ApplyRefusedError where another number stands beside the check of the one before.
    """
    program = file.program.id
    mine = select(partner).where(_P.program_id == program).order_by(_P.id)
    rows = {row.id: row for row in conn.execute(mine)}
    for one in file.partners:
        which = f"{program}/{one.id}"
        row, wanted = rows.pop(which, None), _values(one)
        _refuse(one, row)
        if row is None:
            conn.execute(insert(partner), {**wanted, "id": which, "program_id": program})
            yield Change("partner", one.id, "added")
            continue
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if changed:
            conn.execute(update(partner).where(_P.id == which).values(**changed))
            yield Change("partner", one.id, "changed", tuple(sorted(changed)))
    for which in rows:
        conn.execute(delete(partner).where(_P.id == which))
        yield Change("partner", which.partition("/")[2], "removed")


def _refuse(one: Partner, row: AnyRow | None) -> None:
    if one.checked is None or row is None or row.number == one.number:
        return
    if row.checked_on == one.checked.on.isoformat():
        raise ApplyRefusedError(
            f"Partner {one.id} has another number, and the check is of the one before. Call the "
            "new number and write that day, or take checked out until somebody has called it."
        )


def _values(one: Partner) -> dict[str, Any]:
    return {
        "name": one.name,
        "line": one.line,
        "number": one.number,
        "hours": one.hours.model_dump() if one.hours else None,
        "checked_on": one.checked.on.isoformat() if one.checked else None,
        "checked_by": one.checked.by if one.checked else None,
    }
