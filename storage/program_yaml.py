"""This reads YAML that people edit: plain values only, and the line that each of them stands on.

YAML's own guesses are not used, because they surprise: `20:00` would be the number 1200, `no` a
false, and a phone number a sum of money.
"""

import re
from dataclasses import dataclass, field

import yaml

# Where a value stands: keys and list indexes from the top of the file.
Path = tuple[str | int, ...]

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_DECIMAL = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,9}")
_WORDS: dict[str, object] = {"": None, "null": None, "~": None, "true": True, "false": False}


class BadYamlError(Exception):
    """This says on which line (from 1) a file is not the YAML that is understood here, and why."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line, self.what, self.remedy = line, what, remedy


@dataclass(slots=True)
class Document:
    """This is what a file says, and where."""

    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of this value, or of the nearest thing around it that stands in the file."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str, *, quick: bool = False) -> Document:
    """This reads one document; raises BadYamlError.

    `quick` takes the parser written in C where PyYAML has it: for the matrix, whose megabyte would
    take half a minute. Of a file that both take they make the same; it takes a few more, such as
    a question mark inside braces.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if quick else yaml.SafeLoader
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYamlError(
            mark.line + 1 if mark else 1,
            "this is not YAML",
            "look for a missing colon, bracket or quote, and at the spaces in front of the line",
        ) from None
    except yaml.YAMLError:
        raise BadYamlError(
            1, "the file holds a character that YAML does not allow", "save it as plain UTF-8 text"
        ) from None
    document = Document()
    if node is not None:
        document.data = _value(node, (), document.lines, set())
    return document


def _value(node: yaml.Node, path: Path, lines: dict[Path, int], seen: set[int]) -> object:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if id(node) in seen:
        raise BadYamlError(line, "an alias (*) is not understood here", "write it out again")
    seen.add(id(node))
    match node:
        case yaml.ScalarNode():
            return _scalar(node)
        case yaml.SequenceNode():
            return [_value(one, (*path, no), lines, seen) for no, one in enumerate(node.value)]
        case yaml.MappingNode():
            return _mapping(node, path, lines, seen)
        case _:
            raise BadYamlError(line, "this is not understood", "use names, lists and plain values")


def _mapping(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int], seen: set[int]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise BadYamlError(line, "a name on the left of a colon is missing", "write one")
        if key.value in found:
            raise BadYamlError(line, "the same name stands here twice", "keep one of the two")
        lines[(*path, key.value)] = line
        found[key.value] = _value(value, (*path, key.value), lines, seen)
    return found


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
