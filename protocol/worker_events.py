"""What a worker does with a visit, each as a value with its instant (aware UTC) and person.

`protocol.events` has them all; import from there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.ids import PersonId
from protocol.plan import Plan, StartNow


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
