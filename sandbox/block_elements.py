"""This describes Block Kit's elements: what can be clicked, chosen or typed."""

import re
from typing import Any

from sandbox import limits
from sandbox.block_objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    OPTION_GROUP,
    PLAIN,
    action_id,
    either,
    focus,
    option,
    plain,
)
from sandbox.checks import (
    Check,
    Report,
    Shape,
    Surface,
    anything,
    boolean,
    items,
    objects,
    one_of,
    shape,
    string,
    whole,
)


def pattern(expression: str, words: str) -> Check:
    """This wants a string in a form, such as a date."""
    form = re.compile(expression)

    def check(report: Report, value: Any, path: str) -> None:
        if not isinstance(value, str) or not form.fullmatch(value):
            report.note(f"must be {words}", path)

    return check


DATE = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date as YYYY-MM-DD")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm")
NUMBER = pattern(r"-?\d+(\.\d+)?", "a number")
EPOCH = whole(1_000_000_000, 9_999_999_999)
"""Slack wants ten digits."""

ASK: dict[str, Check] = {"action_id": action_id, "focus_on_load": focus}
HINTED = ASK | {"placeholder": plain(limits.PLACEHOLDER)}
PICK = HINTED | {"confirm": CONFIRM}
MENU_OPTIONS: dict[str, Check] = {
    "options": items(option(PLAIN), limits.OPTIONS),
    "option_groups": items(OPTION_GROUP, limits.OPTION_GROUPS),
}


def all_options(element: dict[str, Any]) -> list[dict[str, Any]]:
    """This is every option of a menu, groups flattened."""
    found = [item for item in element.get("options") or [] if isinstance(item, dict)]
    for group in element.get("option_groups") or []:
        if isinstance(group, dict):
            found += [item for item in group.get("options") or [] if isinstance(item, dict)]
    return found


def _initial_among_options(report: Report, element: Any, path: str) -> None:
    """This wants every initial option to be one of the options."""
    values = {item.get("value") for item in all_options(element)}
    initial = element.get("initial_options") or []
    if element.get("initial_option"):
        initial = [*initial, element["initial_option"]]
    for item in initial:
        if not isinstance(item, dict) or item.get("value") not in values:
            report.note("initial_option must be one of the options", path)


def _menu(report: Report, element: Any, path: str) -> None:
    """This wants either options or groups of them, and initial options among them."""
    either("options", "option_groups")(report, element, path)
    if element.get("options") and element.get("option_groups"):
        report.note("options and option_groups exclude each other", path)
    _initial_among_options(report, element, path)


def _lengths(report: Report, element: Any, path: str) -> None:
    """This wants min_length not to be above max_length."""
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.note("min_length must not be more than max_length", path)


def _supplied(
    kind: str, both: dict[str, Check] | None = None, one: dict[str, Check] | None = None
) -> tuple[Shape, Shape]:
    """This is a menu whose options Slack supplies, for one and for several.

    `both` and `one` are further properties of both, and of the menu for one only.
    """
    shared = PICK | (both or {})
    several = {f"initial_{kind}s": items(string(), limits.OPTIONS, 0)}
    return (
        shape({}, shared | (one or {}) | {f"initial_{kind}": string()}),
        shape({}, shared | several | {"max_selected_items": whole(1)}),
    )


RESPONDING: dict[str, Check] = {"response_url_enabled": boolean}
FILTERED: dict[str, Check] = {
    "default_to_current_conversation": boolean,
    "filter": CONVERSATION_FILTER,
}
USERS, MULTI_USERS = _supplied("user")
CHANNELS, MULTI_CHANNELS = _supplied("channel", one=RESPONDING)
CONVERSATIONS, MULTI_CONVERSATIONS = _supplied("conversation", both=FILTERED, one=RESPONDING)
TYPED = HINTED | {"initial_value": string(limits.INPUT_TEXT), "dispatch_action_config": DISPATCH}

