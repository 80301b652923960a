"""From the times that people write, in the program's zone, to instants; right through both changes.

In the hour that spring leaves out, the first instant after it is meant; in the hour that autumn
has twice, the earlier one. A duty that ends at such a time and the next that begins at it meet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """This is the instant (aware UTC) of a local time (naive) in the zone."""
    found = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local:
        return found
    # The time does not exist: what the clock showed before the change and what it shows after it
    # give two instants, with the change between them.
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Moment:
    """This is a day, or a time on a day, as somebody wrote it; local to the program."""

    day: date
    clock: time | None = None

    def begins(self, zone: ZoneInfo) -> datetime:
        """The instant from which it counts: a bare day counts from its midnight."""
        return instant(datetime.combine(self.day, self.clock or time()), zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The instant up to which it counts: a bare day counts to its end."""
        if self.clock is None:
            return instant(datetime.combine(self.day + DAY, time()), zone)
        return self.begins(zone)


def weekly(
    starting: date, weeks: int, days: frozenset[int], from_clock: time, until_clock: time
) -> Iterator[tuple[datetime, datetime]]:
    """This yields the local (naive) start and end of each turn; Monday is day 0.

    A turn that does not end later on its day ends on the next: 20:00 to 08:00, 00:00 to 00:00.
    """
    for number in range(weeks * 7):
        day = starting + number * DAY
        if day.weekday() in days:
            end = day if until_clock > from_clock else day + DAY
            yield datetime.combine(day, from_clock), datetime.combine(end, until_clock)
