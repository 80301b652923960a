"""Everyone accounts for themselves: all who are out are asked at once, and nobody is lost."""

import random
from dataclasses import replace
from itertools import product

import pytest

from protocol import events as e
from protocol.calls import AskAccount, CallRoll, OnTheWay, Standing
from protocol.decision import Reason
from protocol.effects import Remind, Tell
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.matter import blank, decide, next_deadline
from protocol.records import EscalationKind, Matter, VisitState
from protocol.roll_call import LOOK_EVERY
from protocol.situation import Situation
from protocol.table import NEW, ROLL_CALL, Calling
from tests.protocol.seen import RATED, after_noon, due, helped, open_one, paged_at, said, visit
from tests.protocol.test_duress import silenced
from tests.protocol.world import (
    JO,
    LIN,
    MAYA,
    NOON,
    ROSA,
    SAM,
    Life,
    confirmed,
    events,
    minutes,
    missed,
    planned,
    situation,
    underway,
)

CALL = MatterId("call")
GRACE = situation().policy.account_within


def called(life: Life) -> Life:
    """Everybody on this visit is asked to account for themselves."""
    assert life.do(AskAccount(life.now, ROSA, CALL)).reason is Reason.ASKED_TO_ACCOUNT
    return life


def reached_after(life: Life) -> float:
    """How many minutes after now the first human is reached, if nobody answers."""
    start = life.now
    while life.matter.open_escalation is None:
        life.sweep(next_deadline(life.matter))
    return (life.now - start).total_seconds() / 60


# --- one visit -------------------------------------------------------------------------------


@pytest.mark.parametrize(("rating", "within"), [("low", 5), ("elevated", 5), ("high", 4)])
def test_who_does_not_answer_is_missed_after_the_grace_or_sooner_by_the_ladder(rating, within):
    assert reached_after(called(underway(**RATED[rating]))) == within


@pytest.mark.parametrize("rating", RATED)
def test_the_rungs_keep_the_distances_of_the_ordinary_ladder(rating):
    life, ordinary = called(underway(**RATED[rating])), underway(**RATED[rating])
    both = []
    for one in (life, ordinary):
        times = [at for at, _ in paged_at(one, 400)]
        both.append([at - times[0] for at in times][:5])
    assert both[0] == both[1]


@pytest.mark.parametrize("minute", range(60, 165, 7))
def test_a_roll_call_never_puts_anything_off(minute):
    life, other = underway(), underway()
    for one in (life, other):
        one.at(minute)
    if life.matter.open_escalation is not None:
        return
    called(life)
    assert reached_after(life) <= reached_after(other)


def test_everybody_of_a_pair_is_asked_in_a_message_of_their_own_also_who_answered_already():
    life = underway(partner=SAM)
    life.at(145)
    life.do(e.CheckIn(life.now, JO))
    since = len(life.effects)
    called(life)
    assert [(one.to, one.nudge) for one in life.of(Remind, since)] == [(JO, 0), (SAM, 0)]
    life.do(e.CheckIn(life.now, JO))
    life.sweep(life.now + GRACE)
    assert open_one(life).kind is EscalationKind.MISSED


@pytest.mark.parametrize(
    "event",
    [
        lambda at: e.NoSignal(at, JO, at + minutes(30)),
        lambda at: e.Extend(at, JO, minutes(15)),
        lambda at: e.Leave(at, JO),
        lambda at: e.MoveOn(at, JO),
    ],
)
def test_one_of_a_pair_does_not_answer_for_the_other_by_changing_the_plan(event):
    stops = confirmed().matter.visit.plan.stops * 2
    life = called(underway(partner=SAM, stops=stops))
    start = life.now
    life.do(event(life.now))
    life.sweep(start + GRACE)
    assert life.matter.open_escalation is not None


def test_an_agreed_no_signal_time_does_not_count():
    life = underway()
    life.do(e.NoSignal(life.now, JO, life.now + minutes(60)))
    assert reached_after(called(life)) == 5


def test_an_answer_is_an_ordinary_check_in():
    life, other = called(underway()), underway()
    for one in (life, other):
        one.do(e.CheckIn(one.now, JO))
    assert due(life) == due(other)
    assert visit(life).state is VisitState.UNDERWAY
    assert visit(life).grace is None


def test_whoever_is_on_the_way_says_so_and_is_due_as_before():
    life = called(confirmed().at(61))
    assert visit(life).state is VisitState.OVERDUE
    assert life.do(OnTheWay(life.now, JO, "a")).reason is Reason.ON_THE_WAY
    assert due(life) == 75
    assert (visit(life).state, visit(life).started_at) == (VisitState.CONFIRMED, None)


def test_on_the_way_does_not_move_an_arrival_that_is_late_already():
    life = called(confirmed().at(76))
    life.do(OnTheWay(life.now, JO, "a"))
    assert (due(life), visit(life).state) == (75, VisitState.OVERDUE)
    life.at(86)
    assert life.matter.open_escalation is not None


