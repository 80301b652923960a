"""Changes of a matrix as values: a phrasing, a text that is outside, a row put or dropped."""

from collections.abc import Iterable
from typing import Any, Literal

from bot.matrix.model import Key, Part, Row, Text
from protocol.people import Language


class Phrase(Part):
    """This is a live phrasing for a row."""

    kind: Literal["phrase"] = "phrase"
    row: Key
    language: Language
    text: Text


class Outside(Part):
    """This is a text for which there is to be no row."""

    kind: Literal["outside"] = "outside"
    language: Language
    text: Text


class PutRow(Part):
    """This is a row, new or in the place of the one with its key."""

    kind: Literal["row"] = "row"
    row: Row


class DropRow(Part):
    """This takes a row out."""

    kind: Literal["drop"] = "drop"
    key: Key


Change = Phrase | Outside | PutRow | DropRow


def dump(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as JSON takes them."""
    return [change.model_dump(mode="json") for change in changes]
