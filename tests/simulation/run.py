"""One run: a county for so many hours, everything that can fail failing, then a quiet end."""

import asyncio
import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import cast

from structlog.testing import capture_logs

from bot.context import Context
from bot.settings import Settings
from protocol.ids import MatterId
from protocol.records import Matter
from storage import deadlines, matters, tables
from storage.database import Database
from storage.sealing import Sealer
from tests import virtual_time
from tests.county import KEY, populate
from tests.protocol.world import NOON
from tests.simulation.crowd import add_workers
from tests.simulation.days import Days
from tests.simulation.engine import IDLE_SECONDS, Fleet, MachineClock, SimDatabase
from tests.simulation.lives import People
from tests.simulation.record import Decided, Record
from tests.simulation.slack import CALM, SimSlack, Weather
from tests.simulation.troubles import Shape, Troubles
from tests.virtual_time import passes

__all__ = ["Ran", "Shape", "Weather", "simulate"]

# What the quiet end may take: retries with their longest back-off, and a ladder or two.
QUIET = 30 * 60
Tell = Callable[[float], None]
# Deadlines of which so long is unknown where they were: the machine's clock was moved about then.
AROUND_A_JUMP = 15 * 60.0


@dataclass
class Ran:
    """This is what a run left behind, for the invariants to look at."""

    seed: int
    shape: Shape
    database: Database
    slack: SimSlack
    fleet: Fleet
    record: Record
    clock: MachineClock
    troubles: Troubles
    worst_late: timedelta = timedelta(0)
    lateness: list[tuple[timedelta, timedelta]] = field(default_factory=list)
    lost_taps: int = 0

    def rows(self, table: str) -> list:
        statement = tables.metadata.tables[table].select()
        return self.database.run_sync(lambda conn: list(conn.execute(statement)))

    def matter(self, matter_id: str) -> Matter:
        found = self.database.run_sync(matters.load, Sealer([KEY]), MatterId(matter_id))
        assert found is not None
        return found

    def matters(self) -> list[Matter]:
        ids = [MatterId(row.id) for row in self.rows("matter")]
        found = [
            self.database.run_sync(matters.load_many, Sealer([KEY]), ids[first : first + 500])
            for first in range(0, len(ids), 500)
        ]
        return [one for some in found for one in some.values()]

    @cached_property
    def _lives(self) -> dict[str, list[Decided]]:
        """Each matter's committed decisions in order: of several tries, the last."""
        lives: dict[str, list[Decided]] = {}
        for line in sorted(self.rows("audit_line"), key=lambda line: line.seq):
            for step in reversed(self.record.decided.get((line.chain, line.seq), [])):
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
        """When the matter came to be as this step found it; before that, another time was due.

        What a worker said under duress is read seconds later, and counts from when it was said.
        """
        life, before = self._lives[step.before.id], step.before.version
        if not 0 < before <= len(life):
            return step.at
        made = life[before - 1]
        return made.at + timedelta(seconds=max(0.0, made.second - self.loop_time(made.at)))

    def loop_time(self, at: datetime) -> float:
        """A world instant as seconds of the loop, which no jump moves."""
        jumps = self.troubles.jumps
        jumped = sum((after - before for before, after in jumps if after <= at), timedelta(0))
        return (at - NOON - jumped).total_seconds()

    def out_of_order(self, since: datetime, until: datetime) -> timedelta:
        """How much of a stretch of world time something was away, or the clock had jumped over."""
        lost = timedelta(0)
        for before, after in self.troubles.jumps:
            if min(before, after) <= until and max(before, after) >= since:
                lost += abs(after - before)
        begins, ends = self.loop_time(since), self.loop_time(until)
        looks = sum(begins <= at <= ends for at in self.fleet.database.swept_at)
        return lost + timedelta(seconds=self.away_between(begins, ends) + looks * IDLE_SECONDS)

    def away_between(self, begins: float, ends: float) -> float:
        """For how many seconds of this stretch something was away."""
        away = (*self.fleet.outages, *self.fleet.dead)
        return sum(max(0.0, min(end, ends) - max(start, begins)) for start, end in away)

    def jumped_near(self, at: float) -> bool:
        """Whether the clock was moved shortly before this second of the loop."""
        return any(0 <= at - when <= AROUND_A_JUMP for when in self.troubles.jumped)

    def out_at(self, second: float) -> bool:
        """Whether anybody was out, for a few minutes already, and stayed so for as long as it takes
        until that is noticed."""
        return any(
            _is_out(life, second - 180) and _is_out(life, second + 15 * 60)
            for life in self.lives().values()
        )

    @property
    def fingerprint(self) -> str:
        """The same for the same run: what was decided, when, and what reached whom."""
        told = [(step.before.id, step.before.version, str(step.at)) for step in self.steps()]
        whole = repr((told, self.slack.accepted)).encode()
        return hashlib.sha256(whole).hexdigest()[:12]


