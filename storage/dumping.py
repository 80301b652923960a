"""Patterns of requests, brought before whoever manages: by team and row, and no peer is in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, func, select, update

from protocol.ids import PersonId, ProgramId
from storage import declines
from storage.columns import AnyRow
from storage.database import insert
from storage.huddle_tables import Agreed, dumping

# What was settled is left alone for so long, whatever is still counted of it.
QUIET_FOR: Final = timedelta(days=30)

_D = dumping.c


@dataclass(frozen=True, slots=True)
class Item:
    """This is one pattern that was brought up; `requests` is as of when that was."""

    id: str
    program: ProgramId
    team: str
    row: str
    version: str
    requests: int
    since: datetime
    at: datetime
    told: PersonId | None = None
    settled_by: PersonId | None = None
    settled_at: datetime | None = None
    settled_how: Agreed | None = None


def fresh(conn: Connection, which: ProgramId, now: datetime) -> list[declines.Pattern]:
    """The patterns that stand in no open item, and in none that was settled a short while ago."""
    known = conn.execute(
        select(_D.team, _D.row_key).where(
            _D.program_id == which,
            _D.settled_at.is_(None) | (_D.settled_at > now - QUIET_FOR),
        )
    )
    quiet = {(row.team, row.row_key) for row in known}
    return [one for one in declines.patterns(conn, which, now) if (one.team, one.row) not in quiet]


def bring(
    conn: Connection,
    which: ProgramId,
    one: declines.Pattern,
    *,
    version: str,
    told: PersonId | None,
    at: datetime,
) -> Item | None:
    """Make an item of a pattern; None where another replica has just made the same."""
    before = conn.execute(
        select(func.count()).where(
            _D.program_id == which, _D.team == one.team, _D.row_key == one.row
        )
    ).scalar_one()
    # The same for two who look at one moment.
    key = sha256(f"{which}/{one.team}/{one.row}/{before}".encode()).hexdigest()[:24]
    item = Item(key, which, one.team, one.row, version, one.requests, one.since, at, told)
    row = {
        "id": item.id,
        "program_id": which,
        "team": item.team,
        "row_key": item.row,
        "version": version,
        "requests": item.requests,
        "since": item.since,
        "at": at,
        "told": told,
    }
    made = conn.execute(insert(conn, dumping).on_conflict_do_nothing(), [row]).rowcount
    return item if made == 1 else None


def one(conn: Connection, which: str) -> Item | None:
    """One item, open or settled."""
    row = conn.execute(select(dumping).where(_D.id == which)).first()
    return None if row is None else _item(row)


def open_ones(conn: Connection, programs: Collection[ProgramId]) -> list[Item]:
    """What nobody has settled yet in these programs, the longest known first."""
    rows = conn.execute(
        select(dumping)
        .where(_D.program_id.in_(programs), _D.settled_at.is_(None))
        .order_by(_D.at, _D.id)
    )
    return [_item(row) for row in rows]


def settle(
    conn: Connection, which: str, how: Agreed, note: str, *, by: PersonId, at: datetime
) -> bool:
    """Write down what was agreed. False where it was settled before."""
    done = conn.execute(
        update(dumping)
        .where(_D.id == which, _D.settled_at.is_(None))
        .values(settled_how=how.value, settled_by=by, settled_at=at, note=note or None)
    )
    return done.rowcount == 1


def _item(row: AnyRow) -> Item:
    return Item(
        row.id,
        ProgramId(row.program_id),
        row.team,
        row.row_key,
        row.version,
        row.requests,
        row.since,
        row.at,
        None if row.told is None else PersonId(row.told),
        None if row.settled_by is None else PersonId(row.settled_by),
        row.settled_at,
        None if row.settled_how is None else Agreed(row.settled_how),
    )
