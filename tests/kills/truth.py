"""The two truths: a witness in the database, and what the workspace holds.

The witness is a pair of triggers that note every version with its due time and every step of a
climb, in the transaction that stores it. The product knows nothing of it.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.pool import NullPool

from protocol.ids import MatterId
from protocol.matter import next_deadline
from storage import audit, invariants, matters, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.kills import county
from tests.kills.judge import Fired, Line, Row, Stored

Call = Callable[..., Awaitable[dict[str, Any]]]
_TABLES = (
    "CREATE TABLE witness_version (matter text, version integer, due_at {stamp}, at float)",
    "CREATE TABLE witness_rung (no {serial}, climb text, rung integer, at float)",
)
_CLIMB = "new.matter_id || '/' || new.no || '.' || new.cycle"
_NOTE_VERSION = "INSERT INTO witness_version VALUES (new.id, new.version, new.due_at, {now})"
_NOTE_RUNG = f"INSERT INTO witness_rung (climb, rung, at) VALUES ({_CLIMB}, new.rung, {{now}})"
_WATCHED = (("matter", "version", _NOTE_VERSION), ("escalation", "rung", _NOTE_RUNG))


def place_witness(url: str) -> None:
    """Make its tables and triggers, in a database that is ready otherwise."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        for statement in _statements(engine.dialect.name):
            conn.execute(text(statement))


def _statements(dialect: str) -> list[str]:
    if dialect == "sqlite":
        now = "(julianday('now') - 2440587.5) * 86400.0"
        made = [table.format(stamp="text", serial="integer primary key") for table in _TABLES]
        for table, name, note in _WATCHED:
            for when in ("INSERT", "UPDATE"):
                body = note.format(now=now)
                made.append(
                    f"CREATE TRIGGER witness_{name}_{when} AFTER {when} ON {table}"
                    f" BEGIN {body}; END"
                )
        return made
    now = "extract(epoch from clock_timestamp())"
    made = [table.format(stamp="timestamptz", serial="bigserial") for table in _TABLES]
    for table, name, note in _WATCHED:
        made += [
            (
                f"CREATE FUNCTION witness_{name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {note.format(now=now)}; RETURN NULL; END $$"
            ),
            (
                f"CREATE TRIGGER witness_{name} AFTER INSERT OR UPDATE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION witness_{name}()"
            ),
        ]
    return made


def unix(at: Any) -> float | None:
    """An instant as the driver gives it, as Unix seconds."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def stored(conn: Connection) -> list[Stored]:
    """Every version that was stored, with the event that the history names for it."""
    events = {(row.chain, row.seq): row.event for row in conn.execute(tables.audit_line.select())}
    rows = conn.execute(
        text(
            "SELECT matter, version, max(due_at) AS due_at, min(at) AS at"
            " FROM witness_version GROUP BY matter, version"
        )
    )
    return [
        Stored(
            row.matter,
            row.version,
            unix(row.due_at),
            float(row.at),
            events.get((row.matter, row.version), "nothing in the history"),
        )
        for row in rows
    ]


def fired(conn: Connection) -> list[Fired]:
    """Every step of every climb, in the order in which they were stored."""
    rows = conn.execute(text("SELECT climb, rung, at FROM witness_rung ORDER BY no"))
    return [Fired(row.climb, row.rung, float(row.at)) for row in rows]


def outbox(conn: Connection) -> list[Row]:
    """Every row that ever was."""
    return [
        Row(
            row.key,
            row.kind,
            row.outcome,
            row.attempts,
            unix(row.queued_at) or 0.0,
            row.claim_no,
            row.error,
        )
        for row in conn.execute(tables.outbox.select())
    ]


def kept(conn: Connection) -> frozenset[str]:
    """The keys of cards, which belong to no row of their own (bot/scheduler/compose.py)."""
    row = tables.message.c
    cards = conn.execute(
        select(row.program_id, row.matter_id, row.person_id).where(row.surface == "worker_card")
    )
    return frozenset(f"{one.program_id}/{one.matter_id}/card/{one.person_id}" for one in cards)


def lines(conn: Connection) -> list[Line]:
    """What people did, as the history has it."""
    rows = conn.execute(tables.audit_line.select().where(tables.audit_line.c.actor.is_not(None)))
    return [Line(row.actor, row.event, unix(row.at) or 0.0) for row in rows]


def broken(database: Database, sealer: Sealer, now: float) -> list[str]:
    """What contradicts itself within the database, when all is still (`now`: Unix seconds)."""
    at = datetime.fromtimestamp(now, UTC)

    def look(conn: Connection) -> list[str]:
        report = audit.verify(conn)
        found = [f"history: {one.fault} in {one.chain} {one.seq}" for one in report.problems]
        for row in conn.execute(tables.matter.select()).all():
            matter = matters.load(conn, sealer, MatterId(row.id))
            due_at = None if matter is None else next_deadline(matter)
            if due_at != row.due_at:
                found.append(f"{row.id} is due at {due_at}, stored is {row.due_at}")
        seen = invariants.window(conn, at, datetime.now(UTC))
        asked = [(one, invariants.broken(conn, one, seen)) for one in invariants.ALL]
        return [*found, *(f"{one.letter} {one.name}: {rows} rows" for one, rows in asked if rows)]

    return database.run_sync(look)


def engine_of(url: str) -> Engine:
    """A connection that only looks, and takes no lock that anybody would wait for."""
    return create_engine(url, isolation_level="AUTOCOMMIT")


async def accepted(
    url: str, token: str, people: Iterable[str], http: aiohttp.ClientSession
) -> dict[str, list[float]]:
    """Every message that stands in the workspace, by the digest in it: when it was accepted."""
    call = partial(_called, http, url, token)
    direct = [(await call("conversations.open", users=user))["channel"]["id"] for user in people]
    times: dict[str, list[float]] = defaultdict(list)
    for place in (*county.CHANNELS.values(), *direct):
        for head in await _all(call, "conversations.history", place):
            thread = [head]
            if head.get("reply_count"):
                thread = await _all(call, "conversations.replies", place, ts=head["ts"])
            for message in thread:
                payload = (message.get("metadata") or {}).get("event_payload", {})
                if digest := payload.get("key"):
                    times[digest].append(float(message["ts"]))
    return {digest: sorted(set(found)) for digest, found in times.items()}


async def _all(call: Call, method: str, channel: str, **given: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    cursor = ""
    while True:
        asked = {"channel": channel, "include_all_metadata": "true", "limit": "200", **given}
        said = await call(method, **asked, cursor=cursor)
        found += said["messages"]
        cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found


async def _called(
    http: aiohttp.ClientSession, url: str, token: str, method: str, **given: str
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with http.post(f"{url}/api/{method}", data=given, headers=headers) as answer:
        said: dict[str, Any] = await answer.json()
    if not said["ok"]:
        raise RuntimeError(f"{method}: {said['error']}")
    return said
