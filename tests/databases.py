"""This gives each test a database of its own, on either engine, in a few milliseconds.

``fresh`` is an empty database. ``ready`` is one to which ``prepare`` was applied: it is prepared
once, as a template, and every test gets a copy.
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from storage import tables
from tests import postgres

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "belay_ready"


def prepare(engine: Engine) -> None:
    """This is applied to the template that ``ready`` copies: all tables, with no rows."""
    tables.metadata.create_all(engine)


@contextmanager
def fresh(engine_name: str, folder: Path, postgres_home: Path) -> Iterator[str]:
    """This is the URL of an empty database, gone when the test is over."""
    if engine_name == "sqlite":
        yield f"sqlite:///{folder / 'belay.db'}"
        return
    with _postgresql_database(postgres.ensure_running(postgres_home), template="template0") as url:
        yield url


@contextmanager
def ready(
    engine_name: str, folder: Path, postgres_home: Path, template_folder: Path
) -> Iterator[str]:
    """This is the URL of a database that ``prepare`` has been applied to."""
    if engine_name == "sqlite":
        path = folder / "belay.db"
        shutil.copyfile(_sqlite_template(template_folder), path)
        yield f"sqlite:///{path}"
        return
    socket = postgres.ensure_running(postgres_home)
    _ensure_postgresql_template(socket, postgres_home)
    with _postgresql_database(socket, template=TEMPLATE) as url:
        yield url


def _sqlite_template(folder: Path) -> Path:
    """This is made once for each worker. Its log is folded in, so that one file is all of it."""
    path = folder / f"{TEMPLATE}.db"
    if not path.exists():
        engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
        prepare(engine)
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
        path.touch()
    return path


def _ensure_postgresql_template(socket: Path, home: Path) -> None:
    done = home / f"{TEMPLATE}.done"
    with postgres.locked(home, TEMPLATE):
        if done.exists():
            return
        _administer(socket, f"DROP DATABASE IF EXISTS {TEMPLATE}")
        _administer(socket, f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        engine = create_engine(_url(socket, TEMPLATE), poolclass=NullPool)
        prepare(engine)
        engine.dispose()
        done.touch()


@contextmanager
def _postgresql_database(socket: Path, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    _administer(socket, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield _url(socket, name)
    finally:
        # FORCE: a test that failed may have left a connection open.
        _administer(socket, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(socket: Path, statement: str) -> None:
    with psycopg.connect(
        host=str(socket), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(statement.encode())


def _url(socket: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={socket}"
