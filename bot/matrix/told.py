"""This tells a change in full, line by line: what goes and what comes. Pure."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Final

from pydantic import BaseModel

from bot.matrix.change import (
    Change,
    DropRow,
    PutBackground,
    PutNames,
    PutPack,
    PutRow,
    PutSlang,
    PutTiers,
)
from bot.matrix.model import Matrix

GOES: Final = "−"
COMES: Final = "+"


def whole(before: Matrix, change: Change) -> Iterator[str]:
    """Every line that goes or comes, with the place where it stands; nothing is left out.

    Words that are added one by one need no more than themselves, and give none.
    """
    was, then = (list(_flat(one)) for one in _both(before, change))
    for _what, low, high, new_low, new_high in SequenceMatcher(
        None, was, then, autojunk=False
    ).get_opcodes():
        if was[low:high] == then[new_low:new_high]:
            continue
        yield from (f"{GOES} {line}" for line in was[low:high])
        yield from (f"{COMES} {line}" for line in then[new_low:new_high])


def _both(before: Matrix, change: Change) -> tuple[object, object]:
    match change:
        case PutRow(row=row):
            return before.by_key.get(row.key), row
        case DropRow(key=key):
            return {"row": before.by_key.get(key), "phrasings": before.packs.get(key)}, None
        case PutPack(row=key, pack=pack):
            return before.packs.get(key), pack
        case PutBackground(name=name, phrases=phrases):
            return before.background.get(name), phrases
        case PutTiers(tiers=tiers):
            return before.tiers, tiers
        case PutNames():
            names = ("roles", "owners", "lines")
            return (
                {name: getattr(before, name) for name in names},
                {name: getattr(change, name) for name in names},
            )
        case PutSlang(slang=slang):
            return before.slang, slang
        case _:
            return None, None


def _flat(value: object, path: str = "") -> Iterator[str]:
    """A value as lines, each with its place: `live.fire.en: i smell smoke`."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str):
            more = [f"{key}: {_short(other)}" for key, other in value.items() if key != "text"]
            more = [one for one in more if not one.endswith(": ")]
            yield _line(path, f"{text} ({', '.join(more)})" if more else text)
            return
        for key, other in value.items():
            yield from _flat(other, f"{path}.{key}" if path else f"{key}")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one, path)
    elif value is not None and value != "":
        yield _line(path, str(value))


def _line(path: str, text: str) -> str:
    return f"{path}: {' '.join(text.split())}"


def _short(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
