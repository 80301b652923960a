"""The days of a whole county: workers out alone and in pairs, approvers, and those who answer.

They do what people do, mostly in time; a tap that reaches nobody is lost, as Slack's is.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot import runner
from bot.context import Context
from bot.handlers.batch import ask_for_all
from bot.handlers.standing import confirm
from bot.request import HelpTarget, NewMatter, OfMatter, Request
from bot.slack.modals import batch as batch_forms
from bot.slack.modals.standing import Confirming
from protocol import events as e
from protocol import standing as standing_rules
from protocol.calls import CallRoll
from protocol.ids import MatterId, PersonId
from protocol.matter import blank, decide
from protocol.offers import HandoverEvent
from protocol.plan import StartNow
from protocol.records import (
    Accounted,
    Approval,
    Expecting,
    Finding,
    Matter,
    Visit,
    VisitState,
)
from protocol.situation import Situation
from protocol.standing import Standing
from storage import matters, standings, tables
from storage.batches import Read
from storage.database import Conflict, Unavailable
from storage.sealing import Sealer
from tests.county import KEY, PROGRAM, slack_id
from tests.protocol.world import LIN, MAYA, OMAR, ROSA, THEO, ZONE, events, plan
from tests.simulation.crowd import DURESS, PHRASE, worker, world_of
from tests.simulation.engine import Fleet
from tests.simulation.record import Record
from tests.virtual_time import passes

HOUR = 3600.0
# By the hour of a day that begins at noon: how many visits a worker begins in an hour.
BUSY = (*([0.12] * 6), *([0.05] * 3), *([0.01] * 9), *([0.08] * 2), *([0.12] * 4))
STANDING_PLANS = 12
ROLL_CALLS_A_DAY = 1.5
LONGEST_VISIT = 7 * HOUR


@dataclass
class Days:
    """This lets a county of `workers` work until the run ends."""

    fleet: Fleet
    ctx: Context
    rng: random.Random
    record: Record
    workers: int
    deliveries: int = 0
    lost: int = 0
    world: Situation = field(init=False)
    _out: set[PersonId] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.world = world_of(self.workers)

    async def pass_by(self, until: float) -> None:
        """Everybody's days, until then."""
        if not self.workers:
            return
        await self._plan_standing()
        await asyncio.gather(
            *(self._works(number, until) for number in range(self.workers)),
            self._approve(until),
            self._respond(until),
            self._call_rolls(until),
        )

    # --- how a tap gets there ------------------------------------------------------------------

    async def _taps(self, event: Any, target: Any) -> None:
        """Somebody taps, and again after a while where no tick came; sometimes they give up."""
        while True:
            self.deliveries += 1
            request = Request(
                f"c{self.deliveries}", slack_id(event.by), target, partial(self._said, event)
            )
            if await self._delivered(partial(self._runs, asked=request)):
                return
            if self.rng.random() < 0.2:
                return
            await passes(self.rng.uniform(20, 120))

    def _said(self, event: Any, _by: PersonId) -> e.Event:
        """The event as of when it is handled, as handlers make it, also where Slack retried it."""
        said: e.Event = replace(event, at=self.ctx.clock.now())
        return said

    async def _runs(self, ctx: Context, asked: Request) -> None:
        outcome = await runner.run(ctx, asked)
        self.record.tell(outcome, asked)

    async def _stores(self, work: Callable, *args: Any) -> Any:
        """Somebody sends a form that is stored beside the matters."""
        return await self._delivered(lambda ctx: runner.write(ctx, work, *args))

    async def _delivered(self, work: Callable) -> bool:
        """Whether it was answered. What reaches no replica is lost; Slack retries what failed."""
        for _ in range(3):
            replica, now = self.fleet.some(), asyncio.get_running_loop().time()
            if replica is None or now < self.fleet.slack.down_until:
                self.lost += 1
                return False
            try:
                await replica.answer(work(replica.ctx))
            except (Unavailable, Conflict):
                await passes(self.rng.uniform(1, 10))
            else:
                return True
        return False

    # --- workers ---------------------------------------------------------------------------------

    async def _works(self, number: int, until: float) -> None:
        me, loop, visits = worker(number), asyncio.get_running_loop(), 0
        while True:
            await passes(min(self.rng.uniform(0.05, 0.5) * HOUR, until - loop.time()))
            now = loop.time()
            if now > until - min(HOUR, until / 4):
                return  # so that most are on their way home when the faults stop
            busy = BUSY[int(now / HOUR) % 24] * 0.275  # they look so often
            if me in self._out or self.rng.random() > busy:
                continue
            visits += 1
            which, members = MatterId(f"{me}-{visits}"), (me, *self._partner(me))
            self._out |= set(members)
            try:
                await self._begins(which, *members)
                await self._is_out(which, until)
            finally:
                self._out -= set(members)

    def _partner(self, me: PersonId) -> tuple[PersonId, ...]:
        if self.rng.random() > 0.12:
            return ()
        other = worker(self.rng.randrange(self.workers))
        return () if other in self._out or other == me else (other,)

    async def _begins(self, which: MatterId, me: PersonId, partner: PersonId | None = None) -> None:
        now = self.ctx.clock.now()
        if self.rng.random() < 0.02:
            form = self.rng.choice(list(e.HelpForm))
            await self._taps(e.Help(now, me, form), HelpTarget(None, which))
            return
        planned = replace(
            plan(),
            stops=plan().stops * self.rng.choice([1, 1, 1, 3]),
            start_at=now + timedelta(minutes=self.rng.choice([0, 15, 60])),
            expected=timedelta(minutes=self.rng.choice([30, 60, 90])),
            zone=ZONE,
            partner=partner,
        )
        how = self.rng.choice([*[None] * 7, StartNow.HERE_NOW, StartNow.WATCH_ME])
        if self.rng.random() < 0.04:
            sent = e.PlanVisit(now, me, planned, StartNow.SENT_TO_LOOK, ROSA)
            await self._taps(sent, NewMatter(which))
            return
        await self._taps(e.PlanVisit(now, me, planned, how), NewMatter(which))

    async def _is_out(self, which: MatterId, until: float) -> None:
        """One visit to its end: mostly in time, sometimes late, and a few are not heard again."""
        loop = asyncio.get_running_loop()
        ends = min(loop.time() + LONGEST_VISIT, until)
        silent_from = loop.time() + self.rng.uniform(0.2, 2) * HOUR
        silent = self.rng.random() < 0.06
        while loop.time() < ends:
            matter = self._read(which)
            if matter is None or not matter.is_active or matter.visit is None:
                return
            await passes(self._until_they_tap(matter))
            if silent and loop.time() > silent_from:
                return
            matter = self._read(which)
            if matter is None or matter.visit is None or not matter.is_active:
                return
            for event in self._next_of(matter, matter.visit):
                await self._taps(event, OfMatter(which))

    def _until_they_tap(self, matter: Matter) -> float:
        """Seconds until they tap: somewhat before what is due, and now and then after it."""
        due = matter.visit.due_at if matter.visit else None
        left = (due - self.ctx.clock.now()).total_seconds() if due else 300.0
        late = self.rng.random() < 0.12
        return max(60.0, left + self.rng.uniform(1, 20) * 60 * (1 if late else -1))

    def _next_of(self, matter: Matter, visit: Visit) -> list[e.Event]:
        now, luck = self.ctx.clock.now(), self.rng.random()
        if luck < 0.08:
            return [self._anything(matter, of_workers=True)]
        said = self.rng.choice([DURESS, PHRASE]) if self.rng.random() < 0.01 else "a"
        apart = (matter.worker,) if visit.together else matter.members
        match visit.expecting:
            case Expecting.ARRIVAL:
                return [e.Arrive(now, who, said) for who in apart]
            case Expecting.CHECK_IN if luck < 0.5:
                return [e.CheckIn(now, who, said) for who in apart]
            case Expecting.CHECK_IN if visit.stop_no + 1 < len(visit.plan.stops):
                return [e.MoveOn(now, matter.worker)]
            case Expecting.CLEAR:
                return [e.Clear(now, who, said) for who in apart]
            case _:
                return [e.Leave(now, matter.worker, said)]

    def _anything(self, matter: Matter, *, of_workers: bool) -> e.Event:
        """Something that changes something: of the worker's moves, or of the responders'."""
        mine = e.WorkerEvent if of_workers else (e.ResponderEvent, HandoverEvent)
        each = events(self.ctx.clock.now(), matter, self.rng)
        kinds = [one for one in each if isinstance(one, mine) and not isinstance(one, e.PlanVisit)]
        changing = [one for one in kinds if decide(matter, one, self.world).changed]
        return self.rng.choice(changing or kinds)

    # --- those who answer for them ---------------------------------------------------------------

    async def _approve(self, until: float) -> None:
        """Approvers go through what waits: one by one, and now and then together."""
        loop = asyncio.get_running_loop()
        while loop.time() < until:
            await passes(self.rng.uniform(2, 8) * 60)
            waiting = self._open(tables.visit.c.approval == Approval.ASKED.value)
            if len(waiting) > 2 and self.rng.random() < 0.3:
                await self._confirm_together(waiting)
                continue
            for matter in waiting:
                if matter.visit is None or self.rng.random() < 0.4:
                    continue
                now, by = self.ctx.clock.now(), self.rng.choice([ROSA, THEO, MAYA])
                luck, revision = self.rng.random(), matter.visit.revision
                event: e.Event = e.ConfirmPlan(now, by, revision)
                if luck < 0.08:
                    event = e.AskChanges(now, by, revision, "please go with somebody")
                await self._taps(event, OfMatter(matter.id))

    async def _confirm_together(self, waiting: list[Matter]) -> None:
        self.deliveries += 1
        plans = tuple(
            Read(no, one.id, one.visit.revision)
            for no, one in enumerate(waiting[:5], 1)
            if one.visit is not None
        )
        asked = batch_forms.Confirming(f"b{self.deliveries}", slack_id(THEO), PROGRAM, plans, None)
        await self._stores(ask_for_all, asked)

    async def _respond(self, until: float) -> None:
        """Responders do whatever they may, and after a while account for the worker."""
        loop = asyncio.get_running_loop()
        since: dict[MatterId, float] = {}
        while loop.time() < until:
            await passes(self.rng.uniform(40, 90))
            for matter in self._climbs():
                began = since.setdefault(matter.id, loop.time())
                patience = 0.02 if loop.time() - began < 0.5 * HOUR else 0.25
                if self.rng.random() < patience:
                    for event in self._accounts_for(matter):
                        await self._taps(event, OfMatter(matter.id))
                elif self.rng.random() < 0.2:
                    event = self._anything(matter, of_workers=False)
                    await self._taps(event, OfMatter(matter.id))

    def _accounts_for(self, matter: Matter) -> list[e.Event]:
        escalation, now = matter.open_escalation, self.ctx.clock.now()
        if escalation is None:
            return []
        if escalation.closing is not None:
            second = OMAR if escalation.closing.by == LIN else LIN
            return [e.ConfirmClosing(now, second, escalation.mark)]
        continues = self.rng.random() < 0.3
        spoken, found = Accounted.SPOKEN, Finding.LATE
        return [e.Close(now, LIN, escalation.mark, spoken, found, "", continues)]

    async def _call_rolls(self, until: float) -> None:
        loop, calls = asyncio.get_running_loop(), 0
        while loop.time() < until:
            pause = self.rng.expovariate(ROLL_CALLS_A_DAY / (24 * HOUR))
            await passes(min(pause, until - loop.time()))
            calls += 1
            if loop.time() < until:
                call = CallRoll(self.ctx.clock.now(), ROSA)
                await self._taps(call, NewMatter(MatterId(f"roll-{calls}")))

    async def _plan_standing(self) -> None:
        """Some visits are every day's: asked for at noon, made a day ahead of each."""
        now = self.ctx.clock.now()
        for number in range(min(STANDING_PLANS, self.workers)):
            me, which = worker(number), f"standing{number}"
            like = replace(plan(), start_at=now + timedelta(hours=2 + number / 4))
            asked = standing_rules.ask(
                which, blank(MatterId(""), PROGRAM, me), like, tuple(range(7)), 30, now
            )
            assert isinstance(asked, Standing)
            self.fleet.database.database.run_sync(standings.add, asked, me, now)
            await self._stores(confirm, Confirming(slack_id(ROSA), which, 30, None))

    # --- what they see ---------------------------------------------------------------------------

    def _read(self, which: MatterId) -> Matter | None:
        return self.fleet.database.database.run_sync(matters.load, Sealer([KEY]), which)

    def _open(self, *where: Any) -> list[Matter]:
        visit = tables.visit
        rows = visit.select().where(visit.c.state != VisitState.CLOSED.value, *where)
        return self._load(rows.with_only_columns(visit.c.matter_id).order_by(visit.c.matter_id))

    def _climbs(self) -> list[Matter]:
        climbs = tables.escalation
        rows = climbs.select().where(climbs.c.due_at.is_not(None))
        return self._load(rows.with_only_columns(climbs.c.matter_id).order_by(climbs.c.matter_id))

    def _load(self, rows: Any) -> list[Matter]:
        def read(conn: Any) -> list[Matter]:
            ids = list(conn.execute(rows).scalars())
            return list(matters.load_many(conn, Sealer([KEY]), ids).values())

        return self.fleet.database.database.run_sync(read)
