"""Two sweeps and two deliverers on one database, on both engines: once is once."""

import asyncio

import pytest

from bot.request import OfMatter
from bot.scheduler.deliver import SLOTS, Deliver
from bot.scheduler.post import Poster
from bot.scheduler.sweep import Sweep
from protocol import events as e
from protocol.ids import MatterId
from tests.county import County
from tests.protocol.world import JO, SAM, minutes, plan
from tests.scheduler.shift import FakeSlack, Open
from tests.virtual_time import passes

VISITS = 30


@pytest.fixture
async def county(ready_database_url):
    opened = County.on(ready_database_url)
    for number in range(VISITS):
        await opened.plans(JO if number % 2 else SAM, plan(start_in=60), f"m{number}")
    yield opened
    opened.ctx.database.dispose()


async def test_two_sweeps_share_what_is_due_and_no_deadline_passes_twice(county, logged):
    county.clock.pass_time(46)
    done = 0
    while found := await asyncio.gather(*(Sweep(county.ctx).work() for _ in range(2))):
        done += sum(found)
        if not sum(found):
            break
    versions = {row.id: row.version for row in county.rows("matter")}
    assert set(versions.values()) == {2}
    assert done == VISITS
    passed = [row for row in county.rows("audit_line") if row.event == "DeadlinePassed"]
    assert len(passed) == VISITS
    assert not [line for line in logged if line["log_level"] == "error"]


async def test_two_deliverers_share_what_is_to_be_said_and_say_nothing_twice(county):
    slack = FakeSlack()
    both = [
        Deliver(county.ctx, Poster(slack, county.clock, lookup=False), Open()) for _ in range(2)
    ]
    for _ in range(60):
        claimed = await asyncio.gather(*(one.work() for one in both))
        assert all(one.in_flight <= SLOTS for one in both)
        await idle(both)
        county.clock.pass_time(0.1)
        if not sum(claimed) and all_said(county):
            break
    assert all_said(county)
    assert not slack.twice
    assert {row.outcome for row in county.rows("outbox")} == {"sent"}


async def idle(deliverers):
    while any(one.in_flight for one in deliverers):
        await passes(0.01)


def all_said(county):
    return all(row.outcome for row in county.rows("outbox"))


async def test_a_tap_and_the_sweep_at_the_same_instant_both_count_once(county):
    county.clock.pass_time(46)
    now = county.clock.now()
    await asyncio.gather(
        Sweep(county.ctx).work(),
        *(
            county.does(
                JO if number % 2 else SAM,
                lambda by: e.RunningLate(now, by, minutes(30)),
                _of(number),
            )
            for number in range(6)
        ),
    )
    for chain in {row.chain for row in county.rows("audit_line")}:
        seqs = sorted(row.seq for row in county.rows("audit_line") if row.chain == chain)
        assert seqs == list(range(1, len(seqs) + 1))
    for row in county.rows("matter"):
        lines = [one for one in county.rows("audit_line") if one.chain == row.id]
        assert row.version == len(lines)


def _of(number):
    return OfMatter(MatterId(f"m{number}"))
