"""Where things are measured: both databases as an operator would run them, durable, on real disks.

SQLite writes with synchronous=FULL because `storage.database` says so; PostgreSQL is the tests' own
server with fsync and synchronous_commit as they are by default.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from tests import databases, postgres

ENGINES = databases.ENGINES
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@contextmanager
def database(engine: str) -> Iterator[tuple[str, Path]]:
    """This is the URL of an empty database, and a folder beside it; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="belay-bench-") as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/belay.db", Path(folder)
            return
        home = postgres.reserve_home()
        try:
            postgres.ensure_running(home, postgres.DURABLE)
            with databases.fresh(engine, Path(folder), home) as url:
                yield url, Path(folder)
        finally:
            postgres.remove(home)


@dataclass
class WorldClock(SystemClock):
    """This is real time, moved as a whole: what is due at `start` is due when this is made."""

    start: datetime
    _offset: timedelta = field(init=False)

    def __post_init__(self) -> None:
        self._offset = self.start - datetime.now(UTC)

    def now(self) -> datetime:
        """World time: it goes as real time does."""
        return datetime.now(UTC) + self._offset

    def seconds_since(self, at: datetime) -> float:
        """How long a world instant is past."""
        return (self.now() - at).total_seconds()
