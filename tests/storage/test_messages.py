"""This holds the book of messages: what stands where, and what it shows."""

from dataclasses import replace

import pytest

from protocol.effects import Surface
from protocol.ids import MatterId
from storage import messages
from storage.messages import Standing
from tests.storage import samples
from tests.storage.samples import LEAD, PROGRAM, TRANSPORT

M1 = MatterId("m1")
CARD = Standing(PROGRAM, M1, "D1", "100.1", Surface.WORKER_CARD, shown_version=3)


@pytest.fixture(autouse=True)
def _a_matter(database):
    database.run_sync(samples.open_matter)


def stand(database, *standings):
    for one in standings:
        database.run_sync(messages.record, one, TRANSPORT)


def cards(database):
    return database.run_sync(messages.standing, "m1", Surface.WORKER_CARD)


def test_a_message_is_found_by_its_matter_and_surface(database):
    page = Standing(PROGRAM, M1, "D2", "100.2", Surface.PAGES, person=LEAD, outbox_key="k")
    stand(database, CARD, page)
    assert [replace(one, id=0) for one in cards(database)] == [CARD]
    [found] = database.run_sync(messages.standing, "m1", Surface.PAGES)
    assert replace(found, id=0) == page


def test_a_message_that_is_recorded_twice_stands_once(database):
    stand(database, CARD, replace(CARD, shown_version=4))
    [found] = cards(database)
    assert found.shown_version == 4


def test_what_a_message_shows_never_goes_back(database):
    stand(database, CARD)
    [found] = cards(database)
    for version in (7, 5):
        database.run_sync(messages.shown, found.id, version)
    assert cards(database)[0].shown_version == 7


def test_the_thread_of_an_episode_is_its_first_message(database):
    opened = Standing(PROGRAM, M1, "C1", "1.1", Surface.THREAD, episode=1, thread=True)
    line = Standing(PROGRAM, M1, "C1", "1.2", Surface.THREAD, episode=1)
    stand(database, opened, line)
    found = database.run_sync(messages.thread_of, "m1", 1)
    assert found is not None
    assert found.ts == "1.1"
    assert database.run_sync(messages.thread_of, "m1", 2) is None
