"""What the rules ask of the world, as values. Storage keeps them; delivery carries them out.

Every effect has a `key` that is unique for what it means, so that doing it twice is noticed.
Effects that make a new message are frozen: they say what was true when they were decided.
`Refresh` alone has no body: delivery renders what is true when it is sent.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from protocol.ids import PersonId
from protocol.policy import ChannelRole
from protocol.records import EscalationKind, Expecting


class Surface(StrEnum):
    """This names a message that is kept up to date by editing it."""

    WORKER_CARD = "worker_card"
    APPROVAL = "approval"
    PAGES = "pages"
    THREAD = "thread"
    ROLL_CALL = "roll_call"


class Asked(StrEnum):
    """This is a question to one person, put as a new message with its own buttons."""

    APPROVE = "approve"
    STILL_ON_IT = "still_on_it"
    NEXT_LOOK = "next_look"
    CONFIRM_TAP = "confirm_tap"
    CONFIRM_CLOSING = "confirm_closing"
    AGREE_LOWERING = "agree_lowering"
    TAKE_ESCALATION = "take_escalation"
    TAKE_VISIT = "take_visit"
    SORTED = "sorted"
    BY_WHEN_PASSED = "by_when_passed"
    WRITE_UP = "write_up"


class Said(StrEnum):
    """This is a piece of news that somebody waits for, put as a new message."""

    PLAN_CONFIRMED = "plan_confirmed"
    RATING_LOWERED = "rating_lowered"
    CONFIRMED_TOGETHER = "confirmed_together"
    NOT_CONFIRMED_TOGETHER = "not_confirmed_together"
    CHANGES_ASKED = "changes_asked"
    PLAN_DECLINED = "plan_declined"
    DECLINED_WHILE_OUT = "declined_while_out"
    NOT_CONFIRMED_YET = "not_confirmed_yet"
    STARTED_UNCONFIRMED = "started_unconfirmed"
    WATCHED_UNPLANNED = "watched_unplanned"
    RUNNING_LATE = "running_late"
    EXTENDED = "extended"
    OVER_TIME = "over_time"
    SEPARATED = "separated"
    ENDED_EARLY = "ended_early"
    CALLED_OFF = "called_off"
    TAKEN_OFF = "taken_off"
    PARTNER_WAITING = "partner_waiting"
    STANDING_ASKED = "standing_asked"
    STANDING_CONFIRMED = "standing_confirmed"
    STANDING_ENDED = "standing_ended"
    STANDING_ENDS_SOON = "standing_ends_soon"
    STANDING_NOT_MADE = "standing_not_made"
    NEW_FLAG = "new_flag"
    NEW_NO_ENTRY = "new_no_entry"
    FLAG_REVIEW_DUE = "flag_review_due"
    PEOPLE_TOLD = "people_told"
    HELP_RAISED = "help_raised"
    HELP_AGAIN = "help_again"
    HELP_STAY_QUIET = "help_stay_quiet"
    UNEASY = "uneasy"
    SEEN = "seen"
    SUPPORT_SENT = "support_sent"
    EMERGENCY_CALLED = "emergency_called"
    WORKER_TAPPED = "worker_tapped"
    TAPPED_WHILE_OPEN = "tapped_while_open"
    NOBODY_ON_RUNG = "nobody_on_rung"
    HOLD_EXPIRED = "hold_expired"
    CLOSING_REJECTED = "closing_rejected"
    SENT_TO_LOOK = "sent_to_look"
    ACCOUNTED_FOR = "accounted_for"
    HAS_IT_NOW = "has_it_now"
    WATCHES_NOW = "watches_now"
    HANDOVER_DECLINED = "handover_declined"
    HANDOVER_UNANSWERED = "handover_unanswered"
    ROLL_CALL = "roll_call"
    ROLL_CALL_MISSED = "roll_call_missed"
    ROLL_CALL_OVER = "roll_call_over"
    PAGED_FOR_YOU = "paged_for_you"
    CHOSEN_SILENT = "chosen_silent"
    YOURS_TO_DO = "yours_to_do"
    UNTIL_MORNING = "until_morning"
    NOT_SORTED = "not_sorted"
    REOPENED = "reopened"
    SORTED_FOR_YOU = "sorted_for_you"


class Noted(StrEnum):
    """This is one line of an incident thread's timeline."""

    RAISED = "raised"
    CLIMBED = "climbed"
    PAGED_AGAIN = "paged_again"
    ACKNOWLEDGED = "acknowledged"
    HOLD_EXPIRED = "hold_expired"
    CANNOT_TAKE = "cannot_take"
    ATTEMPT = "attempt"
    SUPPORT_SENT = "support_sent"
    EMERGENCY_CALLED = "emergency_called"
    WORKER_TAPPED = "worker_tapped"
    HANDED_OVER = "handed_over"
    CLOSED_BY_ONE = "closed_by_one"
    CLOSING_REJECTED = "closing_rejected"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Remind:
    """Ask the worker, privately, for what is due; `nudge` counts the reminders of this due time.

    It is 0 where everyone who is out was asked at once.
    """

    key: str
    to: PersonId
    expecting: Expecting
    due_at: datetime
    nudge: int


@dataclass(frozen=True, slots=True)
class Page:
    """Reach one person of one rung and ask for an acknowledgement."""

    key: str
    to: PersonId
    episode: str
    rung: int
    kind: EscalationKind
    decide_on_help: bool = False


@dataclass(frozen=True, slots=True)
class PostPage:
    """Put the page into a channel besides; never into one that a person in `avoid` can read."""

    key: str
    channel: ChannelRole
    episode: str
    rung: int
    kind: EscalationKind
    avoid: tuple[PersonId, ...] = ()
    decide_on_help: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask one person something that only they, or they first, should answer."""

    key: str
    to: PersonId
    asked: Asked
    at: datetime
    mark: int = 0
    about: PersonId | None = None


@dataclass(frozen=True, slots=True)
class PostApproval:
    """Put the approval card into the field-safety channel; without it, `instead` get it by DM."""

    key: str
    revision: int
    instead: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell one person a piece of news. `text` was typed by somebody, without identifiers in it."""

    key: str
    to: PersonId
    said: Said
    at: datetime
    about: PersonId | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer one person about their own tap, where the tap itself has no room for an answer.

    `reason` is the value of a `protocol.decision.Reason`.
    """

    key: str
    to: PersonId
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StandDown:
    """Tell somebody who was paged that the worker is accounted for."""

    key: str
    to: PersonId
    at: datetime
    closed_by: PersonId


@dataclass(frozen=True, slots=True)
class PostStandDown:
    """Tell a channel that was paged that the worker is accounted for."""

    key: str
    channel: ChannelRole
    at: datetime
    closed_by: PersonId
    avoid: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Open the incident thread in the restricted channel, unless a person in `avoid` reads it."""

    key: str
    episode: int
    kind: EscalationKind
    at: datetime
    avoid: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadNote:
    """Add a line of facts to the incident thread of this episode.

    `text` is coded. Of an attempt it says what came of it ("call: no_answer"), of a climb its step,
    how many that paged, and how many were paged so far ("2/1/3"); of a closing how the worker is
    accounted for and what it was ("seen_by_a_named_person/late").
    """

    key: str
    episode: int
    noted: Noted
    at: datetime
    by: PersonId | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Refresh:
    """Bring one kept message up to date. Delivery renders from the state at that time."""

    key: str
    surface: Surface


Effect = (
    Remind
    | Page
    | PostPage
    | Ask
    | PostApproval
    | Tell
    | Reply
    | StandDown
    | PostStandDown
    | OpenThread
    | ThreadNote
    | Refresh
)
