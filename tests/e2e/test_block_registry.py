"""Whatever the bot can send, the page can draw and say. No browser is needed for this."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.block_elements import ELEMENTS
from sandbox.blocks import BLOCKS

ROOT = Path(__file__).parents[2]
RENDERER = ROOT / "sandbox" / "page" / "blocks"
SLACKS = {"BLOCKS": set(BLOCKS), "ELEMENTS": set(ELEMENTS)}


def script(name: str) -> str:
    return (RENDERER / name).read_text(encoding="utf-8")


def registered(name: str) -> set[str]:
    """The names in one of the lists that the renderer exports."""
    found = re.search(rf"export const {name} = \[(.*?)\];", script("registry.mjs"), re.DOTALL)
    assert found is not None
    return set(re.findall(r'"(\w+)"', found[1]))


def words_in(node: ast.expr) -> list[str]:
    """Every string of an expression, such as both sides of an `if`."""
    constants = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return [value for value in constants if isinstance(value, str)]


def named_types(source: str) -> Iterator[str]:
    """Every `"type": "..."` of a dictionary, and every other string with an underscore in it.

    Those are the names that helpers are called with, such as "multi_static_select"; a word without
    an underscore may be anything.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "type":
                    yield from words_in(value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in node.value:
            yield node.value


def sent_by_the_bot() -> set[str]:
    files = sorted((ROOT / "bot").rglob("*.py"))
    return {name for file in files for name in named_types(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("kind", "surely"),
    [
        ("BLOCKS", {"section", "context", "divider", "actions", "input"}),
        ("ELEMENTS", {"button", "static_select", "multi_static_select", "radio_buttons"}),
    ],
)
def test_the_page_draws_whatever_the_bot_can_send(kind, surely):
    sent = sent_by_the_bot() & SLACKS[kind]
    assert surely <= sent
    assert sent <= registered(kind), (
        "Draw these in sandbox/page/blocks, and show them in gallery.json"
    )


@pytest.mark.parametrize("kind", ["BLOCKS", "ELEMENTS"])
def test_the_page_draws_nothing_that_slack_does_not_know(kind):
    assert registered(kind) <= SLACKS[kind]


def test_every_sentence_of_the_blocks_is_there_in_both_languages_and_is_said():
    english, spanish = (
        set(re.findall(r'"(blocks\.[\w.]+)":', part))
        for part in script("words.mjs").split("export const es")
    )
    assert english == spanish
    code = "".join(script(file.name) for file in RENDERER.glob("*.mjs") if file.name != "words.mjs")
    said = set(re.findall(r'"(blocks\.[\w.]+)"', code))
    known = re.search(r"const KNOWN = \[(.*?)\]", script("trouble.mjs"))
    assert known is not None
    said |= {f"blocks.trouble.{name}" for name in (*re.findall(r'"(\w+)"', known[1]), "other")}
    assert said == english
