"""Open records as the release before would have left them: bodies of the schema before this one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, select, update

from storage import codec
from storage.tables import escalation, visit

Body = dict[str, Any]
# What the newest schema added, with what it holds where nobody has used it: a record that does hold
# more could not have been written by the release before, and is left.
ADDED: dict[str, Body] = {
    "Visit": {"watcher": None, "offer": None, "grace": None, "called": None},
    "Escalation": {"offer": None, "also": []},
}
TABLES: tuple[tuple[str, Table], ...] = (("Visit", visit), ("Escalation", escalation))


def before(name: str, body: Body) -> Body | None:
    """A body as the last schema had it; None where that could not say it."""
    added = ADDED[name]
    if any(body[part] != empty for part, empty in added.items()):
        return None
    return {part: value for part, value in body.items() if part not in added}


def as_the_last_release_wrote(conn: Connection) -> int:
    """Rewrite every open record that fits; returns how many."""
    return sum(_rewrite(conn, name, table, before) for name, table in TABLES)


def _rewrite(conn: Connection, name: str, table: Table, older: Callable) -> int:
    now = codec.schema_of(name)
    opened = (table.c.due_at.is_not(None), table.c.body_schema == now)
    done = 0
    for row in conn.execute(select(table).where(*opened)).all():
        body = older(name, row.body)
        if body is None:
            continue
        mine = [column == row._mapping[column.name] for column in table.primary_key]
        conn.execute(update(table).where(*mine).values(body=body, body_schema=now - 1))
        done += 1
    return done
