"""Replicas of the bot over one database, and what can happen to them.

Everything runs in one order on a virtual loop: the production rules, SQL, sweep and delivery. A
kill is a cancelled task: it lands at any await, also between a commit and whoever waits for it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from bot.context import Context
from bot.scheduler.batch import Batches
from bot.scheduler.checks import Checks
from bot.scheduler.deliver import Deliver
from bot.scheduler.loop import POLL_SECONDS, Wait
from bot.scheduler.post import Poster
from bot.scheduler.standing import StandingPlans
from bot.scheduler.sweep import Sweep
from bot.scheduler.watch import Watch
from bot.settings import Settings
from bot.slack.audience import Why
from storage.database import Database, Unavailable
from storage.sealing import Sealer
from tests.county import KEY
from tests.simulation.slack import SimSlack
from tests.virtual_time import VirtualClock, passes

# Idle turns are most of the work of a quiet hour; here a loop looks again after so long.
IDLE_SECONDS = 5.0
# The watch is due every 15 s; what is no clock of anybody's may be looked at more rarely.
WATCH_SECONDS, SLOW_SECONDS = 15.0, 60.0


async def wait(nudge: asyncio.Event, seconds: float) -> None:
    """Wait as the production loop does, but longer where nothing is known to be due soon."""
    seconds = IDLE_SECONDS if seconds >= POLL_SECONDS else seconds
    try:
        async with asyncio.timeout(seconds):
            await nudge.wait()
    except TimeoutError:
        pass


# A fault of one of these costs the sweep a look.
OF_THE_SWEEP = ("storage.deadlines", "bot.scheduler.sweep")


def without_nudge(longest: float) -> Wait:
    """Wait so long where nothing is due at once: for the loops beside the safety path."""

    async def waits(_: asyncio.Event, seconds: float) -> None:
        await passes(longest if seconds >= POLL_SECONDS else seconds)

    return waits


@dataclass
class MachineClock(VirtualClock):
    """The clock of a machine that may be suspended: both times are later, and nothing ran."""

    slept: timedelta = timedelta(0)

    def transport(self) -> datetime:
        return super().transport() + self.slept

    def sleep(self, by: timedelta) -> None:
        self.move(by=by)
        self.slept += by


@dataclass
class SimDatabase:
    """This is the real database, away at times, and now and then silent about a commit.

    A crash is the same for every replica at one instant: what is under way fails, written or not,
    and nobody is told which. `swept_at` says when a sweep was hit by any of this.
    """

    database: Database
    rng: random.Random
    faulty: float = 0.005
    down_until: float = 0.0
    steps: int = 0
    crashes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    swept_at: list[float] = field(default_factory=list)
    _recovers_in: float | None = None

    @property
    def dialect(self) -> str:
        return self.database.dialect

    @property
    def faults(self) -> int:
        return self.kinds.total()

    def crash(self, recovers_in: float) -> None:
        """Crash in the middle of the next transaction, before or after its commit."""
        self._recovers_in = recovers_in

    def _crashed(self) -> bool:
        if self._recovers_in is None or self.rng.random() < 0.5:
            return False
        self.crashes += 1
        self.down_until = asyncio.get_running_loop().time() + self._recovers_in
        self._recovers_in = None
        return True

    async def run(self, fn, *args, **kwargs):
        try:
            return await self._run(fn, *args, **kwargs)
        except Unavailable:
            if fn.__module__ in OF_THE_SWEEP:
                self.swept_at.append(asyncio.get_running_loop().time())
            raise

    async def _run(self, fn, *args, **kwargs):
        self.steps += 1
        lived = self.crashes
        await passes(0.001 + 0.004 * self.rng.random())
        luck = self.rng.random()
        if self.crashes != lived or self._crashed():
            raise self._fault("crashed before the commit", "the connection was lost")
        if asyncio.get_running_loop().time() < self.down_until:
            raise self._fault("away", "away")
        if luck < self.faulty:
            raise self._fault("failed before the commit", "away")
        answer = self.database.run_sync(fn, *args, **kwargs)
        if luck > 1 - self.faulty:
            raise self._fault("silent after the commit", "the answer to the commit was lost")
        await passes(0.0005)  # a kill may land here: committed, and nobody knows
        if self.crashes != lived or self._crashed():
            raise self._fault("crashed after the commit", "the connection was lost")
        return answer

    def _fault(self, kind: str, words: str) -> Unavailable:
        self.kinds[kind] += 1
        return Unavailable(words)


class Readable:
    """This lets every channel be posted to."""

    def verdict(self, channel, avoid=frozenset()):
        return Why.ALLOWED


@dataclass
class Replica:
    """One process: its loops run, and it answers people, until it is killed."""

    database: SimDatabase
    slack: SimSlack
    clock: VirtualClock
    whole: bool = False

    def __post_init__(self) -> None:
        self.ctx = Context(cast("Database", self.database), Sealer([KEY]), self.clock, Settings())
        self._answering: set[asyncio.Task[Any]] = set()
        poster = Poster(self.slack, self.clock)
        self.deliver = Deliver(self.ctx, poster, Readable(), wait=wait)
        self.sweep = Sweep(self.ctx, wait=wait)
        self._loops = [self.sweep.loop, self.deliver.loop]
        if self.whole:
            slow = without_nudge(SLOW_SECONDS)
            watch = without_nudge(WATCH_SECONDS)
            self._loops += [
                Watch(self.ctx, self.slack, Readable(), wait=watch).loop,
                StandingPlans(self.ctx, wait=slow).loop,
                Batches(self.ctx, wait=slow).loop,
                Checks(self.ctx, wait=slow).loop,
            ]

    async def run(self) -> None:
        try:
            await asyncio.gather(*(loop.run() for loop in self._loops))
        finally:
            for task in self._answering:
                task.cancel()
            await self.deliver.stop()

    async def answer(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Answer one delivery; whoever kills this process cuts it off."""
        task = asyncio.ensure_future(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        await asyncio.wait({task})
        if task.cancelled():
            raise Unavailable("the process was killed")
        return task.result()


@dataclass
class Fleet:
    """Replicas that are killed and started again."""

    database: SimDatabase
    slack: SimSlack
    clock: VirtualClock
    rng: random.Random
    whole: bool = False
    up: dict[int, asyncio.Task] = field(default_factory=dict)
    replicas: dict[int, Replica] = field(default_factory=dict)
    outages: list[tuple[float, float]] = field(default_factory=list)
    dead: list[tuple[float, float]] = field(default_factory=list)
    wanted: set[int] = field(default_factory=lambda: {0, 1})
    starts: int = 0
    kills: int = 0
    stopping: bool = False
    _keepers: dict[int, asyncio.Task] = field(default_factory=dict)
    _dead_since: float | None = None

    async def keep_up(self, number: int) -> None:
        """Run one replica, again and again, while it is wanted."""
        while not self.stopping and number in self.wanted:
            replica = Replica(self.database, self.slack, self.clock, self.whole)
            task = asyncio.ensure_future(replica.run())
            self.starts += 1
            self.up[number], self.replicas[number] = task, replica
            self._note_life()
            await asyncio.gather(task, return_exceptions=True)
            del self.up[number], self.replicas[number]
            self._note_life()
            if not self.stopping:
                await passes(self.rng.choice([0.5, 5, 30]))

    def scale(self, numbers: set[int]) -> None:
        """From now on these replicas are wanted; others end, new ones begin."""
        self.wanted = set(numbers)
        for number in set(self.up) - self.wanted:
            self.up[number].cancel()
        for number in sorted(self.wanted):
            keeper = self._keepers.get(number)
            if keeper is None or keeper.done():
                self._keepers[number] = asyncio.ensure_future(self.keep_up(number))

    def some(self) -> Replica | None:
        """A replica that a delivery reaches; None where none runs."""
        return self.replicas[self.rng.choice(sorted(self.replicas))] if self.replicas else None

    def kill(self, *numbers: int) -> None:
        for number in numbers:
            if number in self.up:
                self.kills += 1
                self.up[number].cancel()

    def away(self, what: SimDatabase | SimSlack, seconds: float) -> None:
        """Take the database or Slack away for a while."""
        now = asyncio.get_running_loop().time()
        what.down_until = max(what.down_until, now + seconds)
        self.outages.append((now, now + seconds))

    async def stop(self) -> None:
        self.stopping = True
        for task in self.up.values():
            task.cancel()
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)

    def _note_life(self) -> None:
        now = asyncio.get_running_loop().time()
        if not self.up and self._dead_since is None:
            self._dead_since = now
        elif self.up and self._dead_since is not None:
            self.dead.append((self._dead_since, now))
            self._dead_since = None
