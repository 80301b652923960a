"""Taps: each button asks the runner for the right thing, and is answered in the same breath."""

from dataclasses import replace

import pytest

from bot.request import HelpTarget, OfMatter, Outcome, Problem
from bot.slack import render
from bot.slack.render.card import card
from protocol import events as e
from protocol.effects import Surface
from protocol.ids import MatterId
from storage.database import Conflict, Unavailable
from tests.protocol.world import JO, NOON, ROSA, SAM, confirmed, underway
from tests.slack.examples import calling, taken, view
from tests.slack.payloads import message, tap
from tests.slack.readable import elements

TEXT = {"type": "plain_text", "text": "x"}


def button(action: str, value: str = "m1|a|4"):
    return {"type": "button", "text": TEXT, "action_id": action, "value": value}


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("arrive", e.Arrive),
        ("ok", e.CheckIn),
        ("leave", e.Leave),
        ("clear", e.Clear),
        ("not_yet_clear", e.CheckIn),
        ("next_stop", e.MoveOn),
        ("acknowledge", e.Acknowledge),
        ("escalate", e.Escalate),
        ("cannot_take", e.CannotTake),
        ("still_on_it", e.StillOnIt),
        ("confirm_tap", e.ConfirmTap),
        ("confirm_closing", e.ConfirmClosing),
        ("reject_closing", e.RejectClosing),
    ],
)
async def test_a_button_is_run_and_answered_without_words(workplace, action, kind):
    assert await workplace.gets(tap(button(action))) == ""
    (request,) = workplace.run.requests
    assert request.target == OfMatter(MatterId("m1"))
    assert request.reply
    assert isinstance(workplace.run.events[0], kind)
    assert workplace.run.events[0].at == NOON
    assert workplace.slack.calls == []
    assert workplace.said == []


@pytest.mark.parametrize(
    ("action", "form"), [("help_call", e.HelpForm.CALL), ("help_quiet", e.HelpForm.QUIET)]
)
async def test_help_goes_straight_to_the_runner(workplace, action, form):
    assert await workplace.gets(tap(button(action))) == ""
    (request,) = workplace.run.requests
    assert isinstance(request.target, HelpTarget)
    assert workplace.run.events[0].form is form
    assert workplace.slack.calls == []


async def test_the_menus_of_the_card_act_or_open_a_form(workplace):
    shown = elements(card(view(underway(partner=SAM))).blocks)
    more = next(one for one in shown if one["action_id"] == "more")
    pair = next(one for one in shown if one["action_id"] == "pair")
    await workplace.gets(tap(more, chosen="Uneasy: call me"))
    await workplace.gets(tap(more, chosen="End early: safety changed"))
    await workplace.gets(tap(pair, chosen="We split up"))
    assert [type(event) for event in workplace.run.events] == [e.Uneasy, e.Leave, e.Split]
    assert workplace.slack.calls == []
    await workplace.gets(tap(more, chosen="Extend"))
    assert len(workplace.run.requests) == 3
    ((method, given),) = workplace.slack.calls
    assert method == "views.open"
    assert '"callback_id": "extend"' in str(given["view"]).replace("'", '"')


async def test_calling_off_is_two_taps_and_no_form(workplace):
    shown = elements(card(view(confirmed())).blocks)
    more = next(one for one in shown if one["action_id"] == "more")
    await workplace.gets(tap(more, chosen="Call off"))
    assert isinstance(workplace.run.events[0], e.CallOff)


async def test_a_responders_menu_acts_or_opens_a_form(workplace):
    blocks = render.surface(Surface.PAGES, view(taken(calling(e.HelpForm.CALL)))).blocks
    (menu,) = [one for one in elements(blocks) if one["action_id"] == "responder_more"]
    await workplace.gets(tap(menu, chosen="Page the next people"))
    assert isinstance(workplace.run.events[0], e.Escalate)
    await workplace.gets(tap(menu, chosen="I spoke with them: check in for them"))
    assert [method for method, _ in workplace.slack.calls] == ["views.open"]


async def test_a_tap_of_a_stranger_is_answered_to_them_alone(workplace):
    workplace.run.answer = Outcome(problem=Problem.UNKNOWN_PERSON)
    assert await workplace.gets(tap(button("ok"))) == ""
    ((said),) = workplace.said
    assert said["response_type"] == "ephemeral"
    assert not said["replace_original"]
    assert "does not know you yet" in said["text"]


@pytest.mark.parametrize("fault", [Unavailable("x"), Conflict("x")])
async def test_where_nobody_knows_if_it_was_stored_the_person_is_told_whom_to_call(
    workplace, fault
):
    await workplace.gets(tap(button("ok")))  # from now on the line is known
    workplace.run.fault = fault
    assert await workplace.gets(tap(button("ok", "m1|b|0"))) == ""
    (said,) = workplace.said
    assert said["text"] == (
        "*We do not know if this arrived.* No tick within a minute? Send it again, or call"
        " +15550100."
    )


async def test_a_button_that_carries_garbage_is_answered_and_runs_nothing(workplace):
    assert await workplace.gets(tap(button("ok", "garbage"))) == ""
    assert workplace.run.requests == []
    assert "could not read" in workplace.said[0]["text"]


async def test_a_duress_answer_and_an_ordinary_one_are_answered_alike(workplace):
    first = await workplace.gets(tap(button("ok", "m1|a|0")))
    second = await workplace.gets(tap(button("ok", "m1|b|0")))
    assert first == second
    assert workplace.said == []
    assert workplace.slack.calls == []


async def test_words_typed_to_belay_are_run_and_answered_in_the_same_place(workplace):
    await workplace.gets(message("OK all good here"))
    assert workplace.run.events == [e.CheckIn(NOON, JO, "OK all good here")]
    (said,) = workplace.said
    assert said["text"] == "Belay: update"
    assert "Got it." in str(said["blocks"])


async def test_words_that_are_refused_are_answered_through_the_outbox(workplace):
    life = underway()
    refusal = life.do(e.ConfirmTap(life.now, ROSA, 9))
    assert not refusal.changed
    workplace.run.answer = Outcome(replace(refusal, refused=True), life.matter)
    await workplace.gets(message("OK"))
    assert workplace.said == []
    assert workplace.run.requests[0].reply


async def test_unknown_words_get_a_short_kind_list(workplace):
    await workplace.gets(message("hello there"))
    assert workplace.run.requests == []
    assert "*OUT*" in str(workplace.said[0]["blocks"])


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"subtype": "message_deleted"}])
async def test_belays_own_words_and_edits_are_left_alone(workplace, more):
    await workplace.gets(message("OK", **more))
    assert workplace.run.requests == []
    assert workplace.said == []


async def test_a_typed_word_whose_fate_is_unknown_is_left_for_slack_to_deliver_again(workplace):
    workplace.run.fault = Unavailable("x")
    with pytest.raises(AssertionError):  # not answered with 200
        await workplace.gets(message("OUT"))
