"""Two replicas meet one burst, on both engines: one list for each conversation, every page once."""

import asyncio
from collections import Counter

import pytest

from bot.scheduler import bursts
from bot.scheduler.deliver import Deliver
from bot.scheduler.post import Poster
from tests.county import County
from tests.scheduler.crowds import PLACES, call_for_help, lists
from tests.scheduler.shift import FakeSlack, Open
from tests.virtual_time import passes

MANY = 9
PAGES = ("Page", "PostPage", bursts.LIST)


@pytest.fixture
async def county(ready_database_url):
    opened = County.on(ready_database_url)
    await call_for_help(opened, MANY)
    yield opened
    opened.ctx.database.dispose()


async def test_two_deliverers_make_one_list_and_send_each_page_once(county, logged):
    slack = FakeSlack()
    both = [Deliver(county.ctx, Poster(slack, county.clock), Open()) for _ in range(2)]
    for _ in range(40):
        await asyncio.gather(*(one.work() for one in both))
        while any(one.in_flight for one in both):
            await passes(0.001)
        county.clock.pass_time(0.02)
        if all(row.outcome for row in county.rows("outbox") if row.kind in PAGES):
            break
    assert Counter(place for place, _ in lists(slack.said)) == dict.fromkeys(PLACES, 1)
    assert {row.outcome for row in county.rows("outbox") if row.kind in PAGES} == {"sent"}
    assert not slack.twice
    assert not [line for line in logged if line["log_level"] == "error"]
