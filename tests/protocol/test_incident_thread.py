"""The incident thread opens for help, duress and a miss at its second rung, and not before."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol import incident
from protocol.effects import Noted, OpenThread, Refresh, Surface, ThreadNote
from protocol.ids import MatterId
from protocol.records import SILENT, Accounted, EscalationKind, Finding
from tests.protocol.seen import RATED, covered, helped, open_one, taken, watch
from tests.protocol.world import (
    JO,
    LIN,
    MAYA,
    NOON,
    ON_DUTY,
    ROSA,
    cover,
    minutes,
    missed,
    underway,
)

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


def test_the_head_of_a_thread_is_brought_up_to_date_when_it_closes_and_only_where_there_is_one():
    def refreshed(life):
        since = len(life.effects)
        life.do(e.Close(life.now, ROSA, open_one(life).mark, Accounted.SPOKEN, Finding.LATE))
        return Surface.THREAD in [one.surface for one in life.of(Refresh, since)]

    early, late = missed(), missed()
    late.do(e.Escalate(late.now, ROSA))
    assert not refreshed(early)
    assert refreshed(late)


def test_an_attempt_says_who_how_and_what_came_of_it():
    life = helped()
    life.do(e.LogAttempt(life.now, LIN, e.ContactMethod.PLACE, e.ContactOutcome.NOT_THERE))
    note = life.of(ThreadNote)[-1]
    assert note.by == LIN
    assert "place" in note.text
    assert "not_there" in note.text


def told(life, since=0):
    """The lines of the thread: minutes since noon, what, and the text."""
    notes = life.of(ThreadNote, since)
    return [((one.at - NOON).total_seconds() / 60, one.noted, one.text) for one in notes]


def test_a_thread_begins_with_the_steps_that_were_before_it():
    life = missed()
    life.sweep(open_one(life).due_at)
    assert told(life) == [(160, "climbed", "1/1/1"), (165, "climbed", "2/2/3")]


def test_a_thread_that_opens_at_once_has_nothing_before_it():
    assert told(helped()) == [(60, "climbed", "1/2/2")]


def test_who_had_it_and_a_tap_before_the_thread_are_told_in_their_order():
    life = missed()
    life.sweep(life.now + minutes(1))
    life.do(e.CheckIn(life.now, JO))
    life.sweep(life.now + minutes(1))
    life.do(e.Acknowledge(life.now, ROSA))
    life.sweep(life.now + minutes(1))
    life.do(e.Escalate(life.now, ROSA))
    assert [line[:2] for line in told(life)] == [
        (160, "climbed"),
        (161, "worker_tapped"),
        (162, "acknowledged"),
        (163, "climbed"),
    ]
    assert [one.by for one in life.of(ThreadNote)] == [None, None, ROSA, None]


def test_a_climb_that_began_again_before_the_thread_is_told():
    life = taken(ROSA)
    watch(life, 300, OpenThread)
    began, again, *_rest = told(life)
    assert began == (160, "climbed", "1/1/1")
    assert again[1] == "paged_again"
    times = [at for at, _noted, _text in told(life)]
    assert times == sorted(times)
    keys = [one.key for one in life.of(ThreadNote)]
    assert len(set(keys)) == len(keys)


def test_a_miss_that_became_a_call_for_help_tells_of_the_miss():
    life = missed()
    life.sweep(life.now + minutes(2))
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    assert told(life)[0] == (160, "climbed", "1/1/1")


@pytest.mark.parametrize("finding", [one for one in Finding if one is not Finding.DRILL])
def test_the_last_line_says_how_and_what_it_was_in_coded_values_alone(finding):
    life = missed()
    life.sweep(open_one(life).due_at)
    how = Accounted.SEEN
    life.do(e.Close(life.now, ROSA, open_one(life).mark, how, finding, "Theo Ruiz"))
    last = life.of(ThreadNote)[-1]
    assert last.noted is Noted.CLOSED
    assert last.text == f"seen_by_a_named_person/{finding.value}/over"


def test_an_incidents_number_says_nothing_of_anybody_and_no_two_are_alike():
    visit, duress, look = "8f4ddbe7aa11", "8f4ddbe7aa11.jo", "8f4ddbe7aa11.look.v3"
    numbers = [incident.number(MatterId(one), 1) for one in (visit, duress, look)]
    assert numbers[0] == "8f4ddbe7-1"
    assert len(set(numbers)) == 3
    assert not any("8f4ddbe7" in one or "jo" in one for one in numbers[1:])


@pytest.mark.parametrize("kind", list(EscalationKind))
def test_a_page_may_name_an_incident_unless_it_must_stay_silent(kind):
    life = helped()
    life.do(e.Acknowledge(life.now, ROSA))
    matter, held = life.matter, replace(open_one(life), kind=kind)
    matter = replace(matter, escalations=(held,))
    assert incident.may_be_named(matter, held) == (kind not in SILENT)
    assert not incident.may_be_named(replace(matter, silent=True), held)
    assert not incident.may_be_named(matter, replace(held, incident=False))


def test_after_a_closing_the_visit_went_on_or_was_over():
    for goes_on in (True, False):
        life = missed()
        mark = open_one(life).mark
        how, finding = Accounted.SPOKEN, Finding.LATE
        life.do(e.Close(life.now, ROSA, mark, how, finding, continues=goes_on))
        closed = life.matter.escalations[-1]
        assert incident.visit_goes_on(life.matter, closed) is goes_on
        # What the worker does later does not change what was so then.
        life.sweep(life.now + minutes(1))
        life.do(e.Leave(life.now, JO))
        life.do(e.Clear(life.now, JO))
        assert incident.visit_goes_on(life.matter, closed) is goes_on
        assert incident.visit_goes_on(replace(life.matter, visit=None), closed) is None
