"""This is what stands behind a county: its clock, its bot, its workspace, its database, its log."""

import asyncio
import json
import logging
import shutil
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp.test_utils import TestServer

from bot.app import serve
from bot.clock import LinkedClock
from bot.demo import county as example
from bot.demo.children import Child, free_port, running
from bot.demo.start import environment_for, prepare_database
from bot.demo.workspace import Workspace
from bot.handlers import opening
from bot.matcher import Makers
from bot.settings import Settings
from bot.slack import manifest
from protocol.ids import PersonId
from sandbox import server as sandbox
from sandbox.box import BOX, Sandbox
from sandbox.clock import Clock as SandboxClock
from sandbox.timing import Timing
from storage import outbox, people
from storage.database import Database
from storage.sealing import Sealer
from tests import databases

on_both_engines = pytest.mark.parametrize("county_url", databases.ENGINES, indirect=True)

FILE = example.example()
NOON = example.opening(FILE)
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
APPLIED_BEFORE = timedelta(days=1)
# What each worker's duress answer is; everything else they say is an ordinary one.
DURESS_PHRASE = "all good by the river"
DURESS_BUTTON = {"jo": "b", "sam": "a"}
# A retry that is further off than this waits for the world to go on.
RETRY_SOON = timedelta(seconds=5)
# Long enough that several edits, which are paced, go out after each.
SKIP = timedelta(seconds=4)
# Real seconds. Reached only where something is broken, however slow the machine.
WITHIN = 20.0
# The workspace's and the bot's own limits are real seconds, too. Here a machine that stands still
# for some of them must not fail a scenario; what the limits do is tested in tests/sandbox and
# tests/handlers.
PATIENT = Timing(
    ack_within=60.0,
    trigger_lives=60.0,
    ticket_lives=120.0,
    settle_within=60.0,
    quiet_within=60.0,
    retry_after=(0.0,),
)
CALM_LOOKS = 3


class CountyClock(LinkedClock):
    """This follows the sandbox, and skips the transport time until the next retry."""

    def __init__(self, url: str, database_url: str, box: Sandbox) -> None:
        super().__init__(url)
        self._rows = Database.open(database_url, threads=1)
        self._activity = box.activity
        self._skipped = timedelta(0)

    def transport(self) -> datetime:
        """This is the host's time, and what was skipped of it."""
        return super().transport() + self._skipped

    def skip(self, time: timedelta) -> None:
        """This lets transport time pass at once."""
        self._skipped += max(timedelta(0), time)

    async def follow(
        self, settle: Callable[[], Awaitable[datetime | None]], on_change: Callable[[], None]
    ) -> None:
        """This settles only when what is to be tried again soon was tried again."""

        async def all_settled() -> datetime | None:
            patience = self.transport() + RETRY_SOON
            while True:
                wake = await settle()
                retry_at = await self._rows.run(outbox.next_attempt)
                if retry_at is None or retry_at > patience:
                    return wake
                await self._calm()
                self.skip(max(SKIP, retry_at - self.transport()))
                on_change()

        await super().follow(all_settled, on_change)

    async def _calm(self) -> None:
        """This gives what the bot looks up beside, call after call, the time it takes really."""
        calls, looks = -1, 0
        while looks < CALM_LOOKS:
            looks = looks + 1 if self._activity.total == calls and not self._activity.open else 0
            calls = self._activity.total
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """This lets go of the database."""
        self._rows.dispose()


@dataclass
class Bot:
    """This is the bot in the test's own loop."""

    settings: Settings
    clock: CountyClock
    # A sentence that is said beside an answer is not in the outbox, so it is waited for.
    beside_within: float = 2.0
    engines: Makers | None = None
    _task: asyncio.Task[None] | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _patience: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)

    async def start(self) -> None:
        for limit in ("READ_WITHIN", "OPEN_WITHIN"):
            self._patience.setattr(opening, limit, WITHIN)
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(serve(self.settings, self._stop, self.clock, self.engines))

    async def stop(self) -> None:
        self._stop.set()
        if self._task is not None:
            await asyncio.wait_for(self._task, WITHIN)

    def ended(self) -> str:
        if self._task is not None and self._task.done():
            return f"the bot ended: {self._task.exception()!r}"
        return ""

    def errors(self) -> list[str]:
        return []

    async def close(self) -> None:
        await self.stop()
        self._patience.undo()
        await asyncio.to_thread(self.clock.close)


