"""The version of the schema: which one a database has, and how it gets to another."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, column, func, inspect, select, table

from storage import versions
from storage.database import Database
from storage.tables import matter

# A migration may have to copy a whole table.
MIGRATION_LIMIT = timedelta(minutes=10)
_REVISION = select(column("version_num", String)).select_from(table("alembic_version"))


def upgrade(url: str, revision: str = "head") -> None:
    """This brings a database forward to a revision, as a whole or not at all."""
    _migrate(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str, *, force: bool = False) -> None:
    """This takes a database back to a revision; "base" is before the first.

    Older code may start on it then. Raises RuntimeError where something is open, which older code
    may be unable to read, unless `force` is given.
    """

    def back(config: Config) -> None:
        conn = config.attributes["connection"]
        if not force and (count := _open(conn)):
            raise RuntimeError(
                f"{count} matters are open: somebody may be out in the field. Close them first."
            )
        command.downgrade(config, revision)
        versions.forget(conn)

    _migrate(url, back, force=force)


def current(conn: Connection) -> str | None:
    """This is the revision that a database has; None for one without a schema."""
    return MigrationContext.configure(conn).get_current_revision()


def is_current(conn: Connection) -> bool:
    """Whether a database that was migrated still has the revision that this program needs.

    Asked every second: it looks at nothing but the row. Raises where there is no such table.
    """
    return {head()} == set(conn.scalars(_REVISION))


@lru_cache(maxsize=1)
def head() -> str | None:
    """This is the revision that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """This is every revision that this program knows of; a newer one is of a newer program."""
    revisions = ScriptDirectory.from_config(_config()).walk_revisions()
    return frozenset(one.revision for one in revisions)


def _open(conn: Connection) -> int:
    if not inspect(conn).has_table(matter.name):
        return 0
    still = select(func.count()).select_from(matter).where(matter.c.closed_at.is_(None))
    return conn.execute(still).scalar_one()


def _config(**attributes: Any) -> Config:
    # Found through the package, so that it is found in an installed wheel too.
    config = Config(attributes=attributes)
    config.set_main_option("script_location", "storage:migrations")
    return config


def _migrate(url: str, run: Any, **attributes: Any) -> None:
    database = Database.open(url, threads=1, statement_limit=MIGRATION_LIMIT)
    try:
        with database.engine.begin() as conn:
            run(_config(connection=conn, **attributes))
    finally:
        database.dispose()
