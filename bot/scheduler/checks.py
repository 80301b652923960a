"""Asks the database once a minute whether what must always hold does hold (storage.invariants).

Beside the safety path: each question is a transaction of its own that takes milliseconds, so a
sweep waits for one of them at most. What is broken is told to whoever runs Belay, by readiness, the
metrics and the log, and never names anybody.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot import observe
from bot.context import Context
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Wait, wait_for_nudge
from storage import invariants
from storage.database import Unavailable
from storage.invariants import Invariant, Window

# Transport time. The first look comes when what fell due while nobody was there has been done.
EVERY: Final = timedelta(minutes=1)
# Only a window is looked at, and the broken row may be out of it by the next look.
TOLD_FOR: Final = timedelta(hours=1)
TROUBLE: Final = "invariants"

log = structlog.get_logger(__name__)


@dataclass
class Checks:
    """This asks, a minute after the last time; `loop` is what turns it."""

    ctx: Context
    wait: Wait = wait_for_nudge
    _after: str = ""
    _broken_at: dict[Invariant, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loop = Loop(
            "checks", self.until_due, self.work, wait=self.wait, poll=SLOW_POLL_SECONDS
        )
        self._due_at = self.ctx.clock.transport() + EVERY

    async def until_due(self) -> timedelta:
        """How far off the next round is."""
        return self._due_at - self.ctx.clock.transport()

    async def work(self) -> int:
        """Ask everything once."""
        clock, database = self.ctx.clock, self.ctx.database
        # Set first, so that a round that fails is not done over and over.
        self._due_at = clock.transport() + EVERY
        now, transport_now = clock.now(), clock.transport()
        seen = await database.run(invariants.window, now, transport_now, self._after)
        self._after = seen.next_slice
        for invariant in invariants.ALL:
            try:
                await self._ask(invariant, seen)
            except Unavailable:
                raise
            except Exception:
                # A damaged row may stop one question; the others are asked all the same.
                log.exception("invariant.not_asked", rule=invariant.name)
                observe.FAULTS.labels("invariant").inc()
        self._tell(transport_now)
        return 1

    async def _ask(self, invariant: Invariant, seen: Window) -> None:
        rows = await self.ctx.database.run(invariants.broken, invariant, seen)
        labels = (invariant.letter, invariant.name)
        observe.INVARIANTS_CHECKED.labels(*labels).inc()
        observe.INVARIANTS_BROKEN.labels(*labels).set(rows)
        if rows:
            log.error("invariant.broken", letter=invariant.letter, rule=invariant.name, rows=rows)
            observe.FAULTS.labels("invariant").inc()
            self._broken_at[invariant] = seen.transport_now
        elif invariant.passing:
            self._broken_at.pop(invariant, None)

    def _tell(self, now: datetime) -> None:
        self._broken_at = {one: at for one, at in self._broken_at.items() if now - at < TOLD_FOR}
        if not self._broken_at:
            self.ctx.troubles.pop(TROUBLE, None)
            return
        told = ", ".join(sorted(f"{one.letter} {one.name}" for one in self._broken_at))
        self.ctx.troubles[TROUBLE] = (
            f"What must always hold did not: {told}. Look who is out (belay out), and send the log "
            "to whoever develops Belay."
        )
