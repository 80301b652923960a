"""What was proposed for a program's matrix: added once, and waiting for two signatures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from protocol.ids import PersonId, ProgramId
from storage.columns import AnyRow
from storage.database import insert
from storage.revision_tables import Source, matrix_proposal

_P = matrix_proposal.c


@dataclass(frozen=True, slots=True)
class Proposal:
    """This is one proposal, written against the version `base` of the program's matrix."""

    id: str
    program: ProgramId
    base: str
    source: Source
    changes: tuple[dict[str, Any], ...]
    reason: str
    author: PersonId
    at: datetime
    source_id: str | None = None


def add(conn: Connection, proposal: Proposal) -> bool:
    """Keep a proposal. False where it was kept before."""
    row = {
        "id": proposal.id,
        "program_id": proposal.program,
        "base": proposal.base,
        "source": proposal.source.value,
        "source_id": proposal.source_id,
        "changes": list(proposal.changes),
        "reason": proposal.reason,
        "author": proposal.author,
        "at": proposal.at,
    }
    return conn.execute(insert(conn, matrix_proposal).on_conflict_do_nothing(), [row]).rowcount == 1


def one(conn: Connection, which: str) -> Proposal | None:
    """One proposal."""
    row = conn.execute(select(matrix_proposal).where(_P.id == which)).first()
    return None if row is None else _proposal(row)


def waiting(conn: Connection, program: ProgramId, most: int = 20) -> list[Proposal]:
    """What waits for signatures, the oldest first."""
    rows = conn.execute(
        select(matrix_proposal)
        .where(_P.program_id == program, _P.ended_at.is_(None))
        .order_by(_P.at, _P.id)
        .limit(most)
    )
    return [_proposal(row) for row in rows]


def _proposal(row: AnyRow) -> Proposal:
    return Proposal(
        row.id,
        ProgramId(row.program_id),
        row.base,
        Source(row.source),
        tuple(row.changes),
        row.reason,
        PersonId(row.author),
        row.at,
        row.source_id,
    )
