"""A proposal is signed by two, and becomes a version: the only place where that happens.

It runs as one transaction. Who may sign is asked here at each press. The program's row is held, so
that of two proposals that are signed at once the second is held against what the first has made.
"""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, select

from bot.matrix import body, change, shipped
from bot.matrix.model import Matrix
from bot.runner import Write
from bot.slack.words import signing as words
from protocol.ids import PersonId, ProgramId
from protocol.people import Role
from storage import audit, matrix_state, matrix_versions, people, proposals, tables
from storage.matrix_versions import Version
from storage.proposals import SIGNERS, Proposal
from storage.revision_tables import Ended

SUPERVISOR, LEAD = SIGNERS
OTHER: Final = {SUPERVISOR: LEAD, LEAD: SUPERVISOR}


@dataclass(frozen=True, slots=True)
class Signing:
    """This is somebody (a Slack id) who signs.

    `shipped` is the matrix of a program without its own; it is read where it is not given. `seen`
    is the version for which they have ticked that urgent questions become less urgent.
    """

    proposal_id: str
    user: str
    shipped: Matrix | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """This is a proposal with one signature; the other role is still to sign."""

    proposal: Proposal
    role: Role


@dataclass(frozen=True, slots=True)
class Adopted:
    """This is what a proposal became."""

    proposal: Proposal
    version: Version


@dataclass(frozen=True, slots=True)
class Refused:
    """This says why it was not signed, in words; `proposal` as it now stands, if it is theirs."""

    sentence: str
    proposal: Proposal | None = None


def sign(conn: Connection, write: Write, what: Signing) -> Signed | Adopted | Refused:
    """Sign a proposal; with the second signature it becomes a version."""
    found = proposals.one(conn, what.proposal_id)
    who = people.by_slack(conn, what.user)
    if found is None or who is None:
        return Refused(words.NOT_YOURS)
    held = people.roles(conn, found.program, who.id, write.at).intersection(SIGNERS)
    if not held:
        return Refused(words.NOT_YOURS)
    _hold(conn, found.program)
    found = proposals.held(conn, found.id)
    if found is None or found.ended_how is not None:
        return Refused(words.GONE, found)
    stands = [role for role in SIGNERS if found.signed_by(role) and role not in found.unseen]
    if who.id in map(found.signed_by, stands):
        return Refused(words.SIGNED_BEFORE, found)
    before, base = _matrices(conn, found, what.shipped or shipped.ours())
    after = _after(found, before, base)
    if after is None:
        proposals.end(conn, found.id, Ended.OVERTAKEN, by=None, at=write.at)
        return Refused(words.OVERTAKEN, proposals.one(conn, found.id))
    signed = bool(stands)
    if (problem := _problem(found, before, what.seen, last=signed)) is not None:
        return Refused(problem, found)
    for unseen in found.unseen:
        proposals.void(conn, found.id, unseen, by=who.id, at=write.at)
    found = proposals.one(conn, found.id) or found
    role = _role(conn, write, found, held)
    if role is None:
        return Refused(words.ROLE_TAKEN, found)
    proposals.sign(conn, found.id, role, by=who.id, at=write.at)
    now = proposals.one(conn, found.id)
    assert now is not None
    return _adopt(conn, write, now, (before, after), who.id) if signed else Signed(now, role)


def present(conn: Connection, program: ProgramId, default: Matrix) -> Matrix:
    """The matrix that counts for a program; `default` is the shipped one."""
    latest = matrix_versions.latest(conn, program)
    return default if latest is None else body.read(latest.text)


def _hold(conn: Connection, program: ProgramId) -> None:
    mine = select(tables.program.c.id).where(tables.program.c.id == program)
    conn.execute(mine.with_for_update(key_share=True))


