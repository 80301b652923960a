"""On PostgreSQL the database says what time it is, so that replicas agree."""

from datetime import UTC, datetime, timedelta

from bot.app import look_at_clock, make_clock
from bot.clock import DatabaseClock, SystemClock
from bot.context import Context
from bot.settings import load
from storage.database import Database, clock_time
from storage.sealing import Sealer, generate_key

THEN = datetime(2030, 1, 1, 12, tzinfo=UTC)


def test_the_clock_goes_on_from_what_the_database_said():
    clock = DatabaseClock()
    asked = clock.monotonic()
    moved = clock.set(THEN, asked, asked)
    assert moved > timedelta(days=365)
    assert timedelta(0) <= clock.now() - THEN < timedelta(seconds=5)
    assert clock.transport() - THEN < timedelta(seconds=5)


def test_half_of_the_round_trip_is_taken_for_the_way_back():
    clock = DatabaseClock()
    asked = clock.monotonic()
    clock.set(THEN, asked - 8, asked)
    assert timedelta(seconds=4) <= clock.now() - THEN < timedelta(seconds=9)


def test_two_replicas_with_different_clocks_agree_once_they_have_looked():
    one, other = DatabaseClock(), DatabaseClock()
    one.set(THEN, one.monotonic(), one.monotonic())
    now = other.monotonic()
    other.set(THEN, now, now)
    assert abs(one.now() - other.now()) < timedelta(seconds=5)


async def test_the_database_is_asked_where_there_is_one_to_ask(database_url):
    database = Database.open(database_url)
    clock = DatabaseClock()
    ctx = Context(database, Sealer.from_text(generate_key()), clock, load())
    moved = await look_at_clock(ctx, clock)
    said = database.run_sync(clock_time)
    assert abs(moved) < timedelta(minutes=1)
    if said is not None:
        assert abs(said - clock.now()) < timedelta(seconds=5)
    database.dispose()


def test_one_machine_has_its_own_clock_and_several_have_the_databases():
    assert type(make_clock(load(database_url="sqlite:///belay.db"))) is SystemClock
    shared = make_clock(load(database_url="postgresql+psycopg://belay@localhost/belay"))
    assert isinstance(shared, DatabaseClock)
