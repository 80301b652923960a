"""This writes blocks down as a person reads them: one line a paragraph, buttons in brackets."""

import re
from typing import Any

from sandbox.blocks import message_problems, view_problems
from sandbox.checks import Surface
from tests import block_kit

_TEL = re.compile(r"<tel:\+?\d+\|[^<>|]+>")


def readable(blocks) -> str:
    """The blocks as text."""
    return "\n".join(_block(block) for block in blocks)


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "section":
            beside = f"  {_element(block['accessory'])}" if "accessory" in block else ""
            return block["text"]["text"] + beside
        case "context":
            return "~ " + " ".join(item["text"] for item in block["elements"])
        case "actions":
            return " ".join(_element(element) for element in block["elements"])
        case "divider":
            return "---"
        case "input":
            mark = "" if block.get("optional") else " *"
            return f"{block['label']['text']}{mark}  {_element(block['element'])}"
        case kind:
            raise AssertionError(f"no words for a {kind}")


def _element(element: dict[str, Any]) -> str:
    options = [
        option["text"]["text"]
        for group in element.get("option_groups", [element])
        for option in group.get("options", [])
    ]
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    return f"<{' | '.join(options)}>" if options else f"<{element['type']}>"


def elements(blocks) -> list[dict[str, Any]]:
    """Everything in these blocks that a person can use."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
        found += [block["element"]] if block["type"] == "input" else []
    return found


def labels(blocks) -> list[str]:
    """What stands on the buttons, in order."""
    return [e["text"]["text"] for e in elements(blocks) if e["type"] == "button"]


def assert_slack_takes(blocks) -> None:
    """Slack's limits, ids that differ, and no text that Slack would act on."""
    block_kit.check_message(blocks)
    problems = message_problems(list(blocks))
    assert not problems, problems
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids)), ids
    # A number that a tap calls is the one thing that Slack may act on.
    assert "<" not in _TEL.sub("", readable_texts(blocks))


def assert_slack_opens(view) -> None:
    """The same for a form."""
    block_kit.check_view(view)
    problems = view_problems(view, Surface.MODAL)
    assert not problems, problems
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids)), ids


def readable_texts(blocks) -> str:
    """Only the mrkdwn of these blocks: where Slack acts on what it finds."""
    return " ".join(
        text["text"]
        for block in blocks
        for text in [block.get("text", {}), *block.get("elements", [])]
        if text.get("type") == "mrkdwn"
    )
