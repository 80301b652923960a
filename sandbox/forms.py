"""This fills in forms as a person does, and gives the values in Slack's shapes."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.block_elements import STATEFUL, all_options
from sandbox.errors import Refused
from sandbox.model import Json
from sandbox.normalise import elements

Typed = dict[tuple[str, str], Json]

TEXTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
SINGLE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
}
SEVERAL = {
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
WITH_OPTIONS = frozenset(
    {"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"}
)
KEY = {**SINGLE, **SEVERAL, "overflow": "selected_option"} | dict.fromkeys(TEXTS, "value")
INITIAL = {
    name: key.replace("selected_", "initial_").replace("rich_text_value", "initial_value")
    for name, key in KEY.items()
} | dict.fromkeys(TEXTS, "initial_value")


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """This yields (block, element) for everything that has a value."""
    for block in blocks:
        for element in elements(block):
            if element["type"] in STATEFUL:
                yield block, element


def state_of(element: Json, value: Any) -> Json:
    """This is an element's entry in `state.values`; no value gives null, or an empty list."""
    kind = element["type"]
    empty: Any = [] if kind in SEVERAL else None
    state = {"type": kind, KEY[kind]: empty if value in (None, "", []) else value}
    if kind == "timepicker" and element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def initial(element: Json) -> Json:
    """This is the element's state before anybody touched it."""
    return state_of(element, element.get(INITIAL[element["type"]]))


def current(blocks: list[Json], typed: Typed) -> Json:
    """This is `state.values`: block_id -> action_id -> state."""
    values: Json = {}
    for block, element in stateful(blocks):
        key = (block["block_id"], element["action_id"])
        values.setdefault(key[0], {})[key[1]] = typed.get(key) or initial(element)
    return values


def kept(blocks: list[Json], typed: Typed) -> Typed:
    """This is what stays typed when a view's blocks are replaced: same ids and same type."""
    known = {
        (block["block_id"], element["action_id"]): element["type"]
        for block, element in stateful(blocks)
    }
    return {key: value for key, value in typed.items() if known.get(key) == value["type"]}


def find(blocks: list[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json]:
    """This is the (block, element) that a person means; raises Refused no_such_element."""
    for block in blocks:
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for element in elements(block):
            if element.get("action_id") == action_id:
                return block, element
    known = [e.get("action_id") for b in blocks for e in elements(b)]
    raise Refused("no_such_element", status=400, detail=f"{action_id} is not one of {known}")


def locate(blocks: list[Json], name: str) -> tuple[Json, Json]:
    """This finds an element by its action_id, or by the block_id of its input block."""
    for block, element in stateful(blocks):
        if name in (element["action_id"], block["block_id"]):
            return block, element
    known = [element["action_id"] for _, element in stateful(blocks)]
    raise Refused("no_such_element", status=400, detail=f"{name} is not one of {known}")


def _option(element: Json, value: Any) -> Json:
    """This is the option with that value; raises Refused no_such_option."""
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in all_options(element):
        if option["value"] == wanted:
            return option
    known = [option["value"] for option in all_options(element)]
    raise Refused("no_such_option", status=400, detail=f"{wanted} is not one of {known}")


def chosen(element: Json, value: Any) -> Json:
    """This is the element's state after a person entered `value`.

    Options are named by their value, people and channels by id, dates as YYYY-MM-DD, times as
    HH:MM, datetimes as unix seconds; several in a list; None clears.
    """
    kind = element["type"]
    if kind in SEVERAL:
        listed = value if isinstance(value, list) else [] if value is None else [value]
        most = element.get("max_selected_items")
        if most is not None and len(listed) > most:
            raise Refused("too_many_chosen", status=400, detail=f"at most {most}")
        options = [_option(element, one) for one in listed] if kind in WITH_OPTIONS else listed
        return state_of(element, options)
    if value is None:
        return state_of(element, None)
    if kind in WITH_OPTIONS:
        return state_of(element, _option(element, value))
    if kind in TEXTS:
        return state_of(element, str(value))
    forms = {"datepicker": r"\d{4}-\d{2}-\d{2}", "timepicker": r"\d{2}:\d{2}"}
    if kind in forms and not re.fullmatch(forms[kind], str(value)):
        raise Refused("bad_value", status=400, detail=f"{value!r} for a {kind}")
    return state_of(element, int(value) if kind == "datetimepicker" else value)


def _text_problem(element: Json, text: str) -> str | None:
    """This is what Slack's client says about a typed text."""
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if len(text) < least:
        return f"Must be at least {least} characters."
    if len(text) > most:
        return f"Must be {most} characters or less."
    return None


def _number_problem(element: Json, text: str) -> str | None:
    """This is what Slack's client says about a typed number."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return "Enter a number."
    if "." in text and not element.get("is_decimal_allowed"):
        return "Enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(text) < float(least):
        return f"Enter a number of {least} or more."
    if most is not None and float(text) > float(most):
        return f"Enter a number of {most} or less."
    return None


def _problem(block: Json, element: Json, state: Json) -> str | None:
    """This is why Slack's client would not submit this input."""
    kind, value = element["type"], state[KEY[element["type"]]]
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    if kind == "plain_text_input":
        return _text_problem(element, value)
    if kind == "number_input":
        return _number_problem(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S+", value):
        return "Enter a valid URL."
    return None


def problems(blocks: list[Json], typed: Typed) -> dict[str, str]:
    """This is block_id -> message for every input that Slack would not let through."""
    values = current(blocks, typed)
    found: dict[str, str] = {}
    for block, element in stateful(blocks):
        if block["type"] == "input":
            state = values[block["block_id"]][element["action_id"]]
            problem = _problem(block, element, state)
            if problem:
                found[block["block_id"]] = problem
    return found
