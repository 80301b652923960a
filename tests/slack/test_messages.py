"""Messages that are sent once: reminders, questions, news, stand-down, and lines of a thread."""

import re

import pytest

from bot.slack import render
from bot.slack.render import roll_call, trigger
from bot.slack.words import news
from protocol import events as e
from protocol.decision import Reason
from protocol.effects import (
    Ask,
    Asked,
    Noted,
    OpenThread,
    PostStandDown,
    Refresh,
    Remind,
    Reply,
    Said,
    StandDown,
    Surface,
    Tell,
    ThreadNote,
)
from protocol.offers import Handed, OfferHandover
from protocol.override import LowerRating
from protocol.policy import ChannelRole
from protocol.rating import Rating
from protocol.records import Accounted, EscalationKind, Expecting, Finding
from protocol.trigger import RaiseTrigger, WriteConsult
from tests.protocol.world import (
    JO,
    LIN,
    MAYA,
    NOON,
    ROSA,
    Life,
    confirmed,
    minutes,
    missed,
    page_of,
    planned,
    underway,
)
from tests.slack.examples import calling, silent, taken, view, with_escalation
from tests.slack.readable import assert_slack_takes, elements, labels, readable

ABOUT_A_PLAN = (Asked.APPROVE, Asked.AGREE_LOWERING)


def shown(effect, life, about=None):
    drawn = render.message(effect, view(life, about))
    assert_slack_takes(drawn.blocks)
    return drawn


@pytest.mark.parametrize(
    ("expecting", "buttons"),
    [
        (Expecting.ARRIVAL, ["I'm here", "Running late"]),
        (Expecting.CHECK_IN, ["OK", "Leaving"]),
        (Expecting.EXIT, ["OK", "Leaving"]),
        (Expecting.CLEAR, ["I'm clear", "Not yet"]),
    ],
)
def test_a_reminder_brings_its_own_buttons_and_says_nothing_on_a_lock_screen(expecting, buttons):
    drawn = shown(Remind("k", JO, expecting, NOON, 1), confirmed())
    assert drawn.text == "Belay: reminder"
    answer, other = buttons
    assert labels(drawn.blocks) == [answer, other, answer, "Help: call me", "Help: stay quiet"]


def test_a_reminder_before_the_due_time_asks_in_other_words_than_one_after():
    life = underway()
    ahead = shown(Remind("k", JO, Expecting.CHECK_IN, NOON, 1), life)
    after = shown(Remind("k", JO, Expecting.CHECK_IN, NOON, 2), life)
    assert readable(ahead.blocks).startswith("Your check-in is due at 12:00 PM.")
    assert readable(after.blocks).startswith("All OK? Your check-in was due at 12:00 PM.")


def test_the_owner_is_asked_before_their_time_is_up_and_one_tap_answers():
    life = taken(missed())
    drawn = shown(Ask("k", ROSA, Asked.STILL_ON_IT, life.now), life)
    assert "*Are you still on it?* If not, people are paged again at 3:40 PM." in readable(
        drawn.blocks
    )
    assert labels(drawn.blocks) == ["Still on it", "Can't take it"]
    assert drawn.text == "Belay: please answer"


def test_a_late_tap_is_confirmed_with_one_tap():
    drawn = shown(Ask("k", ROSA, Asked.CONFIRM_TAP, NOON, mark=2, about=JO), missed())
    assert "*Jo checked in late.*" in readable(drawn.blocks)
    assert labels(drawn.blocks) == ["Yes, they are OK", "I have it"]
    assert elements(drawn.blocks)[0]["value"] == "m1||2"


def test_a_question_about_duress_begins_with_what_not_to_do():
    life, visit = silent()
    drawn = shown(Ask("k", LIN, Asked.STILL_ON_IT, life.now), life, visit)
    assert readable(drawn.blocks).startswith("*Do not call or message them.*")


def offered(asked):
    """Something of Maya's that Rosa was asked to take."""
    if asked is Asked.TAKE_ESCALATION:
        life, what = missed(), Handed.ESCALATION
        life.do(e.Acknowledge(life.now, MAYA))
    else:
        life, what = planned(), Handed.VISIT
        life.do(e.ConfirmPlan(life.now, MAYA, 1))
    assert not life.do(OfferHandover(life.now, MAYA, ROSA, what)).refused
    return life


def consulted():
    """Rosa wrote back to what Jo paged for."""
    life = Life()
    life.do(RaiseTrigger(NOON, JO, NOON, page_of()))
    assert not life.do(WriteConsult(NOON, ROSA, "seen today", NOON + minutes(60))).refused
    return life


