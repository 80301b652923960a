"""Proposals for the matrix, from written to ended: who proposed what, why, and who signed it.

Each is kept for good, with its end. Every step is a line in its own chain of the history; what
somebody typed is not in it. Who may sign, and what a signed proposal becomes, is not decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, null, select, update

from protocol.ids import PersonId, ProgramId
from protocol.people import Role
from storage import audit
from storage.columns import AnyRow
from storage.database import insert
from storage.revision_tables import Ended, Source, matrix_proposal

SIGNERS: Final = (Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD)

_P = matrix_proposal.c


@dataclass(frozen=True, slots=True)
class Proposal:
    """This is one proposal. `base` is the version that it was written against."""

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

    def signed_by(self, role: Role) -> PersonId | None:
        """Who signed it in this role."""
        return self.peer_supervisor if role is Role.PEER_SUPERVISOR else self.clinical_lead

    @property
    def less(self) -> int:
        """How many urgent questions it makes less urgent, as far as its effect is known."""
        return int(self.effect.get("less", 0)) if self.effect is not None else 0

    @property
    def unseen(self) -> tuple[Role, ...]:
        """The roles that signed before it was known that urgent questions become less urgent."""
        if self.effect is None or not self.less:
            return ()
        seen = (None, *self.effect.get("seen", ()))
        return tuple(role for role in SIGNERS if self.signed_by(role) not in seen)


def chain_of(proposal_id: str) -> str:
    """This is a proposal's chain in the history."""
    return f"matrix_proposal/{proposal_id}"


def add(conn: Connection, proposal: Proposal) -> bool:
    """Keep a proposal; False where this very one is there already."""
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
        "effect": null() if proposal.effect is None else dict(proposal.effect),
    }
    new = conn.execute(insert(conn, matrix_proposal).on_conflict_do_nothing(), row).rowcount == 1
    if new:
        body = {"base": proposal.base, "source": proposal.source.value, "reason": audit.MASK}
        _note(conn, proposal, "MatrixProposed", by=proposal.author, at=proposal.at, body=body)
    return new


def one(conn: Connection, proposal_id: str) -> Proposal | None:
    """This proposal, ended or not."""
    row = conn.execute(select(matrix_proposal).where(_P.id == proposal_id)).first()
    return _of(row) if row else None


def held(conn: Connection, proposal_id: str) -> Proposal | None:
    """This proposal, for whoever writes to it: another writer waits until this one is done."""
    mine = select(matrix_proposal).where(_P.id == proposal_id).with_for_update()
    row = conn.execute(mine).first()
    return _of(row) if row else None


def waiting(conn: Connection, program: ProgramId, most: int = 20) -> list[Proposal]:
    """The proposals that have not ended, the oldest first."""
    rows = conn.execute(
        select(matrix_proposal)
        .where(_P.program_id == program, _P.ended_at.is_(None))
        .order_by(_P.at, _P.id)
        .limit(most)
    )
    return [_of(row) for row in rows]


def sign(conn: Connection, proposal_id: str, role: Role, *, by: PersonId, at: datetime) -> None:
    """Write down that this person signed in this role. Whether they may, the caller knows.

    Where urgent questions become less urgent, it is kept that they have seen it.
    """
    found, name = one(conn, proposal_id), role.value
    if found is None:
        return
    values: dict[str, object] = {name: by, f"{name}_at": at}
    body: dict[str, object] = {"role": name}
    if found.effect is not None and found.less:
        values["effect"] = {**found.effect, "seen": [*found.effect.get("seen", ()), by]}
        body["seen_less_urgent"] = found.less
    conn.execute(update(matrix_proposal).where(_P.id == proposal_id).values(values))
    _note(conn, found, "MatrixProposalSigned", by=by, at=at, body=body)


def void(conn: Connection, proposal_id: str, role: Role, *, by: PersonId, at: datetime) -> None:
    """Take out the signature in this role, which was given for another effect than it has now."""
    found, name = one(conn, proposal_id), role.value
    if found is None:
        return
    values = {name: null(), f"{name}_at": null()}
    conn.execute(update(matrix_proposal).where(_P.id == proposal_id).values(values))
    body = {"role": name, "of": found.signed_by(role)}
    _note(conn, found, "MatrixProposalSignatureVoid", by=by, at=at, body=body)


def exchange(conn: Connection, proposal_id: str) -> None:
    """Count the one signature that there is in the other role, which its signer holds too."""
    moved = {
        "peer_supervisor": _P.clinical_lead,
        "peer_supervisor_at": _P.clinical_lead_at,
        "clinical_lead": _P.peer_supervisor,
        "clinical_lead_at": _P.peer_supervisor_at,
    }
    conn.execute(update(matrix_proposal).where(_P.id == proposal_id).values(moved))


def end(
    conn: Connection,
    proposal_id: str,
    how: Ended,
    *,
    by: PersonId | None,
    at: datetime,
    why: str | None = None,
) -> bool:
    """End a proposal in this way; False where it had ended before."""
    values = {"ended_how": how.value, "ended_by": by, "ended_at": at, "ended_why": why}
    mine = update(matrix_proposal).where(_P.id == proposal_id, _P.ended_at.is_(None))
    if conn.execute(mine.values(values)).rowcount != 1:
        return False
    if (ended := one(conn, proposal_id)) is not None:
        _note(conn, ended, "MatrixProposalEnded", by=by, at=at, body={"how": how.value})
    return True


def put_effect(conn: Connection, proposal_id: str, effect: Mapping[str, Any] | None) -> None:
    """Keep what was worked out of a proposal's effect, in the place of what was there."""
    value = null() if effect is None else dict(effect)
    open_one = update(matrix_proposal).where(_P.id == proposal_id, _P.ended_at.is_(None))
    conn.execute(open_one.values(effect=value))


def _note(
    conn: Connection,
    proposal: Proposal,
    event: str,
    *,
    by: PersonId | None,
    at: datetime,
    body: Mapping[str, object],
) -> None:
    audit.append(
        conn,
        chain_of(proposal.id),
        program=proposal.program,
        at=at,
        actor=by,
        event=event,
        reason=proposal.source.value,
        body=body,
    )


def _of(row: AnyRow) -> Proposal:
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
        row.effect,
        _person(row.peer_supervisor),
        _person(row.clinical_lead),
        Ended(row.ended_how) if row.ended_how else None,
        _person(row.ended_by),
        row.ended_at,
        row.ended_why,
        row.peer_supervisor_at,
        row.clinical_lead_at,
    )


def _person(value: str | None) -> PersonId | None:
    return PersonId(value) if value else None
