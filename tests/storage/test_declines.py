"""Requests that were declined: counted, never by person, and forgotten in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import declines
from storage.database import Database
from storage.declines import KEPT_FOR, Declined
from storage.matrix_tables import decline, decline_salt
from storage.sealing import Sealer
from tests.county import KEY, PROGRAM, populate
from tests.protocol.world import JO, NOON, ROSA, SAM

DAY = timedelta(days=1)


@pytest.fixture
def database(ready_database_url):
    made = Database.open(ready_database_url)
    made.run_sync(populate)
    yield made
    made.dispose()


def count(database, number, peer=JO, at=NOON, row="r", team="shelter"):
    one = Declined(f"d{number}", PROGRAM, team, row, "v1", at)
    return database.run_sync(declines.count, Sealer([KEY]), one, peer)


def digests(database):
    return [row.peer for row in database.run_sync(lambda c: c.execute(select(decline)).all())]


def salts(database):
    return database.run_sync(lambda c: c.execute(select(decline_salt)).all())


def test_the_same_request_counts_once(database):
    assert count(database, 1)
    assert not count(database, 1)
    assert len(digests(database)) == 1


def test_a_peer_is_the_same_within_a_team_and_row_and_nobody_across_them(database):
    count(database, 1)
    count(database, 2)
    count(database, 3, row="other")
    count(database, 4, team="hospital")
    same, again, *others = digests(database)
    assert same == again
    assert len({same, *others}) == 3


def test_every_digest_and_salt_is_gone_after_ninety_days(database):
    count(database, 1)
    count(database, 2, SAM, NOON + 80 * DAY)
    database.run_sync(declines.forget, NOON + KEPT_FOR - DAY)
    assert all(digests(database))
    database.run_sync(declines.forget, NOON + KEPT_FOR)
    assert digests(database) == [None, None]
    assert salts(database) == []


def test_a_new_salt_begins_a_pattern_anew(database):
    for number, peer in enumerate((JO, SAM, ROSA, JO, SAM)):
        count(database, number, peer)
    later = NOON + KEPT_FOR + DAY
    assert len(database.run_sync(declines.patterns, PROGRAM, NOON + DAY)) == 1
    count(database, 9, JO, later)
    assert database.run_sync(declines.patterns, PROGRAM, later) == []
    assert len([one for one in digests(database) if one]) == 1


def test_five_requests_to_two_peers_are_no_pattern(database):
    for number, peer in enumerate((JO, SAM, JO, SAM, JO)):
        count(database, number, peer)
    assert database.run_sync(declines.patterns, PROGRAM, NOON) == []


def test_no_salt_stands_readable_in_the_database(database):
    count(database, 1)
    [row] = salts(database)
    assert Sealer([KEY]).open(row.salt, declines.salt_of(row.id)) not in str(row)
