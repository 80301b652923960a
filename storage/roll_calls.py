"""The visits that a roll call is about, read so that one bad record stops nobody's call."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, or_, select
from sqlalchemy.exc import SQLAlchemyError

from protocol.ids import MatterId, PersonId, ProgramId
from protocol.records import Matter, VisitState
from storage import matters
from storage.codec import Sealing
from storage.database import Unavailable
from storage.tables import matter, visit

_BEFORE_START = (VisitState.PLANNED.value, VisitState.CONFIRMED.value)
# The visits of a program, and who is on each of them where it cannot be read.
Found = tuple[dict[MatterId, Matter], tuple[tuple[MatterId, PersonId], ...]]


def out_now(conn: Connection, sealer: Sealing, program: ProgramId, at: datetime) -> Found:
    """Read every visit of the program that is open and has begun or should have, and hold it.

    Held until the transaction ends, so that no tap that comes in between undoes the whole call.
    """
    column = visit.c
    begun = or_(column.state.not_in(_BEFORE_START), column.start_at <= at)
    wanted = (
        select(column.matter_id)
        .join(matter, matter.c.id == column.matter_id)
        .where(column.program_id == program, column.state != VisitState.CLOSED.value, begun)
        .order_by(column.matter_id)
        .with_for_update(of=matter, key_share=True)
    )
    return of_ids(conn, sealer, [MatterId(id_) for id_ in conn.execute(wanted).scalars()])


def of_ids(conn: Connection, sealer: Sealing, ids: Iterable[MatterId]) -> Found:
    """Read these visits; of one that cannot be read, say who is on it."""
    wanted = list(ids)
    try:
        return matters.load_many(conn, sealer, wanted), ()
    except (SQLAlchemyError, Unavailable):
        raise
    except Exception:  # one of them is damaged: the others are called all the same
        found = {id_: one for id_ in wanted if (one := _readable(conn, sealer, id_)) is not None}
    lost = [id_ for id_ in wanted if id_ not in found]
    column = visit.c
    rows = conn.execute(
        select(column.matter_id, column.worker, column.partner).where(column.matter_id.in_(lost))
    )
    who = [(row.matter_id, person) for row in rows for person in (row.worker, row.partner)]
    return found, tuple((MatterId(id_), PersonId(person)) for id_, person in who if person)


def _readable(conn: Connection, sealer: Sealing, id_: MatterId) -> Matter | None:
    try:
        return matters.load(conn, sealer, id_)
    except (SQLAlchemyError, Unavailable):
        raise
    except Exception:  # whatever is wrong with it: its people are named to whoever called
        return None
