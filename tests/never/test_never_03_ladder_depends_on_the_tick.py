"""Never 3: the ladder's speed depends on the tick; a restart loses, repeats or skips a rung."""

import asyncio
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot.context import Context
from bot.scheduler.sweep import Sweep
from bot.settings import Settings
from storage import deadlines
from storage.database import Database
from storage.sealing import Sealer
from tests.county import KEY
from tests.never.life import missed, open_one, pages, sweeps

UNTIL = 75


@contextmanager
def process(c, url):
    """Another process on the same database: nothing of the one before is left in memory."""
    database = Database.open(url)
    yield Sweep(Context(database, Sealer([KEY]), c.clock, Settings()))
    database.dispose()


async def test_a_restart_at_every_rung_neither_loses_nor_repeats_nor_skips_one(
    office, ready_database_url
):
    await missed(office)
    end, opened = office.clock.at + timedelta(minutes=UNTIL), open_one(office).opened_at
    while (due := office.ctx.database.run_sync(deadlines.next_due)) and due <= end:
        office.clock.at = max(office.clock.at, due)
        with process(office, ready_database_url) as sweep:
            await sweep.work()
        with process(office, ready_database_url) as sweep:
            assert await sweep.work() == 0, "what has just started does nothing again"
    found = pages(office)
    assert not [key for key, times in Counter(key for key, _ in found).items() if times > 1]
    ladder = office.matter().visit.timings.ladder
    base = open_one(office).base_at
    fired = sorted({at for _, at in found})
    planned = [base + rung.after for rung in ladder.rungs]
    past = planned[-1]
    while (past := past + ladder.repeat_every) <= end:
        planned.append(past)
    assert fired == planned
    assert fired[0] == opened


async def test_two_processes_that_look_at_once_fire_each_rung_once(office, ready_database_url):
    await missed(office)
    end = office.clock.at + timedelta(minutes=UNTIL)
    with process(office, ready_database_url) as twin:
        while (due := office.ctx.database.run_sync(deadlines.next_due)) and due <= end:
            office.clock.at = max(office.clock.at, due)
            done = await asyncio.gather(Sweep(office.ctx).work(), twin.work())
            assert sum(done) >= 1
    keys = Counter(key for key, _ in pages(office))
    assert set(keys.values()) == {1}


@pytest.mark.parametrize("every", [7, 60])
async def test_looking_more_often_changes_no_rungs_time(office, every):
    await missed(office)
    start, base = office.clock.at, open_one(office).base_at
    for second in range(every, UNTIL * 60, every):
        now = start + timedelta(seconds=second)
        await sweeps(office, (now - office.clock.at) / timedelta(minutes=1))
        assert await Sweep(office.ctx).work() == 0
    ladder = office.matter().visit.timings.ladder
    fired = sorted({at for _, at in pages(office)})
    assert fired[: len(ladder.rungs)] == [base + rung.after for rung in ladder.rungs]


@pytest.mark.parametrize("every", [11, 90])
async def test_looking_late_delays_a_rung_and_loses_none(office, every):
    await missed(office)
    ladder, base = office.matter().visit.timings.ladder, open_one(office).base_at
    for _ in range(0, UNTIL * 60, every):
        office.clock.at += timedelta(seconds=every)
        while await Sweep(office.ctx).work():
            pass
    numbers = [int(key.split("/page/")[1].split("/")[0]) for key, _ in pages(office)]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(max(numbers) + 1))
    for number, (_, at) in zip(numbers, pages(office), strict=True):
        if number < len(ladder.rungs):
            assert at >= base + ladder.rungs[number].after
            late = at - (base + ladder.rungs[number].after)
            assert late <= (number + 1) * timedelta(seconds=every)
