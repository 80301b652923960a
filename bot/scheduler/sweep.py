"""The sweep: whatever is due is decided now. Late is late, never skipped.

A batch is one transaction. If anything in it fails, it is undone and gone through one by one, so
that one bad record stops nobody else's clock. A matter that cannot be decided is tried again and
again, and the third time people are told in plain words to treat it as missed.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, select

from bot import observe
from bot.context import Context
from bot.runner import Write, run_many
from bot.scheduler import plain
from bot.scheduler.loop import Loop, Pace, Wait, wait_for_nudge
from protocol.ids import MatterId
from storage import deadlines, tables
from storage.database import Unavailable

# Measured: a hundred decisions with audit and outbox are one transaction of some 50 ms.
BATCH: Final = 100
# PostgreSQL works on one while we decide the other; each passes by what the other holds, as two
# replicas do. SQLite has one writer.
BATCHES: Final = {"sqlite": 1, "postgresql": 2}
# World time, because `attempt_at` of a matter is. The first fault is often somebody else's, such as
# a lock; from the third on people know.
BACK_OFF: Final = tuple(timedelta(seconds=s) for s in (1, 5, 15, 30, 60))
# docs/decisions/0005: the third fault; and again with every tenth, so that it does not end there.
FAULTS_TO_PAGE: Final = 3
FAULTS_TO_PAGE_AGAIN: Final = 10

log = structlog.get_logger(__name__)


class Sweep:
    """This runs every due matter's deadline; `loop` is what turns it."""

    def __init__(self, ctx: Context, wait: Wait = wait_for_nudge) -> None:
        self._ctx = ctx
        self._pace = Pace.of(ctx.clock)
        self.loop = Loop("sweep", self.until_due, self.work, ctx.waker(), wait)

    async def until_due(self) -> timedelta | None:
        """How far off the next due is."""
        due = await self._ctx.database.run(deadlines.next_due)
        return None if due is None else self._pace.off(due, self._ctx.clock)

    async def work(self) -> int:
        """Run a batch of what is due, or two beside each other; returns how many were decided."""
        write = Write.of(self._ctx)
        batches = (self._batch(write) for _ in range(BATCHES[self._ctx.database.dialect]))
        done = sum(await asyncio.gather(*batches))
        observe.SWEPT.inc(done)
        if done:
            self._ctx.nudge()
        return done

    async def _batch(self, write: Write) -> int:
        try:
            return await self._ctx.database.run(_batch, write)
        except Exception:
            log.exception("sweep.batch_failed")
            observe.FAULTS.labels("sweep").inc()
            return await self._one_by_one(write)

    async def _one_by_one(self, write: Write) -> int:
        done = 0
        for matter in await self._ctx.database.run(deadlines.due, write.at, BATCH):
            try:
                done += await self._ctx.database.run(_one, write, matter)
            except Exception:
                log.exception("sweep.matter_failed", matter=matter)
                observe.FAULTS.labels("matter").inc()
                await self._postpone(write, matter)
        return done

    async def _postpone(self, write: Write, matter: MatterId) -> None:
        """Try a matter again later. Raises Unavailable, which is not the matter's fault."""
        try:
            faults, told = await self._ctx.database.run(_postponed, write, matter)
        except Unavailable:
            raise
        except Exception:
            # Not even that: it stays due, at the head of the next turn, and stops nobody.
            log.exception("sweep.postpone_failed", matter=matter)
            observe.FAULTS.labels("postpone").inc()
            return
        log.error("sweep.postponed", matter=matter, faults=faults, told=told)
        if told:
            observe.FAULTS.labels("treat_as_missed").inc()
            self._ctx.nudge()


def _batch(conn: Connection, write: Write) -> int:
    due = deadlines.due(conn, write.at, BATCH)
    return _run(conn, write, due)


def _one(conn: Connection, write: Write, matter: MatterId) -> int:
    held = matter in deadlines.due(conn, write.at, BATCH)
    return _run(conn, write, [matter]) if held else 0


def _run(conn: Connection, write: Write, due: list[MatterId]) -> int:
    decisions = run_many(conn, write, due) if due else []
    if len(decisions) < len(due) or not all(decision.changed for decision in decisions):
        # It would be due again at once, for ever, and nobody would be told.
        raise StuckError
    return len(due)


def _postponed(conn: Connection, write: Write, matter: MatterId) -> tuple[int, int]:
    """Move the next try; returns the faults so far, and how many messages tell people of it."""
    column = tables.matter.c
    before = conn.execute(select(column.faults).where(column.id == matter)).scalar() or 0
    pause = BACK_OFF[min(before, len(BACK_OFF) - 1)]
    faults = deadlines.postpone(conn, matter, write.at, write.at + pause)
    beyond = faults - FAULTS_TO_PAGE
    if beyond < 0 or beyond % FAULTS_TO_PAGE_AGAIN:
        return faults, 0
    # If this fails the fault is not counted either, so that the next turn tries to tell again.
    told = plain.page_as_missed(
        conn, matter, faults, at=write.at, transport_now=write.transport_now
    )
    return faults, told


class StuckError(Exception):
    """A due matter was decided and is due as before."""
