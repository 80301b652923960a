"""A delivery from Slack, read: who did what, about which matter; and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from protocol.decision import Decision
from protocol.events import Event
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.records import Matter


@dataclass(frozen=True, slots=True)
class OfMatter:
    """This targets the matter that a button names."""

    id: MatterId


@dataclass(frozen=True, slots=True)
class CurrentMatter:
    """This targets whatever visit the person is on; a typed word names no matter."""


@dataclass(frozen=True, slots=True)
class NewMatter:
    """This targets a matter to be opened; its id was minted with the form, so it opens once.

    `program` is the one that was chosen; None where the person serves one only.
    """

    id: MatterId
    program: ProgramId | None = None


@dataclass(frozen=True, slots=True)
class HelpTarget:
    """This targets the named matter if it is open, else the person's visit, else a new matter."""

    id: MatterId | None
    fresh: MatterId


Target = OfMatter | CurrentMatter | NewMatter | HelpTarget


@dataclass(frozen=True, slots=True)
class Request:
    """This is one delivery from Slack, read: who, what, about which matter.

    `key` is the same when Slack delivers it again. `reply` is set where the delivery itself cannot
    carry an answer, so that a refusal is sent to the person as a message.
    """

    key: str
    user: str
    target: Target
    event: Callable[[PersonId], Event]
    reply: bool = False


class Problem(StrEnum):
    """This is why a request could not even be decided."""

    UNKNOWN_PERSON = "unknown_person"
    NO_PROGRAM = "no_program"
    NO_OPEN_VISIT = "no_open_visit"
    NO_SUCH_MATTER = "no_such_matter"


@dataclass(frozen=True, slots=True)
class Outcome:
    """This is what became of a request. `repeated`: it was recorded before, nothing was done."""

    decision: Decision | None = None
    matter: Matter | None = None
    person: PersonId | None = None
    repeated: bool = False
    problem: Problem | None = None
