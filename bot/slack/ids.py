"""This names every action, form and command of Belay, and packs what a button carries.

Slack wants an action id once per block, so two buttons of one meaning stand in two blocks.
"""

import re
from enum import StrEnum
from typing import Final


class Command(StrEnum):
    """This is a slash command by its key; the name people type comes from the settings."""

    VISIT = "visit"
    CHECK_IN = "checkin"
    CHECK_OUT = "checkout"
    SOS = "sos"
    PAGE = "page"
    WHO_HANDLES = "whohandles"


class Shortcut(StrEnum):
    """This is the callback id of a shortcut in the menu of a message."""

    WHO_HANDLES = "who_handles"
    OUTSIDE_ROLE = "outside_role"


class Action(StrEnum):
    """This is what a button or menu means."""

    PLAN_VISIT = "plan_visit"
    HERE_NOW = "here_now"
    REPEAT_VISIT = "repeat_visit"
    LIKE_LAST = "like_last"
    MORE_DETAILS = "more_details"
    ARRIVE = "arrive"
    OK = "ok"
    LEAVE = "leave"
    CLEAR = "clear"
    HELP_CALL = "help_call"
    HELP_QUIET = "help_quiet"
    RUNNING_LATE = "running_late"
    NOT_YET_CLEAR = "not_yet_clear"
    MORE = "more"
    PAIR = "pair"
    NEXT_STOP = "next_stop"
    CHANGE_PLAN = "change_plan"
    CONFIRM_PLAN = "confirm_plan"
    ASK_CHANGES = "ask_changes"
    DECLINE_PLAN = "decline_plan"
    READ_LOW_PLANS = "read_low_plans"
    READ_PLAN = "read_plan"
    PLAN_WEEKLY = "plan_weekly"
    OPEN_STANDING = "open_standing"
    SKIP_STANDING = "skip_standing"
    END_STANDING = "end_standing"
    APPROVER_MORE = "approver_more"
    AGREE_LOWERING = "agree_lowering"
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    CANNOT_TAKE = "cannot_take"
    STILL_ON_IT = "still_on_it"
    LOG_ATTEMPT = "log_attempt"
    SEND_SUPPORT = "send_support"
    CALL_EMERGENCY = "call_emergency"
    CLOSE = "close"
    RESPONDER_MORE = "responder_more"
    CONFIRM_TAP = "confirm_tap"
    CONFIRM_CLOSING = "confirm_closing"
    REJECT_CLOSING = "reject_closing"
    HAND_OVER = "hand_over"
    HAND_OVER_ALL = "hand_over_all"
    TAKE_HANDOVER = "take_handover"
    DECLINE_HANDOVER = "decline_handover"
    CALL_ROLL = "call_roll"
    ON_THE_WAY = "on_the_way"
    SHOW_CARD = "show_card"
    SHOW_BOARD = "show_board"
    FLAG_PLACE = "flag_place"
    DISPUTE_FLAG = "dispute_flag"
    REVIEW_FLAG = "review_flag"
    PAGE_ROW = "page_row"
    PAGE_LEAD = "page_lead_now"
    WRITE_CONSULT = "write_consult"
    NIGHT_CLOSE = "night_close"
    SORTED = "sorted"
    NOT_SORTED = "not_sorted"
    READY_STEP = "ready_step"
    READY_SKIP = "ready_skip"
    PRACTICE_OK = "practice_ok"
    PRACTICE_LEAVE = "practice_leave"
    PRACTICE_MORE = "practice_more"
    PRACTICE_HELP_CALL = "practice_help_call"
    PRACTICE_HELP_QUIET = "practice_help_quiet"
    ASK_WHO = "ask_who"
    OPEN_ROW = "open_row"
    NOT_THAT = "not_that_row"
    DECLINE_ROW = "decline_row"
    TRY_QUIZ = "try_quiz"
    QUIZ_A = "quiz_a"
    QUIZ_B = "quiz_b"
    QUIZ_C = "quiz_c"
    GAP_IS_ROW = "gap_is_row"
    GAP_NEW_ROW = "gap_new_row"
    GAP_OUTSIDE = "gap_outside"
    GAP_WAITED = "gap_waited"
    GAP_ASKED = "gap_asked"
    GAP_WENT_AHEAD = "gap_went_ahead"
    GAP_OTHER = "gap_other"
    SETTLE_PATTERN = "settle_pattern"
    PROPOSE_CHANGE = "propose_change"
    SEE_PROPOSAL = "see_proposal"
    SHOW_VERSIONS = "show_versions"
    ADOPT_MATRIX = "adopt_matrix"