def test_on_the_way_from_an_old_message_changes_nothing_and_is_read_all_the_same():
    life = confirmed().at(61)
    assert life.do(OnTheWay(life.now, JO, "b")).reason is Reason.NOT_CALLED
    assert due(life) == 75
    before = len(life.decisions)
    life.sweep(life.now + minutes(0.1))
    assert [f.matter for d in life.decisions[before:] for f in d.follow] == [MatterId("m1.jo")]


@pytest.mark.parametrize("start", [missed, helped, lambda: helped(e.HelpForm.QUIET)])
def test_whoever_people_look_for_is_not_asked_and_no_phone_rings(start):
    life = start()
    before = life.matter
    assert life.do(AskAccount(life.now, ROSA, CALL)).refused
    assert life.matter == before


@pytest.mark.parametrize("start", [planned, confirmed])
def test_whoever_has_not_set_out_is_not_asked(start):
    life = start()
    assert life.do(AskAccount(life.now, ROSA, CALL)).reason is Reason.NOT_STARTED


def test_never_8_a_worker_under_duress_is_asked_as_any_other():
    life, other = underway(), underway()
    life.do(e.CheckIn(life.now, JO, "b"))
    other.do(e.CheckIn(other.now, JO, "a"))
    for one in (life, other):
        one.sweep(one.now + minutes(0.1))
        called(one)
    assert life.matter == other.matter
    assert life.effects == other.effects


def test_whoever_is_accounted_for_by_a_named_person_is_not_missed_again():
    life = called(underway(partner=SAM))
    life.do(e.ProxyCheckIn(life.now, MAYA, True))
    assert visit(life).called is None
    life.sweep(life.now + GRACE * 2)
    assert life.matter.open_escalation is None


# --- the roll call ---------------------------------------------------------------------------


class Roll:
    """A roll call and the visits it is about, each a life of its own, all at the same time."""

    def __init__(self, *lives: Life, by: PersonId = MAYA):
        self.lives = {
            MatterId(f"m{number}"): replace_id(life, MatterId(f"m{number}"))
            for number, life in enumerate(lives)
        }
        self.now = max((life.now for life in lives), default=NOON)
        self.call = Life(matter=blank(CALL, ProgramId("county"), by), now=self.now)
        self._look_around()
        self.decision = self.call.do(CallRoll(self.now, by))
        for follow in self.decision.follow:
            self.lives[follow.matter].now = self.now
            self.lives[follow.matter].do(follow.event)

    def _look_around(self):
        found = {id_: life.matter for id_, life in self.lives.items()}
        self.call.world = replace(self.call.world, out=found)

    def pass_time(self, later: float):
        """Let time pass for all of them, by the clock of the calls."""
        until = self.now + minutes(later)
        while self.now < until:
            self.now = min(until, self.now + LOOK_EVERY)
            for life in self.lives.values():
                life.sweep(self.now)
            self._look_around()
            self.call.sweep(self.now)
        return self

    def standing(self) -> dict[PersonId, Standing]:
        assert self.call.matter.roll_call is not None
        return {one.person: one.standing for one in self.call.matter.roll_call.people}


def replace_id(life: Life, id_: MatterId) -> Life:
    life.matter = replace(life.matter, id=id_)
    return life


def as_sam(life: Life) -> Life:
    """The same life, of another worker."""
    life.matter = replace(life.matter, worker=SAM)
    return life


def test_all_are_asked_in_one_decision_and_whoever_asked_hears_when_all_have_answered():
    roll = Roll(underway(), as_sam(confirmed().at(60)))
    assert {follow.matter for follow in roll.decision.follow} == set(roll.lives)
    assert said(roll.call) == [(MAYA, "roll_call")]
    for life, person in zip(roll.lives.values(), (JO, SAM), strict=True):
        life.do(e.Arrive(roll.now, person))
    roll.pass_time(1)
    assert roll.standing() == {JO: Standing.ANSWERED, SAM: Standing.ANSWERED}
    assert said(roll.call) == [(MAYA, "roll_call"), (MAYA, "roll_call_over")]
    assert next_deadline(roll.call.matter) is None


def test_whoever_asked_hears_at_once_of_who_is_missed_and_then_it_is_over():
    roll = Roll(underway(), as_sam(underway()))
    roll.lives[MatterId("m1")].do(e.CheckIn(roll.now, SAM))
    roll.pass_time(4.9)
    assert roll.standing() == {JO: Standing.WAITING, SAM: Standing.ANSWERED}
    roll.pass_time(0.5)
    assert roll.standing()[JO] is Standing.MISSED
    assert said(roll.call) == [(MAYA, "roll_call"), (MAYA, "roll_call_missed")]
    assert not roll.call.matter.is_open


