"""Handlers wait with `asyncio.timeout`: `wait_for` may swallow a cancellation on Python 3.11."""

import ast
from pathlib import Path

from bot import handlers


def test_no_handler_waits_in_a_way_that_may_swallow_a_cancellation():
    found = [
        f"{path.name}:{node.lineno}"
        for path in Path(handlers.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.alias)
        and "wait_for" in (getattr(node, "attr", ""), getattr(node, "name", ""))
    ]
    assert found == []
