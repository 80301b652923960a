"""A thousand deadlines in one second among 100,000 open visits: how late each is committed.

The production sweep and delivery run, beside a Slack that takes a tenth of a second for each call.
A deadline is done when the transaction with its state, its audit and its messages has returned.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from bot.context import Context
from bot.scheduler import sweep
from bot.scheduler.deliver import Deliver
from bot.scheduler.post import Poster
from bot.scheduler.sweep import Sweep
from bot.settings import Settings
from bot.slack.audience import Why
from bot.slack.send import Sent
from storage import schema
from storage.database import Database
from tests.bench import grounds, seeding
from tests.bench.figures import at_least, below, percentile, seen
from tests.bench.grounds import NAMES, WorldClock
from tests.bench.seeding import SEALER, Group
from tests.protocol.world import NOON
from tests.report import Row

SLACK_TAKES = 0.1  # s for a call; a good day of Slack's
LOOK_EVERY = 0.001  # s between two looks at how long the event loop stood still
WITHIN = 120.0  # s; a burst that is not over by then is broken
# Seeding takes the longest of all, and no statement of the product's may take as long.
SEEDING_LIMIT = timedelta(minutes=10)
P99 = 0.5  # s
STALL = 0.05  # s
RATE = 2_000  # transitions a second
SECOND = timedelta(seconds=1)
# Longer than a burst takes, and all of them together shorter than until a visit is due again.
APART = timedelta(seconds=30)


@dataclass(frozen=True)
class Size:
    """How many visits are open, how many are due at once, and how often that is repeated.

    `drained` are due at once of each kind to see how many a second are done. `opens` are the
    numbers of open visits at which one sweep is compared.
    """

    visits: int = 100_000
    due: int = 1_000
    runs: int = 5
    drained: int = 3_000
    opens: tuple[int, ...] = (1_000, 10_000, 100_000)
    compared: int = 100


QUICK = Size(visits=3_000, due=200, runs=2, drained=300, opens=(500, 3_000))


class Watched(Database):
    """This is the real database, which tells when a sweep's transaction was committed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committed: list[tuple[float, int]] = []
        self.transactions = 0

    def run_sync(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run it, and note how many deadlines it did by when (monotonic seconds)."""
        done = super().run_sync(fn, *args, **kwargs)
        self.transactions += 1
        if fn is sweep._batch and done:
            self.committed.append((time.monotonic(), done))
        return done


class FastSlack:
    """This accepts everything, after as long as Slack takes."""

    def __init__(self) -> None:
        self.accepted = 0

    async def direct(self, user, now):
        return f"D{user}"

    async def post(self, place, message, key):
        return await self.update(place.channel, "", message)

    async def update(self, channel, ts, message):
        await asyncio.sleep(SLACK_TAKES)
        self.accepted += 1
        return Sent(channel, f"{self.accepted}.0")

    async def find(self, place, key, since):
        return None


@dataclass
class Stalls:
    """This looks at the event loop all the time; `longest` is how long it once did not run."""

    longest: float = 0.0
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = time.perf_counter()
            self.longest = max(self.longest, now - before - LOOK_EVERY)
            before = now


class Readable:
    """This lets every channel be posted to."""

    def verdict(self, channel, avoid=frozenset()):
        return Why.ALLOWED


@asynccontextmanager
async def engine(url: str, clock: WorldClock, *, delivers: bool = True) -> AsyncIterator[Watched]:
    """The sweep, and delivery beside it, on this loop until the block ends."""
    database = Watched.open(url)
    ctx = Context(database, SEALER, clock, Settings())
    loops: list[Coroutine[Any, Any, None]] = [Sweep(ctx).loop.run()]
    deliver = Deliver(ctx, Poster(FastSlack(), clock), Readable())
    if delivers:
        loops.append(deliver.run())
    tasks = [asyncio.create_task(one) for one in loops]
    gc.freeze()  # as `bot.app` does once it has started
    try:
        yield database
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(database.dispose)


@dataclass(frozen=True)
class Burst:
    """How late each deadline was committed, and how long the event loop once stood still (s)."""

    late: list[float]
    stall: float


async def until_done(database: Watched, count: int) -> None:
    """Wait until so many deadlines were committed."""
    async with asyncio.timeout(WITHIN):
        while sum(number for _, number in database.committed) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def run(database: Watched, clock: WorldClock, due_at: datetime, count: int) -> Burst:
    """Wait for one burst that is due at `due_at` (world time)."""
    database.committed.clear()
    due = time.monotonic() - clock.seconds_since(due_at)
    async with Stalls() as stalls:
        await until_done(database, count)
    late = [at - due for at, number in database.committed for _ in range(number)]
    return Burst(late, stalls.longest)


async def measure(quick: bool) -> list[Row]:
    """The rows for both databases."""
    size = QUICK if quick else Size()
    rows = []
    for name in grounds.ENGINES:
        rows += await _on(name, size)
    return rows


async def _on(engine_name: str, size: Size) -> list[Row]:
    name = NAMES[engine_name]
    bursts = [NOON + number * APART for number in range(size.runs)]
    reminders, misses = (NOON + (size.runs + n) * APART for n in (0, 1))
    groups = [
        # Every other burst is of missed check-ins: each opens an escalation and pages.
        *(Group(size.due, at, missed=number % 2 == 1) for number, at in enumerate(bursts)),
        Group(size.drained, reminders),
        Group(size.drained, misses, missed=True),
    ]
    with grounds.database(engine_name) as (url, _):
        seed(url, size.visits, groups)
        found = [await _burst(url, at, size.due) for at in bursts]
        rates = [await _rate(url, at, size.drained) for at in (reminders, misses)]
    costs = [await _cost(engine_name, visits, size.compared) for visits in size.opens]
    at_once = f"{size.due:,} due at once of {size.visits:,} open"
    return [
        Row(f"{name}: {at_once}"),
        below("p99 from due to committed", [percentile(one.late, 0.99) for one in found], P99),
        below("the event loop's longest stall", [one.stall for one in found], STALL),
        at_least("reminders decided and committed", rates[0], RATE),
        at_least("missed check-ins decided and committed", rates[1], RATE),
        seen(
            f"one sweep of {size.compared} due at {', '.join(f'{n:,}' for n in size.opens)} open",
            ", ".join(f"{cost * 1000:.0f}" for cost in costs) + " ms",
        ),
    ]


def seed(url: str, visits: int, groups: list[Group]) -> None:
    """Migrate an empty database and fill it."""
    schema.upgrade(url)
    database = Database.open(url, statement_limit=SEEDING_LIMIT)
    database.run_sync(seeding.fill, visits, groups)
    database.dispose()


async def _burst(url: str, due_at: datetime, count: int) -> Burst:
    clock = WorldClock(due_at - SECOND)
    async with engine(url, clock) as database:
        return await run(database, clock, due_at, count)


async def _rate(url: str, due_at: datetime, count: int) -> float:
    """How many of these a second are done, with nothing else to do."""
    clock = WorldClock(due_at)
    since = time.monotonic()
    async with engine(url, clock, delivers=False) as database:
        await until_done(database, count)
        return count / (database.committed[-1][0] - since)


async def _cost(engine_name: str, visits: int, due: int) -> float:
    """How long one sweep takes with so many open, the same number due (s); the best of some."""
    turns = 5
    groups = [Group(due, NOON + turn * APART) for turn in range(turns)]
    took = []
    with grounds.database(engine_name) as (url, _):
        seed(url, visits, groups)
        for group in groups:
            since = time.monotonic()
            async with engine(url, WorldClock(group.due_at), delivers=False) as database:
                since = time.monotonic()
                await until_done(database, due)
                took.append(database.committed[-1][0] - since)
    return min(took)
