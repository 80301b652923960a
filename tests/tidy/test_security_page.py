"""This holds docs/security.md to tests that exist: a threat whose test is gone is not stopped."""

import re

from tests.tidy import tree

PAGE = "docs/security.md"
NAMED = re.compile(r"`(?P<file>tests/[a-z0-9_/]+\.py)(?:::(?P<test>test_\w+))?`")
AT_LEAST = 60


def test_every_test_that_is_named_exists():
    named = [(one["file"], one["test"]) for one in NAMED.finditer(tree.text(PAGE))]
    assert len(named) >= AT_LEAST
    missing = [
        f"{file}::{test or ''}"
        for file, test in named
        if file not in tree.files() or (test and test not in functions(file))
    ]
    assert not missing, tree.listing(missing, f"Correct {PAGE}, or write the test.")


def test_every_threat_names_its_test():
    tables = re.findall(r"\| Held by \|\n\|[-|]+\|\n((?:\|.*\n)+)", tree.text(PAGE))
    assert tables
    rows = [row for table in tables for row in table.splitlines()]
    bare = [row for row in rows if not NAMED.search(row)]
    assert not bare, tree.listing(bare, "Name the test that holds it, or move it to What is left.")


def test_every_command_that_is_named_is_a_target():
    targets = set(re.findall(r"^([a-z]+):", tree.text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", tree.text(PAGE))) <= targets


def functions(file):
    return {one.name for one in tree.functions(tree.tree(file))}
