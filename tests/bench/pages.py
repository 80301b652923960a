"""From a missed check-in's due time to a page that Slack accepted: the real bot, a real workspace.

Both are processes of their own, the sandbox with Slack's rate limits on. The workspace's clock goes
as ours does, so that a message's `ts` is when it was accepted.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo.workspace import Faults
from bot.scheduler.deliver import PAGE_LEASE
from protocol.decision import Decision, Reason
from protocol.events import DeadlinePassed
from protocol.ids import MatterId, PersonId, ProgramId
from storage import matters
from storage.database import Database
from storage.sealing import Sealer
from tests.bench import seeding
from tests.bench.figures import below, percentile
from tests.kills import county, world
from tests.kills.world import KEY, World
from tests.report import Row

PAGED = ("U_ROSA", "U_THEO")  # the coordinators on duty
ALONE = 2.0  # s
TOGETHER = 5.0
START = 2.0
LOOK = 1.0
# Slack takes a message a second in a conversation; without lists, naming so many took as long.
WITHIN = 120.0
LEAD_IN = 3.0  # s from storing a visit until it is due


@dataclass(frozen=True)
class Size:
    """How many pages are measured one after the other and at once, and how often starts are."""

    alone: int = 40
    together: int = 50
    apart: float = 3.0  # s: below the pace that Slack's limits allow
    starts: int = 3


QUICK = Size(alone=2, together=4, apart=2.5, starts=1)


async def measure(quick: bool) -> list[Row]:
    """The rows about pages and starts; SQLite, because Slack is what is waited for."""
    size = QUICK if quick else Size()
    # Everybody who is missed is somebody else, so that a page is known by whom it names.
    county.WORKERS = tuple(f"peer{number:03}" for number in range(size.alone + size.together))
    alone, together = county.WORKERS[: size.alone], county.WORKERS[size.alone :]
    async with placed() as made:
        bot = made.replicas[0]
        await bot.start()
        await bot.ready()
        first = await _paged(made, alone, size.apart)
        await asyncio.sleep(size.apart)
        late = await _paged(made, together, 0.0)
    starts = [await _started() for _ in range(size.starts)]
    killed = await _killed()
    limit = PAGE_LEASE.total_seconds() + START + LOOK
    return [
        Row("Pages, through Slack's limits (SQLite)"),
        below(
            f"due to page accepted, alone: p99 of {len(first)}", [percentile(first, 0.99)], ALONE
        ),
        below(f"{len(late)} missed at once: until accepted pages named all", [max(late)], TOGETHER),
        below("killed in the middle of a page: until the next", [killed], limit),
        below("start to first sweep, Slack away", starts, START),
    ]


@asynccontextmanager
async def placed(*, slack_is_away: bool = False) -> AsyncIterator[World]:
    """A world with the limits on, and no bot yet."""
    with tempfile.TemporaryDirectory(prefix="belay-bench-") as made:
        folder = Path(made)
        url = f"sqlite:///{folder / 'belay.db'}"
        await asyncio.to_thread(world.prepare, url, folder)
        # Nobody listens on port 9.
        api = "http://127.0.0.1:9/api/" if slack_is_away else ""
        async with world.world("bench", folder, url, api_url=api) as one:
            await one.workspace.post("/rate_limits", {"enabled": True})
            yield one


async def _paged(made: World, workers: Iterable[str], apart: float) -> list[float]:
    """Let each be missed, so far apart; how long after it a page that names them was accepted."""
    first = time.time() + LEAD_IN
    due = {who: first + number * apart for number, who in enumerate(workers)}
    await asyncio.to_thread(store, made.database_url, due)
    await asyncio.sleep(max(due.values()) - time.time())
    found: dict[str, float] = {}
    end = time.monotonic() + WITHIN
    while found.keys() != due.keys() and time.monotonic() < end:
        await asyncio.sleep(0.5)
        found = await _named(made, due)
    return [found.get(who, at + WITHIN) - at for who, at in due.items()]


async def _named(made: World, due: dict[str, float]) -> dict[str, float]:
    """When each was first named to somebody who is paged, after they were due.

    By a page of its own, or by a list of pages: whatever Slack accepted into their conversation.
    """
    found: dict[str, float] = {}
    for user in PAGED:
        messages, _ = await made.workspace.seen(user)
        for message in messages:
            at, text = float(message["ts"]), json.dumps(message)
            for who, since in due.items():
                if at >= since and who.title() in text:
                    found[who] = min(at, found.get(who, at))
    return found


async def _started() -> float:
    """Start the bot with Slack away and somebody overdue; until the first sweep committed (s)."""
    async with placed(slack_is_away=True) as made:
        await asyncio.to_thread(store, made.database_url, {county.WORKERS[0]: time.time() - 1})
        bot = made.replicas[0]
        await bot.start()
        return await _until(made, "SELECT at FROM witness_version WHERE version > 1") - bot.began


async def _killed() -> float:
    """Kill the bot while a page is on its way to Slack; how long until one was accepted (s)."""
    async with placed() as made:
        bot, faults = made.replicas[0], Faults(made.workspace)
        await bot.start()
        await bot.ready()
        hung = await faults.add("hang", "chat.postMessage")
        due = {county.WORKERS[0]: time.time() + LEAD_IN}
        await asyncio.to_thread(store, made.database_url, due)
        claimed = "SELECT 1.0 FROM outbox WHERE kind = 'Page' AND claimed_by IS NOT NULL"
        await _until(made, claimed)
        at = await bot.kill()
        await faults.lift(hung)
        await bot.start()
        while not (found := await _named(made, due)):
            if time.time() > at + WITHIN:
                return WITHIN
            await asyncio.sleep(0.1)
        return max(found.values()) - at


async def _until(made: World, statement: str) -> float:
    """Look until there is a row; its first column."""
    end = time.monotonic() + WITHIN
    while not (rows := made.look(statement)):
        if time.monotonic() > end:
            raise TimeoutError(statement)
        await asyncio.sleep(0.02)
    return float(rows[0][0])


def store(url: str, due: dict[str, float]) -> None:
    """Store a visit of each of these workers, unanswered; a human's turn is at `due`."""
    database, sealer = Database.open(url, threads=1), Sealer.from_text(KEY)
    now = datetime.now(UTC)
    changes = []
    for who, at in due.items():
        moment = datetime.fromtimestamp(at, UTC)
        shape, _ = seeding.shape(moment, True, PersonId("rosa"))
        made = replace(
            shape,
            id=MatterId(f"bench-{who}"),
            program=ProgramId("county"),
            worker=PersonId(who),
            version=0,
        )
        changes.append(matters.Change(made, Decision(made, Reason.PLANNED), DeadlinePassed(now)))
    try:
        database.run_sync(
            matters.save_many, sealer, changes, at=now - timedelta(hours=1), transport_now=now
        )
    finally:
        database.dispose()