class More(StrEnum):
    """This is one line of the worker's menus; its packed value carries it."""

    EXTEND = "extend"
    NO_SIGNAL = "no_signal"
    UNEASY = "uneasy"
    END_EARLY = "end_early"
    CHANGE_PLAN = "change_plan"
    CALL_OFF = "call_off"
    WEEKLY = "weekly"
    BOTH_OK = "both_ok"
    SPLIT = "split"
    FLAG_PLACE = "flag_place"


class ApproverMore(StrEnum):
    """This is one line of the approver's menu."""

    LOWER_RATING = "lower_rating"


class ResponderMore(StrEnum):
    """This is one line of the responder's menu."""

    PROXY = "proxy"
    ESCALATE = "escalate"
    CANNOT_TAKE = "cannot_take"
    HAND_OVER = "hand_over"


class Form(StrEnum):
    """This is the callback id of a form."""

    PROGRAM = "program"
    PLAN = "plan"
    HERE_NOW = "here_now"
    REVISE = "revise"
    RUNNING_LATE = "running_late"
    EXTEND = "extend"
    NO_SIGNAL = "no_signal"
    CONFIRM_PLAN = "confirm_plan"
    ASK_CHANGES = "ask_changes"
    DECLINE_PLAN = "decline_plan"
    LOW_PLANS = "low_plans"
    STANDING = "standing"
    CONFIRM_STANDING = "confirm_standing"
    LOWER_RATING = "lower_rating"
    ATTEMPT = "attempt"
    SUPPORT = "support"
    EMERGENCY = "emergency"
    PROXY = "proxy"
    CLOSE = "close"
    HAND_OVER = "hand_over"
    HAND_OVER_ALL = "hand_over_all"
    CALL_ROLL = "call_roll"
    FLAG = "flag"
    DISPUTE_FLAG = "dispute_flag"
    REVIEW_FLAG = "review_flag"
    PAGE = "page"
    CONSULT = "consult"
    ANSWERS = "answers"
    PRACTICE = "practice"
    CONTACTS = "contacts"
    SEND = "send"
    RECORDS = "records"
    LANGUAGE = "language"
    ASK = "ask"
    DECLINE_ROW = "decline_row"
    DECLINED = "declined"
    GAP_IS_ROW = "gap_is_row"
    GAP_NEW_ROW = "gap_new_row"
    GAP_OUTSIDE = "gap_outside"
    SETTLE_PATTERN = "settle_pattern"
    PROPOSE_CHANGE = "propose_change"
    PROPOSAL = "proposal"
    VERSIONS = "versions"
    ADOPT_MATRIX = "adopt_matrix"


