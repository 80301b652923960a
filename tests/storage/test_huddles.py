"""Huddles as rows: each day once, what is asked counted, patterns brought up once, risks told."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage import agenda, asked, declines, dumping, huddles, tables
from storage.database import Database
from storage.declines import Declined
from storage.huddle_tables import Agreed
from storage.huddles import Huddle
from storage.sealing import Sealer
from tests.county import KEY, PROGRAM, populate
from tests.protocol.world import JO, NOON, PAT, ROSA, SAM

DAY = timedelta(days=1)


@pytest.fixture
def database(ready_database_url):
    made = Database.open(ready_database_url)
    made.run_sync(populate)
    yield made
    made.dispose()


def held(day="2026-03-10", row="r", at=NOON):
    return Huddle(f"{PROGRAM}/{day}", PROGRAM, day, at, row, "v1")


def request(database, number, peer, at=NOON, team="shelter", row="r"):
    one = Declined(f"d{team}{row}{number}", PROGRAM, team, row, "v1", at)
    database.run_sync(declines.count, Sealer([KEY]), one, peer)


def pattern(database, at=NOON, **more):
    for number, peer in enumerate((JO, SAM, ROSA, JO, SAM)):
        request(database, number, peer, at, **more)


def brought(database, at=NOON):
    def work(conn):
        return [
            dumping.bring(conn, PROGRAM, one, version="v1", told=PAT, at=at)
            for one in dumping.fresh(conn, PROGRAM, at)
        ]

    return database.run_sync(work)


def test_a_day_has_one_huddle_whoever_begins_it(database):
    assert database.run_sync(huddles.begin, held())
    assert not database.run_sync(huddles.begin, held())
    assert database.run_sync(huddles.held, PROGRAM, "2026-03-09") == {"2026-03-10"}
    assert database.run_sync(huddles.held, PROGRAM, "2026-03-11") == set()
    assert database.run_sync(huddles.revisited, PROGRAM, NOON - DAY) == {"r"}
    assert database.run_sync(huddles.revisited, PROGRAM, NOON) == set()


def test_a_program_says_when_and_where_its_huddle_is(database):
    [one] = database.run_sync(huddles.wanted)
    assert not one.is_posted
    said = {"at": "08:45", "days": ["mon", "fri"], "managers": {"shelter": "pat"}}
    values = {"huddle": said, "channels": {"huddle": "C_HUDDLE"}}
    database.run_sync(lambda conn: conn.execute(update(tables.program).values(**values)))
    [one] = database.run_sync(huddles.wanted)
    assert one.is_posted
    assert (f"{one.at:%H:%M}", sorted(one.days), one.managers) == (
        "08:45",
        [0, 4],
        {"shelter": "pat"},
    )


def test_answers_are_counted_by_row_and_local_day_and_by_nothing_else(database):
    for at in (NOON, NOON, NOON + DAY):
        database.run_sync(asked.count, PROGRAM, "r", at)
    # One in the morning in London is still yesterday in Los Angeles.
    database.run_sync(asked.count, PROGRAM, "q", NOON + timedelta(hours=11))
    rows = database.run_sync(
        lambda conn: conn.execute(select(tables.matrix_tables.huddle_tables.matrix_asked)).all()
    )
    assert {(row.row_key, row.day, row.times) for row in rows} == {
        ("r", "2026-03-10", 2),
        ("r", "2026-03-11", 1),
        ("q", "2026-03-10", 1),
    }
    assert database.run_sync(asked.since, PROGRAM, "2026-03-11") == {"r": 1}
    assert database.run_sync(asked.since, PROGRAM, "2026-03-01") == {"r": 3, "q": 1}


def test_a_pattern_is_brought_up_once_and_again_a_month_after_it_was_settled(database):
    pattern(database)
    [item] = brought(database)
    assert (item.team, item.row, item.requests, item.told) == ("shelter", "r", 5, PAT)
    assert brought(database) == []
    assert database.run_sync(
        lambda c: dumping.settle(
            c, item.id, Agreed.STOPPED, "they will stop", by=PAT, at=NOON + DAY
        )
    )
    assert not database.run_sync(
        lambda c: dumping.settle(c, item.id, Agreed.KEEP_WATCHING, "", by=PAT, at=NOON + DAY)
    )
    assert brought(database, NOON + 30 * DAY) == []
    [again] = brought(database, NOON + 32 * DAY)
    assert again.id != item.id
    assert [one.id for one in database.run_sync(dumping.open_ones, [PROGRAM])] == [again.id]


def test_two_who_look_at_one_moment_make_one_item(database):
    pattern(database)
    [found] = database.run_sync(dumping.fresh, PROGRAM, NOON)

    def twice(conn):
        # As if the second had looked before the first was committed: the key is the same.
        first = dumping.bring(conn, PROGRAM, found, version="v1", told=PAT, at=NOON)
        row = conn.execute(select(tables.matrix_tables.huddle_tables.dumping)).one()
        conn.execute(tables.matrix_tables.huddle_tables.dumping.delete())
        second = dumping.bring(conn, PROGRAM, found, version="v1", told=PAT, at=NOON)
        return first, second, row

    first, second, row = database.run_sync(twice)
    assert first.id == second.id == row.id


def test_no_person_is_named_by_a_pattern_but_whoever_was_told(database):
    pattern(database)
    brought(database)
    table = tables.matrix_tables.huddle_tables.dumping
    [row] = database.run_sync(lambda conn: conn.execute(select(table)).all())
    assert not {"jo", "sam", "rosa"} & {value for value in row if isinstance(value, str)}


def test_nothing_is_open_and_nobody_goes_anywhere_in_an_empty_county(database):
    assert database.run_sync(agenda.going, PROGRAM, NOON + DAY) == []
    assert database.run_sync(agenda.risks, PROGRAM) == []
