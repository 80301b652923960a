"""What people type is cleaned before it is stored: a database refuses what a phone can send."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.modals import approver, plan, plan_changes, responder
from bot.slack.read import worker
from bot.slack.read.payload import BadInput, cleaned
from protocol.ids import MatterId
from protocol.plan import Purpose
from protocol.records import Accounted
from tests.protocol.world import JO, NOON, ZONE
from tests.slack.payloads import command, in_form, message, submission

M = MatterId("m1")
NASTY = "a\x00b\x07c\ud800d\x1b[31m\te\r\nf\u2028g é 👍🏽"
TYPED = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x0b\x7f\x85\n\r\t\ud800 ")), max_size=60
)


def storable(text):
    text.encode("utf-8")
    return not any(category(one) == "Cc" and one != "\n" for one in text)


@given(TYPED)
def test_whatever_is_typed_can_be_stored(text):
    assert storable(cleaned(text))
    assert cleaned(cleaned(text)) == cleaned(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
def test_ordinary_text_is_left_as_it_is(text):
    assert cleaned(text) == text
    assert cleaned(f"{text}\n{text}") == f"{text}\n{text}"


def planned(typed, there=False):
    choices = plan.Choices(ZONE)
    form = plan.plan_form(choices, M, NOON)
    wider = plan_changes.with_details(in_form(form, "more_details", "more"), choices)
    assert not isinstance(wider, BadInput)
    given_ = {"new_place": typed, "note": typed, "purpose": Purpose.OUTREACH.value}
    if there:
        given_["already_there"] = ["watch_me"]
    return plan.read_plan(submission(wider, given_), NOON)


@pytest.mark.parametrize("there", [False, True])
def test_a_place_and_a_note_lose_what_cannot_be_stored(there):
    request = planned(NASTY, there)
    assert not isinstance(request, BadInput), request
    made = request.event(JO).plan
    assert made.note == "abcd[31m e\nf\u2028g é 👍🏽"
    assert storable(made.stops[0].label)


def test_a_place_of_control_characters_alone_is_no_place():
    assert isinstance(planned("\x00\x00"), BadInput)


@pytest.mark.parametrize(
    ("read", "form", "typed", "part"),
    [
        (responder.read_support, responder.support_form(M, ()), {"service": NASTY}, "service"),
        (approver.read_decline, approver.decline_form(M, 1), {"reason": NASTY}, "reason"),
        (
            responder.read_close,
            responder.close_form(M, 1, drill=False),
            {
                "accounted": Accounted.SEEN.value,
                "finding": "late",
                "witness": NASTY,
                "continues": "over",
            },
            "witness",
        ),
    ],
)
def test_so_do_the_words_of_responders_and_approvers(read, form, typed, part):
    request = read(submission(form, typed), NOON)
    assert not isinstance(request, BadInput), request
    assert storable(getattr(request.event(JO), part))


@pytest.mark.parametrize(
    "request_",
    [
        worker.text_message(message(f"ok {NASTY}"), NOON),
        worker.check_in_command(command("/checkin", NASTY), NOON),
        worker.check_out_command(command("/checkout", NASTY), NOON),
    ],
)
def test_so_do_typed_answers(request_):
    assert storable(request_.event(JO).said)


def test_help_is_heard_through_control_characters():
    assert type(worker.text_message(message("he\x00lp\x07"), NOON).event(JO)).__name__ == "Help"
