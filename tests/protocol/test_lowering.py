"""A rating goes down by one step, with two names and a reason, and only against what was known."""

from dataclasses import replace
from typing import Any

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.override import AgreeLowering, LowerRating
from protocol.people import Role
from protocol.plan import StartNow
from protocol.rating import Factor, Flag, FlagKind, Rating
from protocol.records import Approval, VisitState
from tests.protocol.seen import asked, covered, due, said, visit, with_place
from tests.protocol.world import (
    HELD_ROLES,
    JO,
    LIN,
    MAYA,
    NOON,
    OUTSIDER,
    PAT,
    POLICY,
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

WHY = "the outreach van is parked there all day"
ELEVATED: dict[str, Any] = {"factors": frozenset({Factor.ENCAMPMENT})}
HIGH: dict[str, Any] = {"factors": frozenset({Factor.RECENT_VIOLENCE}), "backup": THEO}


def propose(life, by=ROSA, rating=Rating.LOW, revision=None):
    return life.do(LowerRating(life.now, by, revision or visit(life).revision, rating, WHY))


def agree(life, by=MAYA, revision=None):
    return life.do(AgreeLowering(life.now, by, revision or visit(life).revision))


def lowered(**more):
    """An elevated plan, lowered by Rosa and Maya."""
    life = planned(**(more or ELEVATED))
    propose(life, rating=Rating.LOW if not more else Rating.ELEVATED)
    assert agree(life).reason is Reason.RATING_LOWERED
    return life


def test_one_name_alone_changes_nothing_but_asks_the_others_on_duty():
    life = planned(**ELEVATED)
    before, since = visit(life), len(life.effects)
    assert propose(life).reason is Reason.RATING_PROPOSED
    assert visit(life).rating is Rating.ELEVATED
    assert visit(life).timings == before.timings
    assert visit(life).revision == before.revision
    assert asked(life, since) == [(MAYA, "agree_lowering")]


def test_where_no_other_approver_is_on_duty_the_holders_of_the_role_are_asked():
    life = covered(planned(**ELEVATED), cover(on_duty=((Role.COORDINATOR, ROSA),)))
    since = len(life.effects)
    propose(life)
    assert asked(life, since) == [(THEO, "agree_lowering"), (MAYA, "agree_lowering")]


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [(ELEVATED, Rating.ELEVATED, Rating.LOW), (HIGH, Rating.HIGH, Rating.ELEVATED)],
)
def test_a_second_name_makes_it_so_with_the_policys_timings_and_both_names(what, old, new):
    life = planned(**what)
    assert visit(life).rating is old
    propose(life, rating=new)
    agree(life)
    now = visit(life)
    assert (now.rating, now.timings) == (new, POLICY.timings(new))
    assert (now.lowered.by, now.lowered.second, now.lowered.reason) == (ROSA, MAYA, WHY)
    assert now.lowering is None


def test_the_lower_rating_is_not_a_yes_and_is_confirmed_as_usual():
    life = planned(**ELEVATED)
    propose(life)
    since = len(life.effects)
    agree(life)
    assert visit(life).approval is Approval.ASKED
    assert visit(life).revision == 2
    assert asked(life, since) == [(MAYA, "approve")]
    assert said(life, since) == [(ROSA, "rating_lowered"), (JO, "rating_lowered")]
    assert life.do(e.ConfirmPlan(life.now, THEO, 1)).reason is Reason.PLAN_CHANGED
    assert life.do(e.ConfirmPlan(life.now, THEO, 2)).reason is Reason.CONFIRMED
    assert visit(life).rating is Rating.LOW
    life.at(60)
    life.do(e.Arrive(life.now, JO))
    assert due(life) == 150


def test_a_high_plan_that_was_lowered_needs_no_pair_any_more():
    life = with_place(planned(**ELEVATED), flagged(SHELTER, times=2))
    life.do(e.ConfirmPlan(life.now, ROSA, 1))
    assert visit(life).rating is Rating.HIGH
    assert life.do(e.ConfirmPlan(life.now, ROSA, 2)).reason is Reason.NEEDS_PAIR
    propose(life, rating=Rating.ELEVATED)
    agree(life)
    assert life.do(e.ConfirmPlan(life.now, ROSA, 3)).reason is Reason.CONFIRMED


