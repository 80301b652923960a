"""The engine and its threads: the one place where SQLite and PostgreSQL differ.

A transaction is one plain function of a connection, run as a whole on a small pool of threads and
never cut off in the middle: if its caller goes away, it commits or rolls back all the same.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Delete,
    Engine,
    Select,
    StaticPool,
    Table,
    Update,
    bindparam,
    column,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeoutError,
)
from sqlalchemy.types import TypeEngine

from storage.columns import write_json

P = ParamSpec("P")
T = TypeVar("T")
Insert = postgresql.Insert | sqlite.Insert

# Slack waits three seconds for an answer; whoever waits for a lock must give up before that.
LOCK_LIMIT = timedelta(seconds=2)
# No statement of ours takes half a second; one that takes this long is stuck.
STATEMENT_LIMIT = timedelta(seconds=5)
# A replica that froze in a transaction must not hold its locks for ever.
IDLE_LIMIT = timedelta(seconds=30)
CONNECT_LIMIT = timedelta(seconds=5)

# A sweep of a hundred writes more pages than SQLite holds (2 MB) and than it lets stand in its log
# (4 MB): it would write them twice, and tidy its log at nearly every commit. 8 MB, and 16 MB.
ROOM = ("cache_size=-8192", "wal_autocheckpoint=4096")

# PostgreSQL chose another transaction over this one; it is sure that nothing was written.
BEATEN = frozenset({"40001", "40P01"})
# SQLITE_ERROR is a mistake in a statement; every other operational code is the file or a lock.
SQLITE_MISTAKE = 1


# Errors must not quote values. How many rows an INSERT added is asked for besides UPDATE's count.
COMMON: dict[str, Any] = {
    "hide_parameters": True,
    "execution_options": {"preserve_rowcount": True},
    "json_serializer": write_json,
}


class Unavailable(Exception):
    """The database did not answer in time: whether the transaction was written is unknown."""


class Conflict(Exception):
    """Another writer was first and nothing was written: load again and decide again."""


class Forbidden(Exception):
    """A rule of the schema refused a row and nothing was written; `rule` names it.

    What the database said beside is left out: it quotes the row.
    """

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Database:
    """This is an engine with its threads; it belongs to one event loop."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")

    @classmethod
    def open(
        cls, url: str, *, threads: int = 4, statement_limit: timedelta = STATEMENT_LIMIT
    ) -> Self:
        """Open a database by its URL; nothing is connected to yet. SQLite always has one thread."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return cls(_sqlite(parsed), threads=1)
        return cls(_postgresql(parsed, threads, statement_limit), threads)

    @property
    def dialect(self) -> str:
        """The engine's name: "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @property
    def engine(self) -> Engine:
        """The engine itself, for migrations."""
        return self._engine

    async def run(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(conn, ...)` as one transaction. Raises what `run_sync` raises.

        A caller that is cancelled stops waiting; the transaction goes on to its end.
        """
        # What the caller set for this delivery, such as the language, holds on that thread too.
        whole = partial(copy_context().run, partial(self.run_sync, fn, *args, **kwargs))
        running = asyncio.get_running_loop().run_in_executor(self._threads, whole)
        return await asyncio.shield(running)

    def run_sync(
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(conn, ...)` as one transaction on this thread.

        Raises:
            Unavailable: no answer in time; the outcome is unknown.
            Conflict: another writer was first; nothing was written.
            Forbidden: a rule of the schema refused a row; nothing was written.
        """
        try:
            with self._engine.begin() as conn:
                return fn(conn, *args, **kwargs)
        except PoolTimeoutError:
            raise Unavailable("no connection was free in time") from None
        except DBAPIError as error:
            told = translated(error)
            if told is None:
                raise
            # The driver's own message may quote the row, so it is not carried along.
            raise told from None

    def dispose(self) -> None:
        """Wait for what is running, then close every connection."""
        self._threads.shutdown(wait=True)
        self._engine.dispose()


def translated(error: DBAPIError) -> Unavailable | Conflict | Forbidden | None:
    """Say in our words what a driver's error means; None where it is a mistake of ours."""
    driver: Any = error.orig
    code = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
    if code in BEATEN:
        return Conflict(code)
    if isinstance(error, IntegrityError):
        diagnosis = getattr(driver, "diag", None)
        # SQLite says "CHECK constraint failed: the_rule".
        named = diagnosis.constraint_name if diagnosis else str(driver).rpartition(": ")[2]
        return Forbidden(named or str(code))
    if isinstance(error, DataError):
        return Forbidden(f"a value cannot be stored ({code})")
    mistake = getattr(driver, "sqlite_errorcode", None) == SQLITE_MISTAKE
    if isinstance(error, OperationalError | InterfaceError) and not mistake:
        return Unavailable(f"{type(driver).__name__} {code or ''}".strip())
    return Unavailable(type(driver).__name__) if error.connection_invalidated else None


def skip_locked(conn: Connection, rows: Select[Any], of: Table) -> Select[Any]:
    """Lock what is selected until the transaction ends, and pass by what another has locked.

    Only for a SELECT that stands alone. As a subquery of an UPDATE it may be run once for each row
    and take more than its LIMIT. SQLite has one writer at a time: the transaction is the lock.
    """
    if conn.dialect.name == "sqlite":
        return rows
    # The lock that an UPDATE takes: whoever only adds a row that refers to this one neither waits
    # for us nor makes us pass by.
    return rows.with_for_update(skip_locked=True, key_share=True, of=of)


def clock_time(conn: Connection) -> datetime | None:
    """Say what time the database has it (aware UTC); None for SQLite, whose clock is the host's.

    One clock for all replicas: a host whose own clock is wrong is harmless.
    """
    if conn.dialect.name == "sqlite":
        return None
    found = conn.execute(select(func.clock_timestamp())).scalar_one()
    return datetime.fromtimestamp(found.timestamp(), UTC)


def insert(conn: Connection, table: Table) -> Insert:
    """Begin an INSERT that knows ON CONFLICT."""
    return insert_on(conn.dialect.name, table)


def insert_on(dialect: str, table: Table) -> Insert:
    """Begin an INSERT that knows ON CONFLICT, for whoever makes it once and keeps it."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


class Each:
    """This is one UPDATE or DELETE for many rows of values, as one statement where that is faster.

    `build` writes it for a row whose values it is handed by their names, with these types. SQLite
    runs it once for each row; PostgreSQL gets many rows as arrays, which is one round trip.
    """

    def __init__(
        self,
        types: Mapping[str, TypeEngine[Any]],
        build: Callable[[Mapping[str, Any]], Update | Delete],
    ) -> None:
        # A parameter must not be called as a column is.
        self._names = {name: f"given_{name}" for name in types}
        given = {name: bindparam(self._names[name], type_=of) for name, of in types.items()}
        self._one_by_one = build(given)
        arrays = [bindparam(self._names[n], type_=postgresql.ARRAY(of)) for n, of in types.items()]
        columns = [column(name, of) for name, of in types.items()]
        rows = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
        self._at_once = build(dict(rows.c))

    def run(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it for these rows; returns how many rows of the table that changed."""
        if len(rows) == 1 or conn.dialect.name == "sqlite":
            named = [{given: row[name] for name, given in self._names.items()} for row in rows]
            return conn.execute(self._one_by_one, named).rowcount
        arrays = {given: [row[name] for row in rows] for name, given in self._names.items()}
        return conn.execute(self._at_once, arrays).rowcount


def _sqlite(url: URL) -> Engine:
    memory = url.database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        **COMMON,
        connect_args={"timeout": LOCK_LIMIT.total_seconds(), "check_same_thread": False},
        **options,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(driver: Any, _record: object) -> None:
    # Without this the driver begins transactions by itself, later than we say.
    driver.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *ROOM):
        driver.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(conn: Connection) -> None:
    # A transaction that only turns writer halfway fails where it should wait.
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: URL, threads: int, statement_limit: timedelta) -> Engine:
    limits = {
        "lock_timeout": LOCK_LIMIT,
        "statement_timeout": statement_limit,
        "idle_in_transaction_session_timeout": IDLE_LIMIT,
    }
    settings = [f"-c {name}={round(limit / _MS)}" for name, limit in limits.items()]
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        **COMMON,
        pool_pre_ping=True,
        pool_size=threads,
        pool_timeout=LOCK_LIMIT.total_seconds(),
        connect_args={
            "connect_timeout": round(CONNECT_LIMIT.total_seconds()),
            "options": " ".join([*settings, "-c timezone=UTC"]),
        },
    )


_MS = timedelta(milliseconds=1)
