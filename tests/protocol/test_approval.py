"""Approval: by somebody else, of what was shown, and never a condition for being watched."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import PostApproval
from protocol.ids import PersonId
from protocol.people import Duty, Role
from protocol.plan import StartNow
from protocol.rating import Factor, FlagKind, Rating
from protocol.records import Approval, VisitOutcome, VisitState
from tests.protocol.seen import after_noon, asked, covered, due, said, visit, watch, with_place
from tests.protocol.world import (
    HELD_ROLES,
    INES,
    JO,
    LIN,
    MAYA,
    NOON,
    ON_DUTY,
    OUTSIDER,
    ROSA,
    SAM,
    SHELTER,
    THEO,
    Life,
    confirmed,
    cover,
    flagged,
    minutes,
    plan,
    planned,
    underway,
)

VIOLENT = frozenset({Factor.RECENT_VIOLENCE})
ANSWERS: dict[str, Callable[[PersonId, int], e.Event]] = {
    "confirm": lambda by, revision: e.ConfirmPlan(NOON, by, revision),
    "ask changes": lambda by, revision: e.AskChanges(NOON, by, revision, "go with Sam"),
    "decline": lambda by, revision: e.DeclinePlan(NOON, by, revision, "not today"),
}


def approving(life, **more):
    """The worker is a coordinator as well, and so could approve anybody else's plan."""
    held = (*HELD_ROLES, (Role.COORDINATOR, JO), (Role.PEER_SUPERVISOR, SAM))
    return covered(life, cover(held=held))


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("by", [JO, SAM])
def test_nobody_answers_their_own_plan_nor_their_partners(by, answer):
    life = approving(planned(partner=SAM))
    decision = life.do(ANSWERS[answer](by, 1))
    assert decision.reason is Reason.OWN_PLAN
    assert visit(life).approval is Approval.ASKED


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("by", [OUTSIDER, LIN, INES])
def test_only_an_approver_answers_a_plan(by, answer):
    life = planned()
    decision = life.do(ANSWERS[answer](by, 1))
    assert decision.reason is Reason.NOT_AN_APPROVER


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_to_an_older_revision_is_refused(answer):
    life = planned()
    life.do(e.RevisePlan(NOON, JO, plan(start_in=90)))
    assert life.do(ANSWERS[answer](ROSA, 1)).reason is Reason.PLAN_CHANGED
    assert visit(life).approval is Approval.ASKED


@pytest.mark.parametrize("by", [ROSA, THEO, MAYA])
def test_a_coordinator_or_peer_supervisor_confirms_and_the_worker_is_told_by_whom(by):
    life = planned()
    life.do(e.ConfirmPlan(NOON, by, 1))
    assert visit(life).state is VisitState.CONFIRMED
    assert visit(life).approver == by
    assert (JO, "plan_confirmed") in said(life)


def test_of_two_who_confirm_at_once_the_first_stands():
    life = confirmed()
    decision = life.do(e.ConfirmPlan(NOON, THEO, 1))
    assert not decision.refused
    assert not decision.changed
    assert visit(life).approver == ROSA


def test_whoever_approves_is_asked_first_on_duty_and_never_the_visits_own():
    life = approving(Life())
    life.do(e.PlanVisit(NOON, JO, plan(partner=SAM)))
    assert asked(life) == [(ROSA, "approve")]
    card = life.of(PostApproval)[0]
    assert not {JO, SAM} & set(card.instead)


def test_the_approver_may_shorten_the_interval_and_not_lengthen_it():
    for asked_for, every in ((20, 20), (45, 45), (300, 60)):
        life = planned(factors=frozenset({Factor.ENCAMPMENT}))
        life.do(e.ConfirmPlan(NOON, ROSA, 1, minutes(asked_for)))
        life.at(60)
        life.do(e.Arrive(life.now, JO))
        assert due(life) == 60 + every


def test_the_approved_timings_are_copied_and_a_later_policy_does_not_reach_the_visit():
    life = confirmed()
    rows = dict(life.world.policy.ratings)
    rows[Rating.LOW] = rows[Rating.HIGH]
    life.world = replace(life.world, policy=life.world.policy.model_copy(update={"ratings": rows}))
    life.at(60)
    life.do(e.Arrive(life.now, JO))
    assert due(life) == 150
    life.at(160)
    assert life.matter.open_escalation is not None
    assert after_noon(life.matter.open_escalation.due_at) == 165


def test_a_declined_plan_ends_before_the_start_and_only_the_worker_reads_why():
    life = planned()
    life.do(e.DeclinePlan(NOON, ROSA, 1, "not today"))
    assert visit(life).state is VisitState.CLOSED
    assert visit(life).outcome is VisitOutcome.DECLINED
    assert [t.to for t in life.effects if getattr(t, "text", "") == "not today"] == [JO]


@pytest.mark.parametrize("how", [StartNow.HERE_NOW, StartNow.WATCH_ME])
def test_a_declined_visit_of_somebody_who_is_there_is_watched_all_the_same(how):
    life = Life()
    life.do(e.PlanVisit(NOON, JO, plan(start_in=0), how))
    life.do(e.DeclinePlan(NOON + minutes(1), ROSA, 1, "come back"))
    assert visit(life).state is VisitState.UNDERWAY
    assert due(life) == 90


def test_a_plan_that_is_declined_after_its_start_is_watched_all_the_same():
    life = planned().at(61)
    life.do(e.DeclinePlan(life.now, ROSA, 1, "too late"))
    assert visit(life).state is VisitState.PLANNED
    assert due(life) == 75


