"""The versions of a program's matrix, each as it was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from protocol.ids import PersonId, ProgramId
from storage.columns import AnyRow
from storage.database import insert
from storage.revision_tables import matrix_version

_V = matrix_version.c


@dataclass(frozen=True, slots=True)
class Version:
    """This is one version. `body` is its YAML, deflated."""

    program: ProgramId
    number: int
    version: str
    base: str
    body: bytes
    proposal: str
    reason: str
    author: PersonId
    peer_supervisor: PersonId
    clinical_lead: PersonId
    at: datetime


def latest(conn: Connection, program: ProgramId) -> Version | None:
    """This is the version in use; None where the shipped matrix is."""
    found = _all(conn, program)
    return found[-1] if found else None


def numbered(conn: Connection, program: ProgramId) -> list[Version]:
    """These are all versions, by number."""
    return _all(conn, program)


def add(conn: Connection, one: Version) -> None:
    """This keeps a version."""
    row = {
        "id": f"{one.program}/{one.number}",
        "program_id": one.program,
        "number": one.number,
        "version": one.version,
        "base": one.base,
        "body": one.body,
        "proposal_id": one.proposal,
        "reason": one.reason,
        "author": one.author,
        "peer_supervisor": one.peer_supervisor,
        "clinical_lead": one.clinical_lead,
        "at": one.at,
    }
    conn.execute(insert(conn, matrix_version).on_conflict_do_nothing(), [row])


def _all(conn: Connection, program: ProgramId) -> list[Version]:
    rows = conn.execute(select(matrix_version).where(_V.program_id == program).order_by(_V.number))
    return [_read(row) for row in rows]


def _read(row: AnyRow) -> Version:
    return Version(
        ProgramId(row.program_id),
        row.number,
        row.version,
        row.base,
        row.body,
        row.proposal_id,
        row.reason,
        row.author,
        row.peer_supervisor,
        row.clinical_lead,
        row.at,
    )
