"""What is tidied up, at most once an hour. Every step may be done twice; none touches safety.

There is no table of jobs: when a thing is due follows from the rows it leaves behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, func, select, update

from bot.context import Context
from bot.runner import write
from bot.scheduler.deliver import Readers
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Wait, wait_for_nudge
from bot.scheduler.patterns import bring_all
from bot.scheduler.timetable import next_daily
from protocol.effects import Refresh
from storage import audit, declines, inbound
from storage.tables import audit_anchor, audit_line, outbox
from storage.tables import program as programs

EVERY: Final = timedelta(hours=1)
AFTER_START: Final = timedelta(minutes=1)
# Slack stops delivering a thing again after five minutes; a person may press again for longer.
INBOUND_KEPT_FOR: Final = timedelta(hours=24)
# An edit that did not come about for a day shows nobody anything new.
REFRESH_STALE_AFTER: Final = timedelta(hours=24)
ANCHOR_AT: Final = time(8, 0)
ANCHOR_ZONE: Final = "UTC"
# Shorter than what `audience` believes for, so that a channel is hardly ever unknown.
AUDIENCE_EVERY: Final = timedelta(minutes=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tidied:
    """This is what one round did."""

    inbound: int
    refreshes: int
    anchored: bool
    forgotten: int = 0


def tidy(conn: Connection, now: datetime, transport_now: datetime) -> Tidied:
    """Do whatever is due. Times of deliveries and of the history are world time."""
    return Tidied(
        inbound=inbound.prune(conn, now - INBOUND_KEPT_FOR),
        refreshes=_void_stale_refreshes(conn, transport_now),
        anchored=anchor_is_due(conn, now) and audit.anchor(conn, now) is not None,
        forgotten=declines.forget(conn, now),
    )


def anchor_is_due(conn: Connection, now: datetime) -> bool:
    """Whether today's anchor is still to be made, or one of days on which nobody was there."""
    last = conn.execute(select(func.max(audit_anchor.c.at))).scalar()
    last = last or conn.execute(select(func.min(audit_line.c.at))).scalar()
    return last is not None and next_daily(last, ANCHOR_AT, ANCHOR_ZONE) <= now


def _void_stale_refreshes(conn: Connection, transport_now: datetime) -> int:
    stale = (
        update(outbox)
        .where(
            outbox.c.kind == Refresh.__name__,
            outbox.c.attempt_at.is_not(None),
            outbox.c.claimed_by.is_(None),
            outbox.c.queued_at < transport_now - REFRESH_STALE_AFTER,
        )
        .values(outcome="void", attempt_at=None, again=False)
    )
    return conn.execute(stale).rowcount


@dataclass
class Housekeeping:
    """This tidies up now and then; `loop` is what turns it."""

    ctx: Context
    wait: Wait = wait_for_nudge

    def __post_init__(self) -> None:
        self.loop = Loop(
            "housekeeping", self.until_due, self.work, wait=self.wait, poll=SLOW_POLL_SECONDS
        )
        self._due_at = self.ctx.clock.transport() + AFTER_START

    async def until_due(self) -> timedelta:
        """How far off the next round is."""
        return self._due_at - self.ctx.clock.transport()

    async def work(self) -> int:
        """Do a round."""
        clock = self.ctx.clock
        # Set first, so that a round that fails is not done over and over.
        self._due_at = clock.transport() + EVERY
        done = await self.ctx.database.run(tidy, clock.now(), clock.transport())
        patterns = await write(self.ctx, bring_all, self.ctx.matcher.matrix_of)
        log.info(
            "housekeeping.done",
            inbound=done.inbound,
            refreshes=done.refreshes,
            anchored=done.anchored,
            forgotten=done.forgotten,
            patterns=patterns,
        )
        return 1


@dataclass
class KnownAudience:
    """This asks about every program's channels now and then, so that their readers are known."""

    ctx: Context
    audience: Readers
    wait: Wait = wait_for_nudge

    def __post_init__(self) -> None:
        self.loop = Loop(
            "audience", self.until_due, self.work, wait=self.wait, poll=SLOW_POLL_SECONDS
        )
        self._due_at = self.ctx.clock.transport()

    async def until_due(self) -> timedelta:
        """How far off the next question is."""
        return self._due_at - self.ctx.clock.transport()

    async def work(self) -> int:
        """Ask about each channel once; the answers come in beside."""
        self._due_at = self.ctx.clock.transport() + AUDIENCE_EVERY
        for channel in await self.ctx.database.run(_channels):
            self.audience.verdict(channel)
        return 1


def _channels(conn: Connection) -> Iterable[str]:
    rows = conn.execute(select(programs.c.channels)).scalars()
    return sorted({channel for channels in rows for channel in channels.values()})
