"""What the promises are tried on: visits through the runner and the sweep, and visits in Slack."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import structlog

from bot import observe
from bot.demo.news import News
from bot.request import HelpTarget, OfMatter, Outcome
from bot.scheduler.sweep import Sweep
from protocol import events as e
from protocol.ids import MatterId, PersonId
from protocol.records import Escalation
from storage import deadlines
from tests import county as runner_county
from tests import harness
from tests.protocol.world import JO, ROSA, plan

M1 = MatterId("m1")
PAGES = ("Page", "PostPage")

# --- through the runner ----------------------------------------------------------------------


async def sweeps(c: runner_county.County, minutes: float) -> None:
    """Let so many minutes pass; whatever is due is swept at the very moment it is due."""
    end = c.clock.at + timedelta(minutes=minutes)
    while (due := await c.ctx.database.run(deadlines.next_due)) is not None and due <= end:
        c.clock.at = max(c.clock.at, due)
        await Sweep(c.ctx).work()
    c.clock.at = end


async def leaps(c: runner_county.County, minutes: float) -> None:
    """The machine slept: whatever was due meanwhile is swept when it wakes."""
    c.clock.at += timedelta(minutes=minutes)
    while await Sweep(c.ctx).work():
        pass


async def acts(
    c: runner_county.County,
    by: PersonId,
    kind: Any,
    *more: Any,
    matter: MatterId = M1,
    **named: Any,
) -> Outcome:
    """Somebody does this, now, to this matter."""
    now = c.clock.now()
    return await c.does(by, lambda who: kind(now, who, *more, **named), OfMatter(matter))


async def calls_help(
    c: runner_county.County, by: PersonId = JO, form: e.HelpForm = e.HelpForm.CALL
) -> Outcome:
    """Somebody calls for help, from wherever they are."""
    now = c.clock.now()
    fresh = MatterId(f"help-{c.deliveries}")
    return await c.does(by, lambda who: e.Help(now, who, form), HelpTarget(None, fresh))


async def underway(
    c: runner_county.County, by: PersonId = JO, matter: MatterId = M1, **more: Any
) -> None:
    """Planned an hour ahead, confirmed, and there."""
    await c.plans(by, plan(**more), matter)
    await c.confirms(ROSA, matter)
    await sweeps(c, 60)
    await acts(c, by, e.Arrive, matter=matter)


async def missed(c: runner_county.County, **more: Any) -> None:
    """Not heard from, until the first human was reached."""
    await underway(c, **more)
    while c.matter().open_escalation is None:
        await sweeps(c, 1)


def open_one(c: runner_county.County, matter: str = M1) -> Escalation:
    found = c.matter(matter).open_escalation
    assert found is not None
    return found


def pages(c: runner_county.County, matter: str = M1) -> list[tuple[str, Any]]:
    """Every page that was asked for, with when."""
    rows = [row for row in c.rows("outbox") if row.kind in PAGES and row.matter_id == matter]
    return [(row.key, row.created_at) for row in sorted(rows, key=lambda row: row.id)]


# --- in Slack --------------------------------------------------------------------------------

SHELTER = "Main St shelter"


def answers(**more: Any) -> dict[str, Any]:
    """The plan form, filled in: the shelter, at a quarter past one, for two hours."""
    where = {"Where?": SHELTER, "When?": "13:15", "How long?": "2 h", "What for?": "Outreach"}
    return {**where, **more}


async def on_a_visit(c: harness.County, who: harness.Someone, **more: Any) -> None:
    """Planned, confirmed with a check-in every 30 minutes, and there since a quarter past one."""
    await who.commands("/visit")
    assert (await who.submits(answers(**more)))["errors"] == {}
    await c.people["rosa"].presses("Confirm plan")
    assert (await c.people["rosa"].submits({"Check in every": "30 min"}))["errors"] == {}
    await c.clock.forward(minutes=15)
    await who.presses("I'm here")


async def everything(c: harness.County) -> list[News]:
    """Everything that Belay has said so far and every edit of it; nothing of it is unexpected."""
    await c.clock.settle()
    await c.inbox.look()
    said = [*c.inbox.left, *c.inbox.edits]
    c.inbox.left.clear()
    c.inbox.edits.clear()
    return sorted(said, key=lambda news: news.seq)


@contextmanager
def listening() -> Iterator[StringIO]:
    """Hear every log line as operators get it, Belay's from DEBUG on and the libraries' as well."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("bot", "storage")]
    before, handlers = structlog.get_config(), root.handlers[:]
    levels = [(one, one.level) for one in (root, *ours)]
    stream = StringIO()
    observe.configure("debug", stream)
    try:
        yield stream
    finally:
        structlog.configure(**before)
        root.handlers[:] = handlers
        for one, level in levels:
            one.setLevel(level)


def log_lines(stream: StringIO) -> list[dict[str, Any]]:
    """The log lines so far."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]
