"""/checkin from Slack's delivery to Belay's answer, its commit included.

It is compared with what nobody can do without: bolt answering a command with nothing in between,
and the very statements of a check-in, run bare on the driver in one transaction.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import event

from bot.context import Context
from bot.handlers import register_all
from bot.settings import Settings
from bot.slack.bolt import Identity, make_bolt
from storage import schema
from storage.database import Database
from tests.bench import grounds, seeding
from tests.bench.figures import at_most, below, percentile
from tests.protocol.world import NOON
from tests.report import Row

TIMES_BARE = 1.5
RATE = 50  # commands a second
P99 = 0.05  # s
WARM = 20  # commands that are not counted


@dataclass(frozen=True)
class Size:
    """How many commands are measured one after the other, and for how long at the full rate."""

    commands: int = 400
    seconds: int = 20


QUICK = Size(commands=60, seconds=2)
# A transaction as it was run: each statement with its parameters, and whether for many rows.
Statements = list[tuple[str, Any, bool]]


@dataclass
class Recorder:
    """This keeps the statements of each transaction that was committed."""

    transactions: list[Statements] = field(default_factory=list)
    _open: Statements = field(default_factory=list)

    def listen(self, database: Database) -> None:
        """Keep what goes to this database from now on."""
        event.listen(database.engine, "before_cursor_execute", self._execute)
        event.listen(database.engine, "commit", self._commit)

    def _execute(self, _conn: Any, _cursor: Any, text: str, given: Any, _: Any, many: bool) -> None:
        if text != "BEGIN IMMEDIATE":
            self._open.append((text, given, many))

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
    people = WARM + size.commands + RATE * size.seconds
    bare_bolt = await _one_by_one(_bare(), range(WARM + size.commands))
    with seeded(engine, people) as (url, database):
        recorder = Recorder()
        recorder.listen(database)
        # The statements are taken down in a pass of its own: listening costs time.
        await _one_by_one(_belay(database), range(WARM + size.commands))
        transactions = recorder.transactions[-(WARM + size.commands) :]
    with seeded(engine, people) as (url, database):
        bare_sql = await asyncio.to_thread(replay, url, transactions)
    with seeded(engine, people) as (url, database):
        app = _belay(database)
        ours = await _one_by_one(app, range(WARM + size.commands))
        paced = await _paced(app, range(WARM + size.commands, people))
    bolt, sql, whole = (median(one[WARM:]) for one in (bare_bolt, bare_sql, ours))
    parts = f" ({whole * 1000:.1f} / ({bolt * 1000:.2f} + {sql * 1000:.1f}) ms)"
    return [
        at_most(
            f"{name}: median / (bare bolt + bare SQL)", whole / (bolt + sql), TIMES_BARE, parts
        ),
        below(f"{name}: p99 at {RATE} a second on one core", [percentile(paced, 0.99)], P99),
    ]


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


def _belay(database: Database) -> AsyncApp:
    """The bot's own app, with all its handlers; time stands near the visits."""
    settings = Settings(slack_bot_token="xoxb-bench", slack_signing_secret="bench")
    ctx = Context(database, seeding.SEALER, grounds.WorldClock(NOON + seeding.SOON), settings)
    app = make_bolt(settings, None, Identity(), lambda _: None)  # type: ignore[arg-type]
    register_all(app, ctx)
    return app


def _bare() -> AsyncApp:
    """An app that has one handler, which only acknowledges."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bench")

    app = AsyncApp(authorize=authorize, signing_secret="bench", process_before_response=True)

    @app.command("/checkin")
    async def check_in(ack: Any) -> None:
        await ack()

    return app


async def _one_by_one(app: AsyncApp, people: range) -> list[float]:
    return [await _command(app, number, time.perf_counter()) for number in people]


async def _paced(app: AsyncApp, people: range) -> list[float]:
    """So many a second whether the ones before are answered or not, on one core."""
    with one_core():
        start = time.perf_counter()
        tasks = []
        for turn, number in enumerate(people):
            at = start + turn / RATE
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            tasks.append(asyncio.create_task(_command(app, number, at)))
        return list(await asyncio.gather(*tasks))


async def _command(app: AsyncApp, number: int, since: float) -> float:
    """One person's /checkin; how long after `since` it was answered (s)."""
    body = {
        "command": "/checkin",
        "text": "",
        "user_id": seeding.slack_user_of(number),
        "team_id": "T1",
        "channel_id": "D1",
        "trigger_id": f"{number}.1",
        "api_app_id": "A1",
    }
    answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    took = time.perf_counter() - since
    if answer.status != 200 or "not" in str(answer.body)[:40].casefold():
        raise RuntimeError(f"/checkin was answered with {answer.status}: {answer.body}")
    return took


def replay(url: str, transactions: list[Statements]) -> list[float]:
    """Run these transactions on the driver's own connection; how long each took (s)."""
    database = Database.open(url)
    driver: Any = database.engine.raw_connection()
    begin = "BEGIN IMMEDIATE" if database.dialect == "sqlite" else None
    took = []
    try:
        for statements in transactions:
            since = time.perf_counter()
            cursor = driver.cursor()
            if begin:
                cursor.execute(begin)
            for text, given, many in statements:
                (cursor.executemany if many else cursor.execute)(text, given)
                if cursor.description is not None:
                    cursor.fetchall()
            driver.commit()
            took.append(time.perf_counter() - since)
    finally:
        driver.close()
        database.dispose()
    return took


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
