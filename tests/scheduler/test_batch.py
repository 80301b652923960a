"""Plans that are confirmed together: each is answered once, whoever is there and whatever fails."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.runner import Write
from bot.scheduler import is_quiet
from bot.scheduler.batch import Batches, answer_next
from protocol.ids import MatterId
from protocol.records import Approval
from storage import batches, tables
from storage.batches import Batch, Read
from tests.county import PROGRAM, County
from tests.protocol.world import JO, NOON, ROSA, SAM, minutes, plan


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    yield made
    made.ctx.database.dispose()


async def asked(county):
    """Rosa has read the plans of Jo and Sam, and sent the form."""
    await county.plans(JO, plan(), "m1")
    await county.plans(SAM, plan(), "m2")
    plans = (Read(0, MatterId("m1"), 1), Read(1, MatterId("m2"), 1))
    request = Batch("b1", PROGRAM, ROSA, plans, minutes(30))
    assert county.ctx.database.run_sync(batches.add, request, NOON)
    assert not county.ctx.database.run_sync(batches.add, request, NOON), "sent twice"


def news(county, said="confirmed_together"):
    rows = [row for row in county.rows("outbox") if row.body.get("said") == said]
    return [(row.to_person, row.body["text"]) for row in rows]


def confirmed(county, matter):
    return county.matter(matter).visit.approval is Approval.CONFIRMED


async def test_nothing_is_said_to_be_done_before_each_plan_has_its_answer(county):
    await asked(county)
    loop = Batches(county.ctx)
    assert await loop.work() == 1
    assert (confirmed(county, "m1"), confirmed(county, "m2")) == (True, False)
    assert news(county) == []
    assert await loop.work() == 1
    assert news(county) == [(ROSA, "2/2")]
    assert await loop.work() == 0
    assert county.matter("m2").visit.timings.check_in_every == minutes(30)


async def test_two_that_look_at_the_same_moment_answer_each_plan_once(county):
    await asked(county)
    for _ in range(3):
        await asyncio.gather(*(Batches(county.ctx).work() for _ in range(2)))
    assert confirmed(county, "m1")
    assert confirmed(county, "m2")
    assert news(county) == [(ROSA, "2/2")]


async def test_whoever_is_killed_before_the_commit_has_answered_nothing_and_the_next_does(county):
    await asked(county)

    class Killed(BaseException):
        pass

    def dies(conn, write):
        answer_next(conn, write)
        raise Killed

    with pytest.raises(Killed):
        county.ctx.database.run_sync(dies, Write.of(county.ctx))
    assert not confirmed(county, "m1")
    one, other = Batches(county.ctx), Batches(county.ctx)
    assert [await one.work(), await other.work(), await one.work()] == [1, 1, 0]
    assert news(county) == [(ROSA, "2/2")]


async def test_a_plan_that_cannot_be_read_stops_no_other_and_is_said(county):
    await asked(county)
    visit = tables.visit
    county.ctx.database.run_sync(
        lambda conn: conn.execute(
            update(visit).where(visit.c.matter_id == "m1").values(body={"damaged": True})
        )
    )
    loop = Batches(county.ctx)
    for _ in range(6):
        await loop.work()
        county.clock.at += timedelta(seconds=5)
    assert confirmed(county, "m2")
    assert news(county) == [(ROSA, "1/2")]
    assert news(county, "not_confirmed_together") == [(ROSA, "fault")]


async def test_a_sandbox_that_leaps_waits_for_what_is_asked(county):
    await asked(county)
    look = (is_quiet, county.clock.at, county.clock.transported)
    assert county.ctx.database.run_sync(*look)[0] is False
    loop = Batches(county.ctx)
    while await loop.work():
        pass
    assert county.ctx.database.run_sync(batches.next_due) is None
