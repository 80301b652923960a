"""Reading taps, commands and words: what they mean, and that nothing malformed is an exception."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.request import CurrentMatter, HelpTarget, OfMatter, Request
from bot.slack import render
from bot.slack.modals import approver, plan, responder, worker
from bot.slack.read import responder as taps
from bot.slack.read import worker as words
from bot.slack.read.payload import BadInput, minted
from bot.slack.render.card import card
from protocol import events as e
from protocol.effects import Surface
from protocol.events import HelpForm
from protocol.ids import MatterId
from tests.protocol.world import JO, NOON, ROSA, SAM, missed, underway
from tests.slack.examples import taken, view
from tests.slack.payloads import command, message, submission, tap
from tests.slack.readable import elements
from tests.slack.test_plan_form import CHOICES

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "x"}


def button(value: str):
    return {**BUTTON, "value": value}


def on_card(action: str, number: int = 0):
    found = [
        x for x in elements(card(view(underway(partner=SAM))).blocks) if x["action_id"] == action
    ]
    return found[number]


@pytest.mark.parametrize(
    ("reader", "event"),
    [
        (words.arrive, e.Arrive(NOON, JO, "b")),
        (words.check_in, e.CheckIn(NOON, JO, "b")),
        (words.leave, e.Leave(NOON, JO)),
        (words.clear, e.Clear(NOON, JO, "b")),
        (words.not_yet_clear, e.CheckIn(NOON, JO)),
        (words.next_stop, e.MoveOn(NOON, JO)),
        (taps.acknowledge, e.Acknowledge(NOON, JO)),
        (taps.escalate, e.Escalate(NOON, JO)),
        (taps.cannot_take, e.CannotTake(NOON, JO)),
        (taps.still_on_it, e.StillOnIt(NOON, JO)),
        (taps.confirm_tap, e.ConfirmTap(NOON, JO, 4)),
        (taps.confirm_closing, e.ConfirmClosing(NOON, JO, 4)),
        (taps.reject_closing, e.RejectClosing(NOON, JO)),
    ],
)
def test_a_tap_is_an_event_about_the_matter_that_the_button_carries(reader, event):
    request = reader(tap(button("m1|b|4")), NOON)
    assert request.target == OfMatter(MatterId("m1"))
    assert request.user == "U_JO"
    assert request.reply
    assert request.event(JO) == event


@pytest.mark.parametrize("number", [0, 1])
def test_both_ok_buttons_are_read_alike(number):
    request = words.check_in(tap(on_card("ok", number)), NOON)
    assert request.event(JO) == e.CheckIn(NOON, JO, "ab"[number])


@pytest.mark.parametrize(
    ("menu", "line", "event"),
    [
        ("more", "Uneasy: call me", e.Uneasy(NOON, JO)),
        ("more", "End early: safety changed", e.Leave(NOON, JO, early=True)),
        ("pair", "Both of us are OK", e.CheckIn(NOON, JO, for_both=True)),
        ("pair", "We split up", e.Split(NOON, JO)),
    ],
)
def test_a_line_of_the_menu_is_one_tap(menu, line, event):
    request = words.from_menu(tap(on_card(menu), chosen=line), NOON)
    assert request.event(JO) == event


def test_a_responder_can_pass_it_on_from_the_menu():
    blocks = render.surface(Surface.PAGES, view(taken(missed()))).blocks
    (menu,) = [one for one in elements(blocks) if one["action_id"] == "responder_more"]
    request = taps.from_menu(tap(menu, chosen="Can't take it any more"), NOON)
    assert request.event(ROSA) == e.CannotTake(NOON, ROSA)


@pytest.mark.parametrize("form", list(HelpForm))
def test_help_names_its_matter_and_has_an_id_for_a_new_one(form):
    body = tap(button("m1||0"))
    request, again = words.help_tap(body, NOON, form), words.help_tap(body, NOON, form)
    assert isinstance(request.target, HelpTarget)
    assert request.target.id == "m1"
    assert request.target == again.target  # a retry opens nothing more
    assert request.event(JO) == e.Help(NOON, JO, form)


def test_commands_act_on_the_present_visit_and_keep_what_was_typed_whole():
    check_in = words.check_in_command(command("/checkin", "all  good here"), NOON)
    check_out = words.check_out_command(command("/checkout"), NOON)
    assert check_in.target == check_out.target == CurrentMatter()
    assert check_in.event(JO) == e.CheckIn(NOON, JO, "ok all good here")
    assert check_out.event(JO) == e.Clear(NOON, JO, "out")
    assert not check_in.reply


@pytest.mark.parametrize("answer", ["a", "b"])
def test_a_typed_letter_is_never_taken_for_a_button(answer):
    typed = words.check_in_command(command("/checkin", answer), NOON).event(JO)
    sent = words.text_message(message(f"ok {answer}"), NOON).event(JO)
    assert typed.said == sent.said == f"ok {answer}"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", HelpForm.QUIET),
        ("quiet", HelpForm.QUIET),
        ("please CALL me", HelpForm.CALL),
        ("Llámame por favor", HelpForm.CALL),
    ],
)
def test_sos_is_help_at_once_and_quiet_unless_a_call_is_wanted(text, form):
    request = words.sos_command(command("/sos", text), NOON)
    assert isinstance(request.target, HelpTarget)
    assert request.event(JO) == e.Help(NOON, JO, form)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("OK", e.CheckIn(NOON, JO, "OK")),
        ("ok.", e.CheckIn(NOON, JO, "ok.")),
        ("  Ok  all good here ", e.CheckIn(NOON, JO, "Ok all good here")),
        ("OUT", e.Clear(NOON, JO, "OUT")),
        ("out now", e.Clear(NOON, JO, "out now")),
        ("HELP", e.Help(NOON, JO, HelpForm.QUIET)),
        ("help!", e.Help(NOON, JO, HelpForm.QUIET)),
        ("SOS", e.Help(NOON, JO, HelpForm.QUIET)),
        ("Bien", e.CheckIn(NOON, JO, "Bien")),
        ("aquí, todo bien", e.CheckIn(NOON, JO, "aquí, todo bien")),
        ("SALGO", e.Clear(NOON, JO, "SALGO")),
        ("fuera ya", e.Clear(NOON, JO, "fuera ya")),
        ("¡AYUDA!", e.Help(NOON, JO, HelpForm.QUIET)),
        ("ayúdame", e.Help(NOON, JO, HelpForm.QUIET)),
        ("auxilio", e.Help(NOON, JO, HelpForm.QUIET)),
    ],
)
def test_words_typed_to_belay_do_what_the_buttons_do(text, event):
    request = words.text_message(message(text), NOON)
    assert isinstance(request, Request)
    assert request.event(JO) == event
    assert request.reply


@pytest.mark.parametrize("text", ["", "hello", "are you there", "okra", "outside", "helpful tip"])
def test_other_words_are_not_understood(text):
    assert words.text_message(message(text), NOON) == words.NotUnderstood("D1")


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "message_changed"},
        {"bot_id": "B1"},
        {"channel_type": "channel"},
        {"channel_type": "group"},
    ],
)
def test_what_nobody_wrote_to_belay_is_left_alone(more):
    assert words.text_message(message("OK", **more), NOON) == words.NotForUs()


def test_a_retried_delivery_has_the_same_key_and_another_tap_another():
    first, retried = (
        words.leave(tap(button("m1||0")), NOON),
        words.leave(tap(button("m1||0")), NOON),
    )
    other = words.leave(tap(button("m1||0"), trigger="9.9.a"), NOON)
    assert first.key == retried.key != other.key
    assert words.text_message(message("ok"), NOON).key == "event:Ev1"


def test_what_is_minted_says_nothing_of_its_delivery():
    assert minted("command:1.2.c") == minted("command:1.2.c") != minted("command:1.2.d")
    assert "1.2" not in minted("command:1.2.c")


READERS = [
    words.arrive,
    words.check_in,
    words.leave,
    words.clear,
    words.not_yet_clear,
    words.next_stop,
    words.from_menu,
    lambda body, now: words.help_tap(body, now, HelpForm.CALL),
    words.check_in_command,
    words.check_out_command,
    words.sos_command,
    words.text_message,
    taps.acknowledge,
    taps.confirm_tap,
    taps.confirm_closing,
    taps.from_menu,
    plan.read_plan,
    plan.read_revised,
    plan.read_here_now,
    worker.read_running_late,
    worker.read_extend,
    worker.read_no_signal,
    approver.read_confirm,
    approver.read_ask_changes,
    approver.read_decline,
    responder.read_attempt,
    responder.read_support,
    responder.read_emergency,
    responder.read_proxy,
    responder.read_close,
]
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=10,
)
GOOD = [
    tap(button("m1|a|1")),
    command("/checkin", "x"),
    message("ok"),
    submission(plan.plan_form(CHOICES, MatterId("m1"), NOON), {"purpose": "outreach"}),
    submission(responder.close_form(MatterId("m1"), 1, drill=False), {"finding": "late"}),
]


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_whatever_arrives_is_a_value_and_never_an_exception(data):
    body = copy.deepcopy(data.draw(st.sampled_from(GOOD)))
    spoil(body, data)
    found = data.draw(st.sampled_from(READERS))(body, NOON)
    known = Request | BadInput | words.NotUnderstood | words.NotForUs
    assert isinstance(found, known)
    if isinstance(found, BadInput):
        assert found.sentence


def spoil(body, data):
    """Replace or drop something, anywhere in it."""
    where = body
    while True:
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        deeper = where[key]
        if isinstance(deeper, dict | list) and deeper and data.draw(st.booleans()):
            where = deeper
            continue
        if isinstance(where, dict) and data.draw(st.booleans()):
            del where[key]
        else:
            where[key] = data.draw(JUNK)
        return
