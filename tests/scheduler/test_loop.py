"""The loop: awake when something is due, never later than a second, and never dead."""

import asyncio
from datetime import timedelta

import pytest

from bot.scheduler.loop import FAR, POLL_SECONDS, SLOW_POLL_SECONDS, Loop, Pace
from tests.virtual_time import VirtualClock, during, passes, run


class Work:
    """This is a database with one deadline in it, in seconds of the loop."""

    def __init__(self, due=None, *, locked=False):
        self.due = due
        self.locked = locked
        self.away = False
        self.asked = []
        self.done = []

    @property
    def time(self):
        return asyncio.get_running_loop().time()

    async def until_due(self):
        self.asked.append(self.time)
        if self.away:
            raise ConnectionError
        return None if self.due is None else timedelta(seconds=self.due - self.time)

    async def work(self):
        if self.locked:
            return 0
        self.done.append(self.time)
        self.due = None
        return 1

    def loop(self, **more):
        return Loop("test", self.until_due, self.work, **more)


def test_it_sleeps_until_the_next_due_and_not_longer():
    async def main():
        work = Work(due=0.4)
        await during(work.loop().run(), passes(1.0))
        return work

    work = run(main())
    assert [round(at, 3) for at in work.done] == [0.4]


def test_it_looks_again_every_second_however_far_the_next_due_is():
    async def main():
        work = Work(due=500)
        await during(work.loop().run(), passes(10.5))
        return work

    work = run(main())
    assert [round(at) for at in work.asked] == list(range(11))


def test_a_nudge_wakes_it_at_once():
    async def main():
        work = Work()
        loop = work.loop()

        async def nudge():
            await passes(0.3)
            work.due = 0.3
            loop.nudge.set()
            await passes(0.001)

        await during(loop.run(), nudge())
        return work

    assert [round(at, 3) for at in run(main()).done] == [0.3]


def test_a_nudge_during_the_query_is_kept():
    async def main():
        work = Work()
        loop = work.loop()
        plain = work.until_due

        async def nudged_meanwhile():
            answer = await plain()
            if len(work.asked) == 1:
                # Written after the database was read, before the loop sleeps.
                work.due = 0.0
                loop.nudge.set()
            return answer

        loop.until_due = nudged_meanwhile
        await during(loop.run(), passes(0.01))
        return work

    assert run(main()).done == [0.0]


def test_a_database_that_is_away_is_asked_every_second_until_it_is_back():
    async def main():
        work = Work(due=0.0)
        work.away = True
        loop = work.loop()

        async def outage():
            await passes(5.5)
            work.away = False
            await passes(1.0)

        await during(loop.run(), outage())
        return work, loop

    work, loop = run(main())
    assert loop.faults == 6
    assert [round(at) for at in work.done] == [6]


def test_work_that_fails_neither_ends_nor_spins_the_loop():
    async def main():
        work = Work(due=0.0)

        async def broken():
            raise ZeroDivisionError

        loop = work.loop()
        loop.work = broken
        await during(loop.run(), passes(10))
        return loop

    loop = run(main())
    assert loop.faults == 10
    assert loop.turns <= 11


def test_what_is_due_but_held_by_a_peer_is_asked_for_soon_and_does_not_spin():
    async def main():
        work = Work(due=0.0, locked=True)
        loop = work.loop()
        await during(loop.run(), passes(2.0))
        return loop

    assert run(main()).turns <= 11


def test_lateness_is_measured_and_forgotten_when_nothing_is_late():
    async def main():
        work = Work(due=-7.0, locked=True)
        loop = work.loop()
        await loop.turn()
        late = loop.late
        work.due = None
        await loop.turn()
        return late, loop.late

    late, after = run(main())
    assert late == timedelta(seconds=7)
    assert after == timedelta(0)


def test_how_to_wait_can_be_handed_in():
    waits = []

    async def wait(nudge, seconds):
        waits.append(seconds)

    async def main():
        await Work(due=0.25).loop(wait=wait).turn()
        await Work().loop(wait=wait).turn()

    run(main())
    assert waits == [0.25, POLL_SECONDS]


@pytest.mark.parametrize(
    ("rate", "expected"), [(1.0, 30.0), (60.0, 0.5), (0.0, FAR.total_seconds())]
)
def test_the_worlds_distance_is_told_in_transport_time(rate, expected):
    async def main():
        clock = VirtualClock(rate=rate)
        pace = Pace.of(clock)
        await passes(1.0)
        return pace.off(clock.now() + timedelta(seconds=30), clock)

    assert run(main()).total_seconds() == pytest.approx(expected)


def test_what_is_overdue_is_told_by_how_late_it_is_in_the_world():
    async def main():
        clock = VirtualClock()
        pace = Pace.of(clock)
        clock.move(by=timedelta(minutes=10))
        return pace.off(clock.now() - timedelta(minutes=3), clock)

    assert run(main()) == timedelta(minutes=-3)


def test_what_nobody_waits_for_is_looked_at_less_often():
    async def main():
        work = Work(due=500)
        await during(work.loop(poll=SLOW_POLL_SECONDS).run(), passes(10 * SLOW_POLL_SECONDS + 1))
        return work

    assert [round(at) for at in run(main()).asked] == [10 * n for n in range(11)]
