"""This writes instants and lengths of time the way people in the program's zone say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def clock(at: datetime | None, zone: str) -> str:
    """The local time, such as "1:32 PM"; with "CST" where the clocks show that time twice."""
    if at is None:
        return "-"
    local = at.astimezone(ZoneInfo(zone))
    shown = local.strftime("%I:%M %p").lstrip("0")
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{shown} {local.tzname()}" if twice else shown


def day_and_clock(at: datetime | None, zone: str) -> str:
    """The local day and time, such as "Wed Mar 4, 1:32 PM"."""
    if at is None:
        return "-"
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.strftime('%a %b')} {local.day}, {clock(at, zone)}"


def length(span: timedelta) -> str:
    """A length of time, such as "45 min", "1 h" or "1 h 30 min"."""
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else ""]
    return " ".join(part for part in parts if part)
