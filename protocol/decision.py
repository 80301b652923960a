"""What a decision is: the records as they are from now on, what to ask of the world, and why."""

from dataclasses import dataclass
from enum import StrEnum

from protocol.effects import Effect
from protocol.events import Event
from protocol.ids import MatterId
from protocol.records import Matter


class Reason(StrEnum):
    """This is what people and the audit log are told. Every reason has words in the catalogue."""

    # done
    PLANNED = "planned"
    WATCHING = "watching"
    REVISED = "revised"
    CONFIRMED = "confirmed"
    RATING_ROSE = "rating_rose"
    RATING_PROPOSED = "rating_proposed"
    RATING_LOWERED = "rating_lowered"
    CHANGES_ASKED = "changes_asked"
    DECLINED = "declined"
    DECLINED_WHILE_OUT = "declined_while_out"
    CALLED_OFF = "called_off"
    START_MOVED = "start_moved"
    ARRIVED = "arrived"
    CHECKED_IN = "checked_in"
    HEARD_ONE_OF_TWO = "heard_one_of_two"
    MOVED_ON = "moved_on"
    NO_SIGNAL_SET = "no_signal_set"
    EXTENDED = "extended"
    LEAVING = "leaving"
    ENDED_EARLY = "ended_early"
    CLEARED = "cleared"
    SEPARATED = "separated"
    PLACE_FLAGGED = "place_flagged"
    UNEASY = "uneasy"
    HELP = "help"
    HELP_RAISED = "help_raised"
    HELP_AGAIN = "help_again"
    TAPPED_WHILE_OPEN = "tapped_while_open"
    REMINDED = "reminded"
    APPROVER_ASKED_AGAIN = "approver_asked_again"
    ANSWERS_READ = "answers_read"
    MISSED = "missed"
    CLIMBED = "climbed"
    ASKED_OWNER = "asked_owner"
    HOLD_EXPIRED = "hold_expired"
    ASKED_SECOND = "asked_second"
    PAGE_UNDELIVERABLE = "page_undeliverable"
    ACKNOWLEDGED = "acknowledged"
    STILL_ON_IT = "still_on_it"
    CANNOT_TAKE = "cannot_take"
    ESCALATED = "escalated"
    ATTEMPT_LOGGED = "attempt_logged"
    SUPPORT_SENT = "support_sent"
    EMERGENCY_CALLED = "emergency_called"
    TAP_CONFIRMED = "tap_confirmed"
    PROXY_CHECKED_IN = "proxy_checked_in"
    CLOSED = "closed"
    CLOSED_BY_ONE = "closed_by_one"
    CLOSING_CONFIRMED = "closing_confirmed"
    CLOSING_REJECTED = "closing_rejected"
    SILENT_OPENED = "silent_opened"
    SILENT_AGAIN = "silent_again"
    WARNED = "warned"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_TAKEN = "handover_taken"
    HANDOVER_DECLINED = "handover_declined"
    HANDOVER_UNANSWERED = "handover_unanswered"
    ROLL_CALLED = "roll_called"
    ASKED_TO_ACCOUNT = "asked_to_account"
    ON_THE_WAY = "on_the_way"
    ROLL_CALL_LOOKED = "roll_call_looked"
    ROLL_CALL_OVER = "roll_call_over"
    RAISED = "raised"
    CONSULT_WRITTEN = "consult_written"
    UNTIL_MORNING = "until_morning"
    ASKED_SORTED = "asked_sorted"
    SORTED = "sorted"
    REOPENED = "reopened"
    # nothing to do: said already, or it no longer applies
    NOT_DUE = "not_due"
    ALREADY_PLANNED = "already_planned"
    ALREADY_CONFIRMED = "already_confirmed"
    ALREADY_CLOSED = "already_closed"
    ALREADY_YOURS = "already_yours"
    ALREADY_LEAVING = "already_leaving"
    ALREADY_SEPARATED = "already_separated"
    ALREADY_OFFERED = "already_offered"
    THEIRS_ALREADY = "theirs_already"
    ALREADY_CALLED = "already_called"
    ALREADY_RAISED = "already_raised"
    ALREADY_TAKEN = "already_taken"
    # refused: each names its rule, and the words say what to do instead
    NO_OPEN_VISIT = "no_open_visit"
    NOTHING_OPEN = "nothing_open"
    NOT_YOUR_VISIT = "not_your_visit"
    OWN_PLAN = "own_plan"
    NOT_AN_APPROVER = "not_an_approver"
    PLAN_CHANGED = "plan_changed"
    INTERVAL_TOO_SHORT = "interval_too_short"
    NOT_TOGETHER = "not_together"
    NEVER_LOWERED = "never_lowered"
    NOT_ONE_STEP = "not_one_step"
    LOWERED_TOO_LATE = "lowered_too_late"
    ALREADY_PROPOSED = "already_proposed"
    NOTHING_PROPOSED = "nothing_proposed"
    PROPOSED_BY_YOU = "proposed_by_you"
    NO_COVER = "no_cover"
    START_IN_PAST = "start_in_past"
    START_TOO_FAR = "start_too_far"
    TOO_LONG = "too_long"
    NO_STOPS = "no_stops"
    TOO_MANY_STOPS = "too_many_stops"
    PLACE_GONE = "place_gone"
    PARTNER_IS_WORKER = "partner_is_worker"
    VISIT_PROHIBITED = "visit_prohibited"
    NO_ENTRY = "no_entry"
    NEEDS_PAIR = "needs_pair"
    SOLO_TRANSPORT = "solo_transport"
    CARRYING_CASH = "carrying_cash"
    TRAINING_MISSING = "training_missing"
    NOT_STARTED = "not_started"
    ALREADY_STARTED = "already_started"
    LATE_TOO_LONG = "late_too_long"
    NO_NEXT_STOP = "no_next_stop"
    WINDOW_TOO_LONG = "window_too_long"
    WINDOW_NEEDS_BACKUP = "window_needs_backup"
    WINDOW_IN_PAST = "window_in_past"
    NO_MORE_EXTENSIONS = "no_more_extensions"
    EXTENSION_TOO_LONG = "extension_too_long"
    PEOPLE_ALREADY_PAGED = "people_already_paged"
    NOT_A_PAIR = "not_a_pair"
    ABOUT_YOURSELF = "about_yourself"
    TAKEN_BY_ANOTHER = "taken_by_another"
    NOT_THE_OWNER = "not_the_owner"
    NOT_PAGED = "not_paged"
    CHANGED_SINCE = "changed_since"
    WITNESS_MISSING = "witness_missing"
    NOT_A_DRILL = "not_a_drill"
    ONE_TAP_NOT_ENOUGH = "one_tap_not_enough"
    CHALLENGE_MISSING = "challenge_missing"
    PROXY_NOT_ENOUGH = "proxy_not_enough"
    SECOND_IS_FIRST = "second_is_first"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    NOT_A_RESPONDER = "not_a_responder"
    NOBODY_HAS_IT = "nobody_has_it"
    NOBODY_WATCHES = "nobody_watches"
    NOT_THE_WATCHER = "not_the_watcher"
    CANNOT_BE_ASKED = "cannot_be_asked"
    OFFER_OVER = "offer_over"
    NOBODY_OUT = "nobody_out"
    NOT_CALLED = "not_called"
    NO_PAGE_FOR_THIS = "no_page_for_this"
    NEEDS_CHOICE = "needs_choice"
    NOBODY_CHOSEN = "nobody_chosen"
    RAISED_BY_YOU = "raised_by_you"
    NOT_ABOUT_A_VISIT = "not_about_a_visit"
    PRIVATE = "private"
    NEEDS_DECISION = "needs_decision"
    BY_WHEN_WRONG = "by_when_wrong"
    NOTHING_WRITTEN = "nothing_written"
    ASKER_FIRST = "asker_first"


