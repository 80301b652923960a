"""The incident thread opens for help, duress and a miss at its second rung, and not before."""

import pytest

from protocol import events as e
from protocol.effects import OpenThread, ThreadNote
from protocol.records import Accounted, Finding
from tests.protocol.seen import RATED, covered, helped, open_one, taken, watch
from tests.protocol.world import JO, LIN, MAYA, ON_DUTY, ROSA, cover, missed, underway

SECOND = {"low": 165, "elevated": 129, "high": 97}


@pytest.mark.parametrize("rating", RATED)
def test_a_miss_opens_a_thread_at_its_second_rung(rating):
    life = underway(**RATED[rating])
    assert [at for at, _ in watch(life, 300, OpenThread)] == [SECOND[rating]]


@pytest.mark.parametrize("how", ["proxy", "close", "tap"])
def test_a_miss_that_is_settled_at_the_first_rung_opens_none(how):
    life = missed()
    if how == "proxy":
        life.do(e.ProxyCheckIn(life.now, ROSA, True))
    if how == "close":
        life.do(e.Close(life.now, ROSA, 1, Accounted.SPOKEN, Finding.FORGOT))
    if how == "tap":
        life.do(e.CheckIn(life.now, JO))
        life.do(e.ConfirmTap(life.now, ROSA, open_one(life).mark))
    assert life.matter.open_escalation is None
    assert life.of(OpenThread) == life.of(ThreadNote) == []


def test_a_miss_that_somebody_holds_at_the_first_rung_opens_none():
    life = taken(ROSA).at(200)
    assert life.of(OpenThread) == []


@pytest.mark.parametrize("form", list(e.HelpForm))
def test_a_call_for_help_opens_one_at_once(form):
    assert len(helped(form).of(OpenThread)) == 1


@pytest.mark.parametrize("form", list(e.HelpForm))
def test_a_miss_that_becomes_a_call_for_help_opens_one_at_once(form):
    life = missed()
    assert life.of(OpenThread) == []
    life.do(e.Help(life.now, JO, form))
    assert len(life.of(OpenThread)) == 1


def test_one_escalation_opens_one_thread_however_often_it_climbs():
    life = helped()
    for _ in range(3):
        life.do(e.Acknowledge(life.now, ROSA))
        life.sweep(open_one(life).until_at)
        life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    life.at(600)
    assert len(life.of(OpenThread)) == 1


def test_a_rung_that_nobody_is_on_counts_as_reached():
    no_coordinator = tuple(pair for pair in ON_DUTY if pair[1] != ROSA)
    life = covered(underway(), cover(on_duty=no_coordinator))
    assert [at for at, _ in watch(life, 160, OpenThread)] == [160]


@pytest.mark.parametrize("event", [e.Escalate, e.CannotTake])
def test_a_second_rung_that_somebody_asked_for_opens_one(event):
    life = missed()
    life.do(event(life.now, ROSA))
    assert len(life.of(OpenThread)) == 1


def test_what_happens_is_written_into_the_thread():
    life = helped()
    steps: list[tuple[e.Event, str]] = [
        (e.Acknowledge(life.now, ROSA), "acknowledged"),
        (
            e.LogAttempt(life.now, ROSA, e.ContactMethod.CALL, e.ContactOutcome.NO_ANSWER),
            "attempt",
        ),
        (e.SendSupport(life.now, ROSA, "mobile crisis"), "support_sent"),
        (e.CallEmergency(life.now, ROSA), "emergency_called"),
        (e.CheckIn(life.now, JO), "worker_tapped"),
        (e.CannotTake(life.now, ROSA), "cannot_take"),
    ]
    for event, noted in steps:
        since = len(life.effects)
        life.do(event)
        assert noted in [note.noted for note in life.of(ThreadNote, since)]
    life.do(e.Close(life.now, MAYA, open_one(life).mark, Accounted.SPOKEN, Finding.REAL))
    life.do(e.ConfirmClosing(life.now, LIN, open_one(life).mark))
    assert [note.noted for note in life.of(ThreadNote)][-2:] == ["closed_by_one", "closed"]


def test_an_attempt_says_who_how_and_what_came_of_it():
    life = helped()
    life.do(e.LogAttempt(life.now, LIN, e.ContactMethod.PLACE, e.ContactOutcome.NOT_THERE))
    note = life.of(ThreadNote)[-1]
    assert note.by == LIN
    assert "place" in note.text
    assert "not_there" in note.text
