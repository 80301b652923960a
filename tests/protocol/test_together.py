"""Low plans that are confirmed together: only those, only as they were read, by nobody who goes."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.plan import StartNow
from protocol.rating import Factor, Rating
from protocol.records import Approval, Lowering, VisitState
from protocol.together import ConfirmTogether, fits
from tests.protocol.world import JO, LIN, MAYA, NOON, ROSA, SAM, Life, minutes, plan, planned


def together(life, by=ROSA, revision=1, every=None):
    return life.do(ConfirmTogether(life.now, by, revision, every))


def test_a_low_plan_is_confirmed_and_may_be_checked_on_more_often():
    life = planned()
    assert together(life, every=minutes(30)).reason is Reason.CONFIRMED
    visit = life.matter.visit
    assert (visit.approver, visit.timings.check_in_every) == (ROSA, minutes(30))


def test_no_plan_is_checked_on_less_often_than_the_policy_says():
    life = planned()
    together(life, every=minutes(240))
    assert life.matter.visit.timings.check_in_every == minutes(120)


@pytest.mark.parametrize(
    "more",
    [
        {"factors": frozenset({Factor.DRUG_MARKET})},
        {"factors": frozenset({Factor.WEAPONS}), "partner": SAM},
        {"raised": Rating.ELEVATED},
        {"backup": ROSA},
    ],
)
def test_what_is_not_low_or_has_a_part_for_them_is_answered_singly(more):
    life = planned(**more)
    assert not fits(life.matter, ROSA)
    decision = together(life)
    assert (decision.refused, decision.reason) == (True, Reason.NOT_TOGETHER)
    assert life.matter.visit.approval is Approval.ASKED


def test_nobody_confirms_their_own_visit_or_their_partners():
    life = planned(partner=MAYA)
    for who in (JO, MAYA):
        assert not fits(life.matter, who)
        assert together(life, by=who).reason is Reason.OWN_PLAN


def test_a_plan_that_two_people_lowered_is_answered_singly():
    life = planned()
    lowered = Lowering(ROSA, NOON, Rating.LOW, "calm", second=MAYA)
    visit = life.matter.visit
    assert visit is not None
    for changed in (replace(visit, lowered=lowered), replace(visit, lowering=lowered)):
        assert not fits(replace(life.matter, visit=changed), ROSA)


def test_a_worker_who_is_there_already_is_answered_singly():
    life = Life()
    life.do(e.PlanVisit(NOON, JO, plan(), StartNow.HERE_NOW))
    assert together(life).reason is Reason.NOT_TOGETHER
    assert life.matter.visit.state is VisitState.UNDERWAY


def test_a_yes_counts_for_the_revision_that_was_read_and_no_other():
    life = planned()
    life.do(e.RevisePlan(NOON, JO, plan(lasts=60)))
    decision = together(life, revision=1)
    assert (decision.refused, decision.reason) == (True, Reason.PLAN_CHANGED)
    assert together(life, revision=2).reason is Reason.CONFIRMED


def test_a_second_yes_changes_nothing_and_is_no_mistake():
    life = planned()
    together(life)
    again = together(life, by=MAYA)
    assert (again.reason, again.refused, again.changed) == (Reason.ALREADY_CONFIRMED, False, False)


def test_only_who_may_approve_confirms():
    assert together(planned(), by=LIN).reason is Reason.NOT_AN_APPROVER