@pytest.mark.parametrize("asked", sorted(Asked))
def test_every_question_has_buttons(asked):
    life = planned(raised=Rating.ELEVATED) if asked in ABOUT_A_PLAN else missed()
    life.do(LowerRating(NOON, ROSA, 1, Rating.LOW, "seen today"))
    if asked in (Asked.TAKE_ESCALATION, Asked.TAKE_VISIT):
        life = offered(asked)
    if asked in trigger.ASKED:
        life = consulted()
    drawn = shown(Ask("k", ROSA, asked, NOON, mark=1, about=JO), life)
    assert labels(drawn.blocks)


@pytest.mark.parametrize("said", sorted(set(Said) - set(roll_call.SAID)))
def test_news_has_a_neutral_lock_screen_and_no_gaps(said):
    drawn = shown(Tell("k", JO, said, NOON, about=ROSA, text="bring <water>"), missed())
    assert drawn.text == news.lock(said)
    assert not any(sign in readable(drawn.blocks) for sign in "{}")


def test_a_request_for_changes_quotes_it_and_opens_the_plan_again():
    told = Tell("k", JO, Said.CHANGES_ASKED, NOON, about=ROSA, text="go with Sam")
    drawn = shown(told, confirmed())
    assert readable(drawn.blocks) == (
        "Rosa asks for changes before this visit:\n> go with Sam\n[Change plan]"
    )


def test_somebody_has_seen_it_only_with_a_name():
    drawn = shown(Tell("k", JO, Said.SEEN, NOON, about=ROSA), missed())
    assert readable(drawn.blocks) == "Rosa has seen this."


@pytest.mark.parametrize("reason", sorted(Reason))
def test_an_answer_to_a_tap_is_the_reason_in_words(reason):
    assert shown(Reply("k", JO, reason.value, NOON), missed()).text == "Belay: update"


def test_stand_down_says_accounted_for():
    life = missed()
    told = shown(StandDown("k", LIN, NOON, ROSA), life)
    assert readable(told.blocks) == (
        "*Stand down.* Jo is accounted for. Rosa closed it at 12:00 PM. Thank you."
    )
    posted = shown(PostStandDown("k", ChannelRole.CLINICAL, NOON, ROSA), life)
    assert "Jo" not in readable(posted.blocks)


def test_an_incident_thread_names_nobody():
    life = taken(missed())
    head = shown(OpenThread("k", 1, EscalationKind.MISSED, NOON), life)
    note = shown(ThreadNote("k", 1, Noted.ACKNOWLEDGED, NOON, by=ROSA), life)
    assert readable(head.blocks).startswith(
        "*Missed check-in · Tue Mar 10, 2:40 PM*\nIncident m1-1. Facts only."
    )
    assert readable(note.blocks) == "12:00 PM · Responder 1 has it."
    assert render.surface(Surface.THREAD, view(life)) == head


def test_the_head_of_a_closed_thread_says_first_that_it_is_closed_how_and_where_the_record_is():
    life = taken(missed())
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SEEN, Finding.LATE, "Theo Brandt", True))
    head = render.surface(Surface.THREAD, view(life))
    first, *rest = readable(head.blocks).splitlines()
    assert re.fullmatch(r"\*Closed, Tue Mar 10, [0-9:]+ [AP]M\.\* (.*)", first)
    assert first.endswith("A named person saw them. The thread below is the record.")
    assert rest[0] == "*Missed check-in · Tue Mar 10, 2:40 PM*"
    assert not re.search("Rosa|Theo|Jo", readable(head.blocks))
    assert_slack_takes(head.blocks)
    # One that is only now sent says so as well.
    assert shown(OpenThread("k", 1, EscalationKind.MISSED, NOON), life) == head


def test_a_contact_attempt_is_noted_in_coded_words_and_typed_text_is_left_out():
    life = taken(missed())
    coded = ThreadNote("k", 1, Noted.ATTEMPT, NOON, by=ROSA, text="call: no_answer")
    typed = ThreadNote("k", 1, Noted.ATTEMPT, NOON, by=JO, text="Jo's mother said")
    assert readable(shown(coded, life).blocks) == (
        "12:00 PM · Responder 1: contact attempt. Called the worker: no answer."
    )
    assert readable(shown(typed, life).blocks) == "12:00 PM · A responder: contact attempt."


@pytest.mark.parametrize("noted", sorted(Noted))
def test_every_note_can_be_drawn(noted):
    assert "{" not in readable(shown(ThreadNote("k", 1, noted, NOON, by=ROSA), missed()).blocks)


