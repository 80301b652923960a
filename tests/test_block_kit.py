"""This proves that the check of everything that is sent catches what Slack would refuse."""

import copy
from typing import Any

import pytest

from tests import block_kit
from tests.block_kit import Breach
from tests.scenarios.backstage import workspace_alone

PLAIN: dict[str, Any] = {"type": "plain_text", "text": "OK"}
OPTIONS = [{"text": PLAIN, "value": str(number)} for number in range(3)]
SELECT = {"type": "static_select", "action_id": "s", "options": OPTIONS}
BUTTON = {"type": "button", "action_id": "a", "text": PLAIN, "value": "v"}
SECTION: dict[str, Any] = {
    "type": "section",
    "block_id": "b",
    "text": {"type": "mrkdwn", "text": "x"},
}
MESSAGE: list[dict[str, Any]] = [
    SECTION,
    {"type": "actions", "block_id": "c", "elements": [BUTTON, SELECT]},
]
INPUT = {"type": "input", "block_id": "i", "label": PLAIN, "element": SELECT}
HOME_AS_JSON = '{"type": "home", "blocks": [{"type": "poem"}]}'
MODAL = {"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [INPUT]}


def with_(payload, path, value):
    """The payload with one place of it changed; None takes it away."""
    changed = copy.deepcopy(payload)
    place = changed
    *way, last = path
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


MESSAGE_BREACHES = {
    "a text of 3,001 characters": ((0, "text", "text"), "x" * 3001),
    "an empty text": ((0, "text", "text"), ""),
    "a section with nothing": ((0, "text"), None),
    "26 buttons": ((1, "elements"), [BUTTON | {"action_id": str(n)} for n in range(26)]),
    "a label of 76 characters": ((1, "elements", 0, "text", "text"), "x" * 76),
    "a value of 2,001 characters": ((1, "elements", 0, "value"), "x" * 2001),
    "an action_id of 256 characters": ((1, "elements", 0, "action_id"), "x" * 256),
    "an action_id used twice": ((1, "elements", 0, "action_id"), "s"),
    "a block_id used twice": ((1, "block_id"), "b"),
    "101 options": (
        (1, "elements", 1, "options"),
        [{"text": PLAIN, "value": str(number)} for number in range(101)],
    ),
    "an option's value of 151 characters": ((1, "elements", 1, "options", 0, "value"), "x" * 151),
    "a choice that is no option": (
        (1, "elements", 1, "initial_option"),
        {"text": PLAIN, "value": "9"},
    ),
    "a property that is none": ((0, "colour"), "red"),
    "a block that nobody knows": ((0, "type"), "poem"),
}
VIEW_BREACHES = {
    "a title of 25 characters": (("title", "text"), "x" * 25),
    "questions and no submit": (("submit",), None),
    "a private_metadata of 3,001 characters": (("private_metadata",), "x" * 3001),
    "101 blocks": (("blocks",), [{"type": "divider"}] * 101),
    "an element that is no input": (("blocks", 0, "element"), BUTTON),
}


def test_what_is_good_passes():
    block_kit.check_message(MESSAGE)
    block_kit.check_view(MODAL)
    block_kit.check_view({"type": "home", "blocks": MESSAGE})


@pytest.mark.parametrize("breach", MESSAGE_BREACHES)
def test_a_message_is_caught_with(breach):
    with pytest.raises(Breach):
        block_kit.check_message(with_(MESSAGE, *MESSAGE_BREACHES[breach]))


def test_a_message_of_51_blocks_is_caught():
    with pytest.raises(Breach):
        block_kit.check_message([{"type": "divider"}] * 51)


@pytest.mark.parametrize("breach", VIEW_BREACHES)
def test_a_form_is_caught_with(breach):
    with pytest.raises(Breach):
        block_kit.check_view(with_(MODAL, *VIEW_BREACHES[breach]))


@pytest.mark.parametrize(
    "call",
    [
        {"method": "chat.update", "args": {"blocks": [{"type": "poem"}]}},
        {"method": "response_url", "args": {"blocks": [{"type": "poem"}]}},
        {
            "method": "views.publish",
            "args": {"view": '{"type": "home", "blocks": [{"type": "x"}]}'},
        },
    ],
)
def test_a_call_is_caught_whatever_carries_the_blocks(call):
    with pytest.raises(Breach, match=call["method"]):
        block_kit.check_call(call)


@pytest.mark.parametrize("kind", ["message", "home", "view_updated"])
def test_what_somebody_saw_is_caught_too(kind):
    where = {} if kind == "message" else {"view_id": "V1", "title": "x"}
    block_kit.check_seen({"kind": kind, "blocks": MESSAGE, **where})
    with pytest.raises(Breach):
        block_kit.check_seen({"kind": kind, "blocks": [SECTION, SECTION], **where})


async def test_nothing_that_was_sent_into_a_workspace_is_left_out():
    async with workspace_alone() as (workspace, app, box):
        token = {"token": app["bot_token"], "channel": next(iter(box.workspace.channels))}
        await say(workspace, token, {"text": "x", "blocks": MESSAGE})
        readers = box.workspace.channels[token["channel"]].members
        assert await block_kit.check_workspace(workspace, readers) == 2
        # Refused by the sandbox as well: what was asked for counts, not only what was seen.
        await say(workspace, token, {"text": "x", "blocks": [SECTION, SECTION]})
        with pytest.raises(Breach, match=r"chat\.postMessage: block_id used twice"):
            await block_kit.check_workspace(workspace, readers)


async def say(workspace, token, what):
    async with workspace.http.post(
        f"{workspace.url}/api/chat.postMessage", json=token | what
    ) as answer:
        assert answer.status == 200
