"""Whether a program has made the matrix its own: what is not adopted is a draft."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from protocol.ids import PersonId, ProgramId
from protocol.people import Role
from storage.database import insert
from storage.matrix_tables import matrix_adoption

# All of them sign one version before its answers go without "not adopted yet".
ADOPTERS: Final = (Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD, Role.PRIVACY_OFFICER)


def adopted(conn: Connection, program: ProgramId, version: str) -> bool:
    """Whether this program has adopted this version of the matrix."""
    return set(ADOPTERS) <= adopters(conn, program, version).keys()


def adopters(conn: Connection, program: ProgramId, version: str) -> dict[Role, PersonId]:
    """Who has signed this version so far, by the role in which they did."""
    signed = select(matrix_adoption.c.role, matrix_adoption.c.by).where(
        matrix_adoption.c.program_id == program, matrix_adoption.c.version == version
    )
    return {Role(row.role): PersonId(row.by) for row in conn.execute(signed)}


def adopt(
    conn: Connection,
    program: ProgramId,
    version: str,
    *,
    role: Role,
    by: PersonId,
    at: datetime,
    shown: object = None,
) -> None:
    """One role signs a version. Whether they may is for the caller to know."""
    row = {
        "id": f"{program}/{version}/{role.value}",
        "program_id": program,
        "version": version,
        "role": role.value,
        "by": by,
        "at": at,
        "shown": shown,
    }
    conn.execute(insert(conn, matrix_adoption).on_conflict_do_nothing(), [row])