@pytest.mark.parametrize("by", [JO, SAM, THEO])
def test_nobody_who_goes_along_lowers_the_rating(by):
    life = planned(**{**ELEVATED, "partner": SAM, "backup": THEO})
    held = (*HELD_ROLES, (Role.COORDINATOR, JO), (Role.PEER_SUPERVISOR, SAM))
    covered(life, cover(held=held))
    assert propose(life, by).reason is Reason.OWN_PLAN
    propose(life)
    assert agree(life, by).reason is Reason.OWN_PLAN
    assert visit(life).rating is Rating.ELEVATED


@pytest.mark.parametrize("by", [OUTSIDER, LIN])
def test_only_approvers_lower_a_rating(by):
    life = planned(**ELEVATED)
    assert propose(life, by).reason is Reason.NOT_AN_APPROVER
    propose(life, PAT)
    assert agree(life, by).reason is Reason.NOT_AN_APPROVER


def test_nobody_agrees_with_themselves():
    life = planned(**ELEVATED)
    propose(life)
    assert agree(life, ROSA).reason is Reason.PROPOSED_BY_YOU
    assert visit(life).rating is Rating.ELEVATED


def test_the_same_is_not_proposed_twice_nor_agreed_to_without_a_proposal():
    life = planned(**ELEVATED)
    assert agree(life).reason is Reason.NOTHING_PROPOSED
    propose(life)
    assert propose(life, MAYA).reason is Reason.ALREADY_PROPOSED
    agree(life)
    assert agree(life, THEO).reason is Reason.NOTHING_PROPOSED


@pytest.mark.parametrize(
    ("what", "rating"),
    [
        ({}, Rating.LOW),
        (ELEVATED, Rating.ELEVATED),
        (ELEVATED, Rating.HIGH),
        (HIGH, Rating.LOW),
        (HIGH, Rating.HIGH),
        (HIGH, Rating.PROHIBITED),
    ],
)
def test_a_rating_goes_down_by_one_step_and_never_up(what, rating):
    life = planned(**what)
    assert propose(life, rating=rating).reason is Reason.NOT_ONE_STEP


def test_a_rating_is_lowered_once():
    life = lowered(**HIGH)
    assert propose(life, rating=Rating.LOW).reason is Reason.NOT_ONE_STEP


@pytest.mark.parametrize("when", ["before the proposal", "before the second"])
def test_a_no_entry_place_is_never_rated_lower(when):
    life = planned(**HIGH)
    if when == "before the second":
        propose(life, rating=Rating.ELEVATED)
    with_place(life, flagged(SHELTER, FlagKind.NO_ENTRY))
    if when == "before the proposal":
        assert propose(life, rating=Rating.ELEVATED).reason is Reason.NEVER_LOWERED
        assert visit(life).rating is Rating.HIGH
    else:
        assert agree(life).reason is Reason.RATING_ROSE
        assert visit(life).rating is Rating.PROHIBITED
        assert visit(life).lowering is None


def test_active_violence_is_never_rated_lower():
    life = planned(**ELEVATED)
    violent = replace(visit(life).plan, factors=frozenset({Factor.ACTIVE_VIOLENCE}))
    life.matter = replace(life.matter, visit=replace(visit(life), plan=violent))
    assert propose(life).reason is Reason.NEVER_LOWERED


def test_an_answer_to_an_older_revision_is_refused():
    life = planned(**ELEVATED)
    propose(life)
    life.do(e.RevisePlan(NOON, JO, plan(start_in=90, **ELEVATED)))
    assert agree(life, revision=1).reason is Reason.PLAN_CHANGED
    assert agree(life).reason is Reason.NOTHING_PROPOSED
    assert visit(life).rating is Rating.ELEVATED


def test_a_changed_plan_is_rated_anew():
    life = lowered()
    life.do(e.RevisePlan(NOON, JO, plan(start_in=90, **ELEVATED)))
    assert visit(life).rating is Rating.ELEVATED
    assert visit(life).lowered is None


def test_a_confirmed_plan_is_no_longer_lowered_and_drops_what_was_proposed():
    life = planned(**ELEVATED)
    propose(life)
    life.do(e.ConfirmPlan(life.now, THEO, 1))
    assert visit(life).lowering is None
    for decision in (propose(life), agree(life)):
        assert decision.reason is Reason.ALREADY_CONFIRMED
        assert decision.refused
    assert visit(life).rating is Rating.ELEVATED


@pytest.mark.parametrize("offset", [60, 61, 76, 90])
def test_from_the_start_on_the_rating_stays(offset):
    life = planned(**ELEVATED)
    propose(life)
    life.at(offset)
    assert agree(life).reason is Reason.LOWERED_TOO_LATE
    assert visit(life).rating is Rating.ELEVATED


