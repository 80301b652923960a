"""This is what operators see of Belay: log lines with ids only, and the metrics.

Nothing that somebody typed may stand in either. So keys that hold such things are dropped, an
exception is told as its type and where it happened, without its message (a message quotes values),
and a line of a library is told as where it was logged, for the same reason.

No metric and no log line is labelled with the reason of a decision or the kind of an escalation:
a count that moves after an OK would tell a duress answer from an ordinary one.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

DROPPED = "[dropped]"
# Any key one of whose words is one of these: `note`, `sealed_note`, `phone_number`, `bot_token`.
FORBIDDEN_WORDS = frozenset(
    """
    address answer answers authorization blocks body challenge cookie duress headers key keys
    message msg name names note notes password payload phone phones phrase reason_text said secret
    secrets text ticket token tokens url
    """.split()
)
# The words above where they are part of a name of our own that holds an id.
ALLOWED_KEYS = frozenset({"outbox_key", "message_ts"})
SECRET = re.compile(
    r"xox[a-z]-|xapp-|xoxe\.|https?://\S*@|wss?://|hooks\.slack\.com|belay1\.", re.IGNORECASE
)
FRAMES_MAX = 12  # enough to find the fault; a deeper one is a library's own

Event = MutableMapping[str, Any]


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """This sends our log lines and the libraries' to standard error, one JSON object a line.

    Libraries are heard from WARNING on whatever the level: the rest is theirs, not ours.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_message,
        without_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        # A logger that is kept would go on writing where it was first told to.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[told_by_place, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for ours in ("bot", "storage"):
        logging.getLogger(ours).setLevel(level.upper())


def told_by_place(_: Any, __: str, event: Event) -> Event:
    """A library's line: which library, which function and line. Its words may quote anything."""
    record: logging.LogRecord = event["_record"]
    event["event"] = "library.log"
    event["where"] = f"{Path(record.pathname).name}:{record.lineno} {record.funcName}"
    event["exc_info"] = record.exc_info
    return event


def without_message(_: Any, __: str, event: Event) -> Event:
    """An exception as its types and places, the innermost last, and never what it says."""
    told = event.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__name__
        event["error_at"] = places(error.__traceback__)
        if error.__cause__ is not None:
            event["error_cause"] = type(error.__cause__).__name__
    return event


def places(traceback: TracebackType | None) -> list[str]:
    """Where a fault came through: file, line and function, the innermost last."""
    frames = extract_tb(traceback)[-FRAMES_MAX:]
    return [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]


def without_secrets(_: Any, __: str, event: Event) -> Event:
    """A line without forbidden keys, and with every value that looks like a secret dropped."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    if key.startswith("_"):  # structlog's own
        return value
    if _forbidden(key):
        return DROPPED
    if isinstance(value, Mapping):
        return {str(k): _clean(str(k), v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    # A whole object may show anything; its own words are used only where it is plain text.
    shown = value if isinstance(value, str) else type(value).__name__
    return DROPPED if SECRET.search(shown) else shown


def _forbidden(key: str) -> bool:
    return key not in ALLOWED_KEYS and not FORBIDDEN_WORDS.isdisjoint(key.lower().split("_"))


# --- metrics -----------------------------------------------------------------------------------

registry = CollectorRegistry()

SWEEP_LATE = Gauge(
    "belay_sweep_late_seconds", "How long the oldest deadline has been due", registry=registry
)
PAGES_LATE = Gauge(
    "belay_pages_late_seconds", "How long the oldest unsent page has been due", registry=registry
)
READY = Gauge("belay_ready", "1 while /readyz is green", registry=registry)
DEAF_FOR = Gauge(
    "belay_socket_deaf_seconds",
    "How long the quietest Socket Mode connection has been unheard",
    registry=registry,
)
# `belay doctor` reads these two from the Belay that runs.
OUR_SOCKETS, APP_SOCKETS = "belay_sockets_open", "belay_sockets_of_the_app"
SOCKETS_OPEN = Gauge(OUR_SOCKETS, "Open Socket Mode connections", registry=registry)
SOCKETS_OF_THE_APP = Gauge(
    APP_SOCKETS,
    "Connections of this app, other Belays' included, when Slack last greeted one of ours",
    registry=registry,
)
SOCKET_ENDS = Counter(
    "belay_socket_ends_total", "Connections that ended, by cause", ["cause"], registry=registry
)
SOCKET_TRIES_FAILED = Counter(
    "belay_socket_tries_failed_total", "Connections that could not be opened", registry=registry
)
ACK_SECONDS = Histogram(
    "belay_ack_seconds",
    "From the arrival of a delivery to its answer; Slack allows 3",
    ["kind"],
    registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5),
)
UNKNOWN_DELIVERIES = Counter(
    "belay_unknown_deliveries_total",
    "Deliveries that no handler knows, answered by the catch-all",
    ["kind"],
    registry=registry,
)
FAULTS = Counter(
    "belay_faults_total", "Unexpected faults, by where they were met", ["where"], registry=registry
)
TASKS_DIED = Counter(
    "belay_tasks_died_total",
    "Background tasks that ended and were restarted",
    ["task"],
    registry=registry,
)
INVARIANTS_CHECKED = Counter(
    "belay_invariants_checked_total",
    "How often it was asked whether what must always hold does (docs/guarantee.md)",
    ["letter", "rule"],
    registry=registry,
)
INVARIANTS_BROKEN = Gauge(
    "belay_invariant_broken_rows",
    "Rows for which it did not hold when it was last asked; 0 is what it must be",
    ["letter", "rule"],
    registry=registry,
)
HEARTBEATS = Counter(
    "belay_heartbeats_total", "Heartbeats to the outside", ["outcome"], registry=registry
)
SWEPT = Counter("belay_swept_total", "Deadlines handled by the sweep", registry=registry)
SENDS = Counter(
    "belay_sends_total", "Outbox rows that were tried, by outcome", ["outcome"], registry=registry
)
SEND_SECONDS = Histogram("belay_send_seconds", "Duration of one call to Slack", registry=registry)
