"""Whoever may be calling a worker this minute hears at once that they must not."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol.effects import Page
from protocol.ids import MatterId
from protocol.matter import blank
from protocol.offers import Handed, OfferHandover, TakeHandover
from protocol.records import Accounted, EscalationState, Finding
from storage.dispatch import Void, voided
from tests.protocol.seen import covered, helped, open_one, pages, taken
from tests.protocol.test_duress import BUTTON, held, read, silenced
from tests.protocol.world import (
    INES,
    JO,
    LIN,
    MAYA,
    OMAR,
    ON_DUTY,
    PAT,
    ROSA,
    SAM,
    THEO,
    Life,
    cover,
    minutes,
    missed,
    underway,
)


def silent_of(life: Life) -> Life:
    """The worker answers with duress, and the first rung of the silent climb fires."""
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.sweep(silent.now)
    return silent


def test_the_owner_of_an_open_miss_is_paged_with_the_first_rung_of_the_silent_matter():
    life = taken(OMAR)  # a lead, and not on duty
    silent = silent_of(life)
    assert pages(silent) == [ROSA, LIN, OMAR]
    assert {page.kind for page in silent.of(Page)} == {"duress"}


def test_so_is_everybody_whose_page_says_to_call_while_nobody_has_it():
    life = missed()
    life.sweep(life.now + minutes(5))
    assert MAYA in open_one(life).paged
    assert set(pages(silent_of(life))) == {ROSA, LIN, MAYA}


@pytest.mark.parametrize("by", [MAYA, OMAR])
def test_so_is_whoever_has_a_call_for_help(by):
    life = helped()
    life.do(e.Acknowledge(life.now, by))
    assert by in pages(silent_of(life))


def test_whom_the_worker_excluded_is_not_even_where_they_have_the_miss():
    life = taken(THEO)  # whom Jo excludes
    silent = silent_of(life)
    silent.at(600)
    assert THEO not in pages(silent)


@pytest.mark.parametrize("part", ["partner", "backup"])
def test_nor_is_a_companion(part):
    life = taken(PAT, factors=frozenset(), backup=PAT) if part == "backup" else missed(partner=SAM)
    silent = silent_of(life)
    silent.at(600)
    assert not {PAT if part == "backup" else SAM} & set(pages(silent))


def test_a_first_rung_that_reaches_nobody_is_passed_at_once_all_the_same():
    life = covered(taken(OMAR), cover(on_duty=(ON_DUTY[1],)))  # only Maya, of the second rung
    silent = silent_of(life)
    assert open_one(silent).rung == 1
    assert set(pages(silent)) == {MAYA, OMAR, ROSA}, "Rosa was paged about the miss"


def test_said_again_after_somebody_else_took_the_miss_reaches_them_at_once():
    silent = held(silenced())
    since = len(silent.effects)
    silent.do(e.OpenSilent(silent.now, JO, MatterId("m1"), (THEO,), told=(INES, ROSA, THEO)))
    assert pages(silent, since) == [INES]
    assert open_one(silent).owner == ROSA, "and it stays with whoever has it"
    assert open_one(silent).state is EscalationState.ACKNOWLEDGED


def test_their_page_is_sent_even_if_somebody_takes_the_silent_matter_on_before():
    life = taken(OMAR)
    silent = silent_of(life)
    before = silent.matter
    decision = silent.do(e.Acknowledge(silent.now, ROSA))
    void = voided(before, decision, e.Acknowledge(silent.now, ROSA))
    assert Void(before.id, "Page", LIN) in void
    assert Void(before.id, "PostPage") in void
    assert not [one for one in void if one.kind == "Page" and one.to in (None, OMAR)]


@pytest.mark.parametrize("start", [underway, missed, lambda: taken(OMAR)])
def test_nothing_of_it_shows_on_the_visit(start):
    life, other = start(), start()
    life.do(e.CheckIn(life.now, JO, BUTTON))
    other.do(e.CheckIn(other.now, JO, "a"))
    read(life), read(other)
    assert life.effects == other.effects
    assert replace(life.matter) == replace(other.matter)


def warned(life: Life, silent: Life, event: e.Event) -> list[str]:
    """Somebody takes on what is openly known; whom the silent matter pages about it."""
    since = len(silent.effects)
    for follow in life.do(event).follow:
        if follow.matter == silent.matter.id:
            silent.do(follow.event)
    return pages(silent, since)


@pytest.mark.parametrize("taken_by", [True, False])
def test_whoever_takes_the_miss_on_while_a_silent_matter_is_open_hears_at_once(taken_by):
    life = taken(ROSA) if taken_by else missed()
    silent = silent_of(life)
    event: e.Event = e.Acknowledge(life.now, OMAR)
    if taken_by:
        life.do(OfferHandover(life.now, ROSA, OMAR, Handed.ESCALATION))
        event = TakeHandover(life.now, OMAR, Handed.ESCALATION)
    assert warned(life, silent, event) == [OMAR]
    assert OMAR not in warned(life, silent, e.Escalate(life.now, OMAR)), "once is enough"


def test_so_does_everybody_who_is_paged_for_the_miss_after_the_silent_matter_was_taken():
    life = missed()
    silent = held(silent_of(life))
    before, since = open_one(life).paged, len(silent.effects)
    for _five in range(12):
        life.now += minutes(5)
        for follow in life.do(e.DeadlinePassed(life.now)).follow:
            assert follow.matter == silent.matter.id
            silent.do(follow.event)
    later = set(open_one(life).paged) - set(before)
    assert MAYA in later, "the climb has gone on"
    assert MAYA in pages(silent, since)
    assert later - {*open_one(silent).excluded} <= {*open_one(silent).paged}
    assert open_one(silent).owner == ROSA, "and it stays with whoever has it"


@pytest.mark.parametrize(
    "event",
    [
        lambda at: e.SendSupport(at, OMAR, service="the shelter's staff"),
        lambda at: e.CallEmergency(at, OMAR),
        lambda at: e.LogAttempt(at, OMAR, e.ContactMethod.CALL, e.ContactOutcome.NO_ANSWER),
    ],
)
def test_so_does_whoever_is_at_the_miss_without_having_said_i_have_it(event):
    life = missed()
    silent = silent_of(life)
    assert warned(life, silent, event(life.now)) == [OMAR]


def test_so_does_whoever_does_not_agree_that_a_call_for_help_is_over():
    life = helped()
    silent = silent_of(life)
    life.do(e.Close(life.now, ROSA, open_one(life).mark, Accounted.SPOKEN, Finding.OTHER))
    assert open_one(life).state is EscalationState.AWAITING_SECOND
    assert warned(life, silent, e.RejectClosing(life.now, OMAR)) == [OMAR]


def test_so_does_whoever_takes_it_on_before_the_first_rung_of_the_silent_matter_has_fired():
    life = missed()
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    assert warned(life, silent, e.Acknowledge(life.now, OMAR)) == []
    since = len(silent.effects)
    silent.sweep(silent.now)
    assert OMAR in pages(silent, since)


def test_so_does_whoever_takes_it_on_while_one_person_says_that_the_silent_matter_is_over():
    life = missed()
    silent = silent_of(life)
    mark = open_one(silent).mark
    silent.do(e.Close(silent.now, ROSA, mark, Accounted.SPOKEN, Finding.OTHER))
    assert open_one(silent).state is EscalationState.AWAITING_SECOND
    assert warned(life, silent, e.Acknowledge(life.now, OMAR)) == [OMAR]
    assert open_one(silent).state is EscalationState.AWAITING_SECOND


def test_whom_the_worker_excluded_hears_nothing_when_they_take_the_miss_on():
    life = missed()
    silent = silent_of(life)
    assert warned(life, silent, e.Acknowledge(life.now, THEO)) == []


def test_without_a_silent_matter_taking_on_opens_none():
    life = missed()
    (follow,) = life.do(e.Acknowledge(life.now, OMAR)).follow
    none = Life(matter=blank(follow.matter, life.matter.program, JO))
    assert not none.do(follow.event).changed
