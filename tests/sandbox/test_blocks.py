"""This holds Block Kit validation: what Slack refuses is refused, at the right place."""

import pytest

from sandbox.blocks import message_problems, view_problems
from sandbox.checks import Surface
from tests.sandbox.kit import actions, button, inputs, modal, options, plain, section, select

GOOD = [
    section(block_id="one", accessory=button()),
    section(fields=[plain()] * 10, block_id="two"),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"},
    {"type": "context", "elements": [plain(), {"type": "mrkdwn", "text": "x"}]},
    actions(button(value="v" * 2000, style="danger"), select(action_id="t")),
    inputs({"type": "plain_text_input", "multiline": True}),
    inputs({"type": "checkboxes", "options": options(10)}),
    {"type": "rich_text", "elements": []},
    {"type": "markdown", "text": "**x**"},
]


def test_what_slack_takes_is_taken():
    assert message_problems(GOOD) == []


BAD = {
    "an unknown block": ([{"type": "accordion"}], "unsupported type: accordion", "/blocks/0/type"),
    "a block without a type": ([{}], "missing required field: type", "/blocks/0"),
    "a section of nothing": ([{"type": "section"}], "missing required field", "/blocks/0"),
    "a long section": (
        [section(text={"type": "mrkdwn", "text": "x" * 3001})],
        "less than 3001",
        "/blocks/0/text/text",
    ),
    "an empty text": ([section(text=plain(""))], "more than 0", "/blocks/0/text/text"),
    "eleven fields": ([section(fields=[plain()] * 11)], "no more than 10", "/blocks/0/fields"),
    "a long field": ([section(fields=[plain("x" * 2001)])], "2001", "/blocks/0/fields/0/text"),
    "a long header": ([{"type": "header", "text": plain("x" * 151)}], "151", "/blocks/0/text/text"),
    "a header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "unsupported type: mrkdwn",
        "/blocks/0/text/type",
    ),
    "a long button": ([actions(button(text=plain("x" * 76)))], "76", "/elements/0/text/text"),
    "a long button value": ([actions(button(value="x" * 2001))], "2001", "/elements/0/value"),
    "a long action id": ([actions(button(action_id="x" * 256))], "256", "/elements/0/action_id"),
    "a style that is none": ([actions(button(style="big"))], "one of", "/elements/0/style"),
    "26 actions": ([actions(*[button(action_id=str(n)) for n in range(26)])], "25", "/elements"),
    "a text input among actions": (
        [actions({"type": "plain_text_input"})],
        "unsupported type: plain_text_input",
        "/elements/0/type",
    ),
    "a button as input": ([inputs(button())], "unsupported type: button", "/element/type"),
    "one action id twice in a block": (
        [actions(button(), button())],
        "already exists",
        "action_id",
    ),
    "one block id twice": (
        [section(block_id="b"), section(block_id="b")],
        "already exists",
        "/blocks/1/block_id",
    ),
    "101 options": ([section(accessory=select(options=options(101)))], "100", "/options"),
    "no options": ([section(accessory=select(options=[]))], "no less than 1", "/options"),
    "a long option value": (
        [section(accessory=select(options=[{"text": plain(), "value": "x" * 151}]))],
        "151",
        "/options/0/value",
    ),
    "an initial option from elsewhere": (
        [section(accessory=select(initial_option={"text": plain(), "value": "zzz"}))],
        "one of the options",
        "/accessory",
    ),
    "six in an overflow": (
        [section(accessory={"type": "overflow", "options": options(6)})],
        "no more than 5",
        "/options",
    ),
    "eleven checkboxes": (
        [section(accessory={"type": "checkboxes", "options": options(11)})],
        "no more than 10",
        "/options",
    ),
    "a date that is none": (
        [section(accessory={"type": "datepicker", "initial_date": "2027-13-01"})],
        "a date",
        "/initial_date",
    ),
    "a confirmation with a long title": (
        [
            actions(
                button(
                    confirm={
                        "title": plain("x" * 101),
                        "text": plain(),
                        "confirm": plain(),
                        "deny": plain(),
                    }
                )
            )
        ],
        "101",
        "/confirm/title/text",
    ),
    "a misspelt property": ([section(acessory=button())], "additional property", "/blocks/0"),
    "emoji in mrkdwn": (
        [section(text={"type": "mrkdwn", "text": "x", "emoji": True})],
        "additional property: emoji",
        "/blocks/0/text",
    ),
    "51 blocks": ([{"type": "divider"}] * 51, "no more than 50", "/blocks"),
    "eleven context elements": (
        [{"type": "context", "elements": [plain()] * 11}],
        "no more than 10",
        "/elements",
    ),
    "too much markdown": (
        [{"type": "markdown", "text": "x" * 7000}, {"type": "markdown", "text": "x" * 7000}],
        "12001",
        "/blocks/1",
    ),
    "two tables": ([{"type": "table", "rows": [[{}]]}] * 2, "only_one_table", "/blocks/1"),
    "an alert in a message": ([{"type": "alert"}], "unsupported type: alert", "/blocks/0/type"),
    "an image without alt text": (
        [{"type": "image", "image_url": "https://example.org/a.png"}],
        "alt_text",
        "/blocks/0",
    ),
    "a number input without its kind": (
        [inputs({"type": "number_input"})],
        "is_decimal_allowed",
        "/element",
    ),
    "no list": ("text", "must provide an array", "/blocks"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_message_is_refused_with(name):
    blocks, words, place = BAD[name]
    problems = message_problems(blocks)
    assert any(words in problem and place in problem for problem in problems), problems


TEXT_INPUT = inputs({"type": "plain_text_input"})
BAD_VIEWS = {
    "a long title": (modal(title=plain("x" * 25)), "less than 25"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title"),
    "an input but no submit": (modal(TEXT_INPUT, submit=None), "submit"),
    "long private metadata": (modal(private_metadata="x" * 3001), "3001"),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100"),
    "a long submit": (modal(submit=plain("x" * 25)), "less than 25"),
    "a table": (modal({"type": "table", "rows": [[{}]]}), "unsupported type: table"),
    "markdown": (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    "another type": ({"type": "home", "blocks": []}, "unsupported type: home"),
    "two elements in focus": (
        modal(*[inputs({"type": "plain_text_input", "focus_on_load": True})] * 2),
        "only one element",
    ),
    "no object": ("text", "must provide an object"),
}


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_modal_is_refused_with(name):
    view, words = BAD_VIEWS[name]
    problems = view_problems(view, Surface.MODAL)
    assert any(words in problem for problem in problems), problems


def test_a_good_modal_and_a_good_home_are_taken():
    file = inputs({"type": "file_input"})
    assert view_problems(modal(TEXT_INPUT, file, {"type": "alert"}), Surface.MODAL) == []
    home = {"type": "home", "blocks": [section(), TEXT_INPUT]}
    assert view_problems(home, Surface.HOME) == []


def test_a_home_has_no_title():
    view = {"type": "home", "title": plain(), "blocks": []}
    assert "additional property: title" in view_problems(view, Surface.HOME)[0]
