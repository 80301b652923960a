"""Ending a visit: two steps, early without a reason, or called off; and the late tap."""

from dataclasses import fields

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Ask, Page, StandDown
from protocol.plan import Transport
from protocol.rating import Rating
from protocol.records import Accounted, EscalationState, Expecting, VisitOutcome, VisitState
from tests.protocol.seen import RATED, asked, due, open_one, said, visit, watch
from tests.protocol.world import (
    JO,
    LIN,
    MAYA,
    NOON,
    ROSA,
    THEO,
    confirmed,
    minutes,
    missed,
    planned,
    underway,
)


@pytest.mark.parametrize(("transport", "within"), [(None, 15), (Transport.BUS, 30)])
def test_check_out_is_two_steps_and_clear_is_due_soon_after_leaving(transport, within):
    life = underway(**({"transport": transport} if transport else {})).at(120)
    assert life.do(e.Leave(life.now, JO)).reason is Reason.LEAVING
    assert visit(life).expecting is Expecting.CLEAR
    assert due(life) == 120 + within
    assert life.do(e.Clear(life.now, JO)).reason is Reason.CLEARED
    assert visit(life).outcome is VisitOutcome.COMPLETED


def test_one_tap_of_clear_is_only_the_first_step():
    life = underway()
    life.do(e.Clear(life.now, JO))
    assert visit(life).state is VisitState.LEAVING


def test_who_left_and_is_not_clear_is_missed():
    life = underway().at(120)
    life.do(e.Leave(life.now, JO))
    assert [at for at, _ in watch(life, 160, Page)] == [145, 150, 150, 160, 160, 160, 160]


def test_leaving_twice_does_not_put_off_being_clear():
    life = underway().at(120)
    life.do(e.Leave(life.now, JO))
    life.at(130)
    assert life.do(e.Leave(life.now, JO)).reason is Reason.ALREADY_LEAVING
    assert due(life) == 135


def test_ending_early_is_one_tap_and_the_approver_hears_of_it():
    life = underway()
    assert life.do(e.Leave(life.now, JO, early=True)).reason is Reason.ENDED_EARLY
    assert (ROSA, "ended_early") in said(life)
    life.do(e.Clear(life.now, JO))
    assert visit(life).outcome is VisitOutcome.ENDED_EARLY


def test_who_ended_early_is_still_watched_until_clear():
    life = underway()
    life.do(e.Leave(life.now, JO, early=True))
    assert due(life) == 75
    assert watch(life, 85, Page)


@pytest.mark.parametrize("start", [planned, confirmed])
def test_calling_off_is_one_tap(start):
    life = start()
    assert life.do(e.CallOff(life.now, JO)).reason is Reason.CALLED_OFF
    assert visit(life).outcome is VisitOutcome.CALLED_OFF
    assert (ROSA, "called_off") in said(life)
    assert watch(life, 300, Page) == []


@pytest.mark.parametrize("event", [e.CallOff, e.Leave])
def test_ending_and_refusing_ask_for_no_justification(event):
    required = {f.name for f in fields(event)} - {"at", "by", "said", "early"}
    assert required == set()


def test_a_visit_that_has_begun_is_ended_and_not_called_off():
    life = underway()
    assert life.do(e.CallOff(life.now, JO)).reason is Reason.ALREADY_STARTED


def test_nobody_leaves_before_they_arrived():
    assert confirmed().do(e.Leave(NOON, JO)).reason is Reason.NOT_STARTED


def test_after_the_end_nothing_is_due_and_nobody_is_paged():
    life = underway()
    life.do(e.Leave(life.now, JO))
    life.do(e.Clear(life.now, JO))
    since = len(life.effects)
    life.at(600)
    assert not life.matter.is_active
    assert life.of(Page, since) == []


# --- a late tap ------------------------------------------------------------------------------


def tapped(**more):
    life = missed(**more)
    life.do(e.CheckIn(life.now, JO))
    return life


def confirm(life, by=ROSA):
    return life.do(e.ConfirmTap(life.now, by, open_one(life).mark)).reason


@pytest.mark.parametrize("tap", [e.CheckIn, e.Arrive, e.Leave, e.Clear, e.MoveOn])
@pytest.mark.parametrize("rating", RATED)
def test_a_late_tap_alone_closes_nothing(rating, tap):
    life = missed(**RATED[rating])
    assert life.do(tap(life.now, JO)).reason is Reason.TAPPED_WHILE_OPEN
    assert open_one(life).state is EscalationState.CLIMBING
    assert visit(life).state is VisitState.ESCALATED


def test_a_late_tap_does_not_stop_the_climb():
    life = tapped()
    assert next(at for at, _ in watch(life, 175, Page)) == 165


