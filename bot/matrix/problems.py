"""What is wrong with a matrix, so that its writer finds it: file, line, row, what, remedy."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """This is one thing wrong, or worth knowing; lines count from 1, `row` is empty for none."""

    file: str
    line: int
    row: str
    what: str
    remedy: str

    def __str__(self) -> str:
        row = f" {self.row}:" if self.row else ""
        remedy = f"{self.remedy[:1].upper()}{self.remedy[1:]}"
        return f"{self.file}:{self.line}:{row} {self.what}. {remedy}."


class BadMatrixError(Exception):
    """This holds everything that is wrong with a matrix; nothing of it was taken over."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda one: (one.file, one.line, one.what)))
        super().__init__("\n".join(map(str, self.problems)))
