"""Who is out, for the list off Slack: from columns, and the whole of it only where it changed.

Nothing sealed is opened, and silent matters are never read. The list is written every minute,
whatever else goes on, so what did not change is not read again: it is known by a mark.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, String, and_, bindparam, exists, func, select

from protocol.ids import MatterId, ProgramId
from protocol.records import VisitState
from storage.columns import AnyRow
from storage.tables import audit_head, escalation, matter, person, program, stop, visit

# In these nobody has set out; from the start of the plan on they are watched all the same.
NOT_LEFT: Final = frozenset({VisitState.PLANNED, VisitState.CONFIRMED})

_M, _V, _E = matter.c, visit.c, escalation.c
_LISTED = (_M.active, ~_M.silent)
# Each transition makes another version, and what opens or closes changes who is in the list: equal
# texts are equal lists. The database makes one text of thousands of rows in some milliseconds.
_MARKS = (
    select(_M.program_id, func.aggregate_strings(_M.id + ":" + _M.version.cast(String), ","))
    .where(*_LISTED)
    .group_by(_M.program_id)
)
# Names and numbers change only by a program file, which writes a line of history.
_APPLIED = select(audit_head.c.chain, audit_head.c.seq).where(
    audit_head.c.chain.in_(select("program/" + program.c.id))
)
_WORKER, _PARTNER = person.alias("worker"), person.alias("partner")
_STARTED, _STOP = _V.body["started_at"].as_string(), _V.body["stop_no"].as_integer()
_SEEN = (
    select(
        _M.id,
        _M.worker,
        _M.due_at,
        _V.partner,
        _V.state,
        _V.start_at,
        stop.c.label,
        _STARTED.label("started_at"),
        _WORKER.c.name.label("worker_name"),
        _PARTNER.c.name.label("partner_name"),
        select(func.min(_E.opened_at))
        .where(_E.matter_id == _M.id)
        .scalar_subquery()
        .label("called_at"),
        exists().where(_E.matter_id == _M.id, _E.due_at.is_not(None)).label("called"),
    )
    .select_from(
        matter.outerjoin(visit, _V.matter_id == _M.id)
        .outerjoin(stop, and_(stop.c.matter_id == _V.matter_id, stop.c.no == _STOP))
        .outerjoin(_WORKER, _WORKER.c.id == _M.worker)
        .outerjoin(_PARTNER, _PARTNER.c.id == _V.partner)
    )
    .where(_M.id.in_(bindparam("ids", type_=String, expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Seen:
    """This is one matter of somebody who is out or plans to be; instants are aware UTC.

    `since` is when the visit began or is to begin, or when somebody called who has no visit; then
    `place` is None. `leaves_at` is set where a plan has not begun: nobody is out before that.
    """

    matter: MatterId
    who: tuple[str, ...]
    place: str | None
    since: datetime | None
    due_at: datetime | None
    leaves_at: datetime | None = None


def marks(conn: Connection) -> dict[ProgramId, bytes]:
    """This tells whether a program's list is as it was; one with nobody in it has no mark.

    It does not tell what the passing of time alone changes (`Seen.leaves_at`).
    """
    applied = repr(sorted(map(tuple, conn.execute(_APPLIED)))).encode()
    rows = conn.execute(_MARKS)
    return {ProgramId(of): sha256(applied + listed.encode()).digest() for of, listed in rows}


def seen(conn: Connection, ids: Collection[MatterId]) -> dict[MatterId, Seen]:
    """This reads these matters, in one query however many there are."""
    return {MatterId(row.id): _seen(row) for row in conn.execute(_SEEN, {"ids": list(ids)})}


def _seen(row: AnyRow) -> Seen:
    names = [(row.worker, row.worker_name), (row.partner, row.partner_name)]
    who = tuple(name or id_ for id_, name in names if id_ is not None)
    id_ = MatterId(row.id)
    if row.state is None:
        return Seen(id_, who, None, row.called_at, row.due_at)
    since = datetime.fromisoformat(row.started_at) if row.started_at else row.start_at
    leaves = row.state in NOT_LEFT and not row.called
    return Seen(id_, who, row.label or "", since, row.due_at, row.start_at if leaves else None)