def test_the_end_of_a_thread_says_how_and_what_it_was_in_coded_words():
    life = taken(missed())
    coded = ThreadNote("k", 1, Noted.CLOSED, NOON, ROSA, "seen_by_a_named_person/forgot")
    assert readable(shown(coded, life).blocks) == (
        "12:00 PM · Closed: the worker is accounted for.\n"
        "A named person saw them.\n"
        "What it was: Busy with the person."
    )
    for visit, told in (("goes_on", "*The visit goes on*"), ("over", "*The visit is over*")):
        text = f"seen_by_a_named_person/forgot/{visit}"
        line = readable(shown(ThreadNote("k", 1, Noted.CLOSED, NOON, ROSA, text), life).blocks)
        assert line.splitlines()[-1].startswith(told)
    for text in ("spoken_with_challenge", "Jo's mother/said so", ""):  # the first: of before
        line = shown(ThreadNote("k", 1, Noted.CLOSED, NOON, ROSA, text), life)
        assert readable(line.blocks) == "12:00 PM · Closed: the worker is accounted for."


@pytest.mark.parametrize("goes_on", [True, False])
def test_whoever_is_stood_down_and_the_worker_read_whether_the_visit_goes_on(goes_on):
    life = taken(missed())
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.LATE, continues=goes_on))
    told = [one for one in life.of(Tell) if one.said is Said.ACCOUNTED_FOR]
    texts = [readable(shown(one, life).blocks) for one in (*life.of(StandDown), *told)]
    responder, worker = texts
    assert ("*The visit goes on*" in responder) == goes_on
    assert ("*The visit is over*" in responder) == (not goes_on)
    assert ("Your visit goes on." in worker, "Still out there?" in worker) == (goes_on, not goes_on)


def test_a_refresh_is_no_new_message():
    with pytest.raises(ValueError, match="surface"):
        render.message(Refresh("k", Surface.PAGES), view(missed()))


def test_nothing_says_that_help_is_coming_before_a_person_did():
    life = calling(e.HelpForm.CALL)
    effects = [effect for effect in life.effects if isinstance(effect, Tell | Remind)]
    texts = " ".join(readable(shown(effect, life).blocks) for effect in effects)
    assert "sent" not in texts.replace("Plan sent", "")
    assert "coming" not in texts


def test_a_question_in_a_matter_without_a_hold_still_has_words():
    life = with_escalation(missed(), until_at=None)
    asked = Ask("k", ROSA, Asked.NEXT_LOOK, life.now + minutes(1))
    assert "Time for the next look" in readable(shown(asked, life).blocks)


@pytest.mark.parametrize("said", [Said.HELP_AGAIN, Said.WORKER_TAPPED])
def test_news_about_a_quiet_call_begins_with_what_not_to_do(said):
    told = shown(Tell("k", ROSA, said, NOON), calling(e.HelpForm.QUIET))
    assert readable(told.blocks).startswith("*Do not ring them.*")
    assert "Jo" in readable(told.blocks)
    life, visit = silent()
    told = shown(Tell("k", LIN, said, NOON), life, visit)
    assert readable(told.blocks).startswith("*Do not call or message them.*")


def test_who_was_there_already_is_told_of_with_the_rule_and_without_blame():
    told = Tell("k", ROSA, Said.WATCHED_UNPLANNED, NOON, about=JO, text=Reason.NEEDS_PAIR.value)
    assert readable(shown(told, underway()).blocks) == (
        "Jo is on a visit that was not planned ahead. The clock is running. The rule for plans:"
        " needs a pair or a backup. Being watched comes first."
    )


def test_a_later_start_says_by_how_much():
    told = Tell("k", ROSA, Said.RUNNING_LATE, NOON, about=JO, text="20")
    assert readable(shown(told, underway()).blocks).startswith("Jo starts 20 minutes later.")


def test_the_thread_of_an_incident_that_is_over_offers_a_change_of_the_matrix_and_no_other_does():
    def offered(life):
        drawn = render.surface(Surface.THREAD, view(life))
        assert_slack_takes(drawn.blocks)
        return [one["value"] for one in elements(drawn.blocks)]

    life = missed()
    life.sweep(life.matter.open_escalation.due_at)
    taken(life)
    assert life.matter.escalations[-1].incident
    assert offered(life) == []
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.LATE, continues=True))
    assert offered(life) == ["m1|incident|1"]
    assert shown(OpenThread("k", 1, EscalationKind.MISSED, NOON), life) == render.surface(
        Surface.THREAD, view(life)
    )
