"""This brings the database to what a program's file says; said twice, it does nothing twice."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage import audit
from storage.program_change import Change
from storage.program_duty import apply_duty
from storage.program_file import ProgramFile
from storage.program_partners import apply_partners
from storage.program_people import (
    apply_people,
    apply_roles,
    refuse_leaving_alone,
    refuse_strangers,
)
from storage.program_places import apply_places
from storage.sealing import Sealer
from storage.tables import program


def apply(conn: Connection, sealer: Sealer, file: ProgramFile, at: datetime) -> list[Change]:
    """This applies a file in the caller's transaction and says what changed; none: nothing did.

    Raises ApplyRefusedError, and the caller's transaction must then be rolled back.
    """
    refuse_strangers(conn, file, at)
    refuse_leaving_alone(conn, file, at)
    changes = [
        *_program(conn, file, at),
        *apply_people(conn, sealer, file, at),
        *apply_roles(conn, file, at),
        *apply_places(conn, sealer, file, at),
        *apply_partners(conn, file),
        *apply_duty(conn, file, at),
    ]
    if changes:
        audit.append(
            conn,
            f"program/{file.program.id}",
            program=file.program.id,
            at=at,
            actor=None,
            event="ProgramApplied",
            reason="applied",
            body={"changes": [str(change) for change in changes]},
        )
    return changes


def _program(conn: Connection, file: ProgramFile, at: datetime) -> Iterator[Change]:
    which = file.program.id
    row = conn.execute(select(program).where(program.c.id == which)).first()
    wanted = {
        "name": file.program.name,
        "zone": file.program.zone,
        "language": file.program.language.value,
        "channels": file.program.channels.model_dump(exclude_none=True),
        "coordinator_line": file.program.coordinator_line,
        "county_number": file.program.county_number,
        "huddle": file.program.huddle.stored() if file.program.huddle else None,
        "policy": json.loads(file.policy.model_dump_json()),
        "policy_schema": file.policy.schema_version,
    }
    if row is None:
        conn.execute(insert(program), {**wanted, "id": which, "created_at": at})
        yield Change("program", which, "added")
        return
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not changed:
        return
    details = [name for name in changed if name != "policy"]
    if "policy" in changed:
        details += _differences("policy", row.policy, wanted["policy"])
        changed["policy_version"] = row.policy_version + 1
    conn.execute(update(program).where(program.c.id == which).values(**changed))
    yield Change("program", which, "changed", tuple(details))


def _differences(name: str, before: object, after: object) -> list[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        names = [*before, *(key for key in after if key not in before)]
        return [
            found
            for key in names
            for found in _differences(f"{name}.{key}", before.get(key), after.get(key))
        ]
    return [] if before == after else [name]
