"""Random lives of a matter, by seed: what every state did with every event."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from protocol.calls import AskAccount, CallRoll, OnTheWay
from protocol.decision import Decision
from protocol.events import (
    Acknowledge,
    Clear,
    ConfirmTap,
    DeadlinePassed,
    DeclinePlan,
    Event,
    Leave,
    OpenSilent,
)
from protocol.ids import MatterId
from protocol.matter import next_deadline
from protocol.records import EscalationState, Matter, VisitState
from protocol.table import NEW
from protocol.trigger import RaiseTrigger, Sorted
from tests.protocol.world import JO, NOON, ROSA, Life, confirmed, events, page_of, planned, underway

STEPS = 60
LIVES = 1000
MATTERS_A_CORNER = 12
# What a life is mostly made of; half of the lives lean towards it, so that they get somewhere.
USUAL = frozenset(
    {
        *("PlanVisit", "ConfirmPlan", "Arrive", "CheckIn", "MoveOn", "Leave", "Clear"),
        *("Help", "Acknowledge", "Close", "Close", "ConfirmClosing", "DeclinePlan"),
    }
)


@dataclass(frozen=True)
class Step:
    """One event of one life, with the matter before and after it.

    `path` is what led to `after` from nothing: every event that changed something.
    """

    seed: int
    before: Matter
    event: Event
    decision: Decision
    after: Matter
    path: tuple[Event, ...] = ()

    @property
    def kind(self) -> str:
        return type(self.event).__name__


def visit_state(matter: Matter) -> VisitState | str:
    return matter.visit.state if matter.visit else NEW


def escalation_state(before: Matter, after: Matter) -> tuple[str, str]:
    """The state of the same escalation before and after; NEW where it was opened just now."""
    last = after.escalations[-1] if after.escalations else None
    if last is None:
        return NEW, NEW
    opened = len(after.escalations) > len(before.escalations)
    return NEW if opened else before.escalations[-1].state, last.state


def life(seed: int) -> Iterator[Step]:
    rng = random.Random(seed)
    lived = Life()
    silent = rng.random() < 0.15
    usual = rng.choice([(), USUAL])
    for _ in range(STEPS):
        due = next_deadline(lived.matter) or lived.now
        later = lived.now + timedelta(minutes=rng.choice([0, 1, 3, 10]))
        lived.now = max(lived.now, due) if rng.random() < 0.25 else later
        kinds = events(lived.now, lived.matter, rng)
        likely = [kind for kind in kinds if type(kind).__name__ in usual]
        event = rng.choice(likely if likely and rng.random() < 0.5 else kinds)
        if rng.random() < 0.25:
            event = DeadlinePassed(lived.now)
        if isinstance(event, OpenSilent) is not silent and not lived.matter.version:
            continue  # a silent matter begins as one, and nothing else becomes one
        if isinstance(event, OpenSilent) and not silent:
            continue
        if isinstance(event, CallRoll) and not lived.matter.version:
            continue  # a roll call is a matter of its own
        before = lived.matter
        decision = lived.do(event)
        yield Step(seed, before, event, decision, lived.matter, lived.path)


def _corner(matter: Matter) -> tuple[str, ...]:
    last = matter.escalations[-1] if matter.escalations else None
    visit = matter.visit
    where = (visit.approval, visit.expecting, str(bool(visit.started_at))) if visit else ()
    how = (last.state, last.kind) if last else (NEW,)
    return (visit_state(matter), *how, *where)


def probes(lived: tuple[Step, ...]) -> Iterator[Step]:
    """From a few matters in every corner of the states, every event in several variants.

    Lives alone rarely come to the corners; this goes to each of them.
    """
    corners: dict[tuple[str, ...], list[Step]] = defaultdict(list)
    for step in lived:
        corner = corners[_corner(step.after)]
        if len(corner) < MATTERS_A_CORNER or step.seed % 50 == 0:
            corner.append(step)
    for number, (_, corner) in enumerate(sorted(corners.items(), key=lambda item: item[0])):
        rng = random.Random(number)
        for step in rng.sample(corner, min(len(corner), MATTERS_A_CORNER)):
            at = step.event.at + timedelta(minutes=rng.choice([0, 1, 20]))
            for event in [*events(at, step.after, rng), *events(at, step.after, rng)]:
                if isinstance(event, OpenSilent) and not step.after.silent:
                    continue
                again = Life(matter=step.after, now=at, path=step.path)
                decision = again.do(event)
                yield Step(-number - 1, step.after, event, decision, again.matter, again.path)


def by_hand() -> Iterator[Step]:
    """Moves that chance seldom makes."""
    withdrawn = confirmed()
    yield _step(withdrawn, DeclinePlan(NOON, ROSA, 1, "not today"))
    waiting = planned().at(60)
    waiting.do(AskAccount(waiting.now, ROSA, MatterId("call1")))
    yield _step(waiting, OnTheWay(waiting.now, JO, "a"))
    tapped = planned()
    while tapped.matter.open_escalation is None:
        tapped.sweep(next_deadline(tapped.matter))
    tapped.do(Clear(tapped.now, JO, "a"))
    mark = tapped.matter.open_escalation.mark
    yield _step(tapped, ConfirmTap(tapped.now, ROSA, mark))
    cleared = underway()
    cleared.do(Leave(cleared.now, JO))
    while cleared.matter.open_escalation is None:
        cleared.sweep(next_deadline(cleared.matter))
    cleared.do(Clear(cleared.now, JO, "a"))
    mark = cleared.matter.open_escalation.mark
    yield _step(cleared, ConfirmTap(cleared.now, ROSA, mark))
    own = Life()
    own.do(RaiseTrigger(NOON, JO, NOON, page_of(private=True, danger=True)))
    own.do(Acknowledge(NOON, ROSA))
    yield _step(own, Sorted(NOON, JO, 0))


def _step(lived: Life, event: Event) -> Step:
    before = lived.matter
    return Step(-1000, before, event, lived.do(event), lived.matter, lived.path)


@cache
def steps() -> tuple[Step, ...]:
    """All steps of all lives, and the probes of every corner; the same at every run."""
    lived = tuple(step for seed in range(LIVES) for step in life(seed))
    return (*lived, *probes(lived), *by_hand())


ESCALATION_STATES = (NEW, *EscalationState)
VISIT_STATES = (NEW, *VisitState)
