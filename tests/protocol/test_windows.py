"""Planned silence and longer visits: each has a hard outer limit, and the clock runs on."""

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.plan import StartNow, Stop
from protocol.rating import Factor
from protocol.records import Approval, Expecting, VisitState
from tests.protocol.seen import RATED, due, said, visit
from tests.protocol.world import (
    JO,
    NOON,
    ROSA,
    SAM,
    SHELTER,
    THEO,
    Life,
    confirmed,
    minutes,
    missed,
    plan,
    planned,
    underway,
)

ROUTE = {"stops": tuple(Stop(f"stop {n}", SHELTER.id) for n in range(3)), "lasts": 240}
LIMIT = {"low": 90, "elevated": 60, "high": 60}


def quiet(life, length):
    return life.do(e.NoSignal(life.now, JO, life.now + minutes(length)))


@pytest.mark.parametrize("rating", RATED)
def test_a_no_signal_window_may_be_as_long_as_the_rating_allows(rating):
    life = underway(**RATED[rating], lasts=290)
    assert quiet(life, LIMIT[rating]).reason is Reason.NO_SIGNAL_SET
    assert due(life) == 60 + LIMIT[rating]


@pytest.mark.parametrize("rating", RATED)
def test_a_longer_one_is_refused_and_the_clock_stays(rating):
    life = underway(**RATED[rating], lasts=290)
    before = due(life)
    assert quiet(life, LIMIT[rating] + 1).reason is Reason.WINDOW_TOO_LONG
    assert due(life) == before


def test_a_high_visit_has_one_only_with_company():
    there = plan(start_in=0, factors=frozenset({Factor.WEAPONS}))
    life = Life()
    life.do(e.PlanVisit(NOON, JO, there, StartNow.WATCH_ME))
    assert quiet(life, 20).reason is Reason.WINDOW_NEEDS_BACKUP
    backed = underway(factors=frozenset({Factor.WEAPONS}), backup=THEO)
    assert quiet(backed, 20).reason is Reason.NO_SIGNAL_SET


def test_a_window_in_the_past_is_none():
    assert quiet(underway(), 0).reason is Reason.WINDOW_IN_PAST
    assert quiet(underway(), -5).reason is Reason.WINDOW_IN_PAST


def test_nobody_disappears_before_they_have_arrived():
    assert quiet(confirmed(), 30).reason is Reason.NOT_STARTED


def test_silence_after_the_window_is_a_miss_like_any_other():
    life = underway(lasts=290)
    quiet(life, 90)
    life.at(159.9)
    assert life.matter.open_escalation is None
    life.at(160)
    assert life.matter.open_escalation is not None


@pytest.mark.parametrize(("within", "limit"), [(None, 30), (20, 20), (60, 60)])
def test_moving_on_expects_the_arrival_at_the_next_stop(within, limit):
    life = underway(**ROUTE).at(100)
    life.do(e.MoveOn(life.now, JO, minutes(within) if within else None))
    assert visit(life).stop_no == 1
    assert visit(life).expecting is Expecting.ARRIVAL
    assert due(life) == 100 + limit


def test_a_transit_leg_has_a_hard_outer_limit():
    life = underway(**ROUTE).at(100)
    assert life.do(e.MoveOn(life.now, JO, minutes(61))).reason is Reason.WINDOW_TOO_LONG
    assert visit(life).stop_no == 0


def test_who_does_not_arrive_at_the_next_stop_is_missed():
    life = underway(**ROUTE).at(100)
    life.do(e.MoveOn(life.now, JO, minutes(20)))
    life.at(129.9)
    assert life.matter.open_escalation is None
    life.at(130)
    assert life.matter.open_escalation is not None


def test_a_route_goes_from_stop_to_stop_by_one_tap_and_ends_at_the_last():
    life = underway(**ROUTE)
    for _ in range(2):
        life.do(e.MoveOn(life.now, JO))
        life.do(e.Arrive(life.now, JO))
    assert visit(life).stop_no == 2
    assert all(stop.arrived_at for stop in visit(life).plan.stops)
    assert life.do(e.MoveOn(life.now, JO)).reason is Reason.NO_NEXT_STOP


def test_nobody_moves_on_before_they_have_arrived():
    assert confirmed(**ROUTE).do(e.MoveOn(NOON, JO)).reason is Reason.NOT_STARTED


