"""Pages: what a responder reads first, what they need to know, and who has it."""

import re
from dataclasses import replace

import pytest

from bot.slack import render
from bot.slack.carried import unpack
from bot.slack.render.view import Thread
from protocol import events as e
from protocol.effects import Page, PostPage, Surface
from protocol.events import ContactMethod, ContactOutcome
from protocol.plan import Place
from protocol.policy import ChannelRole
from protocol.records import Accounted, EscalationKind, Finding
from tests.protocol.world import JO, LIN, ROSA, SHELTER, missed
from tests.slack.examples import calling, silent, taken, view, with_escalation
from tests.slack.readable import assert_slack_takes, elements, labels, readable


def shown(life, about=None, **more):
    drawn = render.surface(Surface.PAGES, view(life, about, **more))
    assert_slack_takes(drawn.blocks)
    return drawn


def test_a_page_about_a_missed_check_in_has_all_that_is_needed_to_act():
    assert readable(shown(missed()).blocks) == (
        "*Missed check-in: Jo*\n"
        "Where: *Main Street shelter*\n"
        "Since: Tue Mar 10, 2:30 PM\n"
        "Last heard: 1:00 PM\n"
        "Nobody has it yet.\n"
        "Can you take it? Tap *I have it*. Then everybody sees that it is yours.\n"
        "[I have it] [Escalate] [Can't take it]\n"
        "[Accounted for...]\n"
        "Planned end: 2:30 PM\n"
        "Rating: Low\n"
        "Alone\n"
        "---\n"
        "*What to do*\n"
        "1. Call the worker. Ask for the challenge: the question you agreed on. The right answer"
        " shows that they speak freely.\n"
        "2. Call the companion.\n"
        '3. Call the place. Say "a county worker", never our name.\n'
        "4. Call the worker again.\n"
        "5. Call the emergency contact, only if the worker agreed to that before.\n"
        "6. Send a colleague, as a pair with a watched visit.\n"
        "7. Then decide whom to send.\n"
        "Whom to send: partner on site, a pair, mobile crisis, EMS or police. You decide.\n"
        "County emergency number: *555-0199*. Belay never calls it for you.\n"
        'Read out: "I am calling about a county field worker who may need help. Place: Main Street'
        " shelter. Last heard: 1:00 PM. They are alone, as far as we know. I am ..., and you can"
        ' call me back at ..."\n'
        "~ Exact addresses are kept outside Slack. Open them there."
    )


def test_the_lock_screen_of_a_page_says_no_name_and_no_kind():
    life = missed()
    page = next(iter(life.of(Page)))
    assert render.message(page, view(life)).text == "Belay: URGENT page, open now"
    posted = PostPage("k", ChannelRole.CLINICAL, page.episode, 0, EscalationKind.MISSED)
    assert render.message(posted, view(life)).text == "Belay: URGENT page, open now"


def test_about_duress_the_very_first_line_is_what_not_to_do():
    life, visit = silent()
    blocks = shown(life, visit).blocks
    assert blocks[0]["text"]["text"] == "*Do not call or message them.*"
    assert "Where: *Main Street shelter*" in readable(blocks)


def test_about_a_quiet_call_the_first_line_is_not_to_ring_them():
    first = shown(calling(e.HelpForm.QUIET)).blocks[0]["text"]["text"]
    assert first.startswith("*Do not ring them.*")


def test_after_somebody_has_it_the_page_says_who_and_since_when():
    life = taken(missed())
    text = readable(shown(life).blocks)
    assert "*Rosa has it.* Said so at 2:40 PM." in text
    assert "It stays open until the worker is accounted for." in text
    assert labels(shown(life).blocks) == [
        "Accounted for...",
        "Log a contact attempt",
        "Support sent",
        "Emergency services called",
    ]
    assert "I have it" not in text


def primary(blocks):
    return [one["text"]["text"] for one in elements(blocks) if one.get("style") == "primary"]


