"""/checkin from Slack's delivery to Belay's answer, its commit included.

It is compared with what nobody can do without: bolt answering a command with nothing in between,
and the very statements of a check-in, run bare on the driver in one transaction.

What is the same on all sides: the delivery is text of Socket Mode and so is the answer, read and
written by what the bot reads and writes it with; all of bolt is gone through, with its middleware,
but the bare app has one listener where Belay has over a hundred (to find the one is Belay's cost).
The bare statements are those that Belay ran, with the same values, BEGIN and COMMIT, on a database
of the same settings and rows, handed to a thread as an asyncio app must; each has to find or change
as many rows as it did for Belay. The three take turns, command by command, so that the machine's
other work meets them alike. Whatever the bot does besides is its own cost: waiting for its pool,
asking whether the connection lives, reading rows, deciding, writing them.
"""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import event

from bot.context import Context
from bot.handlers import register_all
from bot.settings import Settings
from bot.slack.bolt import Identity, make_bolt
from bot.slack.sockets import bolt_dispatch
from storage import schema
from storage.database import Database
from tests.bench import grounds, seeding
from tests.bench.figures import at_most, below, percentile
from tests.protocol.world import NOON
from tests.report import Row

TIMES_BARE = 1.5
RATE = 50  # commands a second
P99 = 0.05  # s
WARM = 40  # commands that are not counted; a driver keeps a statement after some uses
BEGIN = "BEGIN IMMEDIATE"


@dataclass(frozen=True)
class Size:
    """How many commands are measured one after the other, and for how long at the full rate."""

    commands: int = 400
    seconds: int = 20


QUICK = Size(commands=60, seconds=2)
# A command by its number, and how long it took (s).
Timed = Callable[[int], Awaitable[float]]


@dataclass
class Statement:
    """This is a statement as it was run, for one row or many, and how many rows it said it met."""

    text: str
    given: Any
    many: bool
    rows: int


@dataclass
class Recorder:
    """This keeps the statements of each transaction that was committed."""

    transactions: list[list[Statement]] = field(default_factory=list)
    _open: list[Statement] = field(default_factory=list)

    def listen(self, database: Database) -> None:
        """Keep what goes to this database from now on."""
        event.listen(database.engine, "after_cursor_execute", self._execute)
        event.listen(database.engine, "commit", self._commit)

    def _execute(self, _conn: Any, cursor: Any, text: str, given: Any, _: Any, many: bool) -> None:
        if text != BEGIN:
            self._open.append(Statement(text, given, many, cursor.rowcount))

    def _commit(self, _conn: Any) -> None:
        self.transactions.append(self._open)
        self._open = []


async def measure(quick: bool) -> list[Row]:
    """The rows for both databases."""
    size = QUICK if quick else Size()
    rows = [Row("Acknowledging /checkin, with its commit")]
    for engine in grounds.ENGINES:
        rows += await _on(engine, size)
    return rows


async def _on(engine: str, size: Size) -> list[Row]:
    name = grounds.NAMES[engine]
    counted = WARM + size.commands
    people = counted + RATE * size.seconds
    transactions = await _recorded(engine, counted, people)
    with seeded(engine, people) as (_, database), replaying(engine, people, transactions) as bare:
        ours = belay(database)
        took = await in_turns([_delivered(bare_bolt()), bare, _delivered(ours)], counted)
        paced = await _paced(ours, range(counted, people))
    bolt, sql, whole = (median(one) for one in took)
    parts = f" ({whole * 1000:.1f} / ({bolt * 1000:.2f} + {sql * 1000:.1f}) ms)"
    return [
        at_most(
            f"{name}: median / (bare bolt + bare SQL)", whole / (bolt + sql), TIMES_BARE, parts
        ),
        below(f"{name}: p99 at {RATE} a second on one core", [percentile(paced, 0.99)], P99),
    ]


async def _recorded(engine: str, commands: int, people: int) -> list[list[Statement]]:
    """Each check-in's transaction. In a pass of its own: listening costs time."""
    with seeded(engine, people) as (_, database):
        recorder = Recorder()
        recorder.listen(database)
        app = belay(database)
        for number in range(commands):
            await command(app, number, time.perf_counter())
        # How to speak to people is read beside, once.
        return [one for one in recorder.transactions if any("inbound" in s.text for s in one)]