class Field(StrEnum):
    """This is the block id of one question of a form, and the action id of its element."""

    PLACE = "place"
    NEW_PLACE = "new_place"
    STOPS = "stops"
    WHEN = "when"
    LENGTH = "length"
    PURPOSE = "purpose"
    KNOWN = "known"
    PARTNER = "partner"
    BACKUP = "backup"
    TRANSPORT = "transport"
    ALSO = "also"
    RAISED = "raised"
    NOTE = "note"
    ALREADY_THERE = "already_there"
    MINUTES = "minutes"
    REASON = "reason"
    EVERY = "every"
    TICKED = "ticked"
    WEEKDAYS = "weekdays"
    DAYS = "days"
    METHOD = "method"
    OUTCOME = "outcome"
    COLLEAGUE = "colleague"
    SERVICE = "service"
    LOOK_IN = "look_in"
    CHALLENGE = "challenge"
    ACCOUNTED = "accounted"
    WITNESS = "witness"
    FINDING = "finding"
    CONTINUES = "continues"
    TAKER = "taker"
    HANDED = "handed"
    KIND = "kind"
    EVIDENCE = "evidence"
    FLAG = "flag"
    VERDICT = "verdict"
    HEARD = "heard"
    HEARD_AT = "heard_at"
    CALL_BACK = "call_back"
    TELL_WHOM = "tell_whom"
    SUPERVISOR = "supervisor"
    DANGER = "danger"
    DECISION = "decision"
    OWNER = "owner"
    BY_WHEN = "by_when"
    WHICH_BUTTON = "which_button"
    PHRASE = "phrase"
    TYPED = "typed"
    PHONE = "phone"
    CONTACT = "contact"
    CONSENT = "consent"
    EXCLUDES = "excludes"
    SEND = "send"
    LANGUAGE = "language"
    QUESTION = "question"
    ROW = "row"
    TEAM = "team"
    REPLY = "reply"
    ROW_TITLE = "row_title"
    ROW_WORDING = "row_wording"
    ROW_TIER = "row_tier"
    ROW_FIRST = "row_first"
    ROW_DO_NOT = "row_do_not"
    AGREED = "agreed"
    ANSWER = "answer"
    WORDS = "words"
    SPOKEN = "spoken"
    TITLE_EN = "title_en"
    TITLE_ES = "title_es"
    ACTIONS_EN = "actions_en"
    ACTIONS_ES = "actions_es"
    DO_NOT_EN = "do_not_en"
    DO_NOT_ES = "do_not_es"
    SOURCE = "source"
    SEEN = "seen"
    AS_ROLE = "as_role"


# The two equal OK buttons. What each means is sealed per person and known to storage alone.
ANSWERS: Final = ("a", "b")

# The list of kinds of visit; the line that was picked names the kind.
TEMPLATE: Final = "template_kind"
# Buttons that stand in a row and mean one thing each: their action ids begin with this.
PROGRAM: Final = "program_"

# Slack keeps these names for itself (Slack's help page on built-in commands).
BUILT_IN_COMMANDS: Final = frozenset(
    "/apps /archive /away /active /call /canvas /collapse /dm /dnd /expand /feed /feedback /help"
    " /huddle /invite /join /kick /leave /list /me /msg /mute /open /part /people /pref /prefs"
    " /remind /remove /rename /search /sections /shortcuts /shrug /star /status /topic /unarchive"
    " /who".split()
)
COMMAND_NAME: Final = re.compile(r"/[a-z0-9][a-z0-9_-]{0,30}")


_TURN = "~"


def field_of(block_id: str) -> str:
    """This is the question that a block asks. Where it was filled in anew, its id has an ending.

    Slack keeps what it holds of a question whose ids stay, whatever the new view presets.
    """
    return block_id.partition(_TURN)[0]


def turn_of(block_id: str) -> int:
    """This is how often the form was filled in anew when this block was drawn, 0 for never."""
    turn = block_id.partition(_TURN)[2]
    return int(turn) if turn.isdecimal() else 0


def in_turn(block_id: str, turn: int) -> str:
    """This is the id of the same question in a form that is filled in anew for this time."""
    return f"{field_of(block_id)}{_TURN}{turn}" if turn else block_id


def command_problem(name: str) -> str | None:
    """This says what is wrong with a slash command's name, or None if Slack takes it."""
    if not COMMAND_NAME.fullmatch(name):
        return f"{name}: a command is a slash and 1 to 31 small letters, digits, - or _"
    if name in BUILT_IN_COMMANDS:
        return f"{name} is one of Slack's own commands; choose another name in the settings"
    return None
