"""Whom a program calls outside itself, and whether somebody has called that number to check it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from protocol.ids import PersonId, ProgramId
from protocol.people import Language

# Numbers move. One that nobody has called for longer than this counts as not checked.
CHECK_EVERY: Final = timedelta(days=180)


class Check(StrEnum):
    """This is how sure a number is."""

    NEVER = "never"
    OLD = "old"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Hours:
    """This is when somebody is there, as a person would say it in each language."""

    en: str
    es: str

    def in_(self, language: Language) -> str:
        """The hours in this language."""
        return self.es if language is Language.ES else self.en


@dataclass(frozen=True, slots=True)
class Partner:
    """This is one partner. `line` is the matrix's line that they answer, where there is one.

    `checked_on` is a day in the program's zone: somebody called the number then, and it was right.
    """

    id: str
    program: ProgramId
    name: str
    line: str | None = None
    number: str | None = None
    hours: Hours | None = None
    checked_on: date | None = None
    checked_by: PersonId | None = None

    def check(self, today: date) -> Check:
        """How sure the number is on this day; a check that is still to come is none."""
        if self.number is None or self.checked_on is None or self.checked_on > today:
            return Check.NEVER
        return Check.DONE if today - self.checked_on <= CHECK_EVERY else Check.OLD


def on_line(partners: Iterable[Partner], line: str, today: date) -> tuple[Partner, ...]:
    """Who answers a line of the matrix by a number, those first whose number is surest."""
    order = (Check.DONE, Check.OLD, Check.NEVER)
    found = [one for one in partners if one.line == line and one.number]
    return tuple(sorted(found, key=lambda one: (order.index(one.check(today)), one.id)))
