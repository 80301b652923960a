"""How PostgreSQL is copied and restored: by its own pg_dump and pg_restore, which must be there."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from storage import schema
from storage.backup_parts import CannotCopyError, beside, named_aside, of_a_copy, take_place
from storage.database import translated

T = TypeVar("T")
BEGINS = b"PGDMP"
HOME = "public"
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
TABLES = text(f"SELECT count(*) FROM pg_tables WHERE schemaname = '{HOME}'")


def save(
    url: str, file: Path, environment: Mapping[str, str], check: Callable[[Connection], T]
) -> T:
    """Dump the database into `file`, and look through the very rows that were dumped."""
    with _engine(url) as engine, beside(file, "part") as part:
        snapshots = engine.execution_options(isolation_level="REPEATABLE READ")
        with snapshots.begin() as conn:
            # pg_dump has to take over the snapshot before this transaction ends.
            conn.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            snapshot = conn.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            found = check(conn)
            what = ("--format=custom", f"--snapshot={snapshot}", f"--file={part}")
            _run("pg_dump", *what, environment=environment, url=url)
        _run("pg_restore", "--list", str(part), environment=environment)
        take_place(part, file)
    return found


def restore(
    url: str,
    file: Path,
    environment: Mapping[str, str],
    check: Callable[[Connection], T],
    *,
    at: datetime,
    replace: bool,
) -> tuple[T, str]:
    """Put a dump in the place of all tables; see `storage.backups.restore`."""
    if not of_a_copy(file, BEGINS):
        raise CannotCopyError(
            f"{file} is no copy of a PostgreSQL database, as BELAY_DATABASE_URL is."
        )
    _run("pg_restore", "--list", str(file), environment=environment)
    aside = named_aside("belay", at)
    with _engine(url) as engine:
        with engine.begin() as conn:
            there = schema.current(conn) is not None
            if there and not replace:
                raise CannotCopyError(
                    "There is a Belay in this database. Say --replace to put it aside, as a schema "
                    "of another name."
                )
            if conn.execute(OTHERS).scalar_one():
                raise CannotCopyError(
                    "The database is in use. Stop every Belay first, and all that read it."
                )
            if there:
                conn.execute(text(f"ALTER SCHEMA {HOME} RENAME TO {aside}"))
                conn.execute(text(f"CREATE SCHEMA {HOME}"))
            elif conn.execute(TABLES).scalar_one():
                raise CannotCopyError("There are tables in this database that are not Belay's.")
        try:
            _run("pg_restore", "--single-transaction", str(file), environment=environment, url=url)
            with engine.begin() as conn:
                found = check(conn)
        except BaseException:
            _undo(engine, aside if there else "")
            raise
    return found, f"schema {aside}" if there else ""


def _undo(engine: Engine, aside: str) -> None:
    with engine.begin() as conn:
        conn.execute(text(f"DROP SCHEMA IF EXISTS {HOME} CASCADE"))
        conn.execute(
            text(f"ALTER SCHEMA {aside} RENAME TO {HOME}" if aside else f"CREATE SCHEMA {HOME}")
        )


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True
    )
    try:
        yield engine
    except DBAPIError as error:
        told = translated(error)
        if told is None:
            raise
        raise told from None
    finally:
        engine.dispose()


def _run(
    program: str, *arguments: str, environment: Mapping[str, str], url: str | None = None
) -> None:
    """Run one of PostgreSQL's programs, on this database. Raises CannotCopyError."""
    found = shutil.which(program, path=environment.get("PATH"))
    if found is None:
        raise CannotCopyError(
            f"{program} is not on PATH. It comes with PostgreSQL's client programs (Debian: "
            "postgresql-client), and must not be older than the server."
        )
    known = dict(environment)
    if url is not None:
        place = make_url(url)
        # By the environment: what stands in a command line, everybody on the machine can read.
        if place.password is not None:
            known["PGPASSWORD"] = str(place.password)
        arguments = ("--no-owner", "--no-privileges", f"--dbname={_plain(place)}", *arguments)
    done = subprocess.run(
        [found, *arguments],
        env=known,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CannotCopyError(f"{program} failed: {said[0] if said else 'it said nothing'}")


def _plain(place: URL) -> str:
    """The address as PostgreSQL's own programs read it, without its password."""
    name, host, port = place.username, place.host, place.port
    plain = URL.create("postgresql", name, None, host, port, place.database, place.query)
    return plain.render_as_string()
