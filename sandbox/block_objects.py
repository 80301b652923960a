"""This describes Block Kit's composition objects: texts, options, confirmations."""

from typing import Any

from sandbox import limits
from sandbox.checks import (
    Check,
    Report,
    boolean,
    items,
    objects,
    one_of,
    shape,
    string,
    typed,
)

PLAIN, MRKDWN = "plain_text", "mrkdwn"


def text(most: int, *kinds: str) -> Check:
    """This wants a text object of 1 to `most` characters, of one of `kinds` (default: both)."""
    words = string(most, 1)
    table = {
        PLAIN: shape({"text": words}, {"emoji": boolean}),
        MRKDWN: shape({"text": words}, {"verbatim": boolean}),
    }
    return typed(table, frozenset(kinds or (PLAIN, MRKDWN)))


def plain(most: int) -> Check:
    """This wants a plain_text object."""
    return text(most, PLAIN)


def option(*kinds: str) -> Check:
    """This wants one option of a menu or a choice; menus and overflow allow plain text only."""
    return objects(
        shape(
            {
                "text": text(limits.OPTION_TEXT, *kinds),
                "value": string(limits.OPTION_VALUE, 1),
            },
            {
                "description": text(limits.OPTION_TEXT, *kinds),
                "url": string(limits.URL),
            },
        )
    )


OPTION_GROUP = objects(
    shape(
        {
            "label": plain(limits.OPTION_TEXT),
            "options": items(option(PLAIN), limits.OPTIONS),
        }
    )
)

CONFIRM = objects(
    shape(
        {
            "title": plain(limits.CONFIRM_TITLE),
            "text": text(limits.CONFIRM_TEXT),
            "confirm": plain(limits.CONFIRM_BUTTON),
            "deny": plain(limits.CONFIRM_BUTTON),
        },
        {"style": one_of("primary", "danger")},
    )
)

DISPATCH = objects(
    shape(
        {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)},
    )
)

CONVERSATION_FILTER = objects(
    shape(
        {},
        {
            "include": items(one_of("im", "mpim", "private", "public"), 4),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    )
)

IDENTIFIER = string(limits.IDENTIFIER, 1)


def action_id(report: Report, value: Any, path: str) -> None:
    """This wants an identifier that no other element of the same block has."""
    IDENTIFIER(report, value, path)
    if isinstance(value, str):
        if value in report.action_ids:
            report.note(f"`action_id` {value} already exists in this block", path)
        report.action_ids.add(value)


def block_id(report: Report, value: Any, path: str) -> None:
    """This wants an identifier that no other block of the payload has."""
    IDENTIFIER(report, value, path)
    if isinstance(value, str):
        if value in report.block_ids:
            report.note(f"`block_id` {value} already exists for another block", path)
        report.block_ids.add(value)


def focus(report: Report, value: Any, path: str) -> None:
    """This allows `focus_on_load` for one element of a view."""
    boolean(report, value, path)
    report.focused += value is True
    if report.focused > 1:
        report.note("only one element may have focus_on_load", path)


def either(*names: str) -> Check:
    """This wants at least one of the named properties."""

    def check(report: Report, value: Any, path: str) -> None:
        if not any(value.get(name) is not None for name in names):
            report.note(f"missing required field: {' or '.join(names)}", path)

    return check
