"""What is proposed to be otherwise in the matrix, who signed it, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from protocol.ids import PersonId, ProgramId
from protocol.people import Role
from storage.columns import AnyRow
from storage.database import insert
from storage.revision_tables import Ended, Source, matrix_proposal

_P = matrix_proposal.c


@dataclass(frozen=True, slots=True)
class Proposal:
    """This is one proposal. `changes` are as `bot.matrix.change` writes them."""

    id: str
    program: ProgramId
    base: str
    source: Source
    changes: tuple[dict[str, Any], ...]
    reason: str
    author: PersonId
    at: datetime
    source_id: str | None = None
    effect: Mapping[str, Any] | None = None
    peer_supervisor: PersonId | None = None
    clinical_lead: PersonId | None = None
    ended_how: Ended | None = None
    ended_by: PersonId | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None
    peer_supervisor_at: datetime | None = None
    clinical_lead_at: datetime | None = None


def add(conn: Connection, proposal: Proposal) -> bool:
    """This keeps a proposal; False where it is kept already."""
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
    added = conn.execute(insert(conn, matrix_proposal).on_conflict_do_nothing(), [row])
    return added.rowcount == 1


def one(conn: Connection, which: str) -> Proposal | None:
    """This finds a proposal."""
    row = conn.execute(select(matrix_proposal).where(_P.id == which)).first()
    return None if row is None else _read(row)


def waiting(conn: Connection, program: ProgramId, most: int = 20) -> list[Proposal]:
    """These wait for their signatures, the oldest first."""
    rows = conn.execute(
        select(matrix_proposal)
        .where(_P.program_id == program, _P.ended_at.is_(None))
        .order_by(_P.at, _P.id)
        .limit(most)
    )
    return [_read(row) for row in rows]


def sign(conn: Connection, which: str, role: Role, *, by: PersonId, at: datetime) -> None:
    """This writes a signature down."""
    values = {role.value: by, f"{role.value}_at": at}
    conn.execute(update(matrix_proposal).where(_P.id == which).values(**values))


def end(
    conn: Connection, which: str, how: Ended, *, by: PersonId, at: datetime, why: str | None = None
) -> bool:
    """This ends a proposal; False where it had ended before."""
    still = update(matrix_proposal).where(_P.id == which, _P.ended_at.is_(None))
    done = conn.execute(still.values(ended_how=how.value, ended_by=by, ended_at=at, ended_why=why))
    return done.rowcount == 1


def put_effect(conn: Connection, which: str, effect: Mapping[str, Any]) -> None:
    """This keeps what a proposal does to the answers."""
    conn.execute(update(matrix_proposal).where(_P.id == which).values(effect=dict(effect)))


def _read(row: AnyRow) -> Proposal:
    return Proposal(
        row.id,
        ProgramId(row.program_id),
        row.base,
        Source(row.source),
        tuple(row.changes),
        row.reason,
        row.author,
        row.at,
        row.source_id,
        row.effect,
        row.peer_supervisor,
        row.clinical_lead,
        Ended(row.ended_how) if row.ended_how else None,
        row.ended_by,
        row.ended_at,
        row.ended_why,
        row.peer_supervisor_at,
        row.clinical_lead_at,
    )
