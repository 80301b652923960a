"""What is due, and when the next is: one predicate for both, so that the loop cannot spin.

`due_at` is when something had to happen, `attempt_at` when it is next tried. A fault moves only
the second, so that lateness cannot lie. All instants are world time.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from protocol.ids import MatterId
from storage.database import skip_locked
from storage.tables import matter

_M = matter.c
_WAITING = _M.attempt_at.is_not(None)
# Asked every second: made once, they cost a tenth.
_NEXT = select(func.min(_M.attempt_at)).where(_WAITING)
_FIRST = select(func.min(_M.due_at)).where(_M.due_at.is_not(None))


def due(conn: Connection, now: datetime, limit: int) -> list[MatterId]:
    """Name the matters that are due, longest due first, and hold them until the transaction ends.

    What another sweep holds is passed by. A matter that faulted stands where its next try does.
    """
    # In the order of the index: in the order of due_at, everything that is open would be read.
    rows = select(_M.id).where(_WAITING, _M.attempt_at <= now)
    rows = rows.order_by(_M.attempt_at, _M.id).limit(limit)
    return [MatterId(id_) for id_ in conn.execute(skip_locked(conn, rows, matter)).scalars()]


def next_due(conn: Connection) -> datetime | None:
    """Say when the next matter is due to be tried; None where nothing is open."""
    return conn.execute(_NEXT).scalar()


def postpone(conn: Connection, id_: MatterId, now: datetime, until: datetime) -> int:
    """Try a matter that faulted again at `until`; returns its faults since its last decision.

    Returns 0 where it is not due at `now` any more: it has closed, or somebody else has decided it
    meanwhile, and what was decided must not be tried before its new deadline.
    """
    moved = (
        update(matter)
        .where(_M.id == id_, _WAITING, _M.attempt_at <= now)
        .values(attempt_at=until, faults=_M.faults + 1)
        .returning(_M.faults)
    )
    return conn.execute(moved).scalar() or 0


def late(conn: Connection, now: datetime) -> timedelta:
    """Say how late the longest due matter is; zero where nothing is late."""
    first = conn.execute(_FIRST).scalar()
    return max(timedelta(0), now - first) if first else timedelta(0)
