"""This reads a matrix from YAML and says of everything wrong: file, line, row, what to do.

One file may hold everything (that is what `export.py` writes), or several what is named alike in
them: `matrix.yml` the rows, `packs/*.yml` the phrasings. Reading them from a folder is the
caller's part; here they are texts with names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.matrix import checks
from bot.matrix.model import Matrix, Row
from bot.matrix.problems import BadMatrixError, Problem
from storage import program_yaml
from storage.program_yaml import BadYamlError, Document

Path = program_yaml.Path


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    document: Document

    def problem(self, path: Path, row: str, what: str, remedy: str) -> Problem:
        return Problem(self.name, self.document.line(path), row, what, remedy)


@dataclass(slots=True)
class _Merged:
    """This is the parts of all files as one, and for each part where it came from."""

    data: dict[str, object]
    origins: dict[Path, tuple[_Source, Path]]

    def find(self, path: Path) -> tuple[_Source, Path]:
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                source, base = self.origins[path[:length]]
                return source, (*base, *path[length:])
        raise KeyError(path)

    def problem(self, path: Path, what: str, remedy: str) -> Problem:
        source, local = self.find(path)
        return source.problem(local, self.row_of(path), what, remedy)

    def row_of(self, path: Path) -> str:
        """The key of the row in which something stands, as far as it can be told."""
        rows = self.data.get("rows")
        if path[:1] == ("rows",) and len(path) > 1 and isinstance(rows, list):
            row = rows[path[1]] if isinstance(path[1], int) else None
            return str(row.get("key", "")) if isinstance(row, dict) else ""
        return str(path[1]) if path[:1] == ("packs",) and len(path) > 1 else ""


def load(texts: Mapping[str, str]) -> Matrix:
    """This reads and checks files, by name; raises BadMatrixError with all that is wrong."""
    merged = _merge([_document(name, text) for name, text in sorted(texts.items())])
    try:
        matrix = Matrix.model_validate(merged.data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise BadMatrixError(
            merged.problem(tuple(one["loc"]), *_words(one)) for one in details
        ) from None
    if found := [merged.problem(*one) for one in checks.errors(_as_written(matrix, merged))]:
        raise BadMatrixError(found)
    return matrix


def _as_written(matrix: Matrix, merged: _Merged) -> checks.Written:
    """The matrix with the place of each row in its file: the value itself is in another order."""
    written = merged.data.get("rows")
    places: dict[str, int] = {}
    twice: list[int] = []
    for place, row in enumerate(written if isinstance(written, list) else []):
        key = str(row.get("key"))
        if key in places:
            twice.append(place)
        places.setdefault(key, place)
    return checks.Written(matrix, places, tuple(twice))


def _document(name: str, text: str) -> _Source:
    try:
        return _Source(name, program_yaml.read(text, quick=True))
    except BadYamlError as error:
        raise BadMatrixError([Problem(name, error.line, "", error.what, error.remedy)]) from None


def _merge(sources: Sequence[_Source]) -> _Merged:
    merged = _Merged({}, {})
    problems: list[Problem] = []
    for source in sources:
        data = source.document.data
        if not isinstance(data, dict):
            problems.append(
                source.problem((), "", "the file is empty or a list", "see config/matrix.yml")
            )
        elif "row" in data and "live" in data:
            problems += _take(merged, source, ("packs", str(data["row"])), (), data)
        else:
            for name, value in data.items():
                nested = name in ("packs", "background") and isinstance(value, dict)
                for inner, part in value.items() if nested else [("", value)]:
                    target = (name, str(inner)) if nested else (name,)
                    problems += _take(merged, source, target, target, part)
    if problems:
        raise BadMatrixError(problems)
    if sources:
        merged.origins.setdefault((), (sources[0], ()))
    return merged


def _take(
    merged: _Merged, source: _Source, target: Path, base: Path, value: object
) -> list[Problem]:
    if target in merged.origins:
        where = merged.origins[target][0].name
        return [source.problem(base, "", f"{target[-1]} stands in {where} too", "keep one")]
    merged.origins[target] = (source, base)
    if len(target) == 1:
        merged.data[str(target[0])] = value
        return []
    inside = merged.data.setdefault(str(target[0]), {})
    assert isinstance(inside, dict)
    inside[str(target[1])] = value
    return []


def _words(error: ErrorDetails) -> tuple[str, str]:
    name = str(error["loc"][-1]) if error["loc"] else ""
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"{name} is missing", f"add a line {name}:"
        case "extra_forbidden":
            close = get_close_matches(name, (*Matrix.model_fields, *Row.model_fields), n=1)
            return "this name is not known here", (
                f"did you mean {close[0]}?" if close else "take it out, or look at other rows"
            )
        case "enum" | "literal_error":
            return "this word is not one of those known here", f"write {context['expected']}"
        case "string_type":
            return "this is not text", 'put it into quotes, such as "17"'
        case "string_pattern_mismatch":
            return (
                "this is not written as it must be",
                "a key is small letters, digits and _; a number is digits, spaces, + - ( )",
            )
        case "model_type" | "model_attributes_type" | "dict_type":
            return "names and values are missing here", "indent them under this line"
        case "tuple_type" | "list_type":
            return "this is not a list", 'begin each entry with "- ", or write [one, two]'
        case "too_short" | "string_too_short":
            return "this is empty or too short", "fill it in, or take the line out"
        case "string_too_long":
            return "this is too long", f"keep it under {context['max_length']} letters"
        case kind if kind.startswith("date"):
            return "this is not a day", "write it as 2026-03-01"
        case _:
            return "this value does not fit", error["msg"]
