"""Reminders of reviews: on the last morning before one is due, once, whoever else looks too."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.scheduler import is_quiet
from bot.scheduler.reviews import Reviews, next_reminder, remind
from protocol.rating import FlagKind
from storage import flags, tables
from tests.county import PROGRAM, County
from tests.protocol.world import JO, NOON, POLICY, SHELTER

DAY = timedelta(days=1)
# Raised on Tuesday, March 10 at noon: due on the 17th at noon; 9 AM there is 16:00 UTC.
MORNING = datetime(2026, 3, 17, 16, 0, tzinfo=UTC)


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    yield made
    made.ctx.database.dispose()


def flag(county, flag_id="f1", at=NOON):
    county.ctx.database.run_sync(
        lambda conn: flags.raise_one(
            conn,
            county.ctx.sealer,
            POLICY,
            flag_id=flag_id,
            program=PROGRAM,
            place=SHELTER.id,
            kind=FlagKind.CONCERN,
            author=JO,
            at=at,
        )
    )


def reminders(county):
    rows = [row for row in county.rows("outbox") if row.body.get("said") == "flag_review_due"]
    return sorted((row.to_person, row.created_at) for row in rows)


def next_at(county):
    return county.ctx.database.run_sync(next_reminder, county.clock.now())


async def test_who_is_on_duty_is_reminded_on_the_last_morning(county):
    flag(county)
    assert next_at(county) == MORNING
    loop = Reviews(county.ctx)
    county.clock.at = MORNING - timedelta(seconds=1)
    assert await loop.work() == 0
    county.clock.at = MORNING
    assert await loop.work() == 1
    assert reminders(county) == [("maya", MORNING), ("rosa", MORNING)]
    assert next_at(county) is None


async def test_a_reminder_is_sent_once_however_often_and_by_whom_it_is_looked_at(county):
    flag(county)
    county.clock.at = MORNING + DAY
    one, other = Reviews(county.ctx), Reviews(county.ctx)
    assert [await one.work(), await other.work(), await one.work()] == [1, 0, 0]
    # Two that looked at the same moment: the key is the same.
    county.ctx.database.run_sync(
        lambda conn: conn.execute(tables.flag.update().values(reminded_at=None))
    )
    assert await other.work() == 1
    assert len(reminders(county)) == 2


async def test_a_bot_that_was_away_reminds_late_and_not_at_all_of_what_expired(county):
    flag(county)
    county.clock.at = NOON + 30 * DAY
    assert await Reviews(county.ctx).work() == 1
    flag(county, "f2", NOON - 200 * DAY)
    assert await Reviews(county.ctx).work() == 0


async def test_a_world_that_leaps_stops_at_the_reminder(county):
    flag(county)
    quiet, wake = county.ctx.database.run_sync(
        is_quiet, NOON, county.clock.transport() + timedelta(hours=1)
    )
    assert quiet
    assert wake is not None
    assert wake <= MORNING


def test_without_anybody_on_duty_all_who_review_are_reminded(county):
    flag(county)
    county.ctx.database.run_sync(lambda conn: conn.execute(tables.duty.delete()))
    county.ctx.database.run_sync(remind, MORNING, county.clock.transport())
    assert [who for who, _ in reminders(county)] == ["maya", "rosa", "theo"]


def test_every_reminder_can_be_read_back_from_its_row(county):
    flag(county)
    county.ctx.database.run_sync(remind, MORNING, county.clock.transport())
    bodies = county.ctx.database.run_sync(
        lambda conn: conn.execute(select(tables.outbox.c.body)).scalars().all()
    )
    assert {body["text"] for body in bodies} == {f"f1 {SHELTER.label}"} or {
        body["text"].partition(" ")[0] for body in bodies
    } == {"f1"}
