"""Questions without an answer: what was asked twice is settled once."""

from datetime import timedelta

import pytest

from protocol.ids import ProgramId
from storage import gaps
from storage.database import Database
from storage.gaps import Gap
from storage.matrix_tables import Settled
from tests.county import PROGRAM, also_serves, populate
from tests.protocol.world import NOON, ROSA

TEXT = "who waters the plants"


@pytest.fixture
def database(ready_database_url):
    made = Database.open(ready_database_url)
    made.run_sync(populate)
    yield made
    made.dispose()


def note(database, gap_id, minutes, text=TEXT):
    at = NOON + timedelta(minutes=minutes)
    database.run_sync(gaps.add, Gap(gap_id, PROGRAM, at, "v1", text))


def waiting(database):
    return [gap.id for gap in database.run_sync(gaps.waiting, PROGRAM)]


def settle(database, gap_id, how=Settled.OUTSIDE, row=None):
    return database.run_sync(gaps.settle, gap_id, how, by=ROSA, at=NOON, row=row)


def test_what_was_asked_twice_waits_once_as_the_oldest(database):
    note(database, "z", 0)
    note(database, "a", 1)
    note(database, "b", 1, text="who feeds the cat")
    note(database, "c", 1)
    assert waiting(database) == ["z", "b"]


def test_texts_that_are_forgotten_are_not_taken_for_the_same(database):
    note(database, "a", 0, text="")
    note(database, "b", 1, text="")
    assert waiting(database) == ["a", "b"]
    assert settle(database, "a")
    assert waiting(database) == ["b"]


def test_settling_one_settles_what_asks_the_same(database):
    note(database, "a", 0)
    note(database, "b", 1)
    assert settle(database, "a")
    assert waiting(database) == []
    assert not settle(database, "b", Settled.ROW, "fire")
    both = database.run_sync(gaps.some, ["a", "b"])
    assert {gap.settled_how for gap in both} == {Settled.OUTSIDE}
    assert database.run_sync(gaps.settled, PROGRAM) == [(TEXT, None)]


def test_what_is_asked_again_after_it_was_settled_is_a_gap_again(database):
    note(database, "a", 0)
    assert settle(database, "a")
    note(database, "b", 1)
    assert waiting(database) == ["b"]
    assert settle(database, "b", Settled.ROW, "fire")
    assert len(database.run_sync(gaps.settled, PROGRAM)) == 1


def test_another_program_settles_its_own(database):
    database.run_sync(also_serves, ProgramId("mountain"))
    note(database, "a", 0)
    database.run_sync(gaps.add, Gap("b", ProgramId("mountain"), NOON, "v1", TEXT))
    assert settle(database, "a")
    assert database.run_sync(gaps.some, ["b"])[0].settled_at is None
