"""What goes wrong in a run, at times that the seed chooses."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation.engine import IDLE_SECONDS, Fleet, MachineClock
from tests.simulation.slack import SimSlack, Weather
from tests.simulation.upgrade import as_the_last_release_wrote
from tests.virtual_time import passes

# A replica that was killed is back after so long at the latest, and another one may be away too.
RESTART = 35.0
# Two versions run side by side for so long, and the older writes every so often.
SIDE_BY_SIDE, OLD_WRITES_EVERY = 600.0, 20.0


@dataclass(frozen=True)
class Shape:
    """This is how big and how bad a run is. `pace` is the mean time between events, in seconds.

    `whole`: the replicas run every loop of production that the rows drive. `workers` are those of a
    whole county, who come and go as they would; `lives` are people who do whatever is rarely done.
    """

    hours: float = 2.0
    lives: int = 6
    pace: float = 100.0
    kills: int = 8
    database_outages: int = 2
    slack_outages: int = 2
    jumps: int = 1
    gone: tuple[str, ...] = ()
    weather: Weather = field(default_factory=Weather)
    whole: bool = False
    workers: int = 0
    crashes: int = 0
    steps_back: int = 0
    sleeps: int = 0
    scalings: int = 0
    upgrades: int = 0
    long_outages: int = 0


@dataclass
class Troubles:
    """This makes them; `jumps` are of the world's clock, before and after, `jumped` when."""

    shape: Shape
    fleet: Fleet
    slack: SimSlack
    clock: MachineClock
    jumps: list[tuple[datetime, datetime]] = field(default_factory=list)
    jumped: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    rewritten: int = 0

    @property
    def rng(self) -> random.Random:
        return self.fleet.rng

    async def come(self, until: float) -> None:
        """Let everything of the shape go wrong before `until` (loop seconds)."""
        shape = self.shape
        kinds: dict[Callable, int] = {
            self.kill: shape.kills,
            self.database_away: shape.database_outages,
            self.slack_away: shape.slack_outages,
            self.jump: shape.jumps,
            self.crash: shape.crashes,
            self.step_back: shape.steps_back,
            self.sleep: shape.sleeps,
            self.scale: shape.scalings,
            self.upgrade: shape.upgrades,
            self.all_down: shape.long_outages,
            self.slack_long_away: shape.long_outages,
        }
        each = [kind for kind, count in kinds.items() for _ in range(count)]
        planned = [(self.rng.uniform(60, until - 60), number) for number in range(len(each))]
        for at, number in sorted(planned):
            await passes(max(0.0, at - asyncio.get_running_loop().time()))
            self.kinds[each[number].__name__] += 1
            await each[number]()

    async def kill(self) -> None:
        now = asyncio.get_running_loop().time()
        running = sorted(self.fleet.up)
        if not running:
            return
        every = self.rng.random() < 0.3
        self.fleet.kill(*(running if every else (self.rng.choice(running),)))
        # The others may be down from an earlier kill.
        self.fleet.outages.append((now, now + RESTART))

    async def database_away(self) -> None:
        self.fleet.away(self.fleet.database, self.rng.uniform(1, 60))

    async def slack_away(self) -> None:
        self.fleet.away(self.slack, self.rng.uniform(1, 120))

    async def slack_long_away(self) -> None:
        self.fleet.away(self.slack, self.rng.uniform(5, 20) * 60)

    async def crash(self) -> None:
        """PostgreSQL crashes: what is under way fails, and it recovers for a while."""
        recovers_in, now = self.rng.uniform(0.5, 20), asyncio.get_running_loop().time()
        self.fleet.database.crash(recovers_in)
        # In the middle of something, which comes within a look.
        self.fleet.outages.append((now, now + IDLE_SECONDS + recovers_in))

    async def jump(self) -> None:
        self._moved(timedelta(minutes=self.rng.uniform(1, 40)))

    async def step_back(self) -> None:
        self._moved(-timedelta(seconds=self.rng.uniform(1, 90)))

    def _moved(self, by: timedelta) -> None:
        before = self.clock.now()
        self.clock.move(by=by)
        self._note(before)

    async def sleep(self) -> None:
        """The machine is suspended: nothing runs, and then everything is late."""
        before = self.clock.now()
        self.clock.sleep(timedelta(minutes=self.rng.uniform(2, 30)))
        self._note(before)

    def _note(self, before: datetime) -> None:
        self.jumps.append((before, self.clock.now()))
        self.jumped.append(asyncio.get_running_loop().time())

    async def scale(self) -> None:
        """Replicas come and go: from one to four."""
        now = asyncio.get_running_loop().time()
        self.fleet.scale(set(self.rng.sample(range(4), self.rng.randint(1, 4))))
        self.fleet.outages.append((now, now + RESTART))

    async def all_down(self) -> None:
        """Nothing runs for so long that Slack must say so."""
        await self._stopped(self.rng.uniform(5, 25) * 60)

    async def upgrade(self) -> None:
        """From the last release to this one: all at once, or side by side for a while."""
        if self.rng.random() < 0.5:
            await self._stopped(self.rng.uniform(20, 90), then=self._write_as_before)
            return
        ends = asyncio.get_running_loop().time() + SIDE_BY_SIDE
        while asyncio.get_running_loop().time() < ends:
            self._write_as_before()
            await passes(OLD_WRITES_EVERY)

    async def _stopped(self, seconds: float, then: Callable[[], None] | None = None) -> None:
        wanted = set(self.fleet.wanted)
        self.fleet.scale(set())
        await passes(seconds)
        if then is not None:
            then()
        self.fleet.scale(wanted)
        # Starting is not there at once: the last one may still be giving way.
        now = asyncio.get_running_loop().time()
        self.fleet.outages.append((now, now + RESTART))

    def _write_as_before(self) -> None:
        self.rewritten += self.fleet.database.database.run_sync(as_the_last_release_wrote)