def test_a_visit_that_started_unplanned_is_not_lowered():
    life = Life()
    life.do(e.PlanVisit(NOON, JO, plan(**ELEVATED), StartNow.HERE_NOW))
    assert visit(life).state is VisitState.UNDERWAY
    assert propose(life).reason is Reason.LOWERED_TOO_LATE


def new_flag(life, place=None):
    """Somebody flags the shelter at this instant."""
    flag = Flag(FlagKind.CONCERN, LIN, life.now, life.now + minutes(9999))
    place = place or SHELTER
    return with_place(life, replace(place, flags=(*place.flags, flag)))


def test_what_was_known_then_does_not_raise_it_again():
    life = with_place(planned(**ELEVATED), SHELTER)
    with_place(life, flagged(SHELTER))
    propose(life)
    agree(life)
    assert life.do(e.ConfirmPlan(life.now, ROSA, 2)).reason is Reason.CONFIRMED
    assert visit(life).rating is Rating.LOW


def test_a_new_flag_ends_it_and_the_plan_is_shown_again():
    life = new_flag(lowered())
    assert life.do(e.ConfirmPlan(life.now, ROSA, 2)).reason is Reason.RATING_ROSE
    assert visit(life).rating is Rating.ELEVATED
    assert visit(life).timings == POLICY.timings(Rating.ELEVATED)
    assert visit(life).lowered is None
    assert life.do(e.ConfirmPlan(life.now, ROSA, 3)).reason is Reason.CONFIRMED


def test_a_new_flag_counts_though_another_was_taken_off_meanwhile():
    life = with_place(planned(**ELEVATED), flagged(SHELTER))
    propose(life)
    agree(life)
    new_flag(life)
    assert life.do(e.ConfirmPlan(life.now, ROSA, 2)).reason is Reason.RATING_ROSE


def test_a_flag_that_was_taken_off_or_disputed_changes_nothing():
    twice = flagged(SHELTER, times=2)
    life = with_place(planned(backup=THEO), twice)
    life.do(e.ConfirmPlan(life.now, ROSA, 1))
    propose(life, rating=Rating.ELEVATED)
    agree(life)
    with_place(life, replace(twice, flags=(replace(twice.flags[0], disputed=True),)))
    assert life.do(e.ConfirmPlan(life.now, ROSA, 3)).reason is Reason.CONFIRMED


def test_a_new_factor_ends_it():
    # From noon to half past five; an hour later it is an evening visit.
    life = lowered(factors=frozenset({Factor.RECENT_VIOLENCE}), backup=THEO, lasts=270)
    since = len(life.effects)
    life.do(e.RunningLate(life.now, JO, minutes(60)))
    assert visit(life).rating is Rating.HIGH
    assert visit(life).lowered is None
    assert asked(life, since) == [(ROSA, "approve")], "it is shown again to whoever was asked"
    assert life.do(e.ConfirmPlan(life.now, ROSA, 2)).reason is Reason.PLAN_CHANGED
    assert life.do(e.ConfirmPlan(life.now, ROSA, 3)).reason is Reason.CONFIRMED


def test_a_flag_between_the_two_names_ends_the_proposal():
    life = planned(**ELEVATED)
    propose(life)
    since = len(life.effects)
    new_flag(life)
    assert agree(life).reason is Reason.RATING_ROSE
    assert visit(life).lowering is None
    assert visit(life).rating is Rating.ELEVATED
    assert asked(life, since) == [(MAYA, "approve")]


def test_a_flag_that_nobody_has_looked_at_is_shown_before_anything_is_lowered():
    life = new_flag(new_flag(planned(**ELEVATED)), flagged(SHELTER))
    assert propose(life).reason is Reason.RATING_ROSE
    assert visit(life).rating is Rating.HIGH
    assert visit(life).lowering is None


def test_a_rating_that_the_worker_raised_takes_two_names_as_well():
    life = planned(raised=Rating.ELEVATED)
    propose(life)
    agree(life)
    assert life.do(e.ConfirmPlan(life.now, ROSA, 2)).reason is Reason.CONFIRMED
    assert visit(life).rating is Rating.LOW


def test_a_plan_that_nobody_lowers_is_as_it_was():
    for life in (planned(**ELEVATED), confirmed(**ELEVATED), underway(**ELEVATED)):
        assert visit(life).lowering is None
        assert visit(life).lowered is None
