"""Which code writes here: the newest that started, so that an older one does not read it wrongly.

The schema's revision says which tables there are. `BEHAVIOUR` says what is written into them.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, inspect, select

from storage.database import insert
from storage.tables import belay_version

# Raised in a release whose records, effects or reasons the one before could not read. A test holds
# it to their form (tests/upgrade/test_behaviour.py).
BEHAVIOUR: Final = 2
_NEWEST = select(belay_version.c.behaviour)


def newest(conn: Connection) -> int:
    """This is the newest behaviour that has written here; 0 where none has said so."""
    return conn.execute(_NEWEST).scalar() or 0


def outdated(conn: Connection) -> bool:
    """Whether code newer than this one has written here, and this one must leave it alone."""
    return newest(conn) > BEHAVIOUR


def arrive(conn: Connection, at: datetime) -> bool:
    """This records that this code writes here from now on; False where a newer one does already.

    Older code that still runs sees it at its next look, stops, and leaves the rest to this one.
    """
    row = insert(conn, belay_version).values(id=1, behaviour=BEHAVIOUR, changed_at=at)
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["id"],
            set_={"behaviour": BEHAVIOUR, "changed_at": at},
            where=belay_version.c.behaviour < BEHAVIOUR,
        )
    )
    return not outdated(conn)


def forget(conn: Connection) -> None:
    """This lets older code start again; for going back, when nothing is open that it can't read."""
    if inspect(conn).has_table(belay_version.name):
        conn.execute(delete(belay_version))
