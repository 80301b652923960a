"""Answers plans that are confirmed together: each by itself, in a transaction of its own.

The request is a row. Whoever is killed in the middle has answered the plans that it committed; the
rest follow. The approver is told once each plan has its answer, and of each that was not confirmed.
"""

from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import observe
from bot.context import Context
from bot.runner import Write, step, write
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Pace, Wait, wait_for_nudge
from protocol.decision import Reason
from protocol.effects import Tell
from protocol.ids import MatterId
from protocol.together import ConfirmTogether, all_answered, not_confirmed
from storage import batches, matters, outbox
from storage.batches import Batch, Read

# World time, as the rows are: a lock is gone by then, and whoever confirmed is not left waiting.
RETRY_AFTER: Final = timedelta(seconds=2)
# An answer that says yes. The second: somebody else confirmed the same revision a moment before.
YES: Final = (Reason.CONFIRMED.value, Reason.ALREADY_CONFIRMED.value)

log = structlog.get_logger(__name__)


class Batches:
    """This answers every request in its turn; `loop` is what turns it."""

    def __init__(self, ctx: Context, wait: Wait = wait_for_nudge) -> None:
        self._ctx = ctx
        self._pace = Pace.of(ctx.clock)
        self.loop = Loop("batches", self.until_due, self.work, ctx.waker(), wait, SLOW_POLL_SECONDS)

    async def until_due(self) -> timedelta | None:
        """How far off the next try is."""
        due = await self._ctx.database.run(batches.next_due)
        return None if due is None else self._pace.off(due, self._ctx.clock)

    async def work(self) -> int:
        """Answer one plan; returns 0 where another replica has what is due."""
        try:
            return await write(self._ctx, answer_next)
        except Exception:
            log.exception("batch.plan_failed")
            observe.FAULTS.labels("batch").inc()
            return await write(self._ctx, put_off)


def answer_next(conn: Connection, write: Write) -> int:
    """Decide about the first plan without an answer; after the last, say how it went."""
    batch = batches.claim(conn, write.at)
    if batch is None:
        return 0
    plan = batch.next
    if plan is not None:
        matter = matters.load(conn, write.sealer, plan.matter)
        if matter is None:
            raise LookupError(plan.matter)
        event = ConfirmTogether(write.at, batch.by, plan.revision, batch.every)
        _answered(conn, write, batch, plan, step(conn, write, matter, event).reason.value)
    _tell_when_done(conn, write, batch)
    return 1


def put_off(conn: Connection, write: Write) -> int:
    """Try a plan that failed again a little later; after some faults, go on without it."""
    batch = batches.claim(conn, write.at)
    if batch is None:
        return 0
    faults = batches.postpone(conn, batch.id, write.at + RETRY_AFTER)
    if faults >= batches.FAULTS_MAX and batch.next is not None:
        _answered(conn, write, batch, batch.next, batches.FAULT)
    return 1


def _answered(conn: Connection, write: Write, batch: Batch, plan: Read, outcome: str) -> None:
    batches.answered(conn, batch.id, plan.no, outcome)
    if outcome not in YES:
        told = not_confirmed(batch.id, plan.no, batch.by, write.at, outcome)
        # A matter that cannot be read cannot be named either.
        about = None if outcome == batches.FAULT else plan.matter
        _tell(conn, write, batch, about, told)


def _tell_when_done(conn: Connection, write: Write, batch: Batch) -> None:
    plans = batches.plans_of(conn, batch.id)
    if any(plan.outcome is None for plan in plans):
        return
    batches.done(conn, batch.id)
    yes = sum(plan.outcome in YES for plan in plans)
    told = all_answered(batch.id, batch.by, write.at, yes, len(plans))
    _tell(conn, write, batch, None, told)


def _tell(
    conn: Connection, write: Write, batch: Batch, matter: MatterId | None, told: Tell
) -> None:
    outbox.add(conn, batch.program, matter, [told], at=write.at, transport_now=write.transport_now)