@pytest.mark.parametrize("start", [missed, lambda: calling(e.HelpForm.CALL)])
def test_one_button_stands_out_and_one_line_says_what_to_do_now(start):
    life = start()
    assert primary(shown(life).blocks) == ["I have it"]
    blocks = shown(taken(life)).blocks
    assert primary(blocks) == ["Accounted for..."]
    text = readable(blocks)
    now = "*Rosa, please call Jo now.* When you know where they are, tap *Accounted for...*"
    assert text.index("Where: ") < text.index(now) < text.index("[Accounted for...]")
    assert text.index("[Accounted for...]") < text.index("Planned end: ")


@pytest.mark.parametrize("work", [False, True])
def test_nobody_is_ever_told_to_call_somebody_who_must_not_be_rung(work):
    quiet, (duress, visit) = calling(e.HelpForm.QUIET), silent()
    duress.sweep(duress.now)
    for life, about in ((quiet, None), (duress, visit)):
        if work:
            taken(life)
        blocks = shown(life, about).blocks
        first, rest = blocks[0]["text"]["text"], readable(blocks[1:])
        assert first.startswith("*Do not ")
        assert not re.search(r"\bcall (the worker|them|jo)\b", rest, re.IGNORECASE)
        assert ("*Rosa, please decide now whom to send.*" in rest) == work


def test_a_page_names_its_incident_and_leads_to_its_thread():
    life = missed()
    life.sweep(life.matter.open_escalation.due_at)
    assert "Incident m1-1" not in readable(shown(life).blocks), "it asks for one thing only"
    taken(life)
    assert "\nIncident m1-1\n" in readable(shown(life).blocks)
    posted = replace(view(life), thread=Thread("C_INCIDENTS", "1.5"))
    drawn = readable(render.surface(Surface.PAGES, posted).blocks)
    assert "\nIncident m1-1, in <#C_INCIDENTS>\n" in drawn
    close(life)
    posted = replace(view(life), thread=Thread("C_INCIDENTS", "1.5"))
    drawn = readable(render.surface(Surface.PAGES, posted).blocks)
    assert "\nIncident m1-1, in <#C_INCIDENTS>\n" in drawn
    known = replace(view(life), thread=Thread("C_INCIDENTS", "1.5", "https://county.slack.com/"))
    drawn = readable(render.surface(Surface.PAGES, known).blocks)
    link = "https://county.slack.com/archives/C_INCIDENTS/p15?thread_ts=1.5&amp;cid=C_INCIDENTS"
    assert f"\nIncident m1-1: <{link}|Open the thread>\n" in drawn


def test_a_page_without_an_incident_names_none():
    life = taken(missed())
    posted = replace(view(life), thread=Thread("C_INCIDENTS", "1.5"))
    assert "Incident" not in readable(render.surface(Surface.PAGES, posted).blocks)


def test_nothing_leads_to_the_thread_of_a_quiet_call():
    quiet, (duress, visit) = calling(e.HelpForm.QUIET), silent()
    duress.sweep(duress.now)
    for life, about in ((quiet, None), (duress, visit)):
        taken(life)
        assert life.matter.open_escalation.incident
        posted = replace(view(life, about), thread=Thread("C_INCIDENTS", "1.5"))
        drawn = readable(render.surface(Surface.PAGES, posted).blocks)
        assert "C_INCIDENTS" not in drawn
        assert "Incident" not in drawn


@pytest.mark.parametrize(
    ("goes_on", "said"),
    [
        (True, "*The visit goes on*, and its clock runs."),
        (False, "*The visit is over*, and its clock has stopped."),
    ],
)
def test_a_closed_page_says_how_what_it_was_and_whether_the_visit_goes_on(goes_on, said):
    life = taken(missed())
    close(life, goes_on=goes_on)
    assert readable(shown(life).blocks).startswith(
        "*Missed check-in: Jo*\n"
        "*The worker is accounted for.* Rosa closed it at 2:40 PM.\n"
        "A responder spoke with them. The challenge was right.\n"
        "What it was: Visit took longer.\n"
        f"{said}\n"
    )


