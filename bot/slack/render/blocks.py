"""This builds the few Block Kit shapes Belay uses, cut to Slack's limits.

Every text that a person typed goes through `escape`: an unescaped `<!channel>` would ring a county.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot.slack.ids import Action
from bot.slack.render.view import Block
from bot.slack.words.labels import BUTTON
from bot.slack.words.speech import _

# Slack's Block Kit reference.
TEXT_MAX: Final = 3000
BUTTON_MAX: Final = 75
OPTION_MAX: Final = 75
CONFIRM_MAX: Final = 300
DIGITS_MAX: Final = 15  # of a number, country and all (ITU-T E.164)
# What a phone can call: an emergency number, or seven digits and more.
_DIALLED: Final = frozenset("+0123456789")
_NUMBERS: Final = re.compile(r"(?<!\w)(?:911|988|211|\+?\(?\d[\d().\- ]{5,}\d)(?!\w)")
Element = dict[str, Any]


def escape(text: str) -> str:
    """The text as Slack shows it to people, with nothing in it that Slack would act on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, most: int = 500) -> str:
    """Text that somebody typed, on one line, cut and escaped."""
    return escape(cut(" ".join(text.split()), most))


def tel(number: str) -> str:
    """A number that a phone calls when it is tapped; where it has no digit, what was typed."""
    digits = dialled(number)
    return f"<tel:{digits}|{typed(number, 40)}>" if digits else typed(number, 40)


def dialled(number: str) -> str:
    """What a phone dials of a number: its digits 0 to 9, and a plus."""
    return "".join(one for one in number if one in _DIALLED)


def linked(text: str) -> str:
    """A text that is escaped already, with every number in it one that a phone calls.

    More digits than a number may have are not one number, and stay as they are.
    """
    return _NUMBERS.sub(_link, text)


def _link(found: re.Match[str]) -> str:
    number = found.group()
    return number if sum(one.isdecimal() for one in number) > DIGITS_MAX else tel(number)


def cut(text: str, most: int) -> str:
    """The text, or its beginning and a sign that there was more."""
    return text if len(text) <= most else text[: most - 1] + "…"


def plain(text: str, most: int = BUTTON_MAX) -> Element:
    """A plain text object."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def section(text: str, accessory: Element | None = None, block_id: str = "") -> Block:
    """A paragraph. `text` is mrkdwn, escaped by whoever put typed text into it."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, TEXT_MAX)}}
    if block_id:
        block["block_id"] = block_id
    return block if accessory is None else {**block, "accessory": accessory}


def context(text: str) -> Block:
    """A small line."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, TEXT_MAX)}]}


def divider() -> Block:
    """A line between what must not be mixed up."""
    return {"type": "divider"}


def button(action: Action, value: str, *, style: str = "", label: str = "") -> Element:
    """A button of this meaning."""
    made: Element = {
        "type": "button",
        "action_id": action.value,
        "text": plain(label or _(BUTTON[action])),
        "value": value,
    }
    return {**made, "style": style} if style else made


def menu(action: Action, lines: Sequence[tuple[str, str]]) -> Element:
    """An overflow menu of (words, value), five at most."""
    return {
        "type": "overflow",
        "action_id": action.value,
        "options": [option(words, value) for words, value in lines],
    }


def option(words: str, value: str) -> Element:
    """One line to choose."""
    return {"text": plain(words, OPTION_MAX), "value": value}


def actions(block_id: str, elements: Iterable[Element]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def lines(*texts: str | None) -> str:
    """These lines under each other, without the empty ones."""
    return "\n".join(text for text in texts if text)
