"""On PostgreSQL the database says what time it is, so that replicas agree."""

import time
from datetime import UTC, datetime, timedelta

from bot.app import look_at_clock, make_clock
from bot.clock import DatabaseClock, SystemClock
from bot.context import Context
from bot.settings import load
from storage.database import Database, clock_time
from storage.sealing import Sealer, generate_key

THEN = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Seconds:
    """These are the host's seconds, which the test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_the_clock_goes_on_from_what_the_database_said():
    seconds = Seconds()
    clock = DatabaseClock(seconds)
    assert clock.set(THEN, 1000, 1000) > timedelta(days=365)
    seconds.at += 5
    assert clock.now() == clock.transport() == THEN + timedelta(seconds=5)


def test_half_of_the_round_trip_is_taken_for_the_way_back():
    seconds = Seconds()
    clock = DatabaseClock(seconds)
    clock.set(THEN, 992, 1000)
    assert clock.now() == THEN + timedelta(seconds=4)


def test_an_answer_that_took_long_moves_the_clock_no_closer_than_it_is_known():
    seconds = Seconds()
    clock = DatabaseClock(seconds)
    clock.set(THEN, 1000, 1000)
    seconds.at += 600  # the machine was suspended between the question and its answer
    assert clock.set(THEN + timedelta(seconds=1), 1000, 1600) == timedelta(0)
    assert clock.now() == THEN + timedelta(seconds=600)
    assert clock.set(THEN + timedelta(seconds=601), 1600, 1600) == timedelta(seconds=1)


def test_what_the_host_counts_goes_on_while_the_machine_is_suspended():
    clock = DatabaseClock()
    assert abs(clock.counted() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 60


def test_two_replicas_with_different_clocks_agree_once_they_have_looked():
    one, other = DatabaseClock(Seconds()), DatabaseClock(Seconds())
    one.set(THEN, 1000, 1000)
    other.set(THEN, 1000, 1000)
    assert one.now() == other.now()


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
