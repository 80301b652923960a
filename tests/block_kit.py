"""This holds whatever is sent to Slack against slackblocks, which knows Block Kit and not us.

slackblocks checks while its objects are made, so every block, element and text of a payload is
made anew with its classes. What it does not look at is looked at here: that ids are unique, and
that what is chosen beforehand can be chosen.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from slackblocks import blocks as kinds_of_block
from slackblocks import elements as kinds_of_element
from slackblocks import messages, objects, views
from slackblocks.errors import InvalidUsageError

from bot.demo.workspace import Workspace

Json = dict[str, Any]

CLASSES: dict[str, Any] = {
    "actions": kinds_of_block.ActionsBlock,
    "context": kinds_of_block.ContextBlock,
    "divider": kinds_of_block.DividerBlock,
    "header": kinds_of_block.HeaderBlock,
    "input": kinds_of_block.InputBlock,
    "markdown": kinds_of_block.MarkdownBlock,
    "section": kinds_of_block.SectionBlock,
    "button": kinds_of_element.Button,
    "channels_select": kinds_of_element.ChannelSelectMenu,
    "checkboxes": kinds_of_element.CheckboxGroup,
    "conversations_select": kinds_of_element.ConversationSelectMenu,
    "datepicker": kinds_of_element.DatePicker,
    "datetimepicker": kinds_of_element.DateTimePicker,
    "email_text_input": kinds_of_element.EmailInput,
    "multi_static_select": kinds_of_element.StaticMultiSelectMenu,
    "multi_users_select": kinds_of_element.UserMultiSelectMenu,
    "number_input": kinds_of_element.NumberInput,
    "overflow": kinds_of_element.OverflowMenu,
    "plain_text_input": kinds_of_element.PlainTextInput,
    "radio_buttons": kinds_of_element.RadioButtonGroup,
    "static_select": kinds_of_element.StaticSelectMenu,
    "timepicker": kinds_of_element.TimePicker,
    "url_text_input": kinds_of_element.URLInput,
    "users_select": kinds_of_element.UserSelectMenu,
}
PARTS: dict[str, Any] = {
    "confirm": objects.ConfirmationDialogue,
    "options": objects.Option,
    "initial_option": objects.Option,
    "initial_options": objects.Option,
    "option_groups": objects.OptionGroup,
    "dispatch_action_config": objects.DispatchActionConfiguration,
    "filter": objects.ConversationFilter,
}
# What slackblocks calls otherwise.
NAMES = {"initial_date_time": "initial_datetime"}
TEXTS = ("plain_text", "mrkdwn")
VIEW_METHODS = ("views.open", "views.push", "views.update", "views.publish")


class Breach(AssertionError):
    """This says which payload Slack would not take, and why."""


def _made(name: str, value: Any) -> Any:
    """This is a part of a payload as slackblocks makes it; `name` is what holds it."""
    if isinstance(value, list):
        return [_made(name, one) for one in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    if kind in TEXTS:
        return objects.Text.from_dict(value)
    if kind is None:
        return PARTS[name].from_dict(value)
    given: Json = {
        NAMES.get(key) or key: _made(key, one) for key, one in value.items() if key != "type"
    }
    if "option_groups" in given:
        # slackblocks wants a group here where Slack wants an option, and options besides groups.
        for name in ("initial_option", "initial_options"):
            given.pop(name, None)
        given["options"] = None
    return CLASSES[kind](**given)


def _elements(block: Json) -> list[Json]:
    """This is what a person can use in a block."""
    found = block.get("elements", []) if block["type"] == "actions" else []
    return [*found, *(block[name] for name in ("accessory", "element") if block.get(name))]


def _twice(ids: Iterable[str | None]) -> set[str]:
    """This is the ids that come more than once."""
    given = [one for one in ids if one is not None]
    return {one for one in given if given.count(one) > 1}


def _slips(blocks: list[Json]) -> Iterator[str]:
    """This yields what slackblocks does not look at."""
    if same := _twice(block.get("block_id") for block in blocks):
        yield f"block_id used twice: {same}"
    for block in blocks:
        elements = _elements(block)
        if same := _twice(element.get("action_id") for element in elements):
            yield f"action_id used twice in a block: {same}"
        for element in elements:
            groups = element.get("option_groups") or [element]
            options = [one for group in groups for one in group.get("options") or []]
            chosen = element.get("initial_options") or [element.get("initial_option")]
            if any(one is not None and one not in options for one in chosen):
                yield f"chosen beforehand, but no option: {chosen}"


def _check(what: str, blocks: list[Json], make: Any) -> None:
    """This makes a payload; raises Breach."""
    try:
        make([_made("blocks", block) for block in blocks])
        slips = list(_slips(blocks))
    except (InvalidUsageError, KeyError, TypeError, ValueError) as problem:
        raise Breach(f"{what}: {type(problem).__name__}: {problem}") from problem
    if slips:
        raise Breach(f"{what}: {'; '.join(slips)}")


def check_message(blocks: Iterable[Json], what: str = "a message") -> None:
    """Blocks that Slack takes in a message; raises Breach."""
    given = list(blocks)
    if given:
        _check(what, given, lambda made: messages.Message(channel="C1", text="x", blocks=made))


def check_view(view: Json, what: str = "a view") -> None:
    """A modal or a home tab that Slack takes; raises Breach."""
    names = ("private_metadata", "callback_id", "external_id")
    given = {name: view[name] for name in names if name in view}
    if view["type"] == "home":
        _check(what, view["blocks"], lambda made: views.HomeTabView(blocks=made, **given))
        return
    given |= {n: _made(n, view[n]) for n in ("title", "close", "submit") if view.get(n)}
    if not view.get("submit") and any(block["type"] == "input" for block in view["blocks"]):
        raise Breach(f"{what}: questions and no submit")
    _check(what, view["blocks"], lambda made: views.ModalView(blocks=made, **given))


def check_call(call: Json) -> None:
    """One call as the sandbox has noted it; raises Breach."""
    args = call["args"]
    if call["method"] in VIEW_METHODS:
        check_view(_parsed(args["view"]), call["method"])
    elif args.get("blocks"):
        check_message(_parsed(args["blocks"]), call["method"])


def check_seen(entry: Json) -> None:
    """One thing that somebody saw, which may have come as an answer and not as a call."""
    if entry.get("blocks"):
        blocks = entry["blocks"]
        if "view_id" not in entry:
            check_message(blocks, entry["kind"])
        elif entry["kind"] == "home":
            check_view({"type": "home", "blocks": blocks}, entry["kind"])
        else:
            submit = {"type": "plain_text", "text": "Send"}
            title = {"type": "plain_text", "text": entry["title"]}
            view = {"type": "modal", "title": title, "submit": submit, "blocks": blocks}
            check_view(view, entry["kind"])


async def check_workspace(workspace: Workspace, users: Iterable[str]) -> int:
    """Everything that the bot ever sent into a workspace; how much that was. Raises Breach."""
    calls = (await workspace.get("/calls"))["calls"]
    for call in calls:
        check_call(call)
    seen: dict[str, Json] = {}
    for user in users:
        entries, _ = await workspace.seen(user)
        seen |= {entry["seq"]: entry for entry in entries}
    for entry in seen.values():
        check_seen(entry)
    return len(calls) + len(seen)


def _parsed(value: Any) -> Any:
    """This is what a client sent as JSON text or as it is."""
    return json.loads(value) if isinstance(value, str) else value