def test_where_there_is_no_visit_none_is_asked_about_nor_told_of():
    life = taken(calling(e.HelpForm.CALL))
    life.matter = replace(life.matter, visit=None)
    (button,) = [one for one in elements(shown(life).blocks) if one["action_id"] == "close"]
    assert unpack(button["value"]).said == "no_visit"
    close(life)
    life.do(e.ConfirmClosing(life.now, LIN, life.matter.open_escalation.mark))
    text = readable(shown(life).blocks)
    assert "closed it at" in text
    assert "The visit" not in text


def close(life, goes_on=True):
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.LATE, continues=goes_on))


def test_attempts_support_and_calls_are_states_that_stay_open():
    life = taken(missed())
    life.do(e.LogAttempt(life.now, ROSA, ContactMethod.CALL, ContactOutcome.NO_ANSWER))
    assert "Contact attempts logged: 1" in readable(shown(life).blocks)
    life.do(e.SendSupport(life.now, ROSA, "mobile crisis"))
    text = readable(shown(life).blocks)
    assert "*Support was sent.*" in text
    assert "Next look at 2:55 PM." in text
    life.do(e.CallEmergency(life.now, ROSA))
    assert "*Emergency services were called.*" in readable(shown(life).blocks)
    assert "Accounted for..." in labels(shown(life).blocks)


def test_a_place_that_says_whom_to_send_is_quoted():
    place = Place(SHELTER.id, SHELTER.label, send="night staff, 555-0111")
    assert "Whom to send here: night staff" in readable(shown(missed(), place=place).blocks)


def test_a_second_person_sees_who_said_so_and_answers_what_is_shown():
    life = taken(calling(e.HelpForm.CALL))
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.OTHER))
    blocks = shown(life).blocks
    assert labels(blocks) == ["Confirm", "Not yet"]
    assert "*Rosa says that the worker is accounted for.*" in readable(blocks)
    assert "A responder spoke with them. The challenge was right." in readable(blocks)
    values = [unpack(one["value"]) for one in elements(blocks)]
    assert {value.number for value in values} == {life.matter.open_escalation.mark}


def test_what_nobody_said_it_was_is_not_told_as_if_something_were_missing():
    life = taken(missed())
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.NOT_SAID, continues=False))
    told = readable(shown(life).blocks)
    assert "A responder spoke with them. The challenge was right." in told
    assert "What it was" not in told


def test_a_closed_page_stands_down_and_has_no_buttons():
    life = taken(missed())
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.LATE, continues=False))
    drawn = shown(life)
    assert "*The worker is accounted for.* Rosa closed it at 2:40 PM." in readable(drawn.blocks)
    assert elements(drawn.blocks) == []
    assert drawn.text == "Belay: accounted for"


def test_the_last_rung_asks_for_a_decision_on_outside_help():
    life = missed().at(60 + 90 + 41)
    assert "*Decide now:* is help from outside needed?" in readable(shown(life).blocks)
    assert "Decide now" not in readable(shown(missed()).blocks)


def test_a_drill_says_that_it_is_one():
    life = with_escalation(missed(), drill=True)
    blocks = shown(life).blocks
    assert "*This is a drill.*" in readable(blocks)
    closes = [one for one in elements(blocks) if one["action_id"] == "close"]
    assert [unpack(one["value"]).said for one in closes] == ["drill"]


def test_a_late_tap_is_shown_and_closes_nothing():
    life = missed()
    life.do(e.CheckIn(life.now, JO, "a"))
    assert "A tap came at 2:40 PM. It does not close this by itself." in readable(
        shown(life).blocks
    )


@pytest.mark.parametrize("form", list(e.HelpForm))
def test_a_call_for_help_has_a_page_with_its_own_script(form):
    text = readable(shown(taken(calling(form), by=LIN)).blocks)
    assert "*What to do*\n1. " in text
    assert "*Lin has it.*" in text


def test_nobody_is_chosen_beforehand_when_emergency_services_are_needed():
    text = readable(shown(missed()).blocks)
    assert "police" in text  # named last, and nothing on the page is preselected
    assert not any("initial_option" in one for one in elements(shown(missed()).blocks))
