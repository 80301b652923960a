"""This keeps decision records findable and of one form."""

import re

from tests.tidy import tree

FOLDER = "docs/decisions/"
SECTIONS = ("## Context", "## Decision", "## Consequences", "## Alternatives")


def records():
    return [name for name in tree.files() if re.match(rf"{FOLDER}\d{{4}}-[a-z0-9-]+\.md$", name)]


def test_every_decision_has_a_number_of_its_own_without_gaps():
    numbers = [int(name.removeprefix(FOLDER)[:4]) for name in records()]
    assert numbers == list(range(len(numbers))), "Number decisions on from the last; never reuse."


def test_every_decision_tells_its_context_and_what_else_was_weighed():
    incomplete = [
        f"{name} lacks {section}"
        for name in records()
        for section in SECTIONS
        if section not in tree.text(name)
    ]
    assert not incomplete, tree.listing(incomplete, f"Follow {FOLDER}0000-template.md.")


def test_the_index_lists_every_decision():
    index = tree.text(f"{FOLDER}README.md")
    unlisted = [name for name in records() if f"({name.removeprefix(FOLDER)})" not in index]
    assert not unlisted, tree.listing(unlisted, f"Add these to {FOLDER}README.md.")
