"""A small county to try the rules in: people, cover, places, and events of every kind.

No database and no Slack: `decide` alone, with the shipped policy.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from protocol import events as e
from protocol.calls import AskAccount, CallRoll, MayCall, OnTheWay
from protocol.decision import Decision
from protocol.effects import Effect
from protocol.flagged import PlaceFlagged
from protocol.ids import MatterId, PersonId, PlaceId, ProgramId
from protocol.matter import blank, decide, next_deadline
from protocol.offers import DeclineHandover, Handed, OfferHandover, TakeHandover
from protocol.override import AgreeLowering, LowerRating
from protocol.people import Cover, Duty, Role
from protocol.plan import Place, Plan, StartNow, Stop
from protocol.policy import ChannelRole, Policy
from protocol.rating import Factor, Flag, FlagKind, Rating
from protocol.records import Accounted, Finding, Matter
from protocol.situation import DuressChoice, Situation, Worker
from protocol.trigger import (
    Both,
    NightClose,
    NotSorted,
    Pageable,
    RaiseTrigger,
    RowUsed,
    Sorted,
    Tier,
    UntilMorning,
    WriteConsult,
    ladder,
)

NOON = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)  # noon in Los Angeles
ZONE = "America/Los_Angeles"
POLICY = Policy.model_validate(yaml.safe_load(Path("config/policy.yml").read_text()))

JO, SAM = PersonId("jo"), PersonId("sam")
ROSA, THEO, MAYA = PersonId("rosa"), PersonId("theo"), PersonId("maya")
LIN, OMAR, INES, PAT = PersonId("lin"), PersonId("omar"), PersonId("ines"), PersonId("pat")
OUTSIDER = PersonId("outsider")

HELD_ROLES = (
    (Role.PEER, JO),
    (Role.PEER, SAM),
    (Role.COORDINATOR, ROSA),
    (Role.COORDINATOR, THEO),
    (Role.PEER_SUPERVISOR, MAYA),
    (Role.CLINICAL_LEAD, LIN),
    (Role.CLINICAL_LEAD, OMAR),
    (Role.EXECUTIVE, INES),
    (Role.PROGRAM_MANAGER, PAT),
)
ON_DUTY = ((Role.COORDINATOR, ROSA), (Role.PEER_SUPERVISOR, MAYA), (Role.CLINICAL_LEAD, LIN))
SHELTER = Place(PlaceId("shelter"), "Main Street shelter")


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def cover(
    on_duty: tuple[tuple[Role, PersonId], ...] = ON_DUTY,
    held: tuple[tuple[Role, PersonId], ...] = HELD_ROLES,
    **more: frozenset[PersonId],
) -> Cover:
    far = timedelta(days=400)
    duties = tuple(Duty(person, role, NOON - far, NOON + far) for role, person in on_duty)
    return Cover(duties=duties, holders=held, **more)


def flagged(place: Place, kind: FlagKind = FlagKind.CONCERN, times: int = 1) -> Place:
    flag = Flag(kind, ROSA, NOON - timedelta(days=1), NOON + timedelta(days=89))
    return replace(place, flags=(*place.flags, *(flag for _ in range(times))))


def situation(*places: Place, covered: Cover | None = None) -> Situation:
    trained = NOON + timedelta(days=400)
    duress = DuressChoice(button="b", phrase="ok all good here")
    return Situation(
        policy=POLICY,
        cover=covered or cover(),
        places={place.id: place for place in (SHELTER, *places)},
        workers={
            JO: Worker(JO, trained, (THEO,), duress),
            SAM: Worker(SAM, trained),
            **{p: Worker(p, trained) for p in (ROSA, THEO, MAYA)},
        },
        zone=ZONE,
    )


def plan(start_in: float = 60, lasts: float = 90, **more: object) -> Plan:
    given = {"stops": (Stop("Main Street shelter", SHELTER.id),), "zone": ZONE, **more}
    return Plan(start_at=NOON + minutes(start_in), expected=minutes(lasts), **given)  # type: ignore[arg-type]


SUICIDAL_INTENT = RowUsed(
    "suicidal_intent",
    "3f2a",
    Tier.U1,
    Both("Suicidal intent", "Intención suicida"),
    (Both("Call 988", "Llama al 988"),),
)


def page_of(tier: Tier = Tier.U1, **more: object) -> Pageable:
    """A row of this tier: the clinical lead, behind them the coordinator, in the channel."""
    steps = ladder(tier, Role.CLINICAL_LEAD, Role.COORDINATOR, ChannelRole.CLINICAL)
    row = replace(SUICIDAL_INTENT, tier=tier)
    given = {"channel": ChannelRole.CLINICAL, **more}
    return Pageable(row, steps, Role.COORDINATOR, **given)  # type: ignore[arg-type]


def page_for(rng: random.Random) -> Pageable:
    tier = rng.choice([Tier.U0, Tier.U1, Tier.U2])
    return page_of(tier, private=rng.random() < 0.2, danger=rng.random() < 0.7)


def owner_of(matter: Matter, rng: random.Random) -> PersonId:
    """Mostly whoever has it, sometimes anybody."""
    escalation = matter.open_escalation
    people = [ROSA, LIN, JO, OUTSIDER]
    return rng.choice(
        [*people, *([escalation.owner] * 6 if escalation and escalation.owner else [])]
    )


@dataclass
class Life:
    """One matter, the events it met and what was asked of the world, in order."""

    matter: Matter = field(default_factory=lambda: blank(MatterId("m1"), ProgramId("county"), JO))
    world: Situation = field(default_factory=situation)
    now: datetime = NOON
    effects: list[Effect] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    path: tuple[e.Event, ...] = ()

    def do(self, event: e.Event) -> Decision:
        """Apply an event as the runner does: a changed matter is saved under the next version."""
        decision = decide(self.matter, event, self.world)
        self.decisions.append(decision)
        if decision.changed:
            self.matter = replace(decision.matter, version=self.matter.version + 1)
            self.effects += decision.effects
            self.path = (*self.path, event)
        return decision

    def at(self, offset: float) -> "Life":
        """Move to so many minutes after noon, doing on the way whatever is due."""
        self.sweep(NOON + minutes(offset))
        return self

    def sweep(self, until: datetime | None) -> None:
        """Do whatever is due up to an instant that is there."""
        assert until is not None
        while (due := next_deadline(self.matter)) is not None and due <= until:
            self.now = max(self.now, due)
            assert self.do(e.DeadlinePassed(self.now)).changed, "a deadline that changes nothing"
        self.now = until

    def late(self, offset: float) -> "Life":
        """Nobody looked until then: whatever was due is done at that instant, one by one."""
        self.now = NOON + minutes(offset)
        while (due := next_deadline(self.matter)) is not None and due <= self.now:
            assert self.do(e.DeadlinePassed(self.now)).changed, "a deadline that changes nothing"
        return self

    def of(self, kind: type, since: int = 0) -> list:
        """The effects of this class, in order."""
        return [effect for effect in self.effects[since:] if isinstance(effect, kind)]


def planned(**more: object) -> Life:
    """A plan that was sent, an hour ahead."""
    life = Life()
    life.do(e.PlanVisit(NOON, JO, plan(**more)))  # type: ignore[arg-type]
    return life


def confirmed(**more: object) -> Life:
    life = planned(**more)
    life.do(e.ConfirmPlan(NOON, ROSA, 1))
    return life


def underway(**more: object) -> Life:
    """Confirmed for one o'clock, arrived at one o'clock."""
    life = confirmed(**more).at(60)
    life.do(e.Arrive(life.now, JO))
    for partner in filter(None, [life.matter.visit.plan.partner]):
        life.do(e.Arrive(life.now, partner))
    return life


def missed(**more: object) -> Life:
    """Underway, and not heard from until the first human was reached."""
    life = underway(**more)
    while life.matter.open_escalation is None:
        life.sweep(next_deadline(life.matter))
    return life


def asked_of(matter: Matter, rng: random.Random) -> PersonId:
    """Whoever was asked to take something over here, else somebody."""
    offers = [one.offer for one in (matter.open_escalation, matter.visit) if one and one.offer]
    return rng.choice(offers).to if offers else rng.choice([OMAR, THEO])


def trigger_events(at: datetime, matter: Matter, rng: random.Random) -> list[e.Event]:
    """One event of every kind that is about a trigger."""
    escalation, someone = matter.open_escalation, rng.choice([ROSA, LIN, MAYA, OUTSIDER])
    mark = (escalation.mark if escalation else 1) - rng.choice([0, 0, 0, 1])
    return [
        RaiseTrigger(at, JO, at - minutes(rng.choice([0, 15])), page_for(rng), "they said it"),
        WriteConsult(at, owner_of(matter, rng), "seen today", at + minutes(rng.choice([60, 0]))),
        NightClose(at, owner_of(matter, rng), UntilMorning.IN_CARE),
        Sorted(at, rng.choice([JO, someone]), mark),
        NotSorted(at, rng.choice([JO, JO, someone])),
    ]


def events(at: datetime, matter: Matter, rng: random.Random) -> list[e.Event]:
    """One event of every kind, by somebody who might well do it."""
    visit, escalation = matter.visit, matter.open_escalation
    mark = escalation.mark if escalation else 1
    revision = visit.revision if visit else 1
    worker = rng.choice([*matter.members, JO])
    someone = rng.choice([ROSA, MAYA, LIN, OMAR, INES, worker, OUTSIDER])
    near = plan().stops * rng.choice([1, 1, 3])
    fresh = Plan(stops=near, start_at=at + minutes(30), expected=minutes(60), zone=ZONE)
    fresh = replace(fresh, start_at=at + minutes(rng.choice([2, 30, 240])))
    paired = replace(fresh, partner=SAM)
    risky = replace(paired, factors=frozenset({Factor.RECENT_VIOLENCE}))
    new_plan = rng.choice([fresh, paired, risky, replace(fresh, cash=True)])
    start = rng.choice([None, None, StartNow.HERE_NOW, StartNow.WATCH_ME])
    stale = rng.choice([0, 0, 0, 1])
    accounted, witness = rng.choice(
        [(Accounted.SPOKEN, ""), (Accounted.SEEN, "Theo"), (Accounted.IN_CARE, "")]
    )
    page = escalation.episode if escalation else "1.1"
    rung = escalation.rung if escalation else 0
    down = rng.choice(escalation.waiting) if escalation and escalation.waiting else ROSA
    said = rng.choice(["a", "a", "b", "ok all good here"])
    both = rng.random() < 0.3
    lower = Rating.ELEVATED if visit and visit.rating is Rating.HIGH else Rating.LOW
    return [
        e.DeadlinePassed(at),
        e.Undeliverable(at, page, rung, down),
        e.PlanVisit(at, worker, new_plan, start),
        e.PlanVisit(at, JO, fresh, StartNow.SENT_TO_LOOK, sent_by=ROSA),
        e.RevisePlan(at, worker, new_plan),
        e.CallOff(at, worker),
        e.RunningLate(at, worker, minutes(rng.choice([15, 90]))),
        e.Arrive(at, worker, said, both),
        e.CheckIn(at, worker, said, both),
        e.MoveOn(at, worker, rng.choice([None, minutes(20), minutes(90)])),
        e.NoSignal(at, worker, at + minutes(rng.choice([30, 200]))),
        e.Extend(at, worker, minutes(rng.choice([15, 400]))),
        e.Leave(at, worker, said, rng.random() < 0.5),
        e.Clear(at, worker, said, both),
        e.Split(at, worker),
        e.Uneasy(at, worker),
        e.Help(at, worker, rng.choice(list(e.HelpForm))),
        e.ConfirmPlan(at, someone, revision - stale, rng.choice([None, minutes(20)])),
        e.AskChanges(at, someone, revision - stale, "please go with Sam"),
        e.DeclinePlan(at, someone, revision - stale, "not today"),
        LowerRating(at, someone, revision - stale, lower, "the street is calm today"),
        AgreeLowering(at, someone, revision - stale),
        e.Acknowledge(at, someone),
        e.StillOnIt(at, someone),
        e.CannotTake(at, someone),
        e.Escalate(at, someone),
        e.LogAttempt(at, someone, e.ContactMethod.CALL, e.ContactOutcome.NO_ANSWER),
        e.SendSupport(at, someone, "mobile crisis", rng.choice([None, THEO, SAM])),
        e.CallEmergency(at, someone),
        e.ConfirmTap(at, someone, mark - stale),
        e.ProxyCheckIn(at, someone, rng.random() < 0.7),
        e.Close(at, someone, mark - stale, accounted, Finding.LATE, witness, both),
        e.ConfirmClosing(at, someone, mark - stale),
        e.RejectClosing(at, someone),
        e.OpenSilent(at, worker, MatterId("m0"), (THEO,), told=rng.choice([(), (OMAR, ROSA)])),
        OfferHandover(at, someone, rng.choice([OMAR, LIN, MAYA, THEO]), rng.choice(list(Handed))),
        TakeHandover(at, asked_of(matter, rng), rng.choice(list(Handed))),
        DeclineHandover(at, asked_of(matter, rng), rng.choice(list(Handed))),
        CallRoll(at, rng.choice([ROSA, worker])),
        AskAccount(at, ROSA, MatterId(f"call{rng.choice([1, 2])}")),
        OnTheWay(at, worker, said),
        MayCall(at, (someone,)),
        PlaceFlagged(at, someone, SHELTER.id, SHELTER.label, FlagKind.CONCERN),
        *trigger_events(at, matter, rng),
    ]