def _matrices(conn: Connection, found: Proposal, ours: Matrix) -> tuple[Matrix, Matrix | None]:
    """The matrix that counts, and the one that was written against, if it is still known."""
    now = present(conn, found.program, ours)
    if found.base == now.version:
        return now, now
    if found.base == ours.version:
        return now, ours
    was = matrix_versions.of(conn, found.program, found.base)
    return now, None if was is None else body.read(was.text)


def _after(found: Proposal, now: Matrix, base: Matrix | None) -> Matrix | None:
    """The matrix with the proposal; None where it was overtaken."""
    try:
        changes = change.parse(found.changes)
        if base is None or change.moved(base, now, changes):
            return None
        after = change.apply(now, changes)
    except change.UnfitError:
        return None
    return None if after.version == now.version else after


def _problem(found: Proposal, now: Matrix, seen: str, *, last: bool) -> str | None:
    """What its effect on the answers has against a signature; the last needs to know the effect."""
    effect = found.effect
    if effect is not None and effect.get("lost"):
        return words.LOSES_URGENT
    if effect is not None and found.less and effect.get("against") != seen:
        return words.LESS_NOT_SEEN
    known = effect is not None and effect.get("against") == now.version
    if known and effect is not None and effect.get("unfit"):
        return words.UNTRIED
    return None if known or not last else words.NOT_YET


def _role(conn: Connection, write: Write, found: Proposal, held: frozenset[Role]) -> Role | None:
    """The role to sign in. Whoever holds both makes room for whoever holds one."""
    free = [role for role in SIGNERS if found.signed_by(role) is None and role in held]
    if free:
        return free[0]
    [taken] = held
    other = found.signed_by(taken)
    may = people.roles(conn, found.program, other, write.at) if other else frozenset()
    if OTHER[taken] not in may:
        return None
    proposals.exchange(conn, found.id)
    return taken


def _adopt(
    conn: Connection, write: Write, found: Proposal, matrices: tuple[Matrix, Matrix], by: PersonId
) -> Adopted:
    assert found.peer_supervisor is not None
    assert found.clinical_lead is not None
    before, after = matrices
    latest = matrix_versions.latest(conn, found.program)
    number = 1 if latest is None else latest.number + 1
    version = Version(
        f"{found.program}/{number}",
        found.program,
        number,
        after.version,
        before.version,
        matrix_versions.deflated(body.written(after)),
        found.id,
        found.reason,
        found.author,
        found.peer_supervisor,
        found.clinical_lead,
        write.at,
    )
    matrix_versions.add(conn, version)
    proposals.end(conn, found.id, Ended.ADOPTED, by=by, at=write.at)
    _note(conn, version, by)
    _carry(conn, version)
    ended = proposals.one(conn, found.id)
    return Adopted(ended or replace(found, ended_how=Ended.ADOPTED), version)


def _carry(conn: Connection, version: Version) -> None:
    """What the program had adopted stays adopted; the two who signed it vouch for what is new."""
    if not matrix_state.adopted(conn, version.program, version.base):
        return
    signed: dict[Role, PersonId] = {
        **matrix_state.adopters(conn, version.program, version.base),
        SUPERVISOR: version.peer_supervisor,
        LEAD: version.clinical_lead,
    }
    for role in matrix_state.ADOPTERS:
        carried = role not in SIGNERS
        matrix_state.adopt(
            conn,
            version.program,
            version.version,
            role=role,
            by=signed[role],
            at=version.at,
            shown={"carried_from": version.base} if carried else {"proposal": version.proposal_id},
        )


def _note(conn: Connection, version: Version, by: PersonId) -> None:
    audit.append(
        conn,
        f"matrix/{version.program}",
        program=version.program,
        at=version.at,
        actor=by,
        event="MatrixVersionAdopted",
        reason=version.version,
        body={
            "number": version.number,
            "base": version.base,
            "proposal": version.proposal_id,
            "author": version.author,
            "peer_supervisor": version.peer_supervisor,
            "clinical_lead": version.clinical_lead,
        },
    )
