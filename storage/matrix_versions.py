"""The versions of a program's own matrix: each whole, numbered from 1, and kept for good.

What a body says is not read here. It is the whole matrix as text, deflated.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from protocol.ids import PersonId, ProgramId
from storage.columns import AnyRow
from storage.revision_tables import matrix_version

_V = matrix_version.c


@dataclass(frozen=True, slots=True)
class Version:
    """This is one version. `version` is the digest of its content, `base` of what it changed."""

    id: str
    program: ProgramId
    number: int
    version: str
    base: str
    body: bytes
    proposal_id: str
    reason: str
    author: PersonId
    peer_supervisor: PersonId
    clinical_lead: PersonId
    at: datetime

    @property
    def text(self) -> str:
        """The matrix as it was written down."""
        return inflated(self.body)


def deflated(text: str) -> bytes:
    """A matrix as its body is kept."""
    return zlib.compress(text.encode())


def inflated(kept: bytes) -> str:
    """A matrix as text, of its body."""
    return zlib.decompress(kept).decode()


def latest(conn: Connection, program: ProgramId) -> Version | None:
    """The version that counts; None where the shipped matrix does."""
    mine = select(matrix_version).where(_V.program_id == program)
    row = conn.execute(mine.order_by(_V.number.desc()).limit(1)).first()
    return _of(row) if row else None


def present(conn: Connection) -> dict[ProgramId, str]:
    """The digest of the version that counts, of each program that has a matrix of its own."""
    newest = select(_V.program_id, func.max(_V.number).label("number"))
    last = newest.group_by(_V.program_id).subquery()
    rows = conn.execute(
        select(_V.program_id, _V.version).join(
            last, (last.c.program_id == _V.program_id) & (last.c.number == _V.number)
        )
    )
    return {ProgramId(row.program_id): row.version for row in rows}


def numbered(conn: Connection, program: ProgramId, most: int = 200) -> list[Version]:
    """A program's versions, the newest first."""
    mine = select(matrix_version).where(_V.program_id == program)
    return [_of(row) for row in conn.execute(mine.order_by(_V.number.desc()).limit(most))]


def of(conn: Connection, program: ProgramId, version: str | int) -> Version | None:
    """A version by its number or its digest; the newest, where a digest came twice."""
    which: ColumnElement[bool] = (
        _V.number == version if isinstance(version, int) else _V.version == version
    )
    mine = select(matrix_version).where(_V.program_id == program, which)
    row = conn.execute(mine.order_by(_V.number.desc()).limit(1)).first()
    return _of(row) if row else None


def add(conn: Connection, version: Version) -> None:
    """Keep a version. Another writer that took its number meanwhile raises Forbidden."""
    conn.execute(
        insert(matrix_version),
        {
            "id": version.id,
            "program_id": version.program,
            "number": version.number,
            "version": version.version,
            "base": version.base,
            "body": version.body,
            "proposal_id": version.proposal_id,
            "reason": version.reason,
            "author": version.author,
            "peer_supervisor": version.peer_supervisor,
            "clinical_lead": version.clinical_lead,
            "at": version.at,
        },
    )


def _of(row: AnyRow) -> Version:
    return Version(
        row.id,
        ProgramId(row.program_id),
        row.number,
        row.version,
        row.base,
        row.body,
        row.proposal_id,
        row.reason,
        PersonId(row.author),
        PersonId(row.peer_supervisor),
        PersonId(row.clinical_lead),
        row.at,
    )
