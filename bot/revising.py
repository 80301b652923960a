"""The only place that turns a signed proposal into a version; runs inside `bot.runner.write`."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from bot.matrix.model import Matrix
from bot.runner import Write
from bot.slack.words import proposals as words
from protocol.ids import PersonId
from protocol.people import Role
from storage import matrix_versions, people, proposals
from storage.matrix_versions import Version
from storage.proposals import Proposal
from storage.revision_tables import Ended

SIGNERS: Final = (Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD)


@dataclass(frozen=True, slots=True)
class Signing:
    """This is somebody's signature under a proposal; `user` is their Slack id."""

    proposal_id: str
    user: str
    shipped: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """It is signed, and waits for the other."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """It is signed by both, and a version now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It can't be signed; `sentence` says why."""

    sentence: str


def sign(conn: Connection, write: Write, signing: Signing) -> Signed | Adopted | Refused:
    """Sign; with the second signature it becomes a version."""
    who = people.by_slack(conn, signing.user)
    found = proposals.one(conn, signing.proposal_id)
    if who is None or found is None or found.ended_how is not None:
        return Refused(words.ENDED_ALREADY)
    if who.id in (found.peer_supervisor, found.clinical_lead):
        return Refused(words.SIGNED_ALREADY)
    held = people.roles(conn, found.program, who.id, write.at)
    open_roles = [role for role in SIGNERS if getattr(found, role.value) is None and role in held]
    if not open_roles:
        return Refused(words.MAY_NOT_SIGN)
    proposals.sign(conn, found.id, open_roles[0], by=who.id, at=write.at)
    found = proposals.one(conn, found.id)
    if found is None or found.peer_supervisor is None or found.clinical_lead is None:
        return Signed()
    _version(conn, write, found, found.peer_supervisor, found.clinical_lead)
    proposals.end(conn, found.id, Ended.ADOPTED, by=who.id, at=write.at)
    return Adopted()


def _version(
    conn: Connection, write: Write, found: Proposal, supervisor: PersonId, lead: PersonId
) -> None:
    last = matrix_versions.latest(conn, found.program)
    made = Version(
        found.program,
        last.number + 1 if last else 1,
        sha256(found.id.encode()).hexdigest()[:12],
        last.version if last else found.base,
        b"",
        found.id,
        found.reason,
        found.author,
        supervisor,
        lead,
        write.at,
    )
    matrix_versions.add(conn, made)