def test_a_late_tap_on_a_low_visit_is_confirmed_by_one_tap_of_a_person_paged():
    life = tapped()
    assert (ROSA, "confirm_tap") in asked(life)
    assert confirm(life) is Reason.TAP_CONFIRMED
    closed = life.matter.escalations[-1]
    assert closed.state is EscalationState.CLOSED
    assert closed.closing.by == ROSA
    assert closed.closing.accounted is Accounted.CONFIRMED_TAP
    assert visit(life).state is VisitState.UNDERWAY
    assert [down.to for down in life.of(StandDown)] == [ROSA]


@pytest.mark.parametrize("rating", ["elevated", "high"])
def test_on_an_elevated_or_high_visit_one_tap_is_not_enough(rating):
    life = tapped(**RATED[rating])
    assert "confirm_tap" not in [what for _, what in asked(life)]
    assert confirm(life) is Reason.ONE_TAP_NOT_ENOUGH
    assert visit(life).rating in (Rating.ELEVATED, Rating.HIGH)


@pytest.mark.parametrize("by", [MAYA, THEO, LIN])
def test_nobody_confirms_a_tap_who_was_not_paged(by):
    assert confirm(tapped(), by) is Reason.NOT_PAGED


def test_the_worker_does_not_confirm_their_own_tap():
    assert confirm(tapped(), JO) is Reason.ABOUT_YOURSELF


def test_without_a_late_tap_there_is_nothing_to_confirm():
    assert confirm(missed()) is Reason.ONE_TAP_NOT_ENOUGH


def test_a_tap_that_was_seen_before_another_came_is_looked_at_again():
    life = tapped()
    mark = open_one(life).mark
    life.do(e.CheckIn(life.now, JO))
    assert life.do(e.ConfirmTap(life.now, ROSA, mark)).reason is Reason.CHANGED_SINCE


@pytest.mark.parametrize("tap_first", [True, False])
def test_once_somebody_acknowledged_one_tap_is_not_enough(tap_first):
    life = missed()
    events: list[e.Event] = [e.CheckIn(life.now, JO), e.Acknowledge(life.now, ROSA)]
    for event in events if tap_first else reversed(events):
        life.do(event)
    assert confirm(life) is Reason.ONE_TAP_NOT_ENOUGH
    assert (ROSA, "confirm_tap") not in asked(life) or tap_first


@pytest.mark.parametrize("how", ["expired", "cannot take it", "escalated"])
def test_once_somebody_acknowledged_one_tap_is_not_enough_though_they_hold_it_no_more(how):
    life = missed()
    life.do(e.Acknowledge(life.now, ROSA))
    if how == "expired":
        life.at(160 + 61)
    else:
        life.do(e.CannotTake(life.now, ROSA) if how != "escalated" else e.Escalate(life.now, ROSA))
    since = len(life.effects)
    life.do(e.CheckIn(life.now, JO))
    assert life.of(Ask, since) == []
    assert confirm(life) is Reason.ONE_TAP_NOT_ENOUGH


def test_an_uneasy_worker_is_not_taken_for_one_who_said_ok():
    life = missed()
    since = len(life.effects)
    life.do(e.Uneasy(life.now, JO))
    assert "confirm_tap" not in [what for _, what in asked(life, since)]
    assert confirm(life) is Reason.ONE_TAP_NOT_ENOUGH


def test_what_a_late_tap_said_of_where_the_worker_is_is_kept():
    life = underway().at(120)
    life.do(e.Leave(life.now, JO))
    life.at(145)
    life.do(e.Clear(life.now, JO))
    assert confirm(life) is Reason.TAP_CONFIRMED
    assert visit(life).state is VisitState.CLOSED


def test_after_a_confirmed_late_arrival_the_visit_goes_on_from_there():
    life = confirmed().at(85)
    life.do(e.Arrive(life.now, JO))
    assert confirm(life) is Reason.TAP_CONFIRMED
    assert visit(life).state is VisitState.UNDERWAY
    assert visit(life).started_at == NOON + minutes(85)


@pytest.mark.parametrize("event", [e.CallOff, lambda at, by: e.Extend(at, by, minutes(10))])
def test_once_people_were_paged_the_worker_does_not_change_the_plan(event):
    life = missed()
    assert life.do(event(life.now, JO)).reason is Reason.PEOPLE_ALREADY_PAGED
    assert open_one(life).state is EscalationState.CLIMBING


# --- uneasy ----------------------------------------------------------------------------------


def test_uneasy_asks_a_person_at_once_and_after_five_minutes_the_ladder():
    life = underway()
    life.do(e.Uneasy(life.now, JO))
    assert [page.to for page in life.of(Page)] == [ROSA]
    assert [at for at, _ in watch(life, 70, Page)] == [65, 65, 70, 70, 70, 70]


@pytest.mark.parametrize("start", [planned, confirmed, underway])
def test_uneasy_is_taken_before_and_during_a_visit(start):
    life = start()
    assert life.do(e.Uneasy(life.now, JO)).reason is Reason.UNEASY
    assert open_one(life).state is EscalationState.CLIMBING
