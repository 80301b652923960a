"""The records of a matter: the visit, its escalations, and the matter that holds them together.

Only data. `visit.py` moves a visit, `escalation.py` an escalation, `matter.py` decides between.
All instants are aware UTC. No open record is without `due_at`: the database refuses it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.calls import Called, RollCall
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.offers import Offer
from protocol.plan import Plan, Stop
from protocol.policy import ChannelRole, Ladder, Timings
from protocol.rating import Factor, Rating
from protocol.trigger import Trigger


class VisitState(StrEnum):
    """This is where a visit stands. OVERDUE: due passed, only the worker was asked so far."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    UNDERWAY = "underway"
    LEAVING = "leaving"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    CLOSED = "closed"


class Approval(StrEnum):
    """This is what the approver has said; the clock runs whatever it is."""

    ASKED = "asked"
    CHANGES_ASKED = "changes_asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Expecting(StrEnum):
    """This is what the worker is next expected to say."""

    ARRIVAL = "arrival"
    CHECK_IN = "check_in"
    EXIT = "exit"
    CLEAR = "clear"


class VisitOutcome(StrEnum):
    """This says how a visit ended; ended early and called off are as good as completed."""

    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    CALLED_OFF = "called_off"
    DECLINED = "declined"
    ACCOUNTED_FOR = "accounted_for"


class Unplanned(StrEnum):
    """This says that a visit was not planned ahead, and how it came to be watched."""

    HERE_NOW = "here_now"
    WATCH_ME = "watch_me"
    SENT_TO_LOOK = "sent_to_look"


@dataclass(frozen=True, slots=True)
class Answer:
    """This is an OK as it came in, kept sealed until the next sweep reads it.

    Every OK is kept and read in the same way, so that nothing about one tells it from another.
    """

    by: PersonId
    at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Lowering:
    """This is one approver's proposal of a lower rating, and what was known of the visit then.

    `flags` holds when each standing flag was raised. `second` is who agreed, once somebody did.
    """

    by: PersonId
    at: datetime
    rating: Rating
    reason: str
    factors: tuple[Factor, ...] = ()
    flags: tuple[datetime, ...] = ()
    second: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """This is a planned field contact and the clock that guards it.

    `due_no` counts what was expected so far and is part of the reminders' keys; `nudge_no` is the
    next reminder of this due time. `heard` names those of a pair who have answered this due time,
    `asked_of` whom the plan was put to first.
    `revision` counts the versions of the plan: an approver confirms the one that was shown.
    `lowering` is an open proposal of a lower rating, `lowered` the one that was agreed to.
    `watcher` hears how it goes in the approver's place, once they took that over by an `offer`.
    `called` says that everyone was asked at once; `grace` is how long after this due time the first
    human is reached, where that is not as the ladder says.
    """

    plan: Plan
    rating: Rating
    timings: Timings
    state: VisitState
    approval: Approval
    expecting: Expecting
    due_at: datetime | None
    asked_at: datetime
    due_no: int = 1
    nudge_no: int = 0
    revision: int = 1
    approval_step: int = 0
    approval_due_at: datetime | None = None
    asked_of: tuple[PersonId, ...] = ()
    approver: PersonId | None = None
    approved_at: datetime | None = None
    unplanned: Unplanned | None = None
    together: bool = False
    heard: tuple[PersonId, ...] = ()
    stop_no: int = 0
    started_at: datetime | None = None
    last_heard_at: datetime | None = None
    left_at: datetime | None = None
    ended_at: datetime | None = None
    ended_early: bool = False
    extended_times: int = 0
    extended_minutes: int = 0
    late_minutes: int = 0
    answers: tuple[Answer, ...] = ()
    answers_due_at: datetime | None = None
    outcome: VisitOutcome | None = None
    lowering: Lowering | None = None
    lowered: Lowering | None = None
    watcher: PersonId | None = None
    offer: Offer | None = None
    grace: timedelta | None = None
    called: Called | None = None

    @property
    def stop(self) -> Stop:
        """The stop the worker is at or on the way to."""
        return self.plan.stops[self.stop_no]


class EscalationKind(StrEnum):
    """This is what an escalation is about."""

    MISSED = "missed"
    UNEASY = "uneasy"
    HELP_CALL = "help_call"
    HELP_QUIET = "help_quiet"
    DURESS = "duress"
    TRIGGER = "trigger"


# A trigger is about what somebody saw or heard, not about a worker, and is kept apart from these.
ABOUT_A_WORKER = tuple(kind for kind in EscalationKind if kind is not EscalationKind.TRIGGER)
# Who calls for help is closed by one person and confirmed by a second (product 1.10).
NEEDS_SECOND = frozenset(
    {EscalationKind.HELP_CALL, EscalationKind.HELP_QUIET, EscalationKind.DURESS}
)
# Nothing may make the worker's phone ring or buzz.
SILENT = frozenset({EscalationKind.HELP_QUIET, EscalationKind.DURESS})


