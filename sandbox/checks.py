"""This is the small language in which the Block Kit tables are written.

A check looks at one value and notes problems at its JSON pointer, in Slack's words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Surface(StrEnum):
    """This is where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


@dataclass
class Report:
    """This gathers the problems of one payload and the ids seen on the way."""

    surface: Surface
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    focused: int = 0
    inputs: int = 0
    markdown: int = 0
    tables: int = 0

    def note(self, problem: str, path: str) -> None:
        """This adds a problem in the form that Slack uses."""
        self.problems.append(f"[ERROR] {problem} [json-pointer:{path}]")


Check = Callable[[Report, Any, str], None]


@dataclass(frozen=True)
class Field:
    """This is one property of a shape."""

    check: Check
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """This is one type of block, element or object: its properties and a last look at all."""

    fields: dict[str, Field]
    surfaces: frozenset[Surface] = frozenset(Surface)
    last: Check | None = None
    closed: bool = True
    """An open shape lets unknown properties pass."""


def apply(report: Report, shape: Shape, value: Any, path: str) -> None:
    """This checks an object against a shape."""
    if not isinstance(value, dict):
        report.note("must provide an object", path)
        return
    for name, wanted in shape.fields.items():
        if value.get(name) is not None:
            wanted.check(report, value[name], f"{path}/{name}")
        elif wanted.required:
            report.note(f"missing required field: {name}", path)
    if shape.closed:
        for name in value.keys() - shape.fields.keys():
            report.note(f"invalid additional property: {name}", path)
    if shape.last is not None:
        shape.last(report, value, path)


def string(most: int | None = None, least: int = 0) -> Check:
    """This wants a string of `least` to `most` characters."""

    def check(report: Report, value: Any, path: str) -> None:
        if not isinstance(value, str):
            report.note("must be a string", path)
        elif len(value) < least:
            report.note(f"must be more than {least - 1} characters", path)
        elif most is not None and len(value) > most:
            report.note(f"must be less than {most + 1} characters", path)

    return check


def one_of(*allowed: str) -> Check:
    """This wants one of the given strings."""

    def check(report: Report, value: Any, path: str) -> None:
        if value not in allowed:
            report.note(f"value must be one of {', '.join(allowed)}", path)

    return check


def boolean(report: Report, value: Any, path: str) -> None:
    """This wants true or false."""
    if not isinstance(value, bool):
        report.note("must be a boolean", path)


def whole(least: int | None = None, most: int | None = None) -> Check:
    """This wants a whole number between bounds."""

    def check(report: Report, value: Any, path: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.note("must be an integer", path)
        elif (least is not None and value < least) or (most is not None and value > most):
            report.note(f"must be between {least} and {most}", path)

    return check


def anything(report: Report, value: Any, path: str) -> None:
    """This lets every value pass."""


def objects(shape: Shape) -> Check:
    """This wants an object of a shape."""

    def check(report: Report, value: Any, path: str) -> None:
        apply(report, shape, value, path)

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """This wants a list of `least` to `most` items, each of which passes."""

    def check(report: Report, value: Any, path: str) -> None:
        if not isinstance(value, list):
            report.note("must provide an array", path)
            return
        if len(value) < least:
            report.note(f"no less than {least} items allowed", path)
        if len(value) > most:
            report.note(f"no more than {most} items allowed", path)
        for index, item in enumerate(value):
            each(report, item, f"{path}/{index}")

    return check


def typed(table: dict[str, Shape], allowed: frozenset[str] | None = None) -> Check:
    """This wants an object whose `type` is in the table, allowed here and on this surface."""

    def check(report: Report, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            report.note("must provide an object", path)
            return
        kind = value.get("type")
        if kind is None:
            report.note("missing required field: type", path)
            return
        shape = table.get(kind) if isinstance(kind, str) else None
        wrong_place = allowed is not None and kind not in allowed
        if shape is None or wrong_place or report.surface not in shape.surfaces:
            report.note(f"unsupported type: {kind}", f"{path}/type")
            return
        apply(report, shape, value, path)

    return check


def shape(
    required: dict[str, Check],
    optional: dict[str, Check] | None = None,
    *,
    last: Check | None = None,
    surfaces: frozenset[Surface] = frozenset(Surface),
    closed: bool = True,
) -> Shape:
    """This builds a shape; `type` is always a property of it."""
    fields = {"type": Field(anything)}
    fields |= {name: Field(check, required=True) for name, check in required.items()}
    fields |= {name: Field(check) for name, check in (optional or {}).items()}
    return Shape(fields, surfaces, last, closed)
