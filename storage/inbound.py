"""Deliveries already seen: Slack sends some things twice, and people press twice."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, delete

from storage.database import insert_on
from storage.tables import inbound


@lru_cache(maxsize=2)
def _adding(dialect: str) -> Any:
    return insert_on(dialect, inbound).on_conflict_do_nothing()


def first_time(conn: Connection, key: str, at: datetime) -> bool:
    """Record a delivery in the transaction that acts on it; False where it was seen before."""
    seen = conn.execute(_adding(conn.dialect.name), {"key": key, "at": at})
    return seen.rowcount == 1


def prune(conn: Connection, before: datetime) -> int:
    """Forget what came in before this instant; returns how many there were."""
    return conn.execute(delete(inbound).where(inbound.c.at < before)).rowcount
