"""What a proposal may say of the incident that it came from: that it was, and when. Nobody's name.

Nothing silent is known here, and no drill.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from protocol.ids import MatterId, ProgramId
from protocol.records import SILENT, EscalationState
from storage import proposals
from storage.matrix_versions import Version
from storage.revision_tables import Source
from storage.tables import escalation, matter


def source_of(matter_id: MatterId, number: int) -> str:
    """How a proposal names the incident that it came from."""
    return f"{matter_id}#{number}"


def began(conn: Connection, program: ProgramId, source: str) -> datetime | None:
    """When a closed incident of this program began; None where it is none that may be told of."""
    which, _hash, number = source.rpartition("#")
    if not which or not number.isdigit():
        return None
    found = conn.execute(
        select(escalation.c.opened_at)
        .join(matter, matter.c.id == escalation.c.matter_id)
        .where(
            escalation.c.matter_id == which,
            escalation.c.no == int(number),
            escalation.c.program_id == program,
            escalation.c.state == EscalationState.CLOSED.value,
            escalation.c.kind.not_in([kind.value for kind in SILENT]),
            ~escalation.c.drill,
            ~matter.c.silent,
        )
    ).first()
    return None if found is None else found.opened_at


def before(conn: Connection, version: Version) -> datetime | None:
    """When the incident began after which this version was proposed; None where there was none."""
    found = proposals.one(conn, version.proposal_id)
    if found is None or found.source is not Source.INCIDENT or found.source_id is None:
        return None
    return began(conn, version.program, found.source_id)
