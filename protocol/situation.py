"""The rest of the world as the rules may know it: handed in, so that a decision stays pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from protocol.ids import PersonId, PlaceId
from protocol.people import Cover
from protocol.plan import Place
from protocol.policy import Policy


@dataclass(frozen=True, slots=True)
class DuressChoice:
    """This is one worker's private choice: which OK button, and which words, mean duress.

    Unsealed only for the sweep that reads answers; it is never part of a record or an effect.
    """

    button: str
    phrase: str

    def matches(self, said: str) -> bool:
        """Whether an answer, as it came in, is the one that means duress."""
        words = " ".join(said.casefold().split())
        phrase = " ".join(self.phrase.casefold().split())
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
    """This is the rest of the world as one transaction saw it: policy, cover, places, workers."""

    policy: Policy
    cover: Cover
    places: dict[PlaceId, Place]
    workers: dict[PersonId, Worker]
    zone: str
    answers_read_after: timedelta = timedelta(seconds=2)
