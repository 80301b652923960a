"""This keeps one word for each thing: docs/glossary.md rules what the rules may be called."""

import ast
import re
from pathlib import PurePosixPath

import pytest

from tests.tidy import tree

GLOSSARY = "docs/glossary.md"
HEADING = "## Words we do not use"


def test_the_glossary_says_which_words_are_not_used():
    assert (tree.ROOT / GLOSSARY).exists(), f"Write {GLOSSARY}: the rules take their words from it."
    assert unused_words(), (
        f'{GLOSSARY} needs a table below "{HEADING}" with the columns '
        "We say, We do not say, Except in; words and module names in backticks."
    )


def test_the_rules_are_named_in_the_glossarys_words():
    unwanted = unused_words()
    strays = [
        f"{name}:{line} {identifier}: say {unwanted[word][0]}, not {word}"
        for name in tree.modules("protocol")
        for line, identifier in sorted(set(identifiers(tree.tree(name))))
        for word in split(identifier)
        if word in unwanted and PurePosixPath(name).stem not in unwanted[word][1]
    ]
    assert not strays, tree.listing(
        strays, f"Use the word of {GLOSSARY}, or change the glossary first."
    )


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("check_in_due_at", ["check", "in", "due", "at"]),
        ("StandDown", ["stand", "down"]),
        ("SOSOpened", ["sos", "opened"]),
        ("LADDERS", ["ladder"]),
        ("places", ["place"]),
        ("address", ["address"]),
    ],
)
def test_identifiers_are_split_into_words(identifier, words):
    assert split(identifier) == words


def unused_words():
    """This is each word we do not use, with the one we say and the modules where it is right."""
    path = tree.ROOT / GLOSSARY
    after = path.read_text(encoding="utf-8").partition(HEADING)[2] if path.exists() else ""
    words = {}
    for line in after.partition("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3:
            said, unsaid, exceptions = cells
            for word in re.findall(r"`([a-z]+)`", unsaid):
                words[word] = (said.replace("`", ""), re.findall(r"`([a-z_]+)`", exceptions))
    return words


def identifiers(module):
    """This yields the names that a module gives: classes, functions, parameters, variables."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef | tree.FunctionNode):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def split(identifier):
    """This takes an identifier apart into lower-case words, each in the singular."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)
    return [
        re.sub(r"(?<=[^s])s$", "", part.lower()) if len(part) > 3 else part.lower()
        for part in parts
    ]