@dataclass
class BotProcess:
    """This is the bot as a process of its own, which can be killed as a power cut would."""

    settings: Settings
    workspace: Workspace
    app: dict[str, Any]
    folder: Path
    beside_within: float = 10.0
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _child: Child | None = None

    async def start(self) -> None:
        environment = {
            **environment_for(self.workspace, self.app, self.settings.database_url, KEY),
            "BELAY_HEALTH_PORT": str(free_port()),
            "BELAY_OUT_FILE": self.settings.out_file,
            "BELAY_MATCHER": "off",
        }
        started = running("The bot", "bot", ["run"], environment, self.folder)
        self._child = await self._stack.enter_async_context(started)

    async def kill(self) -> None:
        """kill -9: nothing is finished, nothing is said."""
        if self._child is not None:
            await self._child.kill()

    def ended(self) -> str:
        child = self._child
        return child.last_lines() if child and child.process.returncode is not None else ""

    def errors(self) -> list[str]:
        logged = (self.folder / "bot.log").read_text(encoding="utf-8").splitlines()
        lines = [json.loads(line) for line in logged if line.startswith("{")]
        return [str(line) for line in lines if line.get("level") in ("error", "critical")]

    async def close(self) -> None:
        await self._stack.aclose()


def settings_for(
    workspace: Workspace, app: dict[str, Any], database_url: str, folder: Path
) -> Settings:
    """This is how the bot is told to live in this workspace."""
    return Settings(
        database_url=database_url,
        keys=KEY,
        slack_base_url=f"{workspace.url}/api/",
        slack_bot_token=app["bot_token"],
        slack_app_token=app["app_token"],
        slack_signing_secret=app["signing_secret"],
        sandbox_clock_url=f"{workspace.url.replace('http', 'ws', 1)}/_clock",
        health_port=0,
        out_file=str(folder / "belay-out.txt"),
        matcher="off",  # what it learns takes longer than a scenario; some hand in their own
    )


@asynccontextmanager
async def workspace_alone() -> AsyncIterator[tuple[Workspace, dict[str, Any], Sandbox]]:
    clock = SandboxClock(NOON.timestamp(), rate=0.0)
    built = sandbox.build(clock=clock, timing=PATIENT)
    async with TestServer(built) as server, aiohttp.ClientSession() as http:
        built[BOX].url = f"http://127.0.0.1:{server.port}"
        workspace = Workspace(built[BOX].url, http)
        # Its limits are of transport time, which a world that leaps leaves behind.
        await workspace.post("/rate_limits", {"enabled": False})
        await workspace.post("/setup", example.workspace_of(FILE))
        described = manifest.build(Settings.model_construct())
        app = await workspace.post("/install", {"manifest": described})
        yield workspace, app, built[BOX]


@asynccontextmanager
async def logged() -> AsyncIterator[list[str]]:
    """This collects what the bot and its libraries log as errors; nothing is printed."""
    errors: list[str] = []

    def collect(_: Any, method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
        if method in ("error", "critical", "exception"):
            fault = traceback.format_exc() if event.pop("exc_info", None) else ""
            errors.append(f"{event} {fault}".strip())
        raise structlog.DropEvent

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(self.format(record))

    before, root, handler = structlog.get_config(), logging.getLogger(), Collect(logging.ERROR)
    structlog.configure(processors=[collect], cache_logger_on_first_use=False)
    root.addHandler(handler)
    try:
        yield errors
    finally:
        root.removeHandler(handler)
        structlog.configure(**before)


@contextmanager
def prepared(engine: str, folder: Path, home: Path, template: Path) -> Iterator[str]:
    """This is the URL of a database with the county's program in it."""
    if engine == "sqlite":
        if not template.exists():
            _prepare(f"sqlite:///{template}.new")
            Path(f"{template}.new").rename(template)
        shutil.copyfile(template, folder / "county.db")
        yield f"sqlite:///{folder / 'county.db'}"
        return
    with databases.fresh(engine, folder, home) as url:
        _prepare(url)
        yield url


def _prepare(url: str) -> None:
    prepare_database(url, KEY, FILE, NOON - APPLIED_BEFORE)
    database, sealer = Database.open(url, threads=1), Sealer.from_text(KEY)
    for who, button in DURESS_BUTTON.items():
        database.run_sync(people.set_duress, sealer, PersonId(who), button, DURESS_PHRASE)
    database.dispose()
