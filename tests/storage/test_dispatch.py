"""This holds the rule of what is taken back: never a page that somebody may still need."""

from dataclasses import replace

import pytest

from protocol.decision import Decision, Reason
from protocol.events import Acknowledge, CheckIn, Help, HelpForm
from protocol.records import EscalationKind, EscalationState, Expecting, VisitState
from storage.dispatch import voided
from tests.storage import samples
from tests.storage.samples import LEAD, NOW, PARTNER, SECOND, WORKER, escalation, matter, visit

HELP = EscalationKind.HELP_CALL
ACK = Acknowledge(NOW, LEAD)
TAP = CheckIn(NOW, WORKER)


def moved(state, kind=EscalationKind.MISSED, event_=ACK):
    """What is void when a climb goes over into this state."""
    done = samples.closed_escalation(kind=kind, second=SECOND)
    after = done if state is EscalationState.CLOSED else escalation(kind=kind, state=state)
    before = matter(escalations=(escalation(kind=kind),))
    decision = Decision(replace(before, escalations=(after,)), Reason.ACKNOWLEDGED)
    return {void.kind for void in voided(before, decision, event_)}


@pytest.mark.parametrize("kind", EscalationKind)
@pytest.mark.parametrize("state", [one for one in EscalationState if one != "climbing"])
def test_when_a_climb_ends_its_pages_are_void(kind, state):
    assert moved(state, kind) == {"Page", "PostPage"}


def test_while_a_climb_goes_on_its_pages_stand():
    assert moved(EscalationState.CLIMBING) == set()


@pytest.mark.parametrize("event_", [TAP, Help(NOW, WORKER, HelpForm.CALL)])
@pytest.mark.parametrize("kind", [HELP, EscalationKind.HELP_QUIET, EscalationKind.DURESS])
def test_nothing_a_worker_says_makes_a_page_about_help_void(kind, event_):
    assert moved(EscalationState.ACKNOWLEDGED, kind, event_) == set()


def test_a_call_for_help_on_top_of_a_miss_keeps_the_pages_of_the_miss():
    before = matter(escalations=(escalation(),))
    after = replace(before, escalations=(escalation(kind=HELP, cycle=2),))
    decision = Decision(after, Reason.HELP_RAISED)
    assert voided(before, decision, Help(NOW, WORKER, HelpForm.CALL)) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"due_no": 2},
        {"state": VisitState.ESCALATED},
        {"state": VisitState.CLOSED, "due_at": None},
        {"due_no": 2, "expecting": Expecting.CLEAR},
    ],
)
def test_when_what_was_due_is_settled_its_reminders_are_void(change):
    before = matter()
    decision = Decision(replace(before, visit=visit(**change)), Reason.CHECKED_IN)
    assert [(one.kind, one.to) for one in voided(before, decision, TAP)] == [("Remind", None)]


def test_whoever_of_a_pair_has_answered_is_not_reminded_any_more():
    before = matter(visit=visit(heard=(WORKER,)))
    decision = Decision(
        replace(before, visit=visit(heard=(WORKER, PARTNER))), Reason.HEARD_ONE_OF_TWO
    )
    assert [(one.kind, one.to) for one in voided(before, decision, TAP)] == [("Remind", PARTNER)]


def test_a_reminder_of_the_same_due_time_leaves_the_one_before_it():
    before = matter()
    decision = Decision(replace(before, visit=visit(nudge_no=2)), Reason.REMINDED)
    assert voided(before, decision, TAP) == ()
