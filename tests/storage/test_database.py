"""This holds the database to what its callers rely on: whole transactions and honest errors."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from storage import database as engine_file
from storage import inbound, tables
from storage.database import Conflict, Database, Forbidden, Unavailable
from tests.storage.samples import NOW

SOON = timedelta(milliseconds=50)


def seen(conn):
    return set(conn.execute(select(tables.inbound.c.key)).scalars())


def see_then_fail(conn, error):
    inbound.first_time(conn, "k", NOW)
    raise error


async def test_a_transaction_that_returns_is_written(database):
    assert await database.run(inbound.first_time, "k", NOW)
    assert database.run_sync(seen) == {"k"}


async def test_a_transaction_that_raises_leaves_nothing(database):
    with pytest.raises(KeyError):
        await database.run(see_then_fail, KeyError("a fault"))
    assert database.run_sync(seen) == set()


async def test_a_caller_that_goes_away_does_not_cut_off_its_transaction(
    database, ready_database_url
):
    started, go_on = threading.Event(), threading.Event()

    def slowly(conn):
        started.set()
        assert go_on.wait(10)
        inbound.first_time(conn, "k", NOW)

    waiting = asyncio.create_task(database.run(slowly))
    await asyncio.to_thread(started.wait, 10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await database.run(lambda conn: None)
    database.dispose()
    after = Database.open(ready_database_url)
    assert after.run_sync(seen) == {"k"}
    after.dispose()


def test_a_lock_that_is_not_released_is_unavailable(database, ready_database_url, monkeypatch):
    monkeypatch.setattr(engine_file, "LOCK_LIMIT", SOON)
    other = Database.open(ready_database_url)
    database.run_sync(inbound.first_time, "k", NOW)

    def hold_and_ask(conn):
        conn.execute(tables.inbound.update().values(at=NOW))
        other.run_sync(lambda conn: conn.execute(tables.inbound.update().values(at=NOW)))

    with pytest.raises(Unavailable):
        database.run_sync(hold_and_ask)
    other.dispose()


def test_a_statement_that_takes_too_long_is_unavailable(database, ready_database_url):
    if database.dialect == "sqlite":
        pytest.skip("SQLite runs in our own process")
    hasty = Database.open(ready_database_url, statement_limit=SOON)
    with pytest.raises(Unavailable):
        hasty.run_sync(lambda conn: conn.execute(text("SELECT pg_sleep(10)")))
    hasty.dispose()


def test_a_connection_that_breaks_is_unavailable_and_the_next_one_works(database):
    if database.dialect == "sqlite":
        pytest.skip("SQLite has no connection to break")
    suicide = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(Unavailable):
        database.run_sync(lambda conn: conn.execute(suicide))
    assert database.run_sync(seen) == set()


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_a_transaction_that_postgresql_sacrificed_is_a_conflict(database, code):
    if database.dialect == "sqlite":
        pytest.skip("SQLite never sacrifices one")
    raising = text(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$")
    with pytest.raises(Conflict):
        database.run_sync(lambda conn: conn.execute(raising))


def test_a_refused_row_names_its_rule_and_not_its_values(database):
    row = {
        "program_id": "north",
        "role": "coordinator",
        "person_id": "worker",
        "from_at": NOW,
        "until_at": NOW - SOON,
    }
    with pytest.raises(Forbidden, match="a_duty_ends_after_it_starts") as refused:
        database.run_sync(lambda conn: conn.execute(insert(tables.duty), row))
    told = f"{refused.value} {refused.value.__cause__}"
    assert "worker" not in told
    assert "2026" not in told
    assert refused.value.__suppress_context__


def test_a_mistake_in_a_statement_is_a_fault_of_ours(database):
    with pytest.raises(DBAPIError):
        database.run_sync(lambda conn: conn.execute(text("SELECT nothing FROM nowhere")))


def test_sqlite_survives_a_power_cut_and_keeps_its_references(tmp_path):
    opened = Database.open(f"sqlite:///{tmp_path / 'b.db'}")

    def settings(conn):
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [conn.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert opened.run_sync(settings) == ["wal", 2, 1]
    opened.dispose()


def test_a_database_in_memory_is_one_database():
    opened = Database.open("sqlite://")
    opened.run_sync(tables.metadata.create_all)
    opened.run_sync(inbound.first_time, "k", NOW)
    assert opened.run_sync(seen) == {"k"}
    opened.dispose()


def test_an_instant_comes_back_as_aware_utc_to_the_microsecond(database):
    there = timezone(timedelta(hours=-5))
    at = datetime(2026, 3, 8, 1, 59, 59, 123456, tzinfo=there)
    database.run_sync(inbound.first_time, "k", at)
    back = database.run_sync(lambda conn: conn.execute(select(tables.inbound.c.at)).scalar_one())
    assert back == at
    assert back.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(database):
    naive = datetime(2026, 3, 8, 1, 59)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="without a zone"):
        database.run_sync(inbound.first_time, "k", naive)
