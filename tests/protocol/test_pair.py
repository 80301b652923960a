"""A pair: one answers for both only by saying so; once separated each for themselves."""

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page, Remind
from protocol.plan import Stop
from protocol.records import VisitState
from tests.protocol.seen import due, said, visit, watch
from tests.protocol.world import (
    JO,
    MAYA,
    NOON,
    ROSA,
    SAM,
    SHELTER,
    confirmed,
    minutes,
    missed,
    underway,
)


def apart(**more):
    life = underway(partner=SAM, lasts=290, **more)
    life.do(e.Split(life.now, SAM))
    return life


def test_an_arrival_of_one_is_not_the_arrival_of_both():
    life = confirmed(partner=SAM).at(60)
    assert life.do(e.Arrive(life.now, JO)).reason is Reason.HEARD_ONE_OF_TWO
    assert due(life) == 75
    life.at(85)
    assert visit(life).state is VisitState.ESCALATED


def test_one_may_arrive_for_both_by_saying_so():
    life = confirmed(partner=SAM).at(60)
    assert life.do(e.Arrive(life.now, JO, for_both=True)).reason is Reason.ARRIVED
    assert due(life) == 150


@pytest.mark.parametrize("by", [JO, SAM])
def test_either_checks_in_for_both_only_by_saying_so(by):
    life = underway(partner=SAM, lasts=290).at(170)
    assert life.do(e.CheckIn(life.now, by)).reason is Reason.HEARD_ONE_OF_TWO
    assert due(life) == 180
    assert life.do(e.CheckIn(life.now, by, for_both=True)).reason is Reason.CHECKED_IN
    assert due(life) == 290


def test_when_both_have_answered_the_next_is_due():
    life = underway(partner=SAM, lasts=290).at(170)
    life.do(e.CheckIn(life.now, JO))
    life.at(172)
    life.do(e.CheckIn(life.now, SAM))
    assert due(life) == 292


def test_the_same_one_answering_twice_is_still_one():
    life = underway(partner=SAM, lasts=290).at(170)
    for _ in range(3):
        life.do(e.CheckIn(life.now, JO))
    assert due(life) == 180


def test_only_the_one_who_has_not_answered_is_nudged():
    life = underway(partner=SAM, lasts=290).at(172)
    life.do(e.CheckIn(life.now, JO))
    assert {remind.to for _, remind in watch(life, 189, Remind)} == {SAM}


def test_the_one_who_has_not_answered_is_missed():
    life = underway(partner=SAM, lasts=290).at(170)
    life.do(e.CheckIn(life.now, JO))
    assert watch(life, 190, Page)
    assert visit(life).state is VisitState.ESCALATED


def test_being_clear_takes_both_or_one_who_says_so():
    life = underway(partner=SAM)
    life.do(e.Leave(life.now, JO))
    life.do(e.Clear(life.now, JO))
    assert visit(life).state is VisitState.LEAVING
    life.do(e.Clear(life.now, SAM))
    assert visit(life).state is VisitState.CLOSED


def test_separation_is_an_event_that_partner_and_approver_hear_of():
    life = apart()
    told = said(life)
    assert (JO, "separated") in told
    assert (ROSA, "separated") in told
    assert (SAM, "separated") not in told
    assert life.do(e.Split(life.now, JO)).reason is Reason.ALREADY_SEPARATED


def test_once_separated_nobody_answers_for_both():
    life = apart().at(170)
    assert life.do(e.CheckIn(life.now, JO, for_both=True)).reason is Reason.HEARD_ONE_OF_TWO
    assert due(life) == 180
    life.at(190)
    assert visit(life).state is VisitState.ESCALATED


def test_once_separated_one_cannot_be_clear_for_both():
    life = apart()
    life.do(e.Leave(life.now, JO))
    life.do(e.Clear(life.now, JO, for_both=True))
    assert visit(life).state is VisitState.LEAVING


def test_who_goes_alone_cannot_separate():
    life = underway()
    assert life.do(e.Split(life.now, JO)).reason is Reason.NOT_A_PAIR


@pytest.mark.parametrize(
    "event",
    [
        lambda at: e.NoSignal(at, SAM, at + minutes(90)),
        lambda at: e.Extend(at, SAM, minutes(60)),
        lambda at: e.MoveOn(at, SAM, minutes(60)),
    ],
    ids=["no signal", "extend", "move on"],
)
def test_once_separated_one_does_not_put_off_the_others_clock(event):
    route = tuple(Stop(f"stop {n}", SHELTER.id) for n in range(2))
    life = apart(stops=route).at(182)  # overdue since 180
    life.do(e.CheckIn(life.now, SAM))
    life.do(event(life.now))
    life.at(190)
    assert visit(life).state is VisitState.ESCALATED, "Jo was not heard of for two hours"


@pytest.mark.parametrize("other", [JO, SAM])
def test_a_late_tap_of_one_does_not_let_one_tap_account_for_both(other):
    life = missed(partner=SAM)
    tap = e.CheckIn(life.now, other)
    life.do(tap)
    mark = life.matter.open_escalation.mark
    life.do(e.ConfirmTap(life.now, ROSA, mark))
    assert life.matter.open_escalation is not None, "of the other nothing was heard"


def test_a_late_tap_of_one_who_had_answered_says_nothing_of_the_one_who_is_missed():
    life = underway(partner=SAM, lasts=290).at(170)
    life.do(e.CheckIn(life.now, JO))
    life.at(190)
    life.do(e.CheckIn(life.now, JO))
    life.do(e.ConfirmTap(life.now, ROSA, life.matter.open_escalation.mark))
    assert life.matter.open_escalation is not None


def test_a_late_tap_for_both_or_of_both_is_confirmed_by_one_tap():
    for taps in ([(JO, True)], [(JO, False), (SAM, False)]):
        life = missed(partner=SAM)
        for by, for_both in taps:
            life.do(e.CheckIn(life.now, by, for_both=for_both))
        decision = life.do(e.ConfirmTap(life.now, ROSA, life.matter.open_escalation.mark))
        assert decision.reason is Reason.TAP_CONFIRMED


def test_one_who_is_clear_while_people_look_does_not_end_the_others_visit():
    life = underway(partner=SAM)
    life.do(e.Leave(life.now, JO))
    life.at(85)
    assert visit(life).state is VisitState.ESCALATED
    life.do(e.Clear(life.now, SAM))
    life.do(e.ProxyCheckIn(life.now, MAYA, True))
    assert visit(life).state is not VisitState.CLOSED, "Jo has not said that they are clear"


@pytest.mark.parametrize("by", [JO, SAM])
def test_neither_of_a_pair_is_ever_paged_about_their_own_visit(by):
    life = missed(partner=SAM).at(300)
    assert by not in {page.to for page in life.of(Page)}
    assert life.now > NOON
