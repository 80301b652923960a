"""Reminds people of flags that wait for a review: once for each time that a review is due.

The deadline is a column of the flag. A reminder comes on the last morning before it, or late where
nobody was there; it is in the outbox in the same transaction that records it.
"""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.context import Context
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Pace, Wait, wait_for_nudge
from bot.scheduler.timetable import next_daily
from protocol import flags as rules
from protocol.ids import PersonId, ProgramId
from protocol.people import APPROVER_ROLES
from storage import flags, outbox, programs, situation
from storage.flags import StandingFlag

# In the program's zone: when people who review flags begin their day.
MORNING: Final = time(9, 0)
DAY: Final = timedelta(days=1)
# Nobody gets more than this many reminders at once; the next ones follow in the next turn.
BATCH: Final = 20


class Reviews:
    """This reminds of every review in its time; `loop` is what turns it."""

    def __init__(self, ctx: Context, wait: Wait = wait_for_nudge) -> None:
        self._ctx = ctx
        self._pace = Pace.of(ctx.clock)
        self.loop = Loop("reviews", self.until_due, self.work, ctx.waker(), wait, SLOW_POLL_SECONDS)

    async def until_due(self) -> timedelta | None:
        """How far off the next reminder is."""
        due = await self._ctx.database.run(next_reminder, self._ctx.clock.now())
        return None if due is None else self._pace.off(due, self._ctx.clock)

    async def work(self) -> int:
        """Remind of what is due; returns how many flags that were."""
        clock = self._ctx.clock
        done = await self._ctx.database.run(remind, clock.now(), clock.transport())
        if done:
            self._ctx.nudge()
        return done


def next_reminder(conn: Connection, now: datetime) -> datetime | None:
    """When the next reminder of a review is due (aware); None where no flag waits for one."""
    waiting = flags.unreminded(conn, now)
    if not waiting:
        return None
    zones = {one.id: one.zone for one in programs.all_programs(conn)}
    return min((_remind_at(one, zones[one.program]) for one in waiting), default=None)


def remind(conn: Connection, now: datetime, transport_now: datetime) -> int:
    """Remind of every review that is due by now, in one transaction."""
    zones = {one.id: one.zone for one in programs.all_programs(conn)}
    waiting = flags.unreminded(conn, now)
    due = [one for one in waiting if _remind_at(one, zones[one.program]) <= now][:BATCH]
    for one in due:
        people = _reviewers(conn, one.program, now)
        effects = rules.review_due(one.id, one.label, one.review_due_at, people, now)
        outbox.add(conn, one.program, None, effects, at=now, transport_now=transport_now)
        flags.reminded(conn, one.id, now)
    return len(due)


def _remind_at(flag: StandingFlag, zone: str) -> datetime:
    """The last morning before a review is due."""
    due = flag.review_due_at.astimezone(ZoneInfo(zone))
    return next_daily(due - DAY, MORNING, zone)


def _reviewers(conn: Connection, program: ProgramId, now: datetime) -> tuple[PersonId, ...]:
    """Who is on duty of those who review flags; where nobody is, everybody who holds the role."""
    cover = situation.cover(conn, program, now, now)
    on_duty = [who for role in APPROVER_ROLES for who in cover.on_duty(role, now)]
    return tuple(on_duty) or tuple(who for role in APPROVER_ROLES for who in cover.holding(role))