def test_whoever_responders_have_already_is_counted_and_never_asked():
    roll = Roll(helped(e.HelpForm.QUIET))
    assert roll.decision.follow == ()
    assert roll.standing() == {JO: Standing.RESPONDERS}
    roll.pass_time(1)
    assert said(roll.call)[-1] == (MAYA, "roll_call_over")


def test_a_call_for_help_as_an_answer_is_with_responders_and_not_missed():
    roll = Roll(underway())
    roll.lives[MatterId("m0")].do(e.Help(roll.now, JO, e.HelpForm.QUIET))
    roll.pass_time(10)
    assert roll.standing() == {JO: Standing.RESPONDERS}
    assert "roll_call_missed" not in {what for _, what in said(roll.call)}


def test_a_silent_matter_is_no_visit_and_changes_nothing():
    roll, other = Roll(underway(), silenced()), Roll(underway())
    assert roll.standing() == other.standing()


def test_who_could_not_be_read_is_named_at_once_and_stops_nobody():
    life = underway()
    call = Life(matter=blank(CALL, ProgramId("county"), MAYA), now=life.now)
    call.world = replace(
        call.world, out={life.matter.id: life.matter}, unread=((MatterId("m9"), SAM),)
    )
    decision = call.do(CallRoll(life.now, MAYA))
    assert [follow.matter for follow in decision.follow] == [life.matter.id]
    assert Standing.UNREADABLE in {one.standing for one in call.matter.roll_call.people}


def test_a_visit_that_cannot_be_read_any_more_does_not_keep_a_call_open():
    roll = Roll(underway())
    roll.call.world = replace(roll.call.world, out={})
    roll.call.sweep(roll.now + GRACE + minutes(2))
    assert roll.standing() == {JO: Standing.UNREADABLE}
    assert said(roll.call)[-1] == (MAYA, "roll_call_missed")


@pytest.mark.parametrize("by", [ROSA, MAYA, LIN])
def test_coordinators_supervisors_and_leads_may_ask(by):
    assert Roll(underway(), by=by).decision.reason is Reason.ROLL_CALLED


@pytest.mark.parametrize("by", [JO, PersonId("ines"), PersonId("outsider")])
def test_nobody_else_may_ask(by):
    assert Roll(underway(), by=by).decision.reason is Reason.NOT_A_RESPONDER


def test_with_nobody_out_there_is_nobody_to_ask():
    assert Roll(planned()).decision.reason is Reason.NOBODY_OUT


def test_a_second_call_is_told_that_one_is_open():
    life = underway()
    call = Life(matter=blank(CALL, ProgramId("county"), MAYA), now=life.now)
    call.world = replace(call.world, out={life.matter.id: life.matter}, calling=True)
    decision = call.do(CallRoll(life.now, MAYA))
    assert (decision.reason, decision.changed) == (Reason.ALREADY_CALLED, False)


# --- every state, every event ----------------------------------------------------------------


def states() -> dict[str, tuple[Matter, Situation]]:
    life = underway()
    opened = Roll(life)
    over = Roll(as_sam(underway()))
    over.lives[MatterId("m0")].do(e.CheckIn(over.now, SAM))
    over.pass_time(1)
    fresh = blank(CALL, ProgramId("county"), MAYA)
    known = replace(situation(), out={life.matter.id: life.matter})
    return {
        NEW: (fresh, known),
        Calling.OPEN: (opened.call.matter, opened.call.world),
        Calling.OVER: (over.call.matter, over.call.world),
    }


def state_of(matter: Matter) -> str:
    if matter.roll_call is None:
        return NEW
    return Calling.OVER if matter.roll_call.due_at is None else Calling.OPEN


def all_events():
    at = NOON + minutes(90)
    return [*events(at, underway().matter, random.Random(3)), CallRoll(at, MAYA)]


@pytest.mark.parametrize(("state", "event"), list(product([NEW, *Calling], all_events())))
def test_every_state_of_a_roll_call_meets_every_event(state, event):
    matter, world = states()[state]
    after = decide(matter, event, world).matter
    allowed = {state, *ROLL_CALL[state].get(type(event).__name__, ())}
    assert state_of(after) in allowed
    assert after.is_open == (next_deadline(after) is not None)
    if state is not NEW:
        assert after.visit is None, "nothing becomes a visit on the way"


def test_every_move_of_a_roll_call_in_the_table_is_made():
    made = {(NEW, "CallRoll", state_of(Roll(underway()).call.matter))}
    roll = Roll(helped())
    roll.pass_time(1)
    made.add((Calling.OPEN, "DeadlinePassed", state_of(roll.call.matter)))
    assert made == {
        (state, name, after)
        for state, moves in ROLL_CALL.items()
        for name, afters in moves.items()
        for after in afters
    }


def test_every_look_is_worth_a_version_and_only_news_is_pushed():
    roll = Roll(underway())
    since = len(roll.call.effects)
    roll.pass_time(4)
    assert roll.call.of(Tell, since) == []
    assert after_noon(next_deadline(roll.call.matter)) > after_noon(roll.now)
