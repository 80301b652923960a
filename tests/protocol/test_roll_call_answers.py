"""What a roll call must not take for an answer: a partner's word, or a tap while people look."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol.calls import OnTheWay, Standing
from protocol.decision import Reason
from protocol.ids import MatterId
from tests.protocol.seen import RATED, due, visit
from tests.protocol.test_roll_call import GRACE, Roll, as_sam, called
from tests.protocol.world import JO, SAM, Life, confirmed, minutes, underway


def late_then_changed(life: Life) -> None:
    life.do(e.RunningLate(life.now, JO, minutes(10)))
    changed = replace(visit(life).plan, start_at=life.now + minutes(60))
    life.do(e.RevisePlan(life.now, JO, changed))


@pytest.mark.parametrize("says", [lambda life: life.do(e.CallOff(life.now, JO)), late_then_changed])
def test_one_of_a_pair_does_not_answer_for_the_other_by_calling_it_off_or_planning_anew(says):
    life = called(confirmed(partner=SAM).at(61))
    start = life.now
    says(life)
    life.sweep(start + GRACE)
    assert life.matter.open_escalation is not None


def test_whoever_goes_alone_and_was_called_can_call_it_off_with_one_tap():
    life = called(confirmed().at(61))
    assert life.do(e.CallOff(life.now, JO)).reason is Reason.CALLED_OFF


@pytest.mark.parametrize("together", [True, False])
def test_on_the_way_to_the_next_stop_is_due_as_the_way_there_is(together):
    stops = confirmed().matter.visit.plan.stops * 2
    life, alone = underway(partner=SAM, stops=stops), underway(stops=stops)
    if not together:
        life.do(e.Split(life.now, JO))
    called(life)
    for one in (life, alone):
        one.do(e.MoveOn(one.now, JO))
    life.do(OnTheWay(life.now, SAM, "a"))
    assert due(life) == due(alone)


def test_a_tap_while_people_look_for_the_worker_is_no_answer_to_the_call():
    roll = Roll(underway(**RATED["high"]), as_sam(underway()))
    roll.pass_time(4.5)
    assert roll.standing() == {JO: Standing.MISSED, SAM: Standing.WAITING}
    roll.lives[MatterId("m0")].do(e.CheckIn(roll.now, JO))
    roll.pass_time(0.25)
    assert roll.standing()[JO] is Standing.MISSED
    quiet = Roll(underway(), as_sam(underway()))
    quiet.lives[MatterId("m0")].do(e.Help(quiet.now, JO, e.HelpForm.QUIET))
    quiet.lives[MatterId("m0")].do(e.CheckIn(quiet.now, JO))
    quiet.pass_time(1)
    assert quiet.standing()[JO] is Standing.RESPONDERS
