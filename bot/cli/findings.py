"""What `doctor` can find, in the order in which it is mended, and how it is shown.

docs/slack.md explains every kind; a test holds it to this list.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """This is how bad a finding is."""

    FAULT = "fault"  # somebody would not be reached, or the wrong people would
    WARNING = "warning"  # to know about
    NOTE = "note"  # what doctor cannot see from here


class Kind(StrEnum):
    """This is everything that doctor can find. What comes first is mended first."""

    SETTING_WRONG = "setting_wrong"
    SETTING_MISSING = "setting_missing"
    TOKENS_SWAPPED = "tokens_swapped"
    TOKEN_KIND = "token_kind"
    KEY_WRONG = "key_wrong"
    DATABASE_SILENT = "database_silent"
    DATABASE_EMPTY = "database_empty"
    DATABASE_BEHIND = "database_behind"
    DATABASE_AHEAD = "database_ahead"
    SLACK_SILENT = "slack_silent"
    TOKEN_REFUSED = "token_refused"
    APP_TOKEN_REFUSED = "app_token_refused"
    APP_TOKEN_SCOPE = "app_token_scope"
    SOCKET_MODE_OFF = "socket_mode_off"
    SCOPE_MISSING = "scope_missing"
    CLOCK_SKEW = "clock_skew"
    PROGRAM_MISSING = "program_missing"
    CHANNEL_UNNAMED = "channel_unnamed"
    CHANNEL_CLOSED = "channel_closed"
    CHANNEL_ARCHIVED = "channel_archived"
    CHANNEL_PUBLIC = "channel_public"
    CHANNEL_SHARED = "channel_shared"
    CHANNEL_GUESTS = "channel_guests"
    CHANNEL_CROWDED = "channel_crowded"
    CHANNEL_UNREAD = "channel_unread"
    PERSON_UNNAMED = "person_unnamed"
    PERSON_UNKNOWN = "person_unknown"
    PERSON_DEACTIVATED = "person_deactivated"
    PERSON_BOT = "person_bot"
    PERSON_OUTSIDE = "person_outside"
    PERSON_UNREAD = "person_unread"
    ROLE_EMPTY = "role_empty"
    COVER_NOW = "cover_now"
    COVER_NONE = "cover_none"
    RUNNING_RED = "running_red"
    COVER_THIN = "cover_thin"
    APPROVER_ALONE = "approver_alone"
    OTHERS_CONNECTED = "others_connected"
    OUT_FILE_OLD = "out_file_old"
    SCOPES_UNSEEN = "scopes_unseen"
    SCOPE_EXTRA = "scope_extra"
    HEARTBEAT_MISSING = "heartbeat_missing"
    SANDBOX_CLOCK = "sandbox_clock"
    MATRIX_LESS = "matrix_less"
    MANIFEST_UNSEEN = "manifest_unseen"

    @property
    def level(self) -> Level:
        """How bad it is."""
        if self in NOTES:
            return Level.NOTE
        return Level.WARNING if self in WARNINGS else Level.FAULT


NOTES = frozenset({Kind.MANIFEST_UNSEEN})
WARNINGS = frozenset(
    {
        Kind.COVER_THIN,
        Kind.APPROVER_ALONE,
        Kind.OTHERS_CONNECTED,
        Kind.OUT_FILE_OLD,
        Kind.SCOPES_UNSEEN,
        Kind.SCOPE_EXTRA,
        Kind.HEARTBEAT_MISSING,
        Kind.SANDBOX_CLOCK,
        Kind.MATRIX_LESS,
    }
)
GUIDE = "docs/slack.md"
NO_FAULTS = (
    "Belay can work in Slack. Do not rely on it yet: it reaches people through Slack alone. "
    f"{GUIDE} says what else is missing."
)
FAULTS = (
    "Begin with the first fault, and run `belay doctor` again: one fault may hide others. "
    f"{GUIDE} explains each by its name."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """This is one thing wrong: what it means for people, and what the operator does about it."""

    kind: Kind
    user: str
    operator: str


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """This puts first what is mended first: faults, then warnings, then notes; each once."""
    kinds, levels = list(Kind), list(Level)
    once = dict.fromkeys(found)
    return sorted(once, key=lambda one: (levels.index(one.kind.level), kinds.index(one.kind)))


def count(found: Iterable[Finding], level: Level) -> int:
    """How many findings are of this level."""
    return sum(one.kind.level is level for one in found)


def lines(found: Sequence[Finding], exit_code: int) -> Iterator[str]:
    """Each finding as it is shown to people, and the summary."""
    for one in found:
        yield f"{one.kind.level.value.upper()}  {one.kind.value}"
        yield f"  {one.user}"
        yield f"  To do: {one.operator}"
        yield ""
    counted = ", ".join(_counted(count(found, level), level.value) for level in Level)
    yield f"{counted} (exit code {exit_code})."
    yield FAULTS if count(found, Level.FAULT) else NO_FAULTS


def as_json(found: Sequence[Finding], exit_code: int) -> str:
    """The same for machines."""
    said = {
        "exit_code": exit_code,
        **{f"{level.value}s": count(found, level) for level in Level},
        "findings": [
            {
                "kind": one.kind.value,
                "level": one.kind.level.value,
                "user": one.user,
                "operator": one.operator,
            }
            for one in found
        ],
    }
    return json.dumps(said, indent=2)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
