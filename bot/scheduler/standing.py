"""Makes the visits of standing plans, a day ahead, and ends what no longer counts.

When there is something to do is a column of the standing plan. A visit, the step to the next one
and what people are told are one transaction: whoever is killed in the middle has done none of it.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import observe
from bot.context import Context
from bot.runner import TAIL, Write, step, write
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Pace, Wait, wait_for_nudge
from protocol import standing as rules
from protocol import standing_news as news
from protocol.effects import Said, Tell
from protocol.matter import blank
from protocol.rating import Factor
from protocol.standing import PlanStanding, Standing, StandingState, Why
from storage import homes, matters, outbox, standings

# World time, because `attempt_at` is: the first fault is often somebody else's, such as a lock.
# Then people are told to plan by hand, while there is most of a day left for it.
BACK_OFF: Final = tuple(timedelta(minutes=count) for count in (0.1, 1, 10, 60))

log = structlog.get_logger(__name__)


class StandingPlans:
    """This does what standing plans owe, one thing in each turn; `loop` is what turns it."""

    def __init__(self, ctx: Context, wait: Wait = wait_for_nudge) -> None:
        self._ctx = ctx
        self._pace = Pace.of(ctx.clock)
        self.loop = Loop(
            "standing", self.until_due, self.work, ctx.waker(), wait, SLOW_POLL_SECONDS
        )

    async def until_due(self) -> timedelta | None:
        """How far off the next thing to do is."""
        due = await self._ctx.database.run(standings.next_due)
        return None if due is None else self._pace.off(due, self._ctx.clock)

    async def work(self) -> int:
        """Do the one thing that is due longest; returns 0 where another replica has it."""
        try:
            return await write(self._ctx, do_next)
        except Exception:
            log.exception("standing.failed")
            observe.FAULTS.labels("standing").inc()
            return await write(self._ctx, put_off)


def do_next(conn: Connection, write: Write) -> int:
    """Make a visit, tell of the end that comes, or end it."""
    which = standings.claim(conn, write.at)
    if which is None:
        return 0
    standing = standings.one(conn, which)
    if standing is None:
        raise LookupError(which)
    if standing.state is StandingState.ASKED:
        _end(conn, write, standing, Why.UNANSWERED)
    elif standing.next_at is not None and standing.next_at - rules.AHEAD <= write.at:
        _make(conn, write, standing)
    elif standing.until_at is not None and standing.until_at <= write.at:
        _end(conn, write, standing, Why.EXPIRED)
    else:
        told = rules.told(standing, write.at)
        standings.save(conn, told, None, write.at, "StandingEndsSoon")
        _tell(conn, write, told, Said.STANDING_ENDS_SOON, told.next_at)
    return 1


def put_off(conn: Connection, write: Write) -> int:
    """Try again later what failed; after some faults, people are told to plan by hand."""
    which = standings.claim(conn, write.at)
    if which is None:
        return 0
    faults = standings.faults(conn, which)
    if faults < len(BACK_OFF):
        standings.postpone(conn, which, write.at + BACK_OFF[faults])
        return 1
    # From its columns alone: it may be one that cannot be read.
    program, about, *others = standings.give_up(conn, which, write.at)
    told = [
        Tell(f"standing/{which}/gave-up/{who}", who, Said.STANDING_ENDED, write.at, about)
        for who in dict.fromkeys((about, *others))
        if who is not None
    ]
    outbox.add(conn, program, None, told, at=write.at, transport_now=write.transport_now)
    homes.doubt(conn, program)
    return 1


def _make(conn: Connection, write: Write, standing: Standing) -> None:
    """Make the next visit; where its standing yes no longer counts, that is its last."""
    start_at = standing.next_at
    if start_at is None:
        raise LookupError(standing.id)
    plan = standing.plan_at(start_at)
    if plan.end_at <= write.at:
        # Nobody was there to make it in time, and it is over.
        _left_out(conn, write, standing)
        return
    if standings.has_visit(conn, standing, start_at):
        # Two clocks for one visit would page people for the one that nobody answers.
        standings.made(conn, standing, start_at, None)
        _go_on(conn, write, standing, "StandingVisitThere")
        return
    around = standings.around(conn, write.sealer, standing, plan, write.at, plan.end_at + TAIL)
    why = rules.why_not(standing, plan, write.at, around, _seen(conn, write, standing))
    which = standings.matter_of(standing.id, standing.next_no)
    if why in rules.MAKES_NONE or standing.approver is None:
        standings.made(conn, standing, start_at, None)
        _end(conn, write, standing, why or Why.FAULT)
        return
    event = PlanStanding(
        write.at,
        standing.worker,
        plan,
        standing=standing.id,
        approver=standing.approver,
        every=standing.every,
        why=why,
    )
    step(conn, write, blank(which, standing.program, standing.worker), event)
    standings.made(conn, standing, start_at, which)
    if why is not None:
        _end(conn, write, standing, why)
        return
    _go_on(conn, write, standing, "StandingVisitMade")


def _go_on(conn: Connection, write: Write, standing: Standing, event: str) -> None:
    standings.save(conn, rules.passed(standing), None, write.at, event)
    homes.doubt(conn, standing.program)


def _left_out(conn: Connection, write: Write, standing: Standing) -> None:
    if standing.next_at is not None:
        standings.made(conn, standing, standing.next_at, None)
    _tell(conn, write, standing, Said.STANDING_NOT_MADE, standing.next_at)
    _go_on(conn, write, standing, "StandingVisitMissed")


def _end(conn: Connection, write: Write, standing: Standing, why: Why) -> None:
    over = rules.ended(standing, why, write.at)
    standings.save(conn, over, None, write.at, "StandingEnded")
    _tell(conn, write, over, Said.STANDING_ENDED, standing.next_at)


def _tell(
    conn: Connection, write: Write, standing: Standing, said: Said, start_at: datetime | None
) -> None:
    """Tell the worker, their partner, and whoever confirmed it."""
    people = (standing.worker, standing.plan.partner, standing.approver)
    told = [
        news.tell(standing, said, who, write.at, start_at=start_at)
        for who in people
        if who is not None
    ]
    outbox.add(conn, standing.program, None, told, at=write.at, transport_now=write.transport_now)
    homes.doubt(conn, standing.program)


def _seen(conn: Connection, write: Write, standing: Standing) -> frozenset[Factor]:
    """What its visits so far turned out to be like."""
    found = matters.load_many(conn, write.sealer, standings.visits(conn, standing.id)).values()
    each = (matter.visit.plan.factors for matter in found if matter.visit is not None)
    return frozenset(factor for factors in each for factor in factors)
