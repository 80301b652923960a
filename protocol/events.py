"""Everything that can happen to a matter, each as a value with its instant (aware UTC) and person.

`by` is who did it. Events without `by` come from the clock or from delivery.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.calls import AskedEvent, OnTheWay
from protocol.flagged import PlaceFlagged
from protocol.ids import MatterId, PersonId
from protocol.override import AgreeLowering, LowerRating
from protocol.plan import Plan, StartNow, Stop
from protocol.rating import Rating
from protocol.records import Accounted, Finding


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """The matter's next deadline has come, or came while nobody was looking."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """A page of this episode and rung can never reach this person."""

    at: datetime
    episode: str
    rung: int
    person: PersonId


# --- what the worker does --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanVisit:
    """A worker plans a visit, or starts the clock at once with `start_now`.

    `sent_by` is who sent them, where a colleague was sent to look for somebody.
    """

    at: datetime
    by: PersonId
    plan: Plan
    start_now: StartNow | None = None
    sent_by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class RevisePlan:
    """A worker changes a plan that has not started, often because the approver asked."""

    at: datetime
    by: PersonId
    plan: Plan


@dataclass(frozen=True, slots=True)
class CallOff:
    """A worker refuses or calls off a visit: one tap, and no reason is asked."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True)
class RunningLate:
    """A worker starts later than planned."""

    at: datetime
    by: PersonId
    later: timedelta


@dataclass(frozen=True, slots=True)
class Arrive:
    """A worker is at the stop: step one of the check-in. `said` is the answer as it came."""

    at: datetime
    by: PersonId
    said: str = ""
    for_both: bool = False


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A worker says OK. `said` is the opaque answer; `for_both` only where the pair says so."""

    at: datetime
    by: PersonId
    said: str = ""
    for_both: bool = False


@dataclass(frozen=True, slots=True)
class MoveOn:
    """A worker on a route leaves this stop for the next; `within` is the time they ask for."""

    at: datetime
    by: PersonId
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NoSignal:
    """A worker will be out of signal until `until`, at the longest what the rating allows."""

    at: datetime
    by: PersonId
    until: datetime


@dataclass(frozen=True, slots=True)
class Extend:
    """A worker needs longer than planned."""

    at: datetime
    by: PersonId
    longer: timedelta


@dataclass(frozen=True, slots=True)
class Leave:
    """A worker leaves: the first step of the check-out. `early` where safety changed."""

    at: datetime
    by: PersonId
    said: str = ""
    early: bool = False


@dataclass(frozen=True, slots=True)
class Clear:
    """A worker has left and is clear: the second step of the check-out."""

    at: datetime
    by: PersonId
    said: str = ""
    for_both: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """A pair has separated; from now on each answers for themselves."""

    at: datetime
    by: PersonId


@dataclass(frozen=True, slots=True)
class Uneasy:
    """A worker wants a call within five minutes."""

    at: datetime
    by: PersonId


class HelpForm(StrEnum):
    """This is the form of help a worker asked for."""

    CALL = "call"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Help:
    """A worker asks for help. Always accepted."""

    at: datetime
    by: PersonId
    form: HelpForm


# --- what the approver does ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """An approver confirms the revision that was shown, and may shorten the check-in interval."""

    at: datetime
    by: PersonId
    revision: int
    check_in_every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class AskChanges:
    """An approver asks the worker to change the plan."""

    at: datetime
    by: PersonId
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeclinePlan:
    """An approver declines; the reason goes to the worker's DM and nowhere else."""

    at: datetime
    by: PersonId
    revision: int
    reason: str


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


@dataclass(frozen=True, slots=True)
class OpenSilent:
    """A duress answer was read. `told` are at the visit's own open escalation, and may call."""

    at: datetime
    worker: PersonId
    about: MatterId
    excluded: tuple[PersonId, ...]
    stop: Stop | None = None
    rating: Rating | None = None
    told: tuple[PersonId, ...] = ()


WorkerEvent = (
    PlanVisit
    | RevisePlan
    | CallOff
    | RunningLate
    | Arrive
    | CheckIn
    | MoveOn
    | NoSignal
    | Extend
    | Leave
    | Clear
    | Split
    | Uneasy
    | Help
    | OnTheWay
)
ApproverEvent = ConfirmPlan | AskChanges | DeclinePlan | LowerRating | AgreeLowering
ResponderEvent = (
    Acknowledge
    | StillOnIt
    | CannotTake
    | Escalate
    | LogAttempt
    | SendSupport
    | CallEmergency
    | ConfirmTap
    | ProxyCheckIn
    | Close
    | ConfirmClosing
    | RejectClosing
)
Event = (
    DeadlinePassed
    | Undeliverable
    | OpenSilent
    | PlaceFlagged
    | AskedEvent
    | WorkerEvent
    | ApproverEvent
    | ResponderEvent
)
