"""This holds the manual of the sandbox to what there is."""

from dataclasses import fields
from pathlib import Path

import pytest

from sandbox import groups
from sandbox.acting import ACTS, WAITABLE
from sandbox.control import GETS, POSTS
from sandbox.faults import Effect, Fault
from sandbox.model import Person
from sandbox.setup import CHANNEL_FIELDS

MANUAL = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
NAMES = {
    "path": {path for path in {**GETS, **POSTS} if not path.startswith("/act/")},
    "act": {f"| `{name}` |" for name in ACTS},
    "effect": {f"`{effect.value}`" for effect in Effect},
    "property of a fault": {field.name for field in fields(Fault)} - {"id", "hits"},
    "property of a person": {field.name for field in fields(Person)} - {"updated"},
    "property of a channel": set(CHANNEL_FIELDS),
    "property of a user group": set(groups.FIELDS),
    "thing to wait for": {f"`{name}`" for name in WAITABLE if name != "view"},
}


@pytest.mark.parametrize("kind", NAMES)
def test_the_manual_names_every(kind):
    assert {name for name in NAMES[kind] if name not in MANUAL} == set()
