"""What may be said, asked, noted or kept up to date is what the rules really ask for."""

import ast
from pathlib import Path

import pytest

import protocol
from protocol import effects
from protocol.effects import Asked, Noted, Said, Surface

FOLDER = Path(protocol.__file__).parent


def members_named() -> set[tuple[str, str]]:
    """Every `Kind.MEMBER` in the rules, but for where the kinds are written down."""
    found = set()
    for path in FOLDER.glob("*.py"):
        if path.name == Path(effects.__file__).name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add((node.value.id, node.attr))
    return found


@pytest.mark.parametrize("kind", [Asked, Noted, Said, Surface])
def test_there_is_no_member_that_the_rules_never_ask_for(kind):
    asked_for = {member for name, member in members_named() if name == kind.__name__}
    assert set(kind.__members__) - asked_for == set()
