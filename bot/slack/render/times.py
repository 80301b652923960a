"""This writes instants and lengths of time the way people in the program's zone say them."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.slack.words import labels
from bot.slack.words.calendar import calendar
from bot.slack.words.speech import _, spoken

_DAYS: Final = {"en": "{weekday} {month} {day}", "es": "{weekday} {day} de {month}"}


def clock(at: datetime | None, zone: str) -> str:
    """The local time, such as "1:32 PM"; with "CST" where the clocks show that time twice."""
    if at is None:
        return "-"
    local = at.astimezone(ZoneInfo(zone))
    shown = wall_clock(local)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{shown} {local.tzname()}" if twice else shown


def wall_clock(local: datetime) -> str:
    """The time that the clocks show, such as "1:32 PM", of an instant in its own zone."""
    half = calendar().halves[local.hour // 12]
    return f"{local.hour % 12 or 12}:{local.minute:02} {half}"


def day_and_clock(at: datetime | None, zone: str) -> str:
    """The local day and time, such as "Wed Mar 4, 1:32 PM"."""
    if at is None:
        return "-"
    return f"{day(at, zone)}, {clock(at, zone)}"


def day(at: datetime, zone: str) -> str:
    """The local day, such as "Wed Mar 4"."""
    local, words = at.astimezone(ZoneInfo(zone)), calendar()
    return _DAYS[spoken()].format(
        weekday=words.short_days[local.weekday()],
        month=words.short_months[local.month - 1],
        day=local.day,
    )


def length(span: timedelta) -> str:
    """A length of time, such as "45 min", "1 h" or "1 h 30 min"."""
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    if not hours:
        return _(labels.MINUTES, minutes=minutes)
    if not minutes:
        return _(labels.HOURS, hours=hours)
    return _(labels.HOURS_AND_MINUTES, hours=hours, minutes=minutes)
