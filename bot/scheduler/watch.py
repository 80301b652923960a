"""The watch: while anything is open, mark that somebody is watching, and renew the dead man's note.

It turns beside the sweep and delivery, so nothing that is slow here delays a page.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.context import Context
from bot.scheduler import gap
from bot.scheduler.deliver import Readers
from bot.scheduler.field import names
from bot.scheduler.gap import Guarded
from bot.scheduler.loop import Loop, Pace, Wait, wait_for_nudge
from bot.scheduler.rolling import Notice, Rolling, Schedule
from bot.slack.audience import Why
from protocol.ids import ProgramId
from protocol.people import Language
from protocol.policy import ChannelRole
from storage.tables import program as programs

# Longer than a connection takes to be renewed, shorter than people wait for an answer.
SLACK_SILENT: Final = timedelta(seconds=60)
# Programs whose time comes so soon after each other are looked at in one turn.
TOGETHER: Final = timedelta(seconds=5)

log = structlog.get_logger(__name__)


@dataclass
class Watch:
    """This watches every program in turn; `loop` is what turns it."""

    ctx: Context
    slack: Schedule
    audience: Readers
    wait: Wait = wait_for_nudge

    def __post_init__(self) -> None:
        poll = TOGETHER.total_seconds()
        self.loop = Loop("watch", self.until_due, self.work, self.ctx.waker(), self.wait, poll)
        self.rolling = Rolling(self.slack, self.ctx.troubles)
        self._pace = Pace.of(self.ctx.clock)
        self._turned_at: dict[ProgramId, datetime] = {}
        self._silent_since: datetime | None = None
        self._guarded: list[Guarded] = []

    async def until_due(self) -> timedelta | None:
        """How far off the next mark is."""
        now = self.ctx.clock.now()
        self._guarded = await self.ctx.database.run(gap.guarded)
        dues = [one.due_at(now) for one in self._guarded]
        return self._pace.off(min(dues), self.ctx.clock) if dues else None

    async def work(self) -> int:
        """Look at every program whose time has come; returns how many."""
        now = self.ctx.clock.now()
        # As just read: a mark that somebody else wrote meanwhile is left as it is.
        due = [one for one in self._guarded if one.due_at(now) <= now + TOGETHER]
        self.ctx.busy.add(self.loop.name)
        try:
            await self._listen(due, now)
            for seen in due:
                await self._watch(seen)
        finally:
            self.ctx.busy.discard(self.loop.name)
        return len(due)

    async def _listen(self, due: list[Guarded], now: datetime) -> None:
        """Notice when Slack falls silent, and say so to people when it is back."""
        deaf = min((ear() for ear in self.ctx.ears), default=timedelta(0))
        if deaf > SLACK_SILENT:
            self._silent_since = self._silent_since or now - deaf
        elif self._silent_since is not None:
            since, self._silent_since = self._silent_since, None
            for seen in due:
                await self.ctx.database.run(
                    gap.tell_of_slack,
                    seen.program,
                    since=since,
                    at=now,
                    transport_now=self.ctx.clock.transport(),
                )
            self.ctx.nudge()

    async def _watch(self, seen: Guarded) -> None:
        clock = self.ctx.clock
        now, transport_now = clock.now(), clock.transport()
        turned_at = self._turned_at.get(seen.program)
        self._turned_at[seen.program] = transport_now
        resumed = turned_at is None or transport_now - turned_at > gap.GAP
        # Marked first: what follows may take long, and is not what is being watched.
        await self.ctx.database.run(
            gap.watch, seen, at=now, transport_now=transport_now, resumed=resumed
        )
        if resumed:
            self.ctx.nudge()
        if seen.active and not self.rolling.is_due(seen.program, now):
            return
        notice = await self.ctx.database.run(_notice, seen.program, now)
        if notice is None:
            self.ctx.troubles[f"rolling {seen.program}"] = (
                "The program has no field-safety channel."
            )
        elif not notice.names:
            cleared = await self.rolling.clear(seen.program, notice.channel)
            if cleared and not seen.active:
                marked = Guarded(seen.program, now, active=False)
                await self.ctx.database.run(gap.rest, marked)
                del self._turned_at[seen.program]
        elif self.rolling.is_due(seen.program, now):
            await self.rolling.renew(seen.program, self._fit_to_read(notice), now)

    def _fit_to_read(self, notice: Notice) -> Notice:
        if self.audience.verdict(notice.channel) is Why.ALLOWED:
            return notice
        return replace(notice, names=())


def _notice(conn: Connection, program: ProgramId, at: datetime) -> Notice | None:
    row = conn.execute(
        programs.select()
        .where(programs.c.id == program)
        .with_only_columns(
            programs.c.channels, programs.c.zone, programs.c.coordinator_line, programs.c.language
        )
    ).one()
    channel = row.channels.get(ChannelRole.FIELD_SAFETY)
    if channel is None:
        return None
    language = Language(row.language)
    return Notice(channel, row.zone, row.coordinator_line, names(conn, program, at), language)
