"""This reads a program's file and says of everything wrong: which file, which line, what to do.

No message repeats a value: it may be a token, a phone number, or somebody's name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from protocol import policy as policy_models
from storage import policies, program_file, program_yaml
from storage.program_check import errors, warnings
from storage.program_file import ProgramFile
from storage.program_yaml import BadYamlError, Document

SECRET = re.compile(r"xox[a-z]-|xapp-|hooks\.slack\.com|PRIVATE KEY")
TAGS = frozenset({"once", "weekly"})


@dataclass(frozen=True, slots=True)
class Problem:
    """This is one thing wrong, or worth knowing, in a file; lines count from 1."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy[:1].upper()}{self.remedy[1:]}."


class BadProgramFileError(Exception):
    """This holds everything that is wrong with a file; nothing of it was taken over."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Reading:
    """This is a file that may be applied, with what its writer should know."""

    file: ProgramFile
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    document: Document

    def problem(self, path: program_yaml.Path, what: str, remedy: str) -> Problem:
        return Problem(self.name, self.document.line(path), what, remedy)


def read(path: Path) -> Reading:
    """This reads and checks a program's file; raises BadProgramFileError with all that is wrong."""
    whole = _document(path)
    policy = whole
    data = whole.document.data
    if not isinstance(data, dict):
        raise BadProgramFileError(
            [whole.problem((), "the file is empty or a list", "begin with a line program:")]
        )
    over = data.get("policy") or {}
    if isinstance(over, str):
        policy = _document(path.parent / over, whole.problem(("policy",), *_NO_POLICY_FILE))
        over = policy.document.data
    if not isinstance(over, dict):
        raise BadProgramFileError([policy.problem(("policy",), *_NOT_A_POLICY)])
    try:
        file = ProgramFile.model_validate(
            {**data, "policy": policies.merged(policies.defaults(), over)}
        )
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise BadProgramFileError(
            sorted({_explained(one, whole, policy) for one in details}, key=lambda p: p.line)
        ) from None
    if wrong := [whole.problem(*one) for one in errors(file)]:
        raise BadProgramFileError(sorted(wrong, key=lambda problem: problem.line))
    return Reading(file, tuple(whole.problem(*one) for one in warnings(file)))


_NO_POLICY_FILE = (
    "the policy file was not found",
    "write its name as it stands beside this file, or the figures themselves",
)
_NOT_A_POLICY = (
    "policy holds no figures",
    "write names and figures as in config/policy.yml, or the name of a file that does",
)


def _document(path: Path, absent: Problem | None = None) -> _Source:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadProgramFileError(
            [
                absent
                or Problem(path.name, 1, "the file cannot be read", "look at its name and rights")
            ]
        ) from None
    secrets = [no for no, line in enumerate(text.splitlines(), 1) if SECRET.search(line)]
    if secrets:
        raise BadProgramFileError(Problem(path.name, no, *_SECRET) for no in secrets)
    try:
        return _Source(path.name, program_yaml.read(text))
    except BadYamlError as error:
        raise BadProgramFileError(
            [Problem(path.name, error.line, error.what, error.remedy)]
        ) from None


_SECRET = (
    "a token or another secret stands here",
    "take it out, have it replaced, and put the new one into the environment instead",
)


def _explained(error: ErrorDetails, whole: _Source, policy: _Source) -> Problem:
    # Which kind of duty was tried is not part of the file.
    path = tuple(part for part in error["loc"] if part not in TAGS)
    source = whole
    if path[:1] == ("policy",) and policy is not whole:
        source, path = policy, path[1:]
    return source.problem(path, *_words(error, str(path[-1]) if path else ""))


def _words(error: ErrorDetails, name: str) -> tuple[str, str]:
    context = error.get("ctx", {})
    match error["type"]:
        case "belay":
            return str(context["what"]), str(context["remedy"])
        case "missing":
            return f"{name} is missing", f"add a line {name}:"
        case "extra_forbidden":
            return "this name is not known here", _nearest(name)
        case "enum" | "literal_error":
            return "this word is not one of those known here", f"write {context['expected']}"
        case "value_error":
            return str(context["error"]), "change the figures so that it holds"
        case "string_type":
            return "this is not text", 'put it into quotes, such as "17"'
        case "model_type" | "model_attributes_type" | "dict_type":
            return "names and values are missing here", "indent them under this line"
        case "tuple_type" | "list_type" | "frozen_set_type":
            return "this is not a list", 'begin each entry with "- ", or write [one, two]'
        case "too_short" | "string_too_short":
            return "this is empty", "fill it in, or take the line out"
        case _:
            return "this value does not fit", error["msg"]


def _nearest(name: str) -> str:
    known = sorted(set(_names(program_file)) | set(_names(policy_models)))
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else "take it out, or look at the example file"


def _names(module: object) -> Iterator[str]:
    for model in vars(module).values():
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (field.alias or name for name, field in model.model_fields.items())