@dataclass(frozen=True, slots=True)
class Follow:
    """This is an event for another matter, to be run in the same transaction."""

    matter: MatterId
    event: Event


@dataclass(frozen=True, slots=True)
class Decision:
    """This is what follows from one event.

    A refusal leaves the matter as it is and has no effects; `reason` names the rule.
    """

    matter: Matter
    reason: Reason
    effects: tuple[Effect, ...] = ()
    follow: tuple[Follow, ...] = ()
    refused: bool = False

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.effects or self.follow) or not (self.refused or self.reason in IDLE)


# Reasons that change nothing: the same thing was said before, or there is nothing to do.
IDLE = frozenset(
    {
        Reason.NOT_DUE,
        Reason.ALREADY_PLANNED,
        Reason.ALREADY_CONFIRMED,
        Reason.ALREADY_CLOSED,
        Reason.ALREADY_YOURS,
        Reason.ALREADY_LEAVING,
        Reason.ALREADY_SEPARATED,
        Reason.ALREADY_OFFERED,
        Reason.THEIRS_ALREADY,
        Reason.ALREADY_CALLED,
        Reason.ALREADY_RAISED,
        Reason.ALREADY_TAKEN,
    }
)


def refuse(matter: Matter, reason: Reason) -> Decision:
    """Refuse an event: nothing changes, and `reason` says which rule it was."""
    return Decision(matter, reason, refused=True)


def idle(matter: Matter, reason: Reason) -> Decision:
    """Answer an event that changes nothing and is nobody's mistake."""
    return Decision(matter, reason)
