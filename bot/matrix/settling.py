"""What stands between a matrix and its adoption: rules and numbers that nobody has checked yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.matrix.model import Matrix, Words
from protocol.partners import Check, Partner, on_line


class What(StrEnum):
    """This is what is not settled."""

    AUTHORITY = "authority"
    NO_PARTNER = "no_partner"
    NO_NUMBER = "no_number"
    NO_HOURS = "no_hours"
    NOT_CHECKED = "not_checked"
    CHECKED_LONG_AGO = "checked_long_ago"
    NO_LINE = "no_line"


@dataclass(frozen=True, slots=True)
class Unsettled:
    """This is one thing that is not settled: of a row, a line or a partner, with its name."""

    what: What
    key: str
    name: Words


def unsettled(matrix: Matrix, partners: Iterable[Partner], today: date) -> tuple[Unsettled, ...]:
    """All of it: rules, then lines that rows use, then the partners themselves, each once."""
    known = tuple(partners)
    return (*rules(matrix), *lines(matrix, known), *directory(matrix, known, today))


def rules(matrix: Matrix) -> Iterator[Unsettled]:
    """Rows whose authority nobody has held to local law."""
    for row in matrix.rows:
        if any(one.check_locally for one in row.authority):
            yield Unsettled(What.AUTHORITY, row.key, row.title)


def lines(matrix: Matrix, partners: tuple[Partner, ...]) -> Iterator[Unsettled]:
    """Lines that are used, are to be checked, and that no partner answers."""
    for key in used(matrix):
        line = matrix.lines[key]
        if line.check_locally and not any(one.line == key for one in partners):
            yield Unsettled(What.NO_PARTNER, key, line.text)


def directory(matrix: Matrix, partners: tuple[Partner, ...], today: date) -> Iterator[Unsettled]:
    """Partners without a number, without a check that still counts, or without hours."""
    for one in partners:
        if one.line is not None and one.line not in matrix.lines:
            yield _of(What.NO_LINE, one)
        if one.number is None:
            yield _of(What.NO_NUMBER, one)
        elif (check := one.check(today)) is not Check.DONE:
            yield _of(What.NOT_CHECKED if check is Check.NEVER else What.CHECKED_LONG_AGO, one)
        if one.hours is None:
            yield _of(What.NO_HOURS, one)


def used(matrix: Matrix) -> tuple[str, ...]:
    """The lines that a row calls first, or that its owner is called by; in order."""
    called = {key for row in matrix.rows for key in row.call_first}
    called |= {line for row in matrix.rows if (line := matrix.owners[row.owner].line) is not None}
    return tuple(key for key in matrix.lines if key in called)


def is_settled(matrix: Matrix, line: str, partners: Iterable[Partner], today: date) -> bool:
    """Whether a line needs no check, or a partner answers it whose number was checked."""
    if not matrix.lines[line].check_locally:
        return True
    return any(one.check(today) is Check.DONE for one in on_line(partners, line, today))


def _of(what: What, one: Partner) -> Unsettled:
    return Unsettled(what, one.id.partition("/")[2] or one.id, Words(en=one.name, es=one.name))
