"""Backups: a copy of all rows as they were at one instant, checked before anybody relies on it.

A copy holds what the database holds, sealed as it is there: the keys are never inside. SQLite
copies itself while others write; PostgreSQL's own programs do it, in one snapshot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, and_, func, make_url, select, true, update

from storage import backups_postgresql, backups_sqlite, schema, verification
from storage.backup_parts import CannotCopyError
from storage.sealing import BadKeyError, Sealer
from storage.tables import audit_line, escalation, matter, outbox, program, sealing_key

# How far back a message that may have been sent already is looked for. Shorter than the time for
# which a channel whose readers are unknown is waited for (bot.scheduler.deliver).
LOOK_BACK: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Facts:
    """This is what a copy holds. `as_of` is the last instant that anything in it tells of."""

    revision: str
    as_of: datetime | None
    open_matters: int
    open_escalations: int
    unsent: int
    keys: tuple[str, ...]
    audit: verification.Report


def save(url: str, file: Path, environment: Mapping[str, str]) -> Facts:
    """Copy a database into a new file that only its owner can read, and say what is in it.

    Others may write meanwhile: the copy is of one instant. Raises CannotCopyError, and then there
    is no file. `environment` is for the programs that PostgreSQL needs.
    """
    if file.exists():
        raise CannotCopyError(f"{file} is there already, and is left as it is. Name another file.")
    if make_url(url).get_backend_name() == "sqlite":
        return backups_sqlite.save(url, file, facts)
    return backups_postgresql.save(url, file, environment, facts)


def restore(
    url: str,
    file: Path,
    sealer: Sealer,
    environment: Mapping[str, str],
    *,
    at: datetime,
    replace: bool,
) -> tuple[Facts, str]:
    """Put a copy in the place of a database; returns what was in it, and where the old one is now.

    What was there is put aside, never deleted, and that only if `replace` says so; while anybody
    has it open nothing is done. Raises CannotCopyError, and then all is as it was.
    """

    def check(conn: Connection) -> Facts:
        return _checked(conn, sealer)

    if make_url(url).get_backend_name() == "sqlite":
        done = backups_sqlite.restore(url, file, check, at=at, replace=replace)
    else:
        done = backups_postgresql.restore(url, file, environment, check, at=at, replace=replace)
    schema.upgrade(url)
    return done


def perhaps_sent(conn: Connection, as_of: datetime | None, transport_now: datetime) -> int:
    """Make all that is unsent due now, and looked for before it is sent; returns how many it is.

    After a restore nobody knows what went out since the copy was made. Nobody may be sending now.
    """
    oldest = transport_now - LOOK_BACK
    since = oldest if as_of is None else min(max(as_of, oldest), transport_now)
    unsure = (
        update(outbox)
        .where(outbox.c.attempt_at.is_not(None))
        .values(
            unsure=true(),
            claimed_by=None,
            attempt_at=transport_now,
            first_tried_at=func.coalesce(outbox.c.first_tried_at, since),
        )
    )
    return conn.execute(unsure).rowcount


def facts(conn: Connection) -> Facts:
    """Read what a database holds. Raises CannotCopyError where it is not one of Belay's."""
    revision = schema.current(conn)
    if revision is None:
        raise CannotCopyError("There is nothing of Belay in it.")
    if revision not in schema.known():
        raise CannotCopyError(f"A newer Belay made it (version {revision}): use that one.")
    lines = conn.execute(select(func.max(audit_line.c.at))).scalar()
    marks = conn.execute(select(func.max(program.c.watched_at))).scalar()
    # Of a silent matter nobody is told, not even that there is one.
    told = matter.c.silent.is_(False)
    still = and_(matter.c.closed_at.is_(None), told)
    climbing = and_(escalation.c.closed_at.is_(None), escalation.c.matter_id == matter.c.id, told)
    waits = outbox.c.attempt_at.is_not(None)
    return Facts(
        revision,
        max((at for at in (lines, marks) if at is not None), default=None),
        conn.execute(select(func.count()).select_from(matter).where(still)).scalar_one(),
        conn.execute(select(func.count()).select_from(escalation).where(climbing)).scalar_one(),
        conn.execute(select(func.count()).select_from(outbox).where(waits)).scalar_one(),
        tuple(sorted(conn.execute(select(sealing_key.c.fingerprint)).scalars())),
        verification.verify(conn, {}),
    )


def _checked(conn: Connection, sealer: Sealer) -> Facts:
    found = facts(conn)
    if not found.audit.ok:
        problem = found.audit.problems[0]
        raise CannotCopyError(
            f"Its history was altered ({problem.fault.value} in {problem.chain}): take another "
            "copy, or restore this one by hand and look into it."
        )
    try:
        sealer.register(conn)
    except BadKeyError as problem:
        raise CannotCopyError(str(problem)) from None
    return found
