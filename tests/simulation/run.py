"""One run: a county for so many hours, everything that can fail failing, then a quiet end."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import cast

from structlog.testing import capture_logs

from bot.context import Context
from bot.settings import Settings
from protocol.ids import MatterId
from protocol.records import Matter
from storage import matters, tables
from storage.database import Database
from storage.sealing import Sealer
from tests import virtual_time
from tests.county import KEY, populate
from tests.protocol.world import NOON
from tests.simulation.engine import Fleet, SimDatabase
from tests.simulation.lives import People
from tests.simulation.record import Decided, Record
from tests.simulation.slack import CALM, SimSlack, Weather
from tests.virtual_time import VirtualClock, passes

# What the quiet end may take: retries with their longest back-off, and a ladder or two.
QUIET = 30 * 60


@dataclass(frozen=True)
class Shape:
    """This is how big and how bad a run is. `pace` is the mean time between events, in seconds."""

    hours: float = 2.0
    lives: int = 6
    pace: float = 100.0
    kills: int = 8
    database_outages: int = 2
    slack_outages: int = 2
    jumps: int = 1
    gone: tuple[str, ...] = ()
    weather: Weather = field(default_factory=Weather)


@dataclass
class Ran:
    """This is what a run left behind, for the invariants to look at."""

    seed: int
    shape: Shape
    database: Database
    slack: SimSlack
    fleet: Fleet
    record: Record
    clock: VirtualClock
    jumps: list[tuple[datetime, datetime]]

    def rows(self, table: str) -> list:
        statement = tables.metadata.tables[table].select()
        return self.database.run_sync(lambda conn: list(conn.execute(statement)))

    def matter(self, matter_id: str) -> Matter:
        found = self.database.run_sync(matters.load, Sealer([KEY]), MatterId(matter_id))
        assert found is not None
        return found

    def matters(self) -> list[Matter]:
        return [self.matter(row.id) for row in self.rows("matter")]

    @cached_property
    def _lives(self) -> dict[str, list[Decided]]:
        """Each matter's committed decisions in order: of several tries, the one in the audit."""
        lives: dict[str, list[Decided]] = {}
        for line in sorted(self.rows("audit_line"), key=lambda line: line.seq):
            for step in self.record.decided.get((line.chain, line.seq), []):
                same = (type(step.event).__name__, step.decision.reason.value)
                if same == (line.event, line.reason):
                    lives.setdefault(line.chain, []).append(step)
                    break
        return lives

    def lives(self) -> dict[str, list[Decided]]:
        return self._lives

    def steps(self) -> Iterator[Decided]:
        for life in self._lives.values():
            yield from life

    def changed_at(self, step: Decided) -> datetime:
        """When the matter came to be as this step found it; before that, another time was due."""
        life = self._lives[step.before.id]
        earlier = [other for other in life if other.before.version < step.before.version]
        return earlier[-1].at if earlier else step.at

    def loop_time(self, at: datetime) -> float:
        """A world instant as seconds of the loop, which no jump moves."""
        jumped = sum((after - before for before, after in self.jumps if after <= at), timedelta(0))
        return (at - NOON - jumped).total_seconds()

    def out_of_order(self, since: datetime, until: datetime) -> timedelta:
        """How much of a stretch of world time something was away, or the clock had jumped over."""
        lost = timedelta(0)
        for before, after in self.jumps:
            if before <= until and after >= since:
                lost += after - before
        for start, end in self.fleet.outages:
            begins, ends = self.loop_time(since), self.loop_time(until)
            lost += timedelta(seconds=max(0.0, min(end, ends) - max(start, begins)))
        return lost


def simulate(seed: int, shape: Shape, monkeypatch) -> Ran:
    """Run one seed. The same seed is the same run."""
    database = Database.open("sqlite://")
    database.run_sync(tables.metadata.create_all)
    database.run_sync(populate)
    record = Record()
    record.watch(monkeypatch)
    rng = random.Random(seed)
    clock = VirtualClock(NOON, NOON)
    unreachable = frozenset(f"U_{person.upper()}" for person in shape.gone)
    slack = SimSlack(random.Random(seed + 1), replace(shape.weather, gone=unreachable))
    sim = SimDatabase(database, random.Random(seed + 2))
    fleet = Fleet(sim, slack, clock, random.Random(seed + 3))
    ran = Ran(seed, shape, database, slack, fleet, record, clock, [])
    with capture_logs():  # every fault is logged, and faults are what this is made of
        virtual_time.run(_life_of_the_county(ran, rng))
    return ran


async def _life_of_the_county(ran: Ran, rng: random.Random) -> None:
    shape, fleet = ran.shape, ran.fleet
    until = shape.hours * 3600
    ctx = Context(cast("Database", fleet.database), Sealer([KEY]), ran.clock, Settings())
    people = People(fleet, ctx, rng, ran.record, shape.pace)
    replicas = [asyncio.ensure_future(fleet.keep_up(number)) for number in (0, 1)]
    troubles = asyncio.ensure_future(_troubles(ran, until))
    try:
        await asyncio.gather(*(people.live(number, until) for number in range(shape.lives)))
        await troubles
        _heal(ran)
        for row in ran.rows("matter"):
            await people.come_home(row.id)
        await _ends(ran, people)
    finally:
        await fleet.stop()
        await asyncio.gather(*replicas, return_exceptions=True)


async def _troubles(ran: Ran, until: float) -> None:
    """Kills, outages and jumps of the clock, at times that the seed chooses."""
    shape, fleet, rng = ran.shape, ran.fleet, ran.fleet.rng
    kinds = (
        *(["kill"] * shape.kills),
        *(["database"] * shape.database_outages),
        *(["slack"] * shape.slack_outages),
        *(["jump"] * shape.jumps),
    )
    planned = sorted((rng.uniform(60, until - 60), kind) for kind in kinds)
    for at, kind in planned:
        await passes(max(0.0, at - asyncio.get_running_loop().time()))
        if kind == "kill":
            both = rng.random() < 0.3
            if both:
                fleet.outages.append((at, at + 35))
            fleet.kill(*((0, 1) if both else (rng.choice((0, 1)),)))
            # The other may be down from an earlier kill.
            fleet.outages.append((at, at + 35))
        elif kind == "database":
            fleet.away(fleet.database, rng.uniform(1, 60))
        elif kind == "slack":
            fleet.away(ran.slack, rng.uniform(1, 120))
        else:
            before = ran.clock.now()
            ran.clock.move(by=timedelta(minutes=rng.uniform(1, 40)))
            ran.jumps.append((before, ran.clock.now()))


def _heal(ran: Ran) -> None:
    ran.slack.weather = replace(CALM, gone=ran.slack.weather.gone)
    ran.slack.down_until = ran.fleet.database.down_until = 0.0
    ran.fleet.database.faulty = 0.0


async def _ends(ran: Ran, people: People) -> None:
    """Let what is open come to its end; silent matters that were read meanwhile, too."""
    ends = asyncio.get_running_loop().time() + QUIET
    while asyncio.get_running_loop().time() < ends:
        await passes(20)
        for row in ran.rows("matter"):
            if row.closed_at is None:
                await people.come_home(row.id)
        open_rows = [row for row in ran.rows("outbox") if row.outcome is None]
        if not open_rows and all(row.closed_at for row in ran.rows("matter")):
            return
