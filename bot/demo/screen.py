"""This is what stands on somebody's screen, as plain text, and what can be pressed there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

Json = dict[str, Any]

RULE: Final = "- - -"
_BOLD = re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])")
_LINK: Final = re.compile(r"<https?://[^|>]*\|([^>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


class NotThereError(Exception):
    """This says that somebody looked for a button or a question that is not on their screen."""


@dataclass(frozen=True, slots=True)
class Pressable:
    """This is a button, or one line of a menu, with where it stands."""

    label: str
    action_id: str
    block_id: str
    value: str


def spoken(text: str) -> str:
    """Slack's markup as people read it: no stars, no entities, no addresses behind links."""
    shown = _LINK.sub(r"\1", _BOLD.sub(r"\1", text))
    for entity, plain in _ENTITIES:
        shown = shown.replace(entity, plain)
    return shown


def lines(blocks: Sequence[Json]) -> list[str]:
    """These blocks as lines of text; buttons stand in brackets, menus with a small mark."""
    shown: list[str] = []
    for block in blocks:
        shown += _block_lines(block)
    return shown


def whole(message: Json) -> str:
    """A message as one text: what the lock screen says, then what stands in it."""
    return "\n".join([spoken(str(message.get("text") or "")), *lines(message.get("blocks") or ())])


# What is not a question, and acts as soon as one of its lines is picked.
MENUS: Final = ("overflow", "static_select")


def pressables(blocks: Sequence[Json]) -> Iterator[Pressable]:
    """Every button and every line of a menu, from the top."""
    for block in blocks:
        for element in _elements(block):
            common = (str(element.get("action_id", "")), str(block.get("block_id", "")))
            if element["type"] == "button":
                yield Pressable(_text(element), *common, str(element.get("value", "")))
            for option in element.get("options", ()) if element["type"] in MENUS else ():
                yield Pressable(_text(option), *common, str(option["value"]))


def questions(view: Json) -> dict[str, Json]:
    """A form's questions by their labels; a tick that is no question by its own words."""
    asked = {
        _text({"text": block["label"]}): block
        for block in view["blocks"]
        if block["type"] == "input"
    }
    for block in view["blocks"]:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element["type"] == "checkboxes":
                asked[_text(element["options"][0])] = {**block, "element": element}
    return asked


def choices(block: Json) -> list[str]:
    """The words that a question offers; none where something is typed or picked freely."""
    return [_text(option) for option in _options(block["element"])]


def answer_for(block: Json, answer: Any, zone: str) -> Any:
    """What a person picked or typed, as the form wants it: options are named by their words.

    A time is written as their phone shows it in `zone`: "13:15", on the day that the form proposes,
    or "2026-03-01 13:15".
    """
    if block["element"]["type"] == "datetimepicker" and isinstance(answer, str):
        return _instant(block["element"], answer, ZoneInfo(zone))
    options = _options(block["element"])
    if not options or answer is None:
        return answer
    values = {_text(option): option["value"] for option in options}
    wanted = answer if isinstance(answer, list | tuple) else [answer]
    missing = [one for one in wanted if one not in values]
    if missing:
        raise NotThereError(f"{missing[0]!r} is not one of {sorted(values)}")
    picked = [values[one] for one in wanted]
    return picked if isinstance(answer, list | tuple) else picked[0]


def _instant(element: Json, written: str, zone: ZoneInfo) -> int:
    """Unix seconds. ValueError for what is no time."""
    day, _, clock = written.rpartition(" ")
    proposed = datetime.fromtimestamp(element["initial_date_time"], zone)
    picked = date.fromisoformat(day) if day else proposed.date()
    return int(datetime.combine(picked, time.fromisoformat(clock), zone).timestamp())


def _options(element: Json) -> list[Json]:
    grouped = [one for group in element.get("option_groups", ()) for one in group["options"]]
    return [*element.get("options", ()), *grouped]


def _block_lines(block: Json) -> list[str]:
    kind = block["type"]
    if kind == "divider":
        return [RULE]
    if kind in ("section", "header"):
        text = _text(block).splitlines() if block.get("text") else []
        fields = [line for field in block.get("fields", ()) for line in _text(field).splitlines()]
        return [*text, *fields, *_row(_elements(block))]
    if kind == "context":
        return [spoken(str(one.get("text", ""))) for one in block["elements"]]
    if kind == "input":
        return [f"{_text({'text': block['label']})} ____"]
    return _row(_elements(block))


def _row(elements: Sequence[Json]) -> list[str]:
    shown = []
    for element in elements:
        if element["type"] == "button":
            shown.append(f"[{_text(element)}]")
        elif element["type"] in MENUS:
            shown.append("[...]")
    return [" ".join(shown)] if shown else []


def _elements(block: Json) -> list[Json]:
    accessory = [block["accessory"]] if block.get("accessory") else []
    inside = block.get("elements", ()) if block["type"] == "actions" else ()
    return [*accessory, *inside]


def _text(thing: Json) -> str:
    text = thing.get("text", "")
    return spoken(str(text.get("text", "") if isinstance(text, dict) else text))
