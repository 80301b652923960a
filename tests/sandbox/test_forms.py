"""This holds the values of form elements against Slack's shapes."""

from typing import Any

import pytest

from sandbox import forms
from sandbox.errors import Refused
from sandbox.normalise import blocks


def options(*values):
    return [{"text": {"type": "plain_text", "text": v, "emoji": True}, "value": v} for v in values]


A, B = options("a", "b")
MENU = {"options": [A, B]}
EXAMPLES: dict[str, Any] = {
    "plain_text_input": ({}, "hi", "value", "hi", None),
    "number_input": ({"is_decimal_allowed": False}, 7, "value", "7", None),
    "email_text_input": ({}, "a@b.org", "value", "a@b.org", None),
    "url_text_input": ({}, "https://b.org", "value", "https://b.org", None),
    "static_select": (MENU, "b", "selected_option", B, None),
    "multi_static_select": (MENU, ["b", "a"], "selected_options", [B, A], []),
    "radio_buttons": (MENU, "a", "selected_option", A, None),
    "checkboxes": (MENU, ["a"], "selected_options", [A], []),
    "users_select": ({}, "UANA", "selected_user", "UANA", None),
    "multi_users_select": ({}, ["UANA"], "selected_users", ["UANA"], []),
    "conversations_select": ({}, "C1", "selected_conversation", "C1", None),
    "multi_conversations_select": ({}, ["C1"], "selected_conversations", ["C1"], []),
    "channels_select": ({}, "C1", "selected_channel", "C1", None),
    "datepicker": ({}, "2027-01-15", "selected_date", "2027-01-15", None),
    "timepicker": ({}, "08:30", "selected_time", "08:30", None),
    "datetimepicker": ({}, 1_800_000_000, "selected_date_time", 1_800_000_000, None),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_element_gives_slacks_shape_empty_and_filled(kind):
    properties, entered, key, value, empty = EXAMPLES[kind]
    element = {"type": kind, "action_id": "e", **properties}
    assert forms.initial(element) == {"type": kind, key: empty}
    assert forms.chosen(element, entered) == {"type": kind, key: value}
    assert forms.chosen(element, None) == {"type": kind, key: empty}


def test_an_element_starts_with_its_initial_value():
    starts = {
        "plain_text_input": ("initial_value", "x", "value"),
        "static_select": ("initial_option", A, "selected_option"),
        "checkboxes": ("initial_options", [A], "selected_options"),
        "users_select": ("initial_user", "UANA", "selected_user"),
        "multi_users_select": ("initial_users", ["UANA"], "selected_users"),
        "datepicker": ("initial_date", "2027-01-15", "selected_date"),
        "datetimepicker": ("initial_date_time", 1_800_000_000, "selected_date_time"),
    }
    for kind, (name, value, key) in starts.items():
        element = {"type": kind, "action_id": "e", name: value}
        assert forms.initial(element)[key] == value


def test_what_cannot_be_picked_is_refused():
    with pytest.raises(Refused, match="no_such_option"):
        forms.chosen({"type": "static_select", **MENU}, "z")
    limited = {"type": "multi_static_select", "max_selected_items": 1, **MENU}
    with pytest.raises(Refused, match="too_many_chosen"):
        forms.chosen(limited, ["a", "b"])
    with pytest.raises(Refused, match="bad_value"):
        forms.chosen({"type": "datepicker"}, "tomorrow")


def asked(element, **more):
    label = {"type": "plain_text", "text": "x"}
    block = {"type": "input", "block_id": "b", "label": label, "element": element, **more}
    return blocks([block])


def problem(element, value, **more):
    form = asked({"action_id": "e", **element}, **more)
    state = forms.chosen(form[0]["element"], value)
    return forms.problems(form, {("b", "e"): state}).get("b")


def test_a_submit_is_checked_as_slacks_client_does():
    text = {"type": "plain_text_input", "min_length": 3, "max_length": 5}
    assert problem(text, "") == "Please complete this required field."
    assert problem(text, "", optional=True) is None
    assert "at least 3" in problem(text, "ab")
    assert "5 characters or less" in problem(text, "abcdef")
    assert problem(text, "abcd") is None
    number = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
    number["max_value"] = "9"
    assert "a number" in problem(number, "x")
    assert "whole" in problem(number, "1.5")
    assert "1 or more" in problem(number, "0")
    assert "9 or less" in problem(number, "10")
    assert problem(number, "9") is None
    assert "email" in problem({"type": "email_text_input"}, "nope")
    assert "URL" in problem({"type": "url_text_input"}, "nope")
    assert problem({"type": "checkboxes", **MENU}, []) == "Please complete this required field."


def test_option_groups_are_one_menu():
    groups = [{"label": {"type": "plain_text", "text": "g"}, "options": [A, B]}]
    element = {"type": "static_select", "option_groups": groups}
    assert forms.chosen(element, "b")["selected_option"] == B


def test_every_stateful_element_is_in_the_values():
    form = blocks(
        [
            {"type": "actions", "elements": [{"type": "users_select", "action_id": "who"}]},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "x"},
                "accessory": {"type": "button", "text": {"type": "plain_text", "text": "x"}},
            },
        ]
    )
    values = forms.current(form, {})
    assert list(values) == [form[0]["block_id"]]
