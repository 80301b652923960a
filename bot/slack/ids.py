"""This names every action, form and command of Belay, and packs what a button carries.

Slack wants an action id once per block, so two buttons of one meaning stand in two blocks.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.ids import MatterId


class Command(StrEnum):
    """This is a slash command by its key; the name people type comes from the settings."""

    VISIT = "visit"
    CHECK_IN = "checkin"
    CHECK_OUT = "checkout"
    SOS = "sos"


class Action(StrEnum):
    """This is what a button or menu means."""

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


class More(StrEnum):
    """This is one line of the worker's menus; its packed value carries it."""

    EXTEND = "extend"
    NO_SIGNAL = "no_signal"
    UNEASY = "uneasy"
    END_EARLY = "end_early"
    CHANGE_PLAN = "change_plan"
    CALL_OFF = "call_off"
    BOTH_OK = "both_ok"
    SPLIT = "split"


class ApproverMore(StrEnum):
    """This is one line of the approver's menu."""

    LOWER_RATING = "lower_rating"


class ResponderMore(StrEnum):
    """This is one line of the responder's menu."""

    PROXY = "proxy"
    ESCALATE = "escalate"
    CANNOT_TAKE = "cannot_take"


class Form(StrEnum):
    """This is the callback id of a form."""

    PLAN = "plan"
    HERE_NOW = "here_now"
    REVISE = "revise"
    RUNNING_LATE = "running_late"
    EXTEND = "extend"
    NO_SIGNAL = "no_signal"
    CONFIRM_PLAN = "confirm_plan"
    ASK_CHANGES = "ask_changes"
    DECLINE_PLAN = "decline_plan"
    LOWER_RATING = "lower_rating"
    ATTEMPT = "attempt"
    SUPPORT = "support"
    EMERGENCY = "emergency"
    PROXY = "proxy"
    CLOSE = "close"


class Field(StrEnum):
    """This is the block id of one question of a form, and the action id of its element."""

    PROGRAM = "program"
    PLACE = "place"
    NEW_PLACE = "new_place"
    STOPS = "stops"
    DAY = "day"
    TIME = "time"
    LENGTH = "length"
    PURPOSE = "purpose"
    KNOWN = "known"
    DANGER = "danger"
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


# The two equal OK buttons. What each means is sealed per person and known to storage alone.
ANSWERS: Final = ("a", "b")

# Slack keeps these names for itself (Slack's help page on built-in commands).
BUILT_IN_COMMANDS: Final = frozenset(
    "/apps /archive /away /active /call /canvas /collapse /dm /dnd /expand /feed /feedback /help"
    " /huddle /invite /join /kick /leave /list /me /msg /mute /open /part /people /pref /prefs"
    " /remind /remove /rename /search /sections /shortcuts /shrug /star /status /topic /unarchive"
    " /who".split()
)
COMMAND_NAME: Final = re.compile(r"/[a-z0-9][a-z0-9_-]{0,30}")


@dataclass(frozen=True, slots=True)
class Carried:
    """This is what a button carries: the matter, and an answer or a counter where it needs one."""

    matter: MatterId
    said: str = ""
    number: int = 0


_SEPARATOR = "|"
_MATTER = re.compile(r"[A-Za-z0-9._:/-]{1,110}")
_SAID = re.compile(r"[a-z_]{0,20}")
_NUMBER = re.compile(r"[0-9]{1,9}")


def pack(matter: MatterId, said: str = "", number: int = 0) -> str:
    """This writes a button's value: short enough for a menu option too (150 characters)."""
    return _SEPARATOR.join((matter, said, str(number)))


def unpack(value: object) -> Carried | None:
    """This reads a button's value; None for anything that `pack` did not write."""
    parts = value.split(_SEPARATOR) if isinstance(value, str) else []
    if len(parts) != 3:
        return None
    matter, said, number = parts
    if _MATTER.fullmatch(matter) and _SAID.fullmatch(said) and _NUMBER.fullmatch(number):
        return Carried(MatterId(matter), said, int(number))
    return None


def command_problem(name: str) -> str | None:
    """This says what is wrong with a slash command's name, or None if Slack takes it."""
    if not COMMAND_NAME.fullmatch(name):
        return f"{name}: a command is a slash and 1 to 31 small letters, digits, - or _"
    if name in BUILT_IN_COMMANDS:
        return f"{name} is one of Slack's own commands; choose another name in the settings"
    return None
