"""Everything that can happen to a matter, each as a value with its instant (aware UTC) and person.

`by` is who did it. Events without `by` come from the clock or from delivery. What workers and
responders do stands in files of its own, and is imported from here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from protocol.calls import AskedEvent, OnTheWay
from protocol.flagged import PlaceFlagged
from protocol.ids import MatterId, PersonId
from protocol.override import AgreeLowering, LowerRating
from protocol.plan import Stop
from protocol.rating import Rating
from protocol.responder_events import (
    Acknowledge,
    CallEmergency,
    CannotTake,
    Close,
    ConfirmClosing,
    ConfirmTap,
    ContactMethod,
    ContactOutcome,
    Escalate,
    LogAttempt,
    ProxyCheckIn,
    RejectClosing,
    SendSupport,
    StillOnIt,
)
from protocol.trigger import TriggerEvent
from protocol.worker_events import (
    Arrive,
    CallOff,
    CheckIn,
    Clear,
    Extend,
    Help,
    HelpForm,
    Leave,
    MoveOn,
    NoSignal,
    PlanVisit,
    RevisePlan,
    RunningLate,
    Split,
    Uneasy,
)

__all__ = [
    "Acknowledge",
    "AgreeLowering",
    "ApproverEvent",
    "Arrive",
    "AskChanges",
    "AskedEvent",
    "CallEmergency",
    "CallOff",
    "CannotTake",
    "CheckIn",
    "Clear",
    "Close",
    "ConfirmClosing",
    "ConfirmPlan",
    "ConfirmTap",
    "ContactMethod",
    "ContactOutcome",
    "DeadlinePassed",
    "DeclinePlan",
    "Escalate",
    "Event",
    "Extend",
    "FieldEvent",
    "Help",
    "HelpForm",
    "Leave",
    "LogAttempt",
    "LowerRating",
    "MoveOn",
    "NoSignal",
    "OnTheWay",
    "OpenSilent",
    "PlaceFlagged",
    "PlanVisit",
    "ProxyCheckIn",
    "RejectClosing",
    "ResponderEvent",
    "RevisePlan",
    "RunningLate",
    "SendSupport",
    "Split",
    "StillOnIt",
    "TriggerEvent",
    "Undeliverable",
    "Uneasy",
    "WorkerEvent",
]


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
# Whatever is about a worker who is out, or about the clock.
FieldEvent = (
    DeadlinePassed
    | Undeliverable
    | OpenSilent
    | PlaceFlagged
    | AskedEvent
    | WorkerEvent
    | ApproverEvent
    | ResponderEvent
)
Event = FieldEvent | TriggerEvent
