"""The rest of the world as the rules may know it: handed in, so that a decision stays pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from unicodedata import combining, normalize

from protocol.ids import MatterId, PersonId, PlaceId
from protocol.people import Cover
from protocol.plan import Place
from protocol.policy import Policy
from protocol.records import Matter


def _folded(text: str) -> str:
    """The words alone: phones put accents, capitals, curly quotes and full stops as they like."""
    plain = "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))
    # Quotes inside a word go without a trace: "it's" is written as "its" as often.
    return " ".join(re.findall(r"\w+", re.sub(r"['\u2018\u2019`\u00b4]", "", plain)))


@dataclass(frozen=True, slots=True)
class DuressChoice:
    """This is one worker's private choice: which OK button, and which words, mean duress.

    Unsealed only for the sweep that reads answers; it is never part of a record or an effect.
    """

    button: str
    phrase: str

    def matches(self, said: str) -> bool:
        """Whether an answer, as it came in, is the one that means duress."""
        words, phrase = _folded(said), _folded(self.phrase)
        by_button = bool(self.button) and said == self.button
        return by_button or (bool(phrase) and phrase in words)


@dataclass(frozen=True, slots=True)
class Worker:
    """This is what the rules need to know of a worker besides the matter itself."""

    id: PersonId
    trained_until: datetime | None = None
    excludes: tuple[PersonId, ...] = ()
    duress: DuressChoice | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """This is the rest of the world as one transaction saw it: policy, cover, places, workers.

    For a roll call, `out` holds the visits it is about, `unread` those that could not be read with
    who is on them, and `calling` says that another one is open.
    """

    policy: Policy
    cover: Cover
    places: dict[PlaceId, Place]
    workers: dict[PersonId, Worker]
    zone: str
    answers_read_after: timedelta = timedelta(seconds=2)
    out: Mapping[MatterId, Matter] = field(default_factory=dict)
    unread: tuple[tuple[MatterId, PersonId], ...] = ()
    calling: bool = False


class NotReadError(Exception):
    """This says that a rule asked for a part of the world that was not read."""


class Unread(Situation):
    """This is a situation of which nothing was read: most taps are decided by the matter alone.

    A rule that asks for more than what is the same everywhere meets NotReadError; whoever runs it
    reads the world and decides again. So no list of what needs it can be wrong.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> object:
        """Raise NotReadError: this is only asked for what was never set."""
        raise NotReadError(name)


def unread() -> Situation:
    """Make a situation that was not read."""
    made = object.__new__(Unread)
    same_everywhere = ("answers_read_after",)
    for field_ in fields(Situation):
        if field_.name in same_everywhere:
            object.__setattr__(made, field_.name, field_.default)
    return made
