"""The people of a simulated county: what they do, and a record of what was decided on it."""

import asyncio
import random
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot import runner
from bot.context import Context
from bot.request import HelpTarget, NewMatter, OfMatter, Request
from protocol import events as e
from protocol.decision import Decision
from protocol.ids import MatterId, PersonId
from protocol.matter import decide
from protocol.plan import StartNow
from protocol.records import Accounted, EscalationState, Finding, Matter, VisitState
from protocol.situation import Situation
from storage import matters
from storage.database import Conflict, Unavailable
from storage.sealing import Sealer
from tests.county import KEY, slack_id
from tests.protocol.world import JO, LIN, OMAR, ROSA, SAM, ZONE, events, plan, situation
from tests.simulation.engine import Fleet
from tests.simulation.record import Record, moves_of
from tests.virtual_time import passes

# What comes from the clock and from delivery; nobody does it.
NOT_DONE_BY_PEOPLE = (
    *("DeadlinePassed", "Undeliverable", "OpenSilent", "PlanVisit"),
    *("PlaceFlagged", "MayCall", "CallRoll"),
)
# Of each kind of event so many variants are tried, to find one that leads somewhere new.
VARIANTS = 3


@dataclass
class People:
    """This lets people do things, through the production runner, until they are accepted."""

    fleet: Fleet
    ctx: Context
    rng: random.Random
    record: Record
    pace: float
    deliveries: int = 0
    world: Situation = field(default_factory=situation)

    def matter(self, matter_id: MatterId) -> Matter | None:
        return self.fleet.database.database.run_sync(matters.load, Sealer([KEY]), matter_id)

    async def does(self, event: e.Event, target) -> None:
        """Deliver one event until it is taken; Slack delivers it again with the same key."""
        self.deliveries += 1
        request = Request(f"d{self.deliveries}", slack_id(event.by), target, lambda by: event)
        while True:
            try:
                outcome = await runner.run(self.ctx, request)
            except (Unavailable, Conflict):
                await passes(1)
            else:
                self.record.tell(outcome, request)
                return

    async def live(self, number: int, until: float) -> None:
        """One worker's afternoon after another, in matters of their own."""
        loop, visits = asyncio.get_running_loop(), 0
        while loop.time() < until:
            visits += 1
            matter_id = MatterId(f"s{number}-{visits}")
            await self._begins(matter_id, JO if number % 2 else SAM)
            ends = loop.time() + self.rng.uniform(20, 160) * 60
            while loop.time() < min(ends, until) and self._goes_on(matter_id):
                await passes(self.rng.expovariate(1 / self.pace))
                await self._something_happens(matter_id)

    def _goes_on(self, matter_id: MatterId) -> bool:
        """What is over is mostly left alone, but now and then somebody still presses a button."""
        matter = self.matter(matter_id)
        return matter is None or matter.is_active or self.rng.random() < 0.5

    async def _begins(self, matter_id: MatterId, worker: PersonId) -> None:
        now = self.ctx.clock.now()
        if self.rng.random() < 0.1:
            help_me = e.Help(now, worker, self.rng.choice(list(e.HelpForm)))
            await self.does(help_me, HelpTarget(None, matter_id))
            return
        partner = {JO: SAM, SAM: JO}[worker] if self.rng.random() < 0.3 else None
        stops = plan().stops * self.rng.choice([1, 1, 3])
        start_in = timedelta(minutes=self.rng.choice([0, 10, 60]))
        lasts = timedelta(minutes=self.rng.choice([30, 90]))
        planned = replace(
            plan(), stops=stops, start_at=now + start_in, expected=lasts, zone=ZONE, partner=partner
        )
        how = self.rng.choice([None, None, None, StartNow.HERE_NOW, StartNow.SENT_TO_LOOK])
        sent_by = ROSA if how is StartNow.SENT_TO_LOOK else None
        event = e.PlanVisit(now, worker, planned, how, sent_by)
        await self.does(event, NewMatter(matter_id))

    async def _something_happens(self, matter_id: MatterId) -> None:
        """Somebody does something here, rather what nobody has done yet in this state."""
        candidates = [
            found
            for name in (matter_id, MatterId(f"{matter_id}.{JO}"))
            if (found := self.matter(name)) is not None
        ]
        if not candidates:
            return
        matter = self.rng.choice(candidates)
        now = self.ctx.clock.now()
        kinds = [
            event
            for _ in range(VARIANTS)
            for event in events(now, matter, self.rng)
            if type(event).__name__ not in NOT_DONE_BY_PEOPLE
        ]
        kinds = self._rather(kinds, matter)
        await self.does(self.rng.choice(kinds), OfMatter(matter.id))

    def _rather(self, kinds: list[e.Event], matter: Matter) -> list[e.Event]:
        """Mostly what nobody has done yet, else what changes something; now and then anything."""
        foreseen = [(event, decide(matter, event, self.world)) for event in kinds]
        changing = [(event, decision) for event, decision in foreseen if decision.changed]
        new = [event for event, decision in changing if self._is_new(matter, event, decision)]
        luck = self.rng.random()
        if new and luck < 0.9:
            return new
        return [event for event, _ in changing] if changing and luck < 0.95 else kinds

    def _is_new(self, matter: Matter, event: e.Event, decision: Decision) -> bool:
        after = replace(decision.matter, version=matter.version + 1)
        moves = moves_of(matter, type(event).__name__, after)
        return bool(moves & self.record.wanted - self.record.moves)

    async def come_home(self, matter_id: MatterId) -> None:
        """Bring one matter to its end, as people would on a quiet day."""
        for _ in range(40):
            matter = self.matter(matter_id)
            if matter is None or not matter.is_active:
                return
            for event in self._homeward(matter):
                await self.does(event, OfMatter(matter_id))
            await passes(3)
        raise AssertionError(f"{matter_id} cannot be brought to an end")

    def _homeward(self, matter: Matter) -> list[e.Event]:
        now, escalation = self.ctx.clock.now(), matter.open_escalation
        if escalation is not None and escalation.state is EscalationState.AWAITING_SECOND:
            second = OMAR if escalation.closing.by == LIN else LIN
            return [e.ConfirmClosing(now, second, escalation.mark)]
        if escalation is not None:
            spoken, found = Accounted.SPOKEN, Finding.LATE
            return [e.Close(now, LIN, escalation.mark, spoken, found)]
        if matter.visit.started_at is None and matter.visit.state is not VisitState.CLOSED:
            return [e.CallOff(now, matter.worker)]
        together = matter.visit.together
        speakers = (matter.worker,) if together else matter.members
        return [e.Clear(now, person, "a", together) for person in speakers]