ELEMENTS: dict[str, Shape] = {
    "button": shape(
        {"text": plain(limits.BUTTON_TEXT)},
        {
            "action_id": action_id,
            "url": string(limits.URL),
            "value": string(limits.BUTTON_VALUE),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(limits.ACCESSIBILITY_LABEL),
        },
    ),
    "image": shape(
        {"alt_text": string(limits.IMAGE_ALT)},
        {"image_url": string(limits.URL), "slack_file": anything},
        last=either("image_url", "slack_file"),
    ),
    "overflow": shape(
        {"options": items(option(PLAIN), limits.OVERFLOW_OPTIONS)},
        {"action_id": action_id, "confirm": CONFIRM},
    ),
    "static_select": shape({}, PICK | MENU_OPTIONS | {"initial_option": option(PLAIN)}, last=_menu),
    "multi_static_select": shape(
        {},
        PICK
        | MENU_OPTIONS
        | {
            "initial_options": items(option(PLAIN), limits.OPTIONS),
            "max_selected_items": whole(1),
        },
        last=_menu,
    ),
    "external_select": shape(
        {}, PICK | {"initial_option": option(PLAIN), "min_query_length": whole(0)}
    ),
    "multi_external_select": shape(
        {},
        PICK
        | {
            "initial_options": items(option(PLAIN), limits.OPTIONS),
            "min_query_length": whole(0),
            "max_selected_items": whole(1),
        },
    ),
    "users_select": USERS,
    "multi_users_select": MULTI_USERS,
    "channels_select": CHANNELS,
    "multi_channels_select": MULTI_CHANNELS,
    "conversations_select": CONVERSATIONS,
    "multi_conversations_select": MULTI_CONVERSATIONS,
    "checkboxes": shape(
        {"options": items(option(), limits.CHOICE_OPTIONS)},
        ASK | {"confirm": CONFIRM, "initial_options": items(option(), limits.CHOICE_OPTIONS)},
        last=_initial_among_options,
    ),
    "radio_buttons": shape(
        {"options": items(option(), limits.CHOICE_OPTIONS)},
        ASK | {"confirm": CONFIRM, "initial_option": option()},
        last=_initial_among_options,
    ),
    "datepicker": shape({}, PICK | {"initial_date": DATE}),
    "timepicker": shape({}, PICK | {"initial_time": TIME, "timezone": string()}),
    "datetimepicker": shape({}, ASK | {"confirm": CONFIRM, "initial_date_time": EPOCH}),
    "plain_text_input": shape(
        {},
        TYPED
        | {
            "multiline": boolean,
            "min_length": whole(0, limits.INPUT_TEXT),
            "max_length": whole(1, limits.INPUT_TEXT),
        },
        last=_lengths,
    ),
    "email_text_input": shape({}, TYPED),
    "url_text_input": shape({}, TYPED),
    "number_input": shape(
        {"is_decimal_allowed": boolean},
        TYPED | {"initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    ),
    "rich_text_input": shape(
        {},
        HINTED
        | {"initial_value": anything, "dispatch_action_config": DISPATCH}
        | {"min_lines": whole(1, 100), "max_lines": whole(1, 100)},
    ),
    "file_input": shape(
        {},
        {
            "action_id": action_id,
            "filetypes": items(string(), limits.OPTIONS),
            "max_files": whole(1, 10),
        },
        surfaces=frozenset({Surface.MODAL}),
    ),
    "workflow_button": shape(
        {"text": plain(limits.BUTTON_TEXT), "workflow": objects(shape({}, closed=False))},
        {"action_id": action_id, "style": one_of("primary", "danger")},
    ),
}

MENUS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
CHOICES = frozenset({"checkboxes", "radio_buttons", "datepicker", "timepicker"})
IN_SECTION = MENUS | CHOICES | {"button", "image", "overflow", "workflow_button"}
IN_ACTIONS = (IN_SECTION - {"image"}) | {"datetimepicker", "rich_text_input"}
IN_INPUT = (
    MENUS
    | CHOICES
    | {"datetimepicker", "plain_text_input", "email_text_input", "url_text_input"}
    | {"number_input", "rich_text_input", "file_input"}
)
STATEFUL = (MENUS | CHOICES | IN_INPUT) - {"file_input"}
"""Elements whose value shows up in `state.values`."""
