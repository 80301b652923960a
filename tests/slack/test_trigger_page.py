"""The page of something that was raised from an answer: whom to call, what was done, who has it."""

from dataclasses import replace

import pytest

from bot.slack.carried import RAISED, unpack
from bot.slack.ids import Action
from bot.slack.modals import responder
from bot.slack.render import blocks
from bot.slack.render import trigger as draw
from bot.slack.render.view import Directory
from protocol import events as e
from protocol.people import Role
from protocol.trigger import Both, Chosen, NightClose, RaiseTrigger, UntilMorning, WriteConsult
from tests.block_kit import check_message
from tests.protocol.world import JO, LIN, MAYA, NOON, Life, minutes, page_of
from tests.slack.examples import view
from tests.slack.readable import assert_slack_opens, elements, readable


def raised(call_back="", private=False):
    page = replace(page_of(), private=private)
    first = (Both("In progress? Call 911, or 988.", "Llama al 911 o al 988."),)
    page = replace(page, row=replace(page.row, call_first=first))
    chosen = Chosen(role=Role.PEER_SUPERVISOR) if private else None
    life = Life()
    life.do(RaiseTrigger(NOON, JO, NOON, page, "heard", call_back, chosen))
    return life


def shown(life, seen=None):
    seen = seen or view(life)
    drawn = draw.page(seen, seen.matter.trigger, seen.matter.escalations[-1])
    check_message(drawn.blocks)
    return drawn


def actions_of(drawn):
    return [one["action_id"] for one in elements(drawn.blocks)]


def test_whoever_has_it_acknowledges_records_writes_back_and_hands_over():
    life = raised()
    assert actions_of(shown(life))[:3] == [
        Action.ACKNOWLEDGE,
        Action.ESCALATE,
        Action.CANNOT_TAKE,
    ]
    life.do(e.Acknowledge(life.now, LIN))
    work = actions_of(shown(life))
    assert work[:3] == [Action.WRITE_CONSULT, Action.LOG_ATTEMPT, Action.RESPONDER_MORE]
    assert "Hand over to somebody" in readable(shown(life).blocks)


@pytest.mark.parametrize(
    "word",
    [
        WriteConsult(NOON, LIN, "seen today", NOON + minutes(60)),
        NightClose(NOON, LIN, UntilMorning.CALM),
    ],
)
def test_an_attempt_can_be_written_down_after_an_answer_too(word):
    life = raised()
    life.do(e.Acknowledge(life.now, LIN))
    life.do(word)
    assert Action.LOG_ATTEMPT in actions_of(shown(life))


def test_the_page_says_what_was_tried_by_whom_and_what_came_of_it():
    life = raised()
    life.do(e.Acknowledge(life.now, LIN))
    for outcome in e.ContactOutcome:
        life.do(e.LogAttempt(life.now, LIN, e.ContactMethod.CALL, outcome))
    said = readable(shown(life).blocks)
    assert f"Contact attempts logged: {len(e.ContactOutcome)}" in said
    assert said.count("Called them") == draw.TRIED_SHOWN
    assert "Called them. They are not there." in said
    channel = readable(shown(life, draw.for_channel(view(life))).blocks)
    assert "Called them. They are not there." in channel


def test_a_private_page_is_written_down_and_handed_to_nobody():
    life = raised(private=True)
    life.do(e.Acknowledge(life.now, MAYA))
    said = readable(shown(life).blocks)
    assert Action.LOG_ATTEMPT in actions_of(shown(life))
    assert "Hand over" not in said


def test_the_form_of_an_attempt_speaks_of_whoever_asked_and_not_of_a_worker():
    life = raised()
    life.do(e.Acknowledge(life.now, LIN))
    [press] = [o for o in elements(shown(life).blocks) if o["action_id"] == Action.LOG_ATTEMPT]
    carried = unpack(press["value"])
    assert carried is not None
    assert carried.said == RAISED
    form = responder.attempt_form(carried.matter, raised=True)
    assert_slack_opens(form)
    said = readable(form["blocks"])
    assert "Called them" in said
    assert "worker" not in said
    assert "Called the worker" in readable(responder.attempt_form(carried.matter)["blocks"])


def test_what_the_row_tells_whoever_asks_is_told_as_theirs_so_that_no_lead_is_to_call_the_lead():
    life = raised()
    seen = view(life)
    assert seen.matter.trigger is not None
    row = replace(seen.matter.trigger.row, first=(Both("Call the clinical lead.", "Llama."),))
    trigger = replace(seen.matter.trigger, row=row)
    said = readable(shown(life, replace(seen, matter=replace(seen.matter, trigger=trigger))).blocks)
    assert said.startswith("*Jo was told this first. Make sure that it is done:*\n• ")
    assert "*What the row tells Jo to do first*\n1. Call the clinical lead." in said


def test_every_number_on_the_page_is_called_by_a_tap():
    said = readable(shown(raised("555-555-0111 or (555) 555-0122")).blocks)
    for link in ("911|911", "988|988", "5555550111|555-555-0111", "5555550122|(555) 555-0122"):
        assert f"<tel:{link}>" in said
    life = raised()
    seen = replace(view(life), directory=Directory("UTC", line="+1 555 555 0100"))
    said = readable(shown(life, seen).blocks)
    assert "<tel:+15555550100|+1 555 555 0100>" in said


@pytest.mark.parametrize(
    "text", ["ask for me", "room 12", "", "12345", "5555550111 5555550122", "x911"]
)
def test_what_is_no_number_stays_as_it_was_typed(text):
    assert blocks.linked(text) == text
