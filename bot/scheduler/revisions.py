"""This keeps the matcher at every program's newest matrix, and works out what proposals would do.

There is no news of a version but its row: each replica looks every 15 s, and soon after anything
was written. Nothing here is urgent to the clock, and whatever fails leaves what was there.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from bot.context import Context
from bot.matcher import State
from bot.matrix.effect import Known
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Wait, wait_for_nudge
from protocol.ids import ProgramId
from storage import gaps, matrix_versions, programs, proposals
from storage.proposals import Proposal

EVERY: Final = timedelta(seconds=15)
AFTER_NUDGE: Final = timedelta(seconds=1)

log = structlog.get_logger(__name__)


class Revisions:
    """This follows versions and proposals; `loop` is what turns it."""

    def __init__(self, ctx: Context, wait: Wait = wait_for_nudge) -> None:
        self._ctx = ctx
        self._wait = wait
        self._looked_at = ctx.clock.transport() - EVERY
        self._due_at = ctx.clock.transport()
        self._engine: object = None
        self.loop = Loop(
            "revisions", self.until_due, self.work, ctx.waker(), self._waits, SLOW_POLL_SECONDS
        )

    async def until_due(self) -> timedelta | None:
        """How far off the next look is; None while there is nothing that could answer."""
        matcher = self._ctx.matcher
        if matcher.engine is None:
            return None
        if matcher.engine is not self._engine:
            return timedelta(0)
        return self._due_at - self._ctx.clock.transport()

    async def work(self) -> int:
        """Look once, and do what is to do; one proposal at a time."""
        ctx, matcher = self._ctx, self._ctx.matcher
        self._engine = matcher.engine
        self._looked_at = ctx.clock.transport()
        self._due_at = self._looked_at + EVERY
        present = await ctx.database.run(matrix_versions.present)
        matcher.leave(present)
        for program in matcher.behind(present):
            version = await ctx.database.run(matrix_versions.latest, program)
            if version is not None:
                await matcher.take(program, version.version, version.text)
        if matcher.state is State.READY and await self._measured():
            self._due_at = self._looked_at
        return 1

    async def _measured(self) -> bool:
        """Work out one proposal's effect, where one is not known; whether there was one."""
        found = await self._ctx.database.run(self._unmeasured)
        if found is None:
            return False
        proposal, more = found
        made = await self._ctx.matcher.effect(proposal.program, proposal.changes, more)
        if made is None:
            return False
        await self._ctx.database.run(proposals.put_effect, proposal.id, made.stored())
        log.info("matrix.effect", proposal=proposal.id, changed=len(made.changed), lost=made.lost)
        return True

    def _unmeasured(self, conn: Connection) -> tuple[Proposal, Sequence[Known]] | None:
        for program in programs.all_programs(conn):
            matrix = self._ctx.matcher.matrix_of(program.id)
            for proposal in proposals.waiting(conn, program.id):
                if matrix is not None and _is_old(proposal.effect, matrix.version):
                    return proposal, _known(conn, program.id)
        return None

    async def _waits(self, nudge: asyncio.Event, seconds: float) -> None:
        await self._wait(nudge, seconds)
        if nudge.is_set():
            self._due_at = min(self._due_at, self._looked_at + AFTER_NUDGE)


def _is_old(effect: Any, version: str) -> bool:
    return effect is None or effect.get("against") != version


def _known(conn: Connection, program: ProgramId) -> list[Known]:
    """What a program's settled gaps say of how a question is to be answered."""
    return [Known(text=text[:600], row=row) for text, row in gaps.settled(conn, program)]