def test_asking_for_changes_tells_the_worker_and_the_clock_still_runs():
    life = planned()
    life.do(e.AskChanges(NOON, ROSA, 1, "go with Sam"))
    assert visit(life).approval is Approval.CHANGES_ASKED
    assert [t.text for t in life.effects if getattr(t, "said", "") == "changes_asked"]
    life.at(85)
    assert visit(life).state is VisitState.ESCALATED


def test_an_unanswered_plan_climbs_to_the_backup_a_quarter_of_an_hour_before_the_start():
    life = planned()
    since = len(life.effects)
    life.at(44.9)
    assert asked(life, since) == []
    life.at(45)
    assert (MAYA, "approve") in asked(life, since)


def test_whoever_came_on_duty_since_is_asked_when_nobody_has_answered():
    far = minutes(10_000)
    duties = (
        Duty(ROSA, Role.COORDINATOR, NOON - far, NOON + minutes(30)),
        Duty(THEO, Role.COORDINATOR, NOON + minutes(30), NOON + far),
    )
    life = Life()
    covered(life, replace(cover(), duties=duties))
    life.do(e.PlanVisit(NOON, JO, plan()))
    since = len(life.effects)
    life.at(45)
    assert (THEO, "approve") in asked(life, since)


def test_a_plan_made_shortly_before_its_start_climbs_all_the_same():
    life = planned(start_in=5)
    since = len(life.effects)
    life.at(5)
    assert asked(life, since)


def test_at_the_start_everybody_on_duty_hears_that_nobody_confirmed():
    life = planned()
    since = len(life.effects)
    life.at(60)
    told = {to for to, what in said(life, since) if what == "started_unconfirmed"}
    assert {person for _, person in ON_DUTY} <= told
    assert JO not in told


def test_a_confirmed_plan_is_asked_for_no_more():
    life = confirmed()
    since = len(life.effects)
    life.at(70)
    assert asked(life, since) == []
    assert [what for _, what in said(life, since)] == []


def test_a_flag_raised_in_between_shows_the_plan_again_with_its_new_rating():
    life = with_place(planned(), flagged(SHELTER))
    decision = life.do(e.ConfirmPlan(NOON, ROSA, 1))
    assert decision.reason is Reason.RATING_ROSE
    assert visit(life).approval is Approval.ASKED
    assert visit(life).rating is Rating.ELEVATED
    assert life.do(e.ConfirmPlan(NOON, ROSA, 1)).reason is Reason.PLAN_CHANGED
    assert life.do(e.ConfirmPlan(NOON, ROSA, 2)).reason is Reason.CONFIRMED


def test_a_visit_whose_rating_rose_is_watched_by_it_though_nobody_confirmed_again():
    life = with_place(planned(), flagged(SHELTER))
    life.do(e.ConfirmPlan(NOON, ROSA, 1))
    life.at(60)
    life.do(e.Arrive(life.now, JO))
    assert due(life) == 120, "an elevated visit is checked on every hour"


@pytest.mark.parametrize(
    ("flags", "rule"),
    [
        ((FlagKind.NO_ENTRY, 1), Reason.NO_ENTRY),
        ((FlagKind.CONCERN, 2), Reason.NEEDS_PAIR),
    ],
)
def test_a_flag_raised_in_between_stops_what_it_would_have_stopped_at_planning(flags, rule):
    life = with_place(planned(), flagged(SHELTER, *flags))
    reasons = [life.do(e.ConfirmPlan(NOON, ROSA, visit(life).revision)).reason for _ in range(3)]
    assert visit(life).approval is not Approval.CONFIRMED
    assert rule in reasons


def test_a_place_that_was_closed_in_between_stops_the_plan():
    life = with_place(planned(), replace(SHELTER, retired=True))
    assert life.do(e.ConfirmPlan(NOON, ROSA, 1)).reason is Reason.PLACE_GONE


def test_confirming_a_visit_that_is_underway_without_shortening_it_moves_no_deadline():
    life = Life()
    risky = plan(start_in=0, factors=VIOLENT, backup=THEO)
    life.do(e.PlanVisit(NOON, JO, risky, StartNow.HERE_NOW))
    life.do(e.NoSignal(NOON, JO, NOON + minutes(60)))
    life.at(2)
    life.do(e.ConfirmPlan(life.now, ROSA, 1))
    assert due(life) == 60, "the worker has no signal until then, and said so"


def test_shortening_a_visit_that_is_underway_makes_nobody_late_at_once():
    life = Life()
    life.do(e.PlanVisit(NOON, JO, plan(start_in=0, lasts=240), StartNow.HERE_NOW))
    life.at(60)
    life.do(e.ConfirmPlan(life.now, ROSA, 1, minutes(30)))
    assert 60 < due(life) <= 90


def test_a_visit_that_ended_has_nothing_to_confirm():
    life = underway()
    life.do(e.Leave(life.now, JO))
    life.do(e.Clear(life.now, JO))
    decision = life.do(e.DeclinePlan(life.now, ROSA, 1, "late"))
    assert decision.reason is Reason.ALREADY_CLOSED
    assert not decision.changed


def test_asking_again_does_not_stop_while_the_clock_is_late_by_an_hour():
    life = planned()
    since = len(life.effects)
    life.late(58)
    assert asked(life, since)
    watch(life, 61)
    assert [what for _, what in said(life, since)].count("started_unconfirmed") >= 1