class EscalationState(StrEnum):
    """This is where an escalation stands; only CLOSED has no next deadline."""

    CLIMBING = "climbing"
    ACKNOWLEDGED = "acknowledged"
    SUPPORT_SENT = "support_sent"
    EMERGENCY_CALLED = "emergency_called"
    AWAITING_SECOND = "awaiting_second"
    CONSULTED = "consulted"
    CLOSED = "closed"


HELD = frozenset(
    {
        EscalationState.ACKNOWLEDGED,
        EscalationState.SUPPORT_SENT,
        EscalationState.EMERGENCY_CALLED,
    }
)


class Accounted(StrEnum):
    """This is how the worker was accounted for; an escalation closes on nothing less."""

    SPOKEN = "spoken_with_challenge"
    SEEN = "seen_by_a_named_person"
    IN_CARE = "in_care_of_a_named_service"
    CONFIRMED_TAP = "late_tap_on_a_low_visit_confirmed"


class Finding(StrEnum):
    """This says what it turned out to be; no blame is in it."""

    LATE = "late"
    NO_SIGNAL = "no_signal"
    FORGOT = "forgot"
    DEVICE = "device"
    REAL = "real"
    DRILL = "drill"
    OTHER = "other"
    # Who closes it need not say: a guess made in haste would stand in the record.
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class Closing:
    """This is one person's word that the worker is accounted for, and how."""

    by: PersonId
    at: datetime
    accounted: Accounted
    witness: str
    finding: Finding
    continues: bool


@dataclass(frozen=True, slots=True)
class Escalation:
    """This is one matter that needs a human, and its climb of a ladder.

    `base_at` is what the rungs' offsets count from. `cycle` counts the climbs of this escalation:
    it starts anew when an acknowledgement expires. `rung` is the last that fired, -1 before the
    first; past the top it goes on counting, and every such rung reaches everyone. `mark` counts
    what changed about the worker, so that nobody closes what they have not seen. `until_at` is
    when a hold ends, and `asked` whether its owner was asked about it. `acknowledged` stays true
    once anybody had it. `stop` and `rating` say where a silent matter's worker is. `offer` asks
    somebody to take it over. `also` were at the visit's own escalation when a silent one opened,
    and are reached besides the rungs: whatever becomes of it, they must hear not to call.
    """

    no: int
    kind: EscalationKind
    state: EscalationState
    ladder: Ladder
    opened_at: datetime
    base_at: datetime
    due_at: datetime | None
    cycle: int = 1
    rung: int = -1
    fired_at: datetime | None = None
    waiting: tuple[PersonId, ...] = ()
    owner: PersonId | None = None
    owned_at: datetime | None = None
    acknowledged: bool = False
    until_at: datetime | None = None
    asked: bool = False
    paged: tuple[PersonId, ...] = ()
    posted: tuple[ChannelRole, ...] = ()
    excluded: tuple[PersonId, ...] = ()
    stop: Stop | None = None
    rating: Rating | None = None
    mark: int = 1
    tapped_at: datetime | None = None
    attempts: int = 0
    incident: bool = False
    closing: Closing | None = None
    second: PersonId | None = None
    closed_at: datetime | None = None
    drill: bool = False
    offer: Offer | None = None
    also: tuple[PersonId, ...] = ()

    @property
    def episode(self) -> str:
        """This escalation and climb, as it stands in the keys of its pages."""
        return f"{self.no}.{self.cycle}"


@dataclass(frozen=True, slots=True)
class Matter:
    """This is the unit of consistency: what changes together or not at all, under one version.

    `version` is that of the row it was read from, 0 before the first save. `about` names the visit
    that a silent matter is about; no view of the worker's ever joins a silent matter. The worker of
    a `roll_call` is whoever asked for it. The worker of a `trigger` is whoever raised it: it is not
    about their safety, so a matter with one is never active.
    """

    id: MatterId
    program: ProgramId
    worker: PersonId
    version: int = 0
    visit: Visit | None = None
    escalations: tuple[Escalation, ...] = ()
    about: MatterId | None = None
    silent: bool = False
    roll_call: RollCall | None = None
    trigger: Trigger | None = None

    @property
    def open_escalation(self) -> Escalation | None:
        """The escalation that still needs a human; there is at most one."""
        last = self.escalations[-1] if self.escalations else None
        return last if last and last.state is not EscalationState.CLOSED else None

    @property
    def members(self) -> tuple[PersonId, ...]:
        """The worker and, in a pair, the partner: those whom the visit keeps safe."""
        partner = self.visit.plan.partner if self.visit else None
        return (self.worker,) if partner is None else (self.worker, partner)

    @property
    def is_active(self) -> bool:
        """Whether the visit or an escalation is open: somebody is out, or is being looked for."""
        visit_open = self.visit is not None and self.visit.state is not VisitState.CLOSED
        return visit_open or (self.open_escalation is not None and self.trigger is None)

    @property
    def is_open(self) -> bool:
        """Whether anything still has a deadline: a closed visit's last answer is yet to be read."""
        calling = self.roll_call is not None and self.roll_call.due_at is not None
        raised = self.trigger is not None and self.open_escalation is not None
        answers = self.visit is not None and bool(self.visit.answers)
        return self.is_active or calling or raised or answers
