"""Questions about the matrix, asked of one person: which ones, what was right, what is due again.

Training, and nothing that is compared. Nobody sees how many somebody had right but they themselves.
Pure: whoever has a matrix hands in its rows as items.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from protocol.ids import PersonId, ProgramId
from protocol.people import Role

ROWS: Final = 10
# So many of the ten are urgent at most, so that the limits of the role are always asked too.
URGENT_MAX: Final = 7
RIGHT_OF_TEN: Final = 8
CHOICES: Final = 3
# Whoever goes out, and whoever is asked by those who do.
ASKED_ROLES: Final = frozenset(
    {Role.PEER, Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD}
)


@dataclass(frozen=True, slots=True)
class Item:
    """This is one row that may be asked. `answer` is the right choice, from 1.

    `digest` is the same while what somebody learns of the row stays the same. The lower the `rank`,
    the more urgent the row; `kind` says whose it is.
    """

    key: str
    digest: str
    urgent: bool
    answer: int
    rank: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """This is one row as it was asked: so, what mattered then is known whatever changes later."""

    key: str
    digest: str
    urgent: bool
    answer: int


@dataclass(frozen=True, slots=True)
class Quiz:
    """This is one person's questions. `answers` are choices from 1, in the order of `rows`.

    Instants are aware. `passed` is None until the last question is answered.
    """

    id: str
    program: ProgramId
    person: PersonId
    version: str
    rows: tuple[Asked, ...]
    started_at: datetime
    answers: tuple[int, ...] = ()
    ended_at: datetime | None = None
    passed: bool | None = None

    @property
    def number(self) -> int:
        """The question that is open, from 0; as many as there are where all are answered."""
        return len(self.answers)

    @property
    def right(self) -> int:
        """How many were answered right so far."""
        return sum(map(self.is_right, range(self.number)))

    def is_right(self, number: int) -> bool:
        """Whether this question (from 0) was answered, and right."""
        return number < self.number and self.answers[number] == self.rows[number].answer


class Due(StrEnum):
    """This is how somebody stands with the questions."""

    NEVER = "never"  # no result yet
    AGAIN = "again"  # a row that matters has changed since
    DONE = "done"


def choose(seed: str, items: Iterable[Item]) -> tuple[Item, ...]:
    """Ten items, most urgent first; the same for the same seed and items.

    Up to seven urgent ones, then one of each kind that those are not of, then whatever comes
    first. Which of several alike is chosen, the seed decides.
    """
    listed = sorted(items, key=lambda one: _lot(seed, one.key))
    urgent = sorted((one for one in listed if one.urgent), key=lambda one: one.rank)
    calm = [one for one in listed if not one.urgent]
    first_of = {one.kind: one for one in reversed(calm)}
    asked = {one.kind for one in urgent}
    first = urgent[:URGENT_MAX] + [one for kind, one in first_of.items() if kind not in asked]
    rest = [one for one in (*calm, *urgent) if one not in first]
    chosen = [*first, *rest][:ROWS]
    return tuple(sorted(chosen, key=lambda one: (not one.urgent, one.rank)))


def as_asked(items: Iterable[Item]) -> tuple[Asked, ...]:
    """These items as they are asked now."""
    return tuple(Asked(one.key, one.digest, one.urgent, one.answer) for one in items)


def answered(quiz: Quiz, choice: int, at: datetime) -> Quiz:
    """The quiz after an answer to its open question. The last one ends it; ValueError after."""
    if quiz.number >= len(quiz.rows) or not 1 <= choice <= CHOICES:
        raise ValueError(choice)
    after = replace(quiz, answers=(*quiz.answers, choice))
    if after.number < len(after.rows):
        return after
    return replace(after, ended_at=at, passed=after.right >= wanted(len(after.rows)))


def wanted(rows: int) -> int:
    """How many right answers pass: eight of ten, and as large a part of fewer."""
    return -(-rows * RIGHT_OF_TEN // ROWS)


def still_asks(quiz: Quiz, present: Mapping[str, str]) -> bool:
    """Whether what is still to be asked stands in the present matrix as it did at the beginning.

    `present` are digests by key.
    """
    return all(present.get(one.key) == one.digest for one in quiz.rows[quiz.number :])


def changed(
    quiz: Quiz, present: Mapping[str, str], new_urgent: Iterable[str] = ()
) -> tuple[str, ...]:
    """The rows that mattered to this person and are otherwise now, or gone; then what is new.

    What matters is what is urgent, was urgent, or was answered wrong. `new_urgent` are rows that
    are urgent now and were not, or were not there, in the matrix of the quiz.
    """
    otherwise = [
        one.key
        for number, one in enumerate(quiz.rows)
        if (one.urgent or not quiz.is_right(number)) and present.get(one.key) != one.digest
    ]
    return tuple(dict.fromkeys((*otherwise, *new_urgent)))


def new_urgent(was: Iterable[str] | None, now: Iterable[str]) -> tuple[str, ...]:
    """The rows that are urgent now and were not then; none where nobody knows any more."""
    if was is None:
        return ()
    before = set(was)
    return tuple(sorted(key for key in now if key not in before))


def due(passed: Quiz | None, present: Mapping[str, str], new_urgent: Iterable[str] = ()) -> Due:
    """How somebody stands, by the last quiz that they passed."""
    if passed is None:
        return Due.NEVER
    return Due.AGAIN if changed(passed, present, new_urgent) else Due.DONE


def change_of(keys: Iterable[str], present: Mapping[str, str]) -> str:
    """A short name of one change of these rows: the same change has the same one."""
    said = ",".join(f"{key}={present.get(key, '')}" for key in sorted(keys))
    return sha256(said.encode()).hexdigest()[:12]


def _lot(seed: str, key: str) -> str:
    return sha256(f"{seed}/{key}".encode()).hexdigest()
