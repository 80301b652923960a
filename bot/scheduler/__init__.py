"""What happens by itself: the sweep, delivery, the watch over both, and tidying up.

Each is a loop over rows, so any number of processes may run them, and one that dies loses nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.context import Context
from bot.scheduler import gap
from bot.scheduler.batch import Batches
from bot.scheduler.checks import Checks
from bot.scheduler.deliver import Deliver
from bot.scheduler.homes import Homes
from bot.scheduler.housekeeping import Housekeeping, KnownAudience
from bot.scheduler.huddle import Huddles
from bot.scheduler.huddle import next_due as next_huddle
from bot.scheduler.post import Poster
from bot.scheduler.quizzes import Quizzes
from bot.scheduler.reviews import Reviews, next_reminder
from bot.scheduler.revisions import Revisions
from bot.scheduler.standing import StandingPlans
from bot.scheduler.sweep import Sweep
from bot.scheduler.watch import Watch
from bot.slack.audience import Audience
from bot.slack.send import Slack
from storage import batches, deadlines, outbox, standings

__all__ = ["Sweep", "is_quiet", "run_all"]

Run = Callable[[], Awaitable[None]]


def run_all(ctx: Context, slack: Slack, audience: Audience, sweep: Sweep) -> list[tuple[str, Run]]:
    """Every task with its name; each runs for ever, and may be started again after a fault."""
    deliver = Deliver(ctx, Poster(slack, ctx.clock), audience)
    return [
        ("sweep", sweep.loop.run),
        ("deliver", deliver.run),
        ("watch", Watch(ctx, slack, audience).loop.run),
        ("audience", KnownAudience(ctx, audience).loop.run),
        ("housekeeping", Housekeeping(ctx).loop.run),
        ("checks", Checks(ctx).loop.run),
        ("batches", Batches(ctx).loop.run),
        ("standing", StandingPlans(ctx).loop.run),
        ("reviews", Reviews(ctx).loop.run),
        ("quizzes", Quizzes(ctx).loop.run),
        ("huddles", Huddles(ctx).loop.run),
        ("revisions", Revisions(ctx).loop.run),
        ("homes", Homes(ctx, slack.call).loop.run),
    ]


def is_quiet(
    conn: Connection, now: datetime, transport_now: datetime
) -> tuple[bool, datetime | None]:
    """Whether nothing is due, unsent or under way, and when the world next needs us (world time).

    A sandbox's clock that leaps goes no further than that: beyond it a check-in would be late, or
    the mark of the watch so old that people are told of a gap.
    """
    wakes = (
        deadlines.next_due(conn),
        batches.next_due(conn),
        standings.next_due(conn),
        gap.next_needed(conn, now),
        next_reminder(conn, now),
        next_huddle(conn, now),
    )
    wake = min((at for at in wakes if at is not None), default=None)
    due = wake is not None and wake <= now
    return not due and outbox.quiet(conn, transport_now), wake
