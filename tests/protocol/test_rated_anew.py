"""A visit whose times move is rated by its new times: never lower, and nobody is stopped by it."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Refresh, Surface
from protocol.plan import Plan
from protocol.rating import Factor, FlagKind, Rating
from protocol.records import Approval, Expecting
from tests.protocol.seen import asked, due, said, visit
from tests.protocol.world import (
    JO,
    MAYA,
    POLICY,
    ROSA,
    SHELTER,
    Life,
    confirmed,
    flagged,
    minutes,
    planned,
    situation,
    underway,
)

# Noon is 12:00 there: a visit that starts at 4 PM and is over at 5:30 PM ends by daylight.
AFTERNOON = {"start_in": 240, "lasts": 90}


def afternoon(**more) -> Life:
    """Underway since 4 PM."""
    life = confirmed(**AFTERNOON, **more).at(240)
    life.do(e.Arrive(life.now, JO))
    return life


def test_a_visit_that_is_extended_into_the_evening_is_an_evening_visit():
    life = afternoon()
    assert visit(life).rating is Rating.LOW
    assert life.do(e.Extend(life.now, JO, minutes(45))).reason is Reason.EXTENDED
    assert visit(life).rating is Rating.ELEVATED
    assert visit(life).timings == POLICY.timings(Rating.ELEVATED)
    assert due(life) == 240 + 60, "watched as elevated visits are"


def test_one_that_stays_in_the_afternoon_stays_as_it_was():
    life = afternoon()
    before = visit(life)
    life.do(e.Extend(life.now, JO, minutes(20)))
    assert (visit(life).rating, visit(life).timings) == (before.rating, before.timings)


def test_the_new_rating_takes_all_that_is_known_together():
    life = afternoon(factors=frozenset({Factor.ENCAMPMENT}))
    life.do(e.Extend(life.now, JO, minutes(45)))
    assert visit(life).rating is Rating.HIGH, "two elevated factors, one of them after dark"
    assert visit(life).plan.partner is None, "and nobody who is out is stopped by it"


def test_an_interval_that_the_approver_shortened_stays_shorter():
    life = Life()
    life = confirmed(**AFTERNOON)
    life.matter = replace(
        life.matter, visit=replace(visit(life), timings=POLICY.timings(Rating.LOW, minutes(20)))
    )
    life.at(240)
    life.do(e.Arrive(life.now, JO))
    life.do(e.Extend(life.now, JO, minutes(45)))
    assert visit(life).timings.check_in_every == minutes(20)
    assert visit(life).timings.ladder == POLICY.ratings[Rating.ELEVATED].ladder


def test_on_the_way_to_the_next_stop_the_same_holds_and_the_due_time_stays():
    life = afternoon(stops=(*visit(afternoon()).plan.stops,) * 2)
    life.do(e.MoveOn(life.now, JO))
    before = due(life)
    life.do(e.Extend(life.now, JO, minutes(45)))
    assert visit(life).rating is Rating.ELEVATED
    assert visit(life).expecting is Expecting.ARRIVAL
    assert due(life) == before


def test_running_late_into_the_evening_is_an_evening_visit_and_stays_confirmed():
    life = confirmed(start_in=240, lasts=90)
    assert life.do(e.RunningLate(life.now, JO, minutes(45))).reason is Reason.START_MOVED
    assert visit(life).rating is Rating.ELEVATED
    assert visit(life).approval is Approval.CONFIRMED
    assert (ROSA, "running_late") in said(life)


@pytest.mark.parametrize("event", [e.Extend, e.RunningLate])
def test_the_approvers_card_shows_what_became_of_it(event):
    life = afternoon() if event is e.Extend else confirmed(**AFTERNOON)
    since = len(life.effects)
    life.do(event(life.now, JO, minutes(45)))
    assert Surface.APPROVAL in {one.surface for one in life.of(Refresh, since)}


def test_a_flag_that_was_raised_meanwhile_counts_and_nothing_is_ever_rated_lower():
    life = underway(lasts=240)
    life.world = situation(flagged(SHELTER, FlagKind.CONCERN))
    life.do(e.Extend(life.now, JO, minutes(15)))
    assert visit(life).rating is Rating.ELEVATED
    life.world = situation()
    life.do(e.Extend(life.now, JO, minutes(15)))
    assert visit(life).rating is Rating.ELEVATED


def test_a_raised_rating_stays_above_what_the_evening_makes_it():
    life = afternoon(raised=Rating.HIGH, backup=MAYA)
    life.do(e.Extend(life.now, JO, minutes(45)))
    assert visit(life).rating is Rating.HIGH


def test_a_visit_planned_again_is_rated_by_todays_flags():
    life = Life()
    old = visit(underway()).plan
    life.world = situation(flagged(SHELTER, FlagKind.CONCERN))
    again = replace(old, start_at=life.now + minutes(30))
    assert isinstance(again, Plan)
    life.do(e.PlanVisit(life.now, JO, again))
    assert visit(life).rating is Rating.ELEVATED


def test_whoever_has_not_said_yes_is_shown_the_new_rating_before_they_can():
    life = planned(**AFTERNOON).at(240)
    life.do(e.Arrive(life.now, JO))
    since = len(life.effects)
    life.do(e.Extend(life.now, JO, minutes(45)))
    assert visit(life).rating is Rating.ELEVATED
    assert asked(life, since)
    assert life.do(e.ConfirmPlan(life.now, ROSA, 1)).reason is Reason.PLAN_CHANGED
    assert life.do(e.ConfirmPlan(life.now, ROSA, 2)).reason is Reason.CONFIRMED
