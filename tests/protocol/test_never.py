"""The product's Never list, as far as the pure rules can show it: one promise for each item."""

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page, Tell
from protocol.matter import decide, next_deadline
from protocol.offers import TakeHandover
from protocol.plan import StartNow, Stop
from protocol.rating import Factor
from protocol.records import NEEDS_SECOND, Accounted, EscalationKind, EscalationState, VisitState
from protocol.trigger import Sorted
from tests.protocol.seen import helped, open_one, visit, with_place
from tests.protocol.walk import steps
from tests.protocol.world import (
    JO,
    NOON,
    ROSA,
    SHELTER,
    Life,
    flagged,
    minutes,
    missed,
    plan,
    underway,
)

# Drawn once, and used by all of these.
pytestmark = pytest.mark.xdist_group("walk")

WORKERS = (
    *(e.Arrive, e.CheckIn, e.MoveOn, e.Leave, e.Clear, e.CallOff, e.RunningLate, e.NoSignal),
    *(e.Extend, e.Uneasy, e.Split, e.RevisePlan, e.PlanVisit),
)
CLOSERS = (e.Close, e.ConfirmClosing, e.ConfirmTap, e.ProxyCheckIn)


def newly_closed(step):
    """The escalations that this step closed."""
    after = step.after.escalations[len(step.before.escalations) - 1 :]
    was_open = step.before.open_escalation is not None
    return [each for each in after if was_open and each.state is EscalationState.CLOSED]


def test_never_1_an_escalation_closes_only_by_a_named_person_who_says_how():
    seen = 0
    for step in steps():
        for closed in newly_closed(step):
            seen += 1
            if closed.kind is EscalationKind.TRIGGER:
                # It is about nobody's safety: a named person says that it is sorted.
                assert isinstance(step.event, Sorted)
                assert step.after.trigger.settled_by == step.event.by
                continue
            assert isinstance(step.event, CLOSERS), step.event
            assert closed.closing is not None
            assert closed.closing.by not in step.after.members
            assert closed.closing.by == step.event.by or closed.second == step.event.by
            if closed.closing.accounted in (Accounted.SEEN, Accounted.IN_CARE):
                assert closed.closing.witness.strip()
            if closed.kind in NEEDS_SECOND:
                assert closed.second not in (None, closed.closing.by, *step.after.members)
    assert seen > 100


def test_never_1_nothing_resolves_itself_after_days():
    for start in (missed, helped):
        for before in ((), (e.Acknowledge,), (e.CallEmergency,)):
            life = start()
            for event in before:
                life.do(event(life.now, ROSA))
            life.at(3 * 24 * 60)
            assert life.matter.open_escalation is not None
            assert visit(life).state is VisitState.ESCALATED


def test_never_2_a_call_for_help_is_never_refused():
    seen = 0
    for step in steps():
        if isinstance(step.event, e.Help) and step.event.by in step.before.members:
            seen += 1
            assert not step.decision.refused
            assert step.decision.changed
            if step.before.trigger is not None:
                assert [follow.event for follow in step.decision.follow] == [step.event]
                continue
            assert step.after.open_escalation is not None
            assert step.after.open_escalation.kind in NEEDS_SECOND
    assert seen > 100


def test_never_3_the_speed_of_a_ladder_does_not_depend_on_the_tick():
    for tick in (1, 0.1, 7):
        plain, ticked = missed(), missed()
        plain.at(300)
        at = 160.0
        while at < 300:
            at = min(at + tick, 300)
            ticked.do(e.DeadlinePassed(NOON + minutes(at)))
            ticked.at(at)
        if tick < 5:
            # A tick may be late by itself, never early, and no rung is lost by it.
            assert len(ticked.of(Page)) == len(plain.of(Page))
        times = [page.rung for page in ticked.of(Page)]
        assert times == sorted(times)
        assert set(times) == set(range(max(times) + 1))


def test_never_3_no_deadline_is_met_before_its_time_and_each_is_met_once():
    for step in steps():
        if isinstance(step.event, e.DeadlinePassed):
            due_at = next_deadline(step.before)
            early = due_at is None or step.event.at < due_at
            assert step.decision.changed is not early, step


def test_never_4_nothing_a_worker_says_clears_or_slows_what_people_are_called_for():
    seen = 0
    for step in steps():
        before, after = step.before.open_escalation, step.after.open_escalation
        if before is None or not isinstance(step.event, WORKERS):
            continue
        seen += 1
        assert after is not None
        kept = ("state", "due_at", "owner", "rung", "kind", "cycle", "until_at", "no")
        assert all(getattr(after, name) == getattr(before, name) for name in kept), step.event
    assert seen > 1000


def test_never_5_a_late_deadline_is_done_and_not_skipped():
    for lateness in (1, 60, 24 * 60):
        life = underway()
        life.late(160 + lateness)
        assert [page.to for page in life.of(Page)] == [ROSA]


def test_never_11_whoever_is_there_gets_a_clock():
    everything_wrong = plan(
        start_in=-500,
        lasts=5000,
        stops=tuple(Stop("x", SHELTER.id) for _ in range(12)),
        factors=frozenset(Factor),
        partner=JO,
        cash=True,
        transporting=True,
    )
    for how in (StartNow.HERE_NOW, StartNow.WATCH_ME):
        life = with_place(Life(), flagged(SHELTER, times=3))
        life.world.workers.clear()
        decision = life.do(e.PlanVisit(NOON, JO, everything_wrong, how))
        assert decision.reason is Reason.WATCHING
        due_at = visit(life).due_at
        assert due_at is not None
        assert due_at <= NOON + minutes(30)


def test_never_12_help_is_coming_is_said_only_after_a_person_said_so():
    cause: dict[str, tuple[type, ...]] = {
        "seen": (e.Acknowledge, TakeHandover),
        "support_sent": (e.SendSupport,),
        "emergency_called": (e.CallEmergency,),
    }
    for step in steps():
        for effect in step.decision.effects:
            if isinstance(effect, Tell) and effect.said.value in cause:
                assert isinstance(step.event, cause[effect.said.value])
                assert effect.about == step.event.by


def test_the_same_matter_event_and_world_give_the_same_decision():
    world = Life().world
    for step in steps()[::37]:
        assert decide(step.before, step.event, world) == step.decision


def test_a_person_who_is_the_worker_never_acts_as_a_responder():
    responders = (e.Acknowledge, e.CannotTake, e.Escalate, e.StillOnIt, e.LogAttempt, *CLOSERS)
    for step in steps():
        if isinstance(step.event, responders) and step.event.by in step.before.members:
            assert step.decision.refused
            assert step.after == step.before


def test_a_hold_always_has_an_owner_and_an_end():
    held = {
        EscalationState.ACKNOWLEDGED,
        EscalationState.SUPPORT_SENT,
        EscalationState.EMERGENCY_CALLED,
    }
    for step in steps():
        escalation = step.after.open_escalation
        if escalation is None:
            continue
        if escalation.state in held:
            assert escalation.owner is not None
            assert escalation.until_at is not None
            assert escalation.due_at is not None
            assert escalation.due_at <= escalation.until_at
        if escalation.state is EscalationState.CLIMBING:
            assert escalation.owner is None
    assert open_one(missed()).owner is None
