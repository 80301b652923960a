"""This knows which rows have become urgent since somebody was asked about the matrix."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection

from bot.matrix import body, quizzing
from bot.matrix.model import Matrix
from protocol import quiz as rules
from protocol.ids import ProgramId
from protocol.quiz import Quiz
from storage import matrix_versions

# Whoever has no matrix of their own goes by the shipped one.
_NOBODY: Final = ProgramId("")
_KNOWN_MAX: Final = 64


def since(
    conn: Connection, quiz: Quiz, present: Matrix, matrix_of: Callable[[ProgramId], Matrix | None]
) -> tuple[str, ...]:
    """The rows that are urgent now, and were not in the version that this quiz was about.

    None where that version is not known any more: the shipped one of an older Belay.
    """
    if quiz.version == present.version:
        return ()
    return rules.new_urgent(_then(conn, quiz, matrix_of), urgent(present))


def urgent(matrix: Matrix) -> frozenset[str]:
    """The urgent rows that may be asked about."""
    return frozenset(one.key for one in quizzing.items(matrix) if one.urgent)


def _then(
    conn: Connection, quiz: Quiz, matrix_of: Callable[[ProgramId], Matrix | None]
) -> frozenset[str] | None:
    shipped = matrix_of(_NOBODY)
    if shipped is not None and shipped.version == quiz.version:
        return urgent(shipped)
    stored = matrix_versions.of(conn, quiz.program, quiz.version)
    return None if stored is None else _urgent_of(stored.version, stored.body)


@lru_cache(_KNOWN_MAX)
def _urgent_of(_version: str, kept: bytes) -> frozenset[str]:
    """Read once by each process: a version never changes."""
    return urgent(body.read(matrix_versions.inflated(kept)))
