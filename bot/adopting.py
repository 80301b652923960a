"""A program makes its matrix its own: three people in three roles sign one version of it.

Who may, whether all is settled, and whether it is still the version in use is asked at each
signature, in the transaction that stores it.
"""

from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import Connection

from bot.matrix import measured, settling
from bot.matrix.model import Matrix
from bot.matrix.settling import Unsettled
from bot.runner import Write
from bot.slack.modals.adopting import Adopting, Standing
from bot.slack.words import proposals as words
from protocol.ids import ProgramId
from protocol.people import Role
from storage import audit, homes, matrix_state, matrix_versions, partners, people, programs
from storage.database import Conflict


@dataclass(frozen=True, slots=True)
class Signature:
    """This is a signature, and the matrix that is in use when it is given."""

    said: Adopting
    matrix: Matrix


def adopt(conn: Connection, write: Write, one: Signature) -> str | None:
    """Sign a version in one role; the sentence with which that is refused, if it is."""
    said = one.said
    found = standing(conn, said.user, said.program, one.matrix, write)
    if found is None:
        return words.MAY_NOT_LOOK
    if said.role not in matrix_state.ADOPTERS or said.role not in found.roles:
        return words.MAY_NOT_ADOPT
    if found.version != said.version:
        return words.MATRIX_CHANGED
    if found.unsettled:
        return words.STILL_UNSETTLED
    if found.signed.get(said.role) == found.who:
        return None  # the same form once more
    if said.role in found.signed:
        return words.ROLE_SIGNED
    if found.who in found.signed.values():
        return words.THREE_PEOPLE
    shown = measured.shown()
    matrix_state.adopt(
        conn, said.program, said.version, role=said.role, by=found.who, at=write.at, shown=shown
    )
    audit.append(
        conn,
        f"matrix/{said.program}",
        program=said.program,
        at=write.at,
        actor=found.who,
        event="MatrixAdopted",
        reason=said.role.value,
        body={"version": said.version, "measured_on": measured.MEASURED_ON},
    )
    # The line above made everybody else who signs wait: what they had signed before is seen now.
    signed = matrix_state.adopters(conn, said.program, said.version)
    if signed.get(said.role) != found.who or list(signed.values()).count(found.who) > 1:
        raise Conflict
    homes.doubt(conn, said.program)
    return None


def standing(
    conn: Connection,
    user: str,
    program: ProgramId,
    matrix: Matrix,
    write: Write,
) -> Standing | None:
    """What is true of the program's matrix before it is adopted; None for whoever may not look."""
    who = people.by_slack(conn, user)
    roles = people.roles(conn, program, who.id, write.at) if who else frozenset[Role]()
    if who is None or roles.isdisjoint((*matrix_state.ADOPTERS, Role.PROGRAM_MANAGER)):
        return None
    latest = matrix_versions.latest(conn, program)
    signed = matrix_state.adopters(conn, program, matrix.version)
    return Standing(
        program,
        matrix.version,
        latest.number if latest and latest.version == matrix.version else None,
        who.id,
        roles,
        signed,
        people.names(conn, signed.values()),
        unsettled(conn, program, matrix, write),
    )


def unsettled(
    conn: Connection, program: ProgramId, matrix: Matrix, write: Write
) -> tuple[Unsettled, ...]:
    """What stands against adopting this matrix: the one place that asks for it."""
    found = programs.by_id(conn, program)
    today = write.at.astimezone(found.zone_info if found else UTC).date()
    return settling.unsettled(matrix, partners.of(conn, program), today)
