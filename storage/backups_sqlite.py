"""How SQLite is copied while others write, and how a copy takes the place of a file."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, make_url

from storage.backup_parts import (
    CannotCopyError,
    beside,
    named_aside,
    of_a_copy,
    take_place,
    to_disk,
)
from storage.database import Database, Unavailable

T = TypeVar("T")
BEGINS = b"SQLite format 3\0"


def save(url: str, file: Path, check: Callable[[Connection], T]) -> T:
    """Copy the database into `file` in one read transaction: nobody waits, and nothing is torn."""
    source = _path(url)
    if not source.exists():
        raise CannotCopyError(f"There is no database at {source}.")
    with beside(file, "part") as part:
        try:
            with closing(_open(source)) as old, closing(sqlite3.connect(part)) as new:
                # All pages in one step, or each write by another process would begin it anew.
                old.backup(new, pages=-1)
        except sqlite3.Error as error:
            raise CannotCopyError(f"The database could not be copied ({error}).") from None
        found = _checked(part, check)
        take_place(part, file)
    return found


def restore(
    url: str, file: Path, check: Callable[[Connection], T], *, at: datetime, replace: bool
) -> tuple[T, str]:
    """Put a copy in the place of the database's file; see `storage.backups.restore`."""
    if not of_a_copy(file, BEGINS):
        raise CannotCopyError(f"{file} is no copy of a SQLite database, as BELAY_DATABASE_URL is.")
    target = _path(url)
    there = target.exists() and target.stat().st_size > 0
    if there and not replace:
        raise CannotCopyError(
            f"There is a database at {target}. Say --replace to put it aside, under another name."
        )
    with beside(target, "restoring") as part:
        part.write_bytes(file.read_bytes())
        found = _checked(part, check)
        aside = target.with_name(named_aside(target.name, at))
        if there:
            _take_alone(target)
            # A second name first, so that there is a database under the first at every instant.
            os.link(target, aside)
            to_disk(target.parent)
        take_place(part, target)
    return found, str(aside) if there else ""


def _path(url: str) -> Path:
    name = make_url(url).database
    if name in (None, "", ":memory:"):
        raise CannotCopyError("A database in memory has no file.")
    return Path(str(name))


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path.absolute()}?mode=rw", uri=True, isolation_level=None)


def _checked(part: Path, check: Callable[[Connection], T]) -> T:
    """Look through a copy, page by page and then by its meaning, and leave it as one file."""
    try:
        with closing(_open(part)) as conn:
            said = conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if said != "ok":
            raise CannotCopyError(f"The copy is damaged ({said}).")
        database = Database.open(f"sqlite:///{part.absolute()}")
        try:
            found = database.run_sync(check)
        finally:
            database.dispose()
        with closing(_open(part)) as conn:
            # Without a log beside it, so that whoever takes the file takes all of it.
            conn.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.Error, Unavailable) as error:
        raise CannotCopyError(f"The copy cannot be read ({error}).") from None
    return found


def _take_alone(target: Path) -> None:
    """Fold the log into the file. Raises CannotCopyError while anybody else has it open.

    SQLite leaves WAL mode only for whoever is alone with the file, a running Belay included.
    """
    try:
        with closing(_open(target)) as conn:
            conn.execute("PRAGMA busy_timeout=2000")
            alone = conn.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
    except sqlite3.OperationalError:
        alone = False
    except sqlite3.DatabaseError:
        return  # it is no database any more, and nobody works with it
    if not alone:
        raise CannotCopyError(f"{target} is in use. Stop every Belay first, and all that read it.")
