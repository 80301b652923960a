"""This is one deliberate defect, and how it gets into a process that has the sound code loaded.

A function's code is replaced where it stands, so that whoever imported the function runs the
defect too. Nothing is written to disk.
"""

import ast
import builtins
import dis
import importlib
import inspect
import textwrap
from dataclasses import dataclass
from enum import StrEnum
from types import CodeType, FunctionType


class DoesNotFit(Exception):
    """The code that a defect changes is not there any more, or more than once: mend the list."""


@dataclass(frozen=True, slots=True)
class Edit:
    """This changes `old` into `new` in one function, named `module:function` or `module:Class.it`.

    Both texts are as they stand in the function when its `def` stands at the margin.
    """

    where: str
    old: str
    new: str


class Origin(StrEnum):
    """This is where a defect was seen; `drawn_from` says in which system, or in which commit."""

    ELSEWHERE = "real defects of other systems"
    HISTORY = "defects that Belay had"
    PROMISE = "promises that it makes"


@dataclass(frozen=True, slots=True)
class Fault:
    """This is one defect: what it stands for in the world, and the test that must notice it.

    `file` is named from the tests' folder and without its ending. A `test` with parameters stands
    for all of them, or for one where its brackets are named too.
    """

    name: str
    drawn_from: str
    origin: Origin
    edits: tuple[Edit, ...]
    file: str
    test: str

    @property
    def caught_by(self) -> str:
        """This is what pytest calls the test that must notice it."""
        return f"tests/{self.file}.py::{self.test}"


def install(fault: Fault) -> None:
    """This puts a defect into the running process. Raises DoesNotFit, and then changes nothing."""
    for where, code in codes_of(fault).items():
        target(where).__code__ = code


def codes_of(fault: Fault) -> dict[str, CodeType]:
    """This is what each function that a defect changes becomes. Raises DoesNotFit."""
    changes: dict[str, list[Edit]] = {}
    for edit in fault.edits:
        changes.setdefault(edit.where, []).append(edit)
    return {where: _code(target(where), edits) for where, edits in changes.items()}


def target(where: str) -> FunctionType:
    """This is the function that an edit changes. Raises DoesNotFit where there is none."""
    module, _, path = where.partition(":")
    found: object = importlib.import_module(module)
    for part in path.split("."):
        try:
            found = inspect.getattr_static(found, part)
        except AttributeError:
            raise DoesNotFit(f"there is no {where}") from None
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, classmethod | staticmethod):
        found = found.__func__
    found = inspect.unwrap(found) if callable(found) else found
    if not isinstance(found, FunctionType):
        raise DoesNotFit(f"{where} is no function")
    return found


def _code(function: FunctionType, edits: list[Edit]) -> CodeType:
    source = textwrap.dedent(inspect.getsource(function))
    for edit in edits:
        if source.count(edit.old) != 1:
            raise DoesNotFit(f"{edit.where} has this {source.count(edit.old)} times:\n{edit.old}")
        source = source.replace(edit.old, edit.new)
    sound = function.__code__
    module = ast.parse(source)
    (definition,) = module.body
    assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
    definition.decorator_list = []
    ast.increment_lineno(module, sound.co_firstlineno - 1)
    compiled = compile(module, sound.co_filename, "exec")
    (code,) = [
        part
        for part in compiled.co_consts
        if isinstance(part, CodeType) and part.co_name == function.__name__
    ]
    strange = sorted(_globals_of(code) - function.__globals__.keys() - vars(builtins).keys())
    if strange:
        raise DoesNotFit(f"{edits[0].where} would fail by a name that it does not know: {strange}")
    return code.replace(co_qualname=sound.co_qualname)


def _globals_of(code: CodeType) -> set[str]:
    """These names it looks up in its module: one that is not there would be caught by anything."""
    found = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return found.union(*(_globals_of(part) for part in inner))
