"""A month of visits in one process that never restarts, on a virtual clock: does it hold more?

The production's sweep, delivery, rules, handlers' runner and SQL on a file. One worker has several
visits a day; every third check-in is missed, climbs, and is taken and closed by people.
"""

import asyncio
import gc
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.context import Context
from bot.request import NewMatter, OfMatter, Request
from bot.runner import run
from bot.scheduler.deliver import Deliver
from bot.scheduler.post import Poster
from bot.scheduler.sweep import Sweep
from bot.settings import Settings
from protocol import events as e
from protocol.ids import MatterId, PersonId
from protocol.plan import Plan, StartNow, Stop
from protocol.records import Accounted, Finding
from storage import matters, schema
from storage.database import Database
from tests import virtual_time
from tests.bench.burst import Readable
from tests.bench.seeding import SEALER
from tests.county import populate, slack_id
from tests.protocol.world import JO, LIN, NOON, ROSA, ZONE
from tests.report import Row
from tests.virtual_time import VirtualClock, passes

A_DAY = 8  # visits
WARM = 5  # days before it is looked for the first time: caches fill
WHOLE = 30  # days; a shorter run is too short to judge
GROWTH = 2.0  # MB in a month; the interpreter's own arenas move by as much
HOUR = 3600.0


@dataclass(frozen=True)
class Held:
    """What the process holds: objects that the collector knows of, and memory (MB)."""

    objects: int
    memory: float


class Accepting:
    """A Slack that accepts everything and remembers nothing."""

    async def direct(self, user, now):
        return f"D{user}"

    async def post(self, place, message, key):
        return await self.update(place.channel, key, message)

    async def update(self, channel, ts, message):
        from bot.slack.send import Sent

        await passes(0.05)
        return Sent(channel, ts)

    async def find(self, place, key, since):
        return None


async def wait(nudge: asyncio.Event, seconds: float) -> None:
    """Wait as production does, but look again only after an hour where nothing is known."""
    try:
        async with asyncio.timeout(HOUR if seconds >= 1 else seconds):
            await nudge.wait()
    except TimeoutError:
        pass


def measure(days: int) -> list[Row]:
    """The rows about growth; `days` after the first few."""
    with tempfile.TemporaryDirectory(prefix="belay-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'belay.db'}"
        schema.upgrade(url)
        database = Database.open(url)
        database.run_sync(populate)
        # What SQLite keeps of the file in memory is bounded (8 MB), and would be full after months.
        database.run_sync(lambda conn: conn.exec_driver_sql("PRAGMA cache_size=-256"))
        try:
            first, last = virtual_time.run(_month(database, days))
        finally:
            database.dispose()
    grown = last.memory - first.memory
    told = f"{grown:+.1f} MB, {last.objects - first.objects:+,} objects"
    what = f"growth over {days} simulated days, {days * A_DAY} visits"
    return [Row(what, told, f"none (< {GROWTH:g} MB)", grown < GROWTH if days >= WHOLE else None)]


async def _month(database: Database, days: int) -> tuple[Held, Held]:
    clock = VirtualClock(NOON, NOON)
    ctx = Context(database, SEALER, clock, Settings())
    deliver = Deliver(ctx, Poster(Accepting(), clock), Readable(), wait=wait)
    loops = asyncio.gather(Sweep(ctx, wait=wait).loop.run(), deliver.run())
    first = Held(0, 0.0)
    try:
        for day in range(WARM + days):
            if day == WARM:
                first = _held()
            for number in range(A_DAY):
                await _visit(ctx, day * A_DAY + number)
        return first, _held()
    finally:
        loops.cancel()
        await asyncio.gather(loops, return_exceptions=True)


async def _visit(ctx: Context, number: int) -> None:
    """Three hours: planned on the spot, begun, answered or missed, and over."""
    matter, clock = MatterId(f"m{number}"), ctx.clock
    plan = Plan((Stop("A home"),), clock.now(), timedelta(minutes=90), ZONE)
    await _does(ctx, e.PlanVisit(clock.now(), JO, plan, StartNow.HERE_NOW), NewMatter(matter))
    await _does(ctx, e.ConfirmPlan(clock.now(), ROSA, 1), OfMatter(matter))
    await passes(0.5 * HOUR)
    await _does(ctx, e.CheckIn(clock.now(), JO, "a"), OfMatter(matter))
    await passes((2.4 if number % 3 == 0 else 0.5) * HOUR)
    for _ in ("leaving", "clear"):
        await _does(ctx, e.Clear(clock.now(), JO, "a"), OfMatter(matter))
        await passes(60)
    found = await ctx.database.run(matters.load, SEALER, matter)
    climb = found.open_escalation if found else None
    if climb is not None:
        closing = e.Close(clock.now(), LIN, climb.mark, Accounted.SPOKEN, Finding.LATE)
        await _does(ctx, closing, OfMatter(matter))
    await passes(0.1 * HOUR)
    found = await ctx.database.run(matters.load, SEALER, matter)
    assert found is not None
    assert not found.is_active, f"visit {number} did not end: {found}"


async def _does(ctx: Context, event: e.Event, target: NewMatter | OfMatter) -> None:
    by = PersonId(event.by)
    key = f"{target.id}/{type(event).__name__}/{ctx.clock.now()}"
    outcome = await run(ctx, Request(key, slack_id(by), target, lambda _: event))
    assert outcome.decision is not None, outcome


def _held() -> Held:
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20
    return Held(len(gc.get_objects()), resident)