@pytest.mark.parametrize("later", [1, 15, 60])
def test_running_late_moves_the_start_by_up_to_an_hour(later):
    life = confirmed()
    life.do(e.RunningLate(NOON, JO, minutes(later)))
    assert due(life) == 75 + later
    assert visit(life).state is VisitState.CONFIRMED
    assert visit(life).approval is Approval.CONFIRMED
    assert (ROSA, "running_late") in said(life)


@pytest.mark.parametrize("later", [61, 0, -5])
def test_running_late_by_more_than_an_hour_or_by_nothing_is_refused(later):
    life = confirmed()
    assert life.do(e.RunningLate(NOON, JO, minutes(later))).reason is Reason.LATE_TOO_LONG
    assert due(life) == 75


def test_running_late_again_and_again_is_an_hour_in_all():
    life = confirmed()
    life.do(e.RunningLate(NOON, JO, minutes(40)))
    assert life.do(e.RunningLate(NOON, JO, minutes(21))).refused
    assert not life.do(e.RunningLate(NOON, JO, minutes(20))).refused
    assert due(life) == 135


def test_running_late_is_taken_until_a_human_was_paged_and_not_after():
    life = confirmed().at(84)
    assert life.do(e.RunningLate(life.now, JO, minutes(30))).reason is Reason.START_MOVED
    later = confirmed().at(85)
    assert later.do(e.RunningLate(later.now, JO, minutes(30))).refused
    assert later.matter.open_escalation is not None


def test_who_has_arrived_is_not_running_late():
    life = underway()
    assert life.do(e.RunningLate(life.now, JO, minutes(10))).reason is Reason.ALREADY_STARTED


def extend(life, longer, by=JO):
    return life.do(e.Extend(life.now, by, minutes(longer)))


def test_a_visit_is_extended_twice_and_the_approver_is_told_each_time():
    life = underway()
    assert extend(life, 20).reason is Reason.EXTENDED
    assert extend(life, 25).reason is Reason.EXTENDED
    assert extend(life, 1).reason is Reason.NO_MORE_EXTENSIONS
    assert said(life).count((ROSA, "extended")) == 2
    assert due(life) == 60 + 120  # the interval; the end is now at 195


def test_in_all_it_is_at_most_half_as_long_again():
    assert extend(underway(), 45).reason is Reason.EXTENDED
    assert extend(underway(), 46).reason is Reason.EXTENSION_TOO_LONG
    life = underway()
    extend(life, 30)
    assert extend(life, 16).reason is Reason.EXTENSION_TOO_LONG, (
        "half of the first plan, not of 120"
    )
    assert extend(life, 15).reason is Reason.EXTENDED


@pytest.mark.parametrize("longer", [0, -10])
def test_extending_by_nothing_is_refused(longer):
    assert extend(underway(), longer).refused


def test_extending_moves_the_expected_exit():
    life = underway(lasts=60)
    assert due(life) == 120
    extend(life, 30)
    assert due(life) == 150
    assert visit(life).expecting is Expecting.EXIT


def test_extending_is_possible_until_a_human_is_paged_and_not_after():
    life = underway().at(159)
    assert extend(life, 20).reason is Reason.EXTENDED
    assert visit(life).state is VisitState.UNDERWAY
    later = missed()
    assert extend(later, 20).reason is Reason.PEOPLE_ALREADY_PAGED
    assert later.matter.open_escalation is not None


def test_an_extended_visit_is_still_checked_on_at_its_interval():
    life = underway(**RATED["elevated"])
    extend(life, 45)
    assert due(life) == 120


@pytest.mark.parametrize("event", [e.Extend, e.NoSignal, e.RunningLate, e.MoveOn])
def test_only_the_visits_own_people_move_its_clock(event):
    for by in (ROSA, SAM):
        life = underway(**ROUTE)
        what = life.now + minutes(10) if event is e.NoSignal else minutes(10)
        assert life.do(event(life.now, by, what)).reason is Reason.NOT_YOUR_VISIT


def test_a_plan_that_waits_for_its_answer_can_be_late_as_well():
    life = planned()
    life.do(e.RunningLate(NOON, JO, minutes(15)))
    assert due(life) == 90
    assert visit(life).state is VisitState.PLANNED
