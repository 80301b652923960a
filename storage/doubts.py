"""Has open Homes looked at anew, for what no pulse tells: `storage.homes` keeps them up to date."""

from sqlalchemy import Connection, select, update

from protocol.ids import PersonId, ProgramId
from storage import tables

_H = tables.home.c


def doubt(conn: Connection, program: ProgramId) -> None:
    """This has every open Home of a program looked at anew, for what the pulse does not tell.

    A feature calls it in the transaction in which it changes what its part of a Home shows.
    """
    grant = tables.role_grant.c
    serving = select(grant.person_id).where(grant.program_id == program)
    conn.execute(update(tables.home).where(_H.person_id.in_(serving)).values(shown=None))


def doubt_one(conn: Connection, who: PersonId) -> None:
    """This has one person's open Home looked at anew."""
    conn.execute(update(tables.home).where(_H.person_id == who).values(shown=None))
