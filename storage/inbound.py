"""Deliveries already seen: Slack sends some things twice, and people press twice."""

from datetime import datetime

from sqlalchemy import Connection, delete

from storage.database import insert
from storage.tables import inbound


def first_time(conn: Connection, key: str, at: datetime) -> bool:
    """Record a delivery in the transaction that acts on it; False where it was seen before."""
    seen = insert(conn, inbound).values(key=key, at=at).on_conflict_do_nothing()
    return conn.execute(seen).rowcount == 1


def prune(conn: Connection, before: datetime) -> int:
    """Forget what came in before this instant; returns how many there were."""
    return conn.execute(delete(inbound).where(inbound.c.at < before)).rowcount
