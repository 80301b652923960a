"""This builds the questions of a form. A question's block id and action id are its field's name."""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from bot.slack.ids import Field, Form
from bot.slack.render.blocks import Element, cut, option, plain
from bot.slack.render.times import length
from bot.slack.render.view import Block
from bot.slack.words import labels
from bot.slack.words.speech import _

# Slack's Block Kit reference.
TITLE_MAX: Final = 24
OPTIONS_MAX: Final = 100
VALUE_MAX: Final = 150
PLACEHOLDER_MAX: Final = 150
HINT_MAX: Final = 2000

View = dict[str, Any]
Line = tuple[str, str]  # words, value


def form(which: Form, carried: str, blocks: Iterable[Block]) -> View:
    """A form. `carried` comes back with it, unseen."""
    return {
        "type": "modal",
        "callback_id": which.value,
        "private_metadata": carried,
        "title": plain(_(labels.TITLE[which]), TITLE_MAX),
        "submit": plain(_(labels.SUBMIT[which]), TITLE_MAX),
        "close": plain(_(labels.BACK), TITLE_MAX),
        "blocks": list(blocks),
    }


def question(
    field: Field, label: str, element: Element, *, hint: str = "", optional: bool = False
) -> Block:
    """One question."""
    asked: Block = {
        "type": "input",
        "block_id": field.value,
        "label": plain(label, HINT_MAX),
        "optional": optional,
        "element": {**element, "action_id": field.value},
    }
    return {**asked, "hint": plain(hint, HINT_MAX)} if hint else asked


def select(lines: Sequence[Line], chosen: str | None = None) -> Element:
    """A menu with one answer. More lines than Slack takes in one list are grouped."""
    return _menu("static_select", lines, [chosen] if chosen else [], "initial_option")


def select_many(lines: Sequence[Line], chosen: Sequence[str] = (), most: int = 7) -> Element:
    """A menu with several answers."""
    made = _menu("multi_static_select", lines, chosen, "initial_options")
    return {**made, "max_selected_items": most}


def select_grouped(groups: Sequence[tuple[str, Sequence[Line]]], chosen: Sequence[str]) -> Element:
    """A menu with several answers under headings, a hundred lines at most."""
    made = _menu(
        "multi_static_select",
        [line for _heading, lines in groups for line in lines],
        chosen,
        "initial_options",
    )
    offered = iter(made.pop("options"))
    made["option_groups"] = [
        {"label": plain(heading), "options": [next(offered) for _line in lines]}
        for heading, lines in groups
    ]
    return made


def _menu(kind: str, lines: Sequence[Line], chosen: Sequence[str], initial: str) -> Element:
    # A value that had to be cut would name another place, so such a line is left out.
    options = [option(words, value) for words, value in _named(lines) if len(value) <= VALUE_MAX]
    made: Element = {"type": kind, "placeholder": plain(_(labels.CHOOSE), PLACEHOLDER_MAX)}
    if len(options) <= OPTIONS_MAX:
        made["options"] = options
    else:
        chunks = [options[i : i + OPTIONS_MAX] for i in range(0, len(options), OPTIONS_MAX)]
        made["option_groups"] = [
            {"label": plain(_span(chunk)), "options": chunk} for chunk in chunks[:OPTIONS_MAX]
        ]
    offered = {one["value"]: one for one in options}
    # In the order in which they were chosen: that of a route.
    found = [offered[value] for value in dict.fromkeys(chosen) if value in offered]
    if found:
        made[initial] = found if initial == "initial_options" else found[0]
    return made


def fitting(lines: Sequence[Line], chosen: Sequence[str | None], most: int) -> list[Line]:
    """As many of these lines as take `most` bytes, and whatever of them is chosen already.

    Slack opens no form that is larger than 250 kB in all.
    """
    kept, left = [], most
    for words, value in _named(lines):
        left -= len(json.dumps(option(words, value)))
        if left >= 0 or value in chosen:
            kept.append((words, value))
    return kept


def _named(lines: Sequence[Line]) -> list[Line]:
    """Slack refuses a whole form for one line without words."""
    return [(words if words.strip() else value, value) for words, value in lines]


def _span(chunk: Sequence[Element]) -> str:
    first, last = chunk[0]["text"]["text"], chunk[-1]["text"]["text"]
    return _(labels.SPAN, first=cut(first, 30), last=cut(last, 30))


def ticks(lines: Sequence[Line], chosen: Iterable[str] = ()) -> Element:
    """Boxes to tick, ten at most."""
    options = [option(words, value) for words, value in lines]
    wanted = set(chosen)
    ticked = [one for one in options if one["value"] in wanted]
    made: Element = {"type": "checkboxes", "options": options}
    return {**made, "initial_options": ticked} if ticked else made


def radio(lines: Sequence[Line], chosen: str | None = None) -> Element:
    """One of a few, all in view, ten at most."""
    options = [option(words, value) for words, value in lines]
    picked = [one for one in options if one["value"] == chosen]
    made: Element = {"type": "radio_buttons", "options": options}
    return {**made, "initial_option": picked[0]} if picked else made


def text(most: int, typed: str = "", *, multiline: bool = False) -> Element:
    """A line, or some lines, to type."""
    made: Element = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
    return {**made, "initial_value": cut(typed, most)} if typed else made


def minutes(choices: Iterable[int], chosen: int | None = None) -> Element:
    """A length of time to choose, in minutes."""
    lines = [(length(timedelta(minutes=count)), str(count)) for count in choices]
    return select(lines, None if chosen is None else str(chosen))
