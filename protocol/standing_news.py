"""What people are told of a standing plan, as values; and how that is packed into a message.

The text is coded and frozen: it says what was true when it was decided, without another look.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from protocol.effects import Said, Tell
from protocol.ids import PersonId
from protocol.standing import Pattern, Standing, Why

# What there is to say of one; each is drawn from what `tell` packs.
SAID = (
    Said.STANDING_ASKED,
    Said.STANDING_CONFIRMED,
    Said.STANDING_ENDED,
    Said.STANDING_ENDS_SOON,
    Said.STANDING_NOT_MADE,
)
_PARTS = 8


@dataclass(frozen=True, slots=True)
class News:
    """This is what a message about a standing plan says. `start_at` is of the visit it is about."""

    standing: str
    why: Why | None
    pattern: Pattern
    expected: timedelta
    days: int
    until_at: datetime | None
    start_at: datetime | None
    label: str


def tell(
    standing: Standing,
    said: Said,
    to: PersonId,
    at: datetime,
    *,
    about: PersonId | None = None,
    start_at: datetime | None = None,
) -> Tell:
    """Tell one person a piece of news about a standing plan, once for each of its visits."""
    key = f"standing/{standing.id}/{said}/{standing.next_no}/{to}"
    parts = (
        standing.id,
        standing.why.value if standing.why else "-",
        "".join(map(str, standing.pattern.weekdays)),
        standing.pattern.at.strftime("%H:%M"),
        standing.plan.expected // timedelta(minutes=1),
        standing.days,
        _packed(standing.until_at),
        _packed(start_at),
        standing.pattern.zone,
        " → ".join(stop.label for stop in standing.plan.stops),
    )
    return Tell(key, to, said, at, about or standing.worker, " ".join(map(str, parts)))


def read(text: str) -> News | None:
    """What was packed by `tell`; None for anything else."""
    parts = text.split(" ", _PARTS + 1)
    if len(parts) != _PARTS + 2:
        return None
    which, why, weekdays, at, minutes, days, until, start, zone, label = parts
    try:
        pattern = Pattern(tuple(map(int, weekdays)), time.fromisoformat(at), zone)
        return News(
            which,
            None if why == "-" else Why(why),
            pattern,
            timedelta(minutes=int(minutes)),
            int(days),
            _unpacked(until),
            _unpacked(start),
            label,
        )
    except ValueError:
        return None


def _packed(at: datetime | None) -> str:
    return "-" if at is None else f"{at.astimezone(UTC):%Y%m%dT%H%M}"


def _unpacked(text: str) -> datetime | None:
    return None if text == "-" else datetime.strptime(text, "%Y%m%dT%H%M").replace(tzinfo=UTC)
