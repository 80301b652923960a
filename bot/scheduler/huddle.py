"""Posts each program's huddle: once on each of its days, at its local time, whoever looks first.

What was held is a row, unique by program and day, in the transaction that queues the messages. One
that was missed is posted late, but only for three hours: then the day goes by without.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.context import Context
from bot.matrix.model import Matrix
from bot.matrix.revisit import choose
from bot.runner import Write, write
from bot.scheduler import patterns
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Pace, Wait, wait_for_nudge
from bot.scheduler.patterns import MatrixOf
from bot.scheduler.timetable import AFTER, next_daily
from storage import asked, gaps, huddles
from storage.gaps import Gap
from storage.huddles import Huddle, Letter, Wanted

# After this a huddle is over, and its post would only be in the way.
LATE_MAX: Final = timedelta(hours=3)
AHEAD_DAYS: Final = 8
ASKED_DAYS: Final = 14
REVISITED_FOR: Final = timedelta(days=30)
GAPS_MAX: Final = 5
# Of so many the oldest are taken that may be shown.
GAPS_READ: Final = 50

log = structlog.get_logger(__name__)


class Huddles:
    """This posts every huddle in its time; `loop` is what turns it."""

    def __init__(self, ctx: Context, wait: Wait = wait_for_nudge) -> None:
        self._ctx = ctx
        self._pace = Pace.of(ctx.clock)
        self.loop = Loop("huddles", self.until_due, self.work, ctx.waker(), wait, SLOW_POLL_SECONDS)

    async def until_due(self) -> timedelta | None:
        """How far off the next huddle is."""
        due = await self._ctx.database.run(next_due, self._ctx.clock.now())
        return None if due is None else self._pace.off(due, self._ctx.clock)

    async def work(self) -> int:
        """Post what is due; returns how many huddles that were."""
        done = await write(self._ctx, hold, self._ctx.matcher.matrix_of)
        if done:
            log.info("huddle.posted", huddles=done)
        return done


def next_due(conn: Connection, now: datetime) -> datetime | None:
    """When the next huddle is due (aware), or has been since; None where no program has one."""
    found = (_next(conn, one, now) for one in _posted(conn))
    return min((due for _day, due in filter(None, found)), default=None)


def hold(conn: Connection, write: Write, matrix_of: MatrixOf) -> int:
    """Hold every huddle that is due by now, in one transaction."""
    held = 0
    for one in _posted(conn):
        found = _next(conn, one, write.at)
        if found is not None and found[1] <= write.at:
            held += _hold(conn, write, one, found[0].isoformat(), matrix_of(one.program))
    return held


def due_on(one: Wanted, day: date) -> datetime | None:
    """When the huddle of this local day is due (aware); None where that day has none."""
    if one.at is None or day.weekday() not in one.days:
        return None
    # In UTC: a local time that the clocks skip is no instant that could be compared.
    midnight = datetime.combine(day, time(), ZoneInfo(one.zone)).astimezone(UTC)
    return next_daily(midnight - AFTER, one.at, one.zone)


def _posted(conn: Connection) -> Iterable[Wanted]:
    return (one for one in huddles.wanted(conn) if one.is_posted)


def _next(conn: Connection, one: Wanted, now: datetime) -> tuple[date, datetime] | None:
    """The next day with a huddle that was not held, from those on that are not too late."""
    # Late in the evening a huddle of yesterday may still be due.
    first = now.astimezone(ZoneInfo(one.zone)).date() - timedelta(days=1)
    held: Collection[str] = huddles.held(conn, one.program, first.isoformat())
    for ahead in range(AHEAD_DAYS + 1):
        day = first + timedelta(days=ahead)
        due = due_on(one, day)
        if due is not None and day.isoformat() not in held and now < due + LATE_MAX:
            return day, due
    return None


def _hold(conn: Connection, write: Write, one: Wanted, day: str, matrix: Matrix | None) -> int:
    since = huddles.day_before(day, ASKED_DAYS)
    row = None
    if matrix is not None:
        often = asked.since(conn, one.program, since)
        seen = huddles.revisited(conn, one.program, write.at - REVISITED_FOR)
        row = choose(matrix, often, seen)
    held = Huddle(
        f"{one.program}/{day}",
        one.program,
        day,
        write.at,
        row.key if row else None,
        matrix.version if matrix else None,
    )
    if not huddles.begin(conn, held):
        return 0
    patterns.bring(conn, write, one, matrix)
    found = [gap for gap in gaps.waiting(conn, one.program, GAPS_READ) if may_show(gap, matrix)]
    shown = [gap.id for gap in found[:GAPS_MAX]]
    letters = [Letter(day, {"part": huddles.POST, "id": held.id, "gaps": len(shown)}, lane=held.id)]
    if shown:
        body = {"part": huddles.GAPS, "gaps": shown}
        letters.append(Letter(f"{day}/gaps", body, lane=held.id))
    huddles.queue(conn, one.program, letters, at=write.at, transport_now=write.transport_now)
    return 1


def may_show(gap: Gap, matrix: Matrix | None) -> bool:
    """Whether a gap may stand before the team: none does that has to do with a private row."""
    private = {row.key for row in matrix.rows if row.private} if matrix else set()
    return private.isdisjoint(gap.shown)
