"""This holds the tests to the house style: sentences, fakes, and no waiting."""

import ast

import pytest

from tests.tidy import tree

LONGEST_SLEEP = 0.05
SKIPS = {"skip", "skipif", "xfail", "importorskip"}


def test_no_test_lives_in_a_class():
    classes = [
        f"{name}:{node.lineno} {node.name}"
        for name in tree.modules("tests")
        for node in ast.walk(tree.tree(name))
        if isinstance(node, ast.ClassDef)
        and any(function.name.startswith("test") for function in tree.functions(node))
        # A Hypothesis state machine is run through its TestCase, not collected as a class.
        and not any(tree.dotted(base).endswith("StateMachine") for base in node.bases)
    ]
    assert not classes, tree.listing(classes, "Make each test a function that is a sentence.")


def test_no_test_replaces_our_own_seams_with_mocks():
    mocks = [
        f"{name}:{line} {used}"
        for name in tree.modules("tests")
        for line, used in sorted(set(tree.used_names(name)) | set(imported_modules(name)))
        if used.startswith(("unittest.mock", "mock."))
    ]
    assert not mocks, tree.listing(
        mocks, "Use a fake from tests/fakes.py: it behaves, and is tested itself."
    )


def measures_real_time(name: str) -> bool:
    """Whether this is part of a benchmark, which is no test and lets real seconds go by."""
    return name.startswith("tests/bench/") and "/test_" not in name


def test_no_test_waits_for_time_to_pass():
    waits = [
        f"{name}:{node.lineno} {tree.dotted(node.func)}"
        for name in tree.modules("tests")
        for node in ast.walk(tree.tree(name))
        if isinstance(node, ast.Call)
        and tree.dotted(node.func) in {"time.sleep", "asyncio.sleep", "sleep", "anyio.sleep"}
        and sleeps_too_long(node)
        and not measures_real_time(name)
    ]
    assert not waits, tree.listing(
        waits, f"Move the clock, or wait for an event; a literal of {LONGEST_SLEEP} s is the most."
    )


def test_whatever_is_skipped_says_why():
    silent = [
        f"{name}:{getattr(node, 'lineno', 0)} {spelled}"
        for name in tree.modules("tests")
        for node, spelled in skips(tree.tree(name))
        if not says_why(node)
    ]
    assert not silent, tree.listing(silent, "Add reason=, in words that tell when it ends.")


def sleeps_too_long(call):
    """This is false only for a number that can be read off the line and is small."""
    length = call.args[0] if call.args else None
    return not (
        isinstance(length, ast.Constant)
        and isinstance(length.value, int | float)
        and length.value <= LONGEST_SLEEP
    )


def skips(module):
    """This yields each skip and xfail, called or bare, from pytest or as one of its marks."""
    called = {id(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    for node in ast.walk(module):
        target = node.func if isinstance(node, ast.Call) else node
        spelled = tree.dotted(target)
        if id(node) in called or not spelled.startswith("pytest."):
            continue
        if spelled.rpartition(".")[2] in SKIPS:
            yield node, spelled


def says_why(node):
    if not isinstance(node, ast.Call):
        return False
    reasons = [word.value for word in node.keywords if word.arg == "reason"]
    called = tree.dotted(node.func).rpartition(".")[2]
    if not reasons and called in {"skip", "xfail"} and node.args:
        reasons = node.args[:1]
    return any(not isinstance(reason, ast.Constant) or reason.value for reason in reasons)


def imported_modules(name):
    for node in ast.walk(tree.tree(name)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize(
    ("line", "is_enough"),
    [
        ("pytest.skip('no ps on this system')", True),
        ("pytest.mark.xfail(reason='until the next release')", True),
        ("pytest.mark.skipif(True)", False),
        ("pytest.mark.skip", False),
        ("pytest.mark.skip(reason='')", False),
    ],
)
def test_a_bare_skip_is_told_from_one_with_a_reason(line, is_enough):
    assert [says_why(node) for node, _ in skips(ast.parse(line))] == [is_enough]
