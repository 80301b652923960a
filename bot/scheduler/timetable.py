"""When recurring work is next due: APScheduler's triggers as arithmetic, and nothing else of it.

No job is stored and nothing is woken from here (docs/decisions/0006). When a thing last ran is a
row; from that its next run follows, so that work missed while the bot was down is done once, late.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

# The trigger counts an instant that is due right now; a run must not be its own successor.
AFTER: Final = timedelta(microseconds=1)


def next_daily(last_at: datetime, at: time, zone: str) -> datetime:
    """The first instant after `last_at` (aware) at which it is `at` in an IANA zone.

    A time that the clock skips in spring comes as much later as the clock was moved. One that comes
    twice in autumn counts once: the trigger would fire an hour later again.
    """
    trigger = CronTrigger(hour=at.hour, minute=at.minute, second=0, timezone=zone)
    local = ZoneInfo(zone)
    last = last_at.astimezone(local)
    found = _next(trigger, last_at)
    if found.astimezone(local).date() == last.date() and last.time() >= at:
        found = _next(trigger, found)
    return found.astimezone(last_at.tzinfo)


def _next(trigger: CronTrigger, after: datetime) -> datetime:
    found: datetime | None = trigger.get_next_fire_time(None, after.astimezone(UTC) + AFTER)
    assert found is not None, "a day always has a next one"
    return found
