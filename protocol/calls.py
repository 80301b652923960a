"""Everyone accounts for themselves: the record of a roll call, and what people are asked.

A roll call is a matter of its own, so that it is stored, swept and remembered like any other. It
never looks at a silent matter: a worker under duress is asked, listed and counted as any other.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from protocol.ids import MatterId, PersonId
from protocol.offers import HandoverEvent


class Standing(StrEnum):
    """This is how it stands with one person who was called.

    RESPONDERS: people are looking for them, or after them, because of something else. UNREADABLE:
    their visit could not be read, so they could not be asked.
    """

    WAITING = "waiting"
    ANSWERED = "answered"
    MISSED = "missed"
    RESPONDERS = "responders"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class OnRoll:
    """This is one person of one visit, as the roll call last saw them."""

    matter: MatterId
    person: PersonId
    standing: Standing


@dataclass(frozen=True, slots=True)
class RollCall:
    """This is everybody who was out when somebody asked; `due_at` is the next look, None if over.

    `missing_at` is when whoever has not answered counts as missed at the latest.
    """

    by: PersonId
    at: datetime
    missing_at: datetime
    due_at: datetime | None
    people: tuple[OnRoll, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """This says on a visit that its people were called, and who of them has answered since.

    `was_due_at` is what was due before: whoever is still on the way goes back to it.
    """

    roll_call: MatterId
    by: PersonId
    at: datetime
    was_due_at: datetime
    people: tuple[PersonId, ...]
    heard: tuple[PersonId, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody of this visit has still to answer."""
        return not set(self.people) <= set(self.heard)


@dataclass(frozen=True, slots=True)
class CallRoll:
    """A responder wants everybody who is out to account for themselves now."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True)
class AskAccount:
    """A roll call asks the people of this visit to check in now."""

    at: datetime
    by: PersonId
    roll_call: MatterId


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A worker who was called is OK and not there yet. `said` is the opaque answer, as in an OK."""

    at: datetime
    by: PersonId
    said: str = ""


@dataclass(frozen=True, slots=True)
class MayCall:
    """These may call a worker now: they took on a miss, or are paged for it.

    A silent matter about that worker warns them, if there is one.
    """

    at: datetime
    people: tuple[PersonId, ...]


AskedEvent = HandoverEvent | CallRoll | AskAccount | OnTheWay | MayCall
