"""This fills in what Slack fills in: missing ids and the defaults of text objects."""

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from sandbox.model import Json

_numbers = itertools.count(1)


def _fresh() -> str:
    """This is an id such as Slack makes for a block that has none."""
    return f"b{next(_numbers):04X}"


def elements(block: Json) -> Iterator[Json]:
    """This yields what a person can use in a block."""
    if block.get("type") == "actions":
        yield from block.get("elements") or []
    elif block.get("type") == "input":
        yield block["element"]
    elif block.get("accessory"):
        yield block["accessory"]


def _texts(value: Any) -> None:
    """This gives every text object its defaults."""
    if isinstance(value, list):
        for item in value:
            _texts(item)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for item in value.values():
            _texts(item)


def blocks(given: list[Json]) -> list[Json]:
    """This is a copy of valid blocks in which every block and element has an id."""
    result = copy.deepcopy(given)
    for block in result:
        block.setdefault("block_id", _fresh())
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for element in elements(block):
            if element["type"] != "image":
                element.setdefault("action_id", _fresh())
        if block["type"] != "rich_text":
            _texts(block)
    return result
