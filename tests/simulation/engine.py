"""Replicas of the bot over one database, and what can happen to them.

Everything runs in one order on a virtual loop: the production rules, SQL, sweep and delivery. A
kill is a cancelled task: it lands at any await, also between a commit and whoever waits for it.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import cast

from bot.context import Context
from bot.scheduler.deliver import Deliver
from bot.scheduler.loop import POLL_SECONDS
from bot.scheduler.post import Poster
from bot.scheduler.sweep import Sweep
from bot.settings import Settings
from bot.slack.audience import Why
from storage.database import Database, Unavailable
from storage.sealing import Sealer
from tests.county import KEY
from tests.simulation.slack import SimSlack
from tests.virtual_time import VirtualClock, passes

# Idle turns are most of the work of a quiet hour; here a loop looks again after so long.
IDLE_SECONDS = 5.0


async def wait(nudge: asyncio.Event, seconds: float) -> None:
    """Wait as the production loop does, but longer where nothing is known to be due soon."""
    seconds = IDLE_SECONDS if seconds >= POLL_SECONDS else seconds
    try:
        async with asyncio.timeout(seconds):
            await nudge.wait()
    except TimeoutError:
        pass


@dataclass
class SimDatabase:
    """This is the real database, away at times, and now and then silent about a commit."""

    database: Database
    rng: random.Random
    faulty: float = 0.005
    down_until: float = 0.0
    steps: int = 0
    faults: int = 0

    @property
    def dialect(self) -> str:
        return self.database.dialect

    async def run(self, fn, *args, **kwargs):
        self.steps += 1
        await passes(0.001 + 0.004 * self.rng.random())
        luck = self.rng.random()
        if asyncio.get_running_loop().time() < self.down_until or luck < self.faulty:
            self.faults += 1
            raise Unavailable("away")
        answer = self.database.run_sync(fn, *args, **kwargs)
        if luck > 1 - self.faulty:
            self.faults += 1
            raise Unavailable("the answer to the commit was lost")
        await passes(0.0005)  # a kill may land here: committed, and nobody knows
        return answer


class Readable:
    """This lets every channel be posted to."""

    def verdict(self, channel, avoid=frozenset()):
        return Why.ALLOWED


@dataclass
class Replica:
    """One process: its loops run until it is killed."""

    database: SimDatabase
    slack: SimSlack
    clock: VirtualClock

    def __post_init__(self) -> None:
        self.ctx = Context(cast("Database", self.database), Sealer([KEY]), self.clock, Settings())
        poster = Poster(self.slack, self.clock)
        self.deliver = Deliver(self.ctx, poster, Readable(), wait=wait)
        self.sweep = Sweep(self.ctx, wait=wait)

    async def run(self) -> None:
        try:
            await asyncio.gather(self.sweep.loop.run(), self.deliver.loop.run())
        finally:
            await self.deliver.stop()


@dataclass
class Fleet:
    """Replicas that are killed and started again."""

    database: SimDatabase
    slack: SimSlack
    clock: VirtualClock
    rng: random.Random
    up: dict[int, asyncio.Task] = field(default_factory=dict)
    outages: list[tuple[float, float]] = field(default_factory=list)
    kills: int = 0
    stopping: bool = False

    async def keep_up(self, number: int) -> None:
        """Run one replica, again and again."""
        while not self.stopping:
            task = asyncio.ensure_future(Replica(self.database, self.slack, self.clock).run())
            self.up[number] = task
            await asyncio.gather(task, return_exceptions=True)
            del self.up[number]
            if not self.stopping:
                await passes(self.rng.choice([0.5, 5, 30]))

    def kill(self, *numbers: int) -> None:
        for number in numbers:
            if number in self.up:
                self.kills += 1
                self.up[number].cancel()

    def away(self, what: SimDatabase | SimSlack, seconds: float) -> None:
        """Take the database or Slack away for a while."""
        now = asyncio.get_running_loop().time()
        what.down_until = now + seconds
        self.outages.append((now, now + seconds))

    async def stop(self) -> None:
        self.stopping = True
        for task in self.up.values():
            task.cancel()
        await asyncio.gather(*self.up.values(), return_exceptions=True)
