"""The directory of partners: whom a program calls outside itself."""

from datetime import date

from sqlalchemy import Connection, select

from protocol.ids import PersonId, ProgramId
from protocol.partners import Hours, Partner
from storage.columns import AnyRow
from storage.partner_table import partner

_P = partner.c


def of(conn: Connection, program: ProgramId) -> tuple[Partner, ...]:
    """These are a program's partners, in the order of their ids."""
    rows = conn.execute(select(partner).where(_P.program_id == program).order_by(_P.id))
    return tuple(map(_partner, rows))


def _partner(row: AnyRow) -> Partner:
    return Partner(
        row.id,
        ProgramId(row.program_id),
        row.name,
        row.line,
        row.number,
        Hours(**row.hours) if row.hours else None,
        date.fromisoformat(row.checked_on) if row.checked_on else None,
        PersonId(row.checked_by) if row.checked_by else None,
    )
