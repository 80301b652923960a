"""What responders do with an escalation, each as a value with its instant (aware UTC) and person.

`protocol.events` has them all; import from there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.ids import PersonId
from protocol.records import Accounted, Finding


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody takes it on: "I have it". Not an all-clear."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True)
class StillOnIt:
    """The owner is still on it; the hold starts again."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True)
class CannotTake:
    """Somebody who was paged can't take it."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True)
class Escalate:
    """Somebody wants the next rung now."""

    at: datetime
    by: PersonId


class ContactMethod(StrEnum):
    """This is how somebody tried to reach the worker."""

    CALL = "call"
    TEXT = "text"
    COMPANION = "companion"
    PLACE = "place"
    EMERGENCY_CONTACT = "emergency_contact"
    COLLEAGUE = "colleague"


class ContactOutcome(StrEnum):
    """This is what came of a contact attempt."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WORRYING = "worrying"
    NOT_THERE = "not_there"


@dataclass(frozen=True, slots=True)
class LogAttempt:
    """Somebody tried to reach the worker: how, and what came of it."""

    at: datetime
    by: PersonId
    method: ContactMethod
    outcome: ContactOutcome


@dataclass(frozen=True, slots=True)
class SendSupport:
    """Support was sent: a colleague (`person`) or a named service. Stays open with a next look."""

    at: datetime
    by: PersonId
    service: str = ""
    person: PersonId | None = None
    look_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class CallEmergency:
    """Emergency services were called by this person. Stays open with a next look."""

    at: datetime
    by: PersonId
    look_in: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ConfirmTap:
    """A person who was paged confirms a late tap on a low visit, as it was shown at `mark`."""

    at: datetime
    by: PersonId
    mark: int


@dataclass(frozen=True, slots=True)
class ProxyCheckIn:
    """A supervisor spoke to the worker and checks in for them; `challenge_right` is their word."""

    at: datetime
    by: PersonId
    challenge_right: bool


@dataclass(frozen=True, slots=True)
class Close:
    """A named person says that the worker is accounted for, having seen the escalation at `mark`.

    `witness` names who saw the worker, or the service that confirmed it has them.
    """

    at: datetime
    by: PersonId
    mark: int
    accounted: Accounted
    finding: Finding
    witness: str = ""
    continues: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmClosing:
    """A second person confirms the closing of a call for help."""

    at: datetime
    by: PersonId
    mark: int


@dataclass(frozen=True, slots=True)
class RejectClosing:
    """A second person does not agree that it is closed, and takes it on."""

    at: datetime
    by: PersonId