def _is_out(life: list[Decided], second: float) -> bool:
    last = next((step for step in reversed(life) if step.second <= second), None)
    if last is None or last.decision.matter.visit is None:
        return False
    return last.decision.matter.is_active and last.decision.matter.visit.started_at is not None


def simulate(seed: int, shape: Shape, monkeypatch, tell: Tell = lambda hours: None) -> Ran:
    """Run one seed. The same seed is the same run. `tell` hears of the hours that have passed."""
    database = Database.open("sqlite://")
    database.run_sync(tables.metadata.create_all)
    database.run_sync(populate)
    if shape.workers:
        database.run_sync(add_workers, shape.workers)
    record = Record()
    record.watch(monkeypatch)
    rng = random.Random(seed)
    clock = MachineClock(NOON, NOON)
    unreachable = frozenset(f"U_{person.upper()}" for person in shape.gone)
    weather = replace(shape.weather, gone=unreachable)
    slack = SimSlack(random.Random(seed + 1), weather, world=clock.now)
    sim = SimDatabase(database, random.Random(seed + 2))
    fleet = Fleet(sim, slack, clock, random.Random(seed + 3), shape.whole)
    troubles = Troubles(shape, fleet, slack, clock)
    ran = Ran(seed, shape, database, slack, fleet, record, clock, troubles)
    with capture_logs():  # every fault is logged, and faults are what this is made of
        virtual_time.run(_life_of_the_county(ran, rng, tell))
    return ran


async def _life_of_the_county(ran: Ran, rng: random.Random, tell: Tell) -> None:
    shape, fleet = ran.shape, ran.fleet
    until = shape.hours * 3600
    ctx = Context(cast("Database", fleet.database), Sealer([KEY]), ran.clock, Settings())
    people = People(fleet, ctx, rng, ran.record, shape.pace)
    days = Days(fleet, ctx, rng, ran.record, shape.workers)
    fleet.scale({0, 1})
    beside = [asyncio.ensure_future(_look_now_and_then(ran, tell))] if shape.whole else []
    troubles = asyncio.ensure_future(ran.troubles.come(until))
    try:
        await asyncio.gather(
            *(people.live(number, until) for number in range(shape.lives)),
            days.pass_by(until),
        )
        await troubles
        _heal(ran)
        for row in ran.rows("matter"):
            await people.come_home(row.id)
        await _ends(ran, people)
    finally:
        ran.lost_taps = days.lost
        for task in beside:
            task.cancel()
        await fleet.stop()


async def _look_now_and_then(ran: Ran, tell: Tell) -> None:
    """Slack posts what it holds in its time; and what health reads is held to the rules."""
    while True:
        for _ in range(20):
            await passes(30)
            ran.slack.post_what_is_due()
        tell(asyncio.get_running_loop().time() / 3600)
        now = ran.clock.now()
        seen = ran.database.run_sync(deadlines.late, now)
        dues = [row.due_at for row in ran.rows("matter") if row.due_at is not None]
        true = max([now - due for due in dues], default=timedelta(0))
        ran.lateness.append((seen, max(timedelta(0), true)))


def _heal(ran: Ran) -> None:
    ran.slack.weather = replace(CALM, gone=ran.slack.weather.gone)
    ran.slack.down_until = ran.fleet.database.down_until = 0.0
    ran.fleet.database.faulty = 0.0
    ran.fleet.scale({0, 1})


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