async def in_turns(all_of: list[Timed], commands: int) -> list[list[float]]:
    """How long each of these took for each command but the first (s), one after the other."""
    took: list[list[float]] = [[] for _ in all_of]
    for number in range(commands):
        for one, times in zip(all_of, took, strict=True):
            times.append(await one(number))
    return [times[WARM:] for times in took]


@contextmanager
def seeded(engine: str, people: int) -> Iterator[tuple[str, Database]]:
    """A database in which everybody is out, so that each can check in once."""
    with grounds.database(engine) as (url, _):
        schema.upgrade(url)
        database = Database.open(url)
        try:
            database.run_sync(seeding.fill, people)
            yield url, database
        finally:
            database.dispose()


def belay(database: Database) -> AsyncApp:
    """The bot's own app, with all its handlers; time stands near the visits."""
    settings = Settings(slack_bot_token="xoxb-bench", slack_signing_secret="bench")
    ctx = Context(database, seeding.SEALER, grounds.WorldClock(NOON + seeding.SOON), settings)
    app = make_bolt(settings, None, Identity(), lambda _: None)  # type: ignore[arg-type]
    register_all(app, ctx)
    return app


def bare_bolt() -> AsyncApp:
    """An app that has one handler, which only acknowledges."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bench")

    app = AsyncApp(authorize=authorize, signing_secret="bench", process_before_response=True)

    @app.command("/checkin")
    async def check_in(ack: Any) -> None:
        await ack()

    return app


def _delivered(app: AsyncApp) -> Timed:
    async def one(number: int) -> float:
        return await command(app, number, time.perf_counter())

    return one


async def _paced(app: AsyncApp, people: range) -> list[float]:
    """So many a second whether the ones before are answered or not, on one core."""
    with one_core():
        start = time.perf_counter()
        tasks = []
        for turn, number in enumerate(people):
            at = start + turn / RATE
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            tasks.append(asyncio.create_task(command(app, number, at)))
        return list(await asyncio.gather(*tasks))


async def command(app: AsyncApp, number: int, since: float) -> float:
    """One person's /checkin as Slack delivers it; how long after `since` it was answered (s)."""
    payload = {
        "command": "/checkin",
        "text": "",
        "user_id": seeding.slack_user_of(number),
        "team_id": "T1",
        "channel_id": "D1",
        "trigger_id": f"{number}.1",
        "api_app_id": "A1",
    }
    envelope = {"type": "slash_commands", "envelope_id": f"e{number}", "payload": payload}
    delivered = json.dumps(envelope)
    answer = await bolt_dispatch(app)(json.loads(delivered))
    written = json.dumps(answer)
    took = time.perf_counter() - since
    if answer is None or "not" in written[:60].casefold():
        raise RuntimeError(f"/checkin was answered with {answer}")
    return took


@contextmanager
def replaying(
    engine: str, people: int, transactions: list[list[Statement]]
) -> Iterator[Callable[[int], Awaitable[float]]]:
    """Run one of these transactions bare, on the driver's own connection and a thread of its own.

    The rows that it meets are those that Belay met: everybody is out, and nobody has checked in.
    """
    with (
        seeded(engine, people) as (_, database),
        ThreadPoolExecutor(1) as thread,
    ):
        driver: Any = database.engine.raw_connection()

        async def one(number: int) -> float:
            since = time.perf_counter()
            run = asyncio.get_running_loop().run_in_executor
            await run(thread, replay, driver, transactions[number], engine == "sqlite")
            return time.perf_counter() - since

        try:
            yield one
        finally:
            driver.close()


def replay(driver: Any, statements: list[Statement], begin: bool) -> None:
    """Run these as one transaction. Raises RuntimeError where one meets other rows than it did."""
    cursor = driver.cursor()
    if begin:
        cursor.execute(BEGIN)
    met = []
    for one in statements:
        (cursor.executemany if one.many else cursor.execute)(one.text, one.given)
        met.append(cursor.rowcount)
        if cursor.description is not None:
            cursor.fetchall()
    driver.commit()
    if met != [one.rows for one in statements]:
        raise RuntimeError("a statement met other rows than it did for Belay")


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process on one core, where the system can; its threads too."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    whole = os.sched_getaffinity(0)
    threads = _threads()
    for number in threads:
        os.sched_setaffinity(number, {min(whole)})
    try:
        yield
    finally:
        for number in _threads():
            os.sched_setaffinity(number, whole)


def _threads() -> list[int]:
    return [int(name) for name in os.listdir("/proc/self/task")]
