"""One small world: a workspace and bots as processes of their own, over a database of its own."""

import asyncio
import math
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot.demo import county as demo
from bot.demo.children import Child, free_port, running
from bot.demo.start import environment_for, prepare_database
from bot.demo.workspace import Workspace
from bot.settings import Settings
from bot.slack import manifest
from storage.database import Database
from storage.sealing import Sealer
from tests.kills import county, truth
from tests.kills.judge import Kill, Tap, Truth
from tests.kills.moments import Span, passes

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
STARTED = b'"belay.started"'
# A start that takes this long has failed, however slow the machine.
START_WITHIN = 60.0
# What a process that died had in hand comes back by its lease, and a channel takes a message a
# second: as long as it gets less, it is waited for.
DRAINS_WITHIN = 60.0
# Of what a bot said last that ended by itself: so many characters stand in the report.
SAID = 400


@dataclass
class Replica:
    """One process of the bot; it may be killed and started again as often as one likes."""

    folder: Path
    environment: Mapping[str, str]
    ups: list[Span] = field(default_factory=list)
    child: Child | None = None
    began: float = 0.0
    is_ready: bool = False
    _running: AbstractAsyncContextManager[Child] | None = None
    _said: int = 0

    async def start(self) -> None:
        """Start it, without waiting until it is ready."""
        self.folder.mkdir(exist_ok=True)
        log = self.folder / "bot.log"
        self._said = log.stat().st_size if log.exists() else 0
        given = {**self.environment, "BELAY_HEALTH_PORT": str(free_port())}
        given.setdefault("BELAY_OUT_FILE", str(self.folder / "belay-out.txt"))
        self.began, self.is_ready = time.time(), False
        self._running = running("The bot", "bot", ["run"], given, self.folder)
        self.child = await self._running.__aenter__()

    async def ready(self) -> None:
        """Wait until it says that it has started."""
        assert self.child is not None
        end = time.monotonic() + START_WITHIN
        while STARTED not in self._log():
            if self.child.process.returncode is not None or time.monotonic() > end:
                raise RuntimeError(f"the bot did not start:\n{self.child.last_lines()}")
            await asyncio.sleep(0.01)
        self.is_ready = True

    def ended_by_itself(self) -> str:
        """What a process said last that nobody ended, in one line; "" where it runs."""
        if self._running is None or self.child is None or self.child.process.returncode is None:
            return ""
        said = " / ".join(line.strip() for line in self.child.last_lines().splitlines())
        return f"the bot ended by itself: {said[-SAID:]}"

    async def kill(self) -> float:
        """kill -9; when it was."""
        assert self.child is not None
        at = time.time()
        self.signal(signal.SIGKILL)
        await self._over(at)
        return at

    async def stop(self) -> None:
        """End it politely, if it runs."""
        if self._running is not None:
            assert self.child is not None
            self.signal(signal.SIGCONT)
            await self.child.stop()
            await self._over(time.time())

    def signal(self, which: signal.Signals) -> None:
        """Send the process a signal; one that has ended hears none."""
        assert self.child is not None
        with suppress(ProcessLookupError):
            os.kill(self.pid, which)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self.child is not None
        return self.child.process.pid

    async def _over(self, at: float) -> None:
        if self.is_ready:
            self.ups.append((self.began, at))
        if self._running is not None:
            gone, self._running = self._running, None
            assert self.child is not None
            await self.child.process.wait()
            await gone.__aexit__(None, None, None)
        self.is_ready = False

    def _log(self) -> bytes:
        with (self.folder / "bot.log").open("rb") as log:
            log.seek(self._said)
            return log.read()

    def errors(self) -> list[str]:
        """What it logged as errors."""
        return [
            line
            for line in (self.folder / "bot.log").read_text(errors="replace").splitlines()
            if '"level": "error"' in line or '"level": "critical"' in line
        ]


@dataclass
class World:
    """A workspace, a database, its replicas, and what is noted on the way."""

    name: str
    folder: Path
    workspace: Workspace
    sandbox: Child
    app: Mapping[str, Any]
    database_url: str
    replicas: list[Replica]
    engine: Engine
    http: aiohttp.ClientSession
    began: float = field(default_factory=time.time)
    kills: list[Kill] = field(default_factory=list)
    taps: list[Tap] = field(default_factory=list)
    outages: list[Span] = field(default_factory=list)
    silences: list[Span] = field(default_factory=list)

    def look(self, statement: str, **given: object) -> list[Any]:
        """Rows of the database as they are at this moment; none where it does not answer."""
        try:
            with self.engine.connect() as conn:
                return list(conn.execute(text(statement), given).all())
        except DBAPIError:
            self.engine.dispose()
            return []

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is one file."""
        return self.engine.dialect.name == "sqlite"

    async def drained(self) -> None:
        """Let the world's time stand still until everything that was decided has been sent."""
        await self.workspace.post("/clock", {"rate": 0})
        # Edits are paced by the minute, and make no message.
        open_rows = "SELECT count(*) FROM outbox WHERE outcome IS NULL AND kind <> 'Refresh'"
        overdue = "SELECT count(*) FROM matter WHERE attempt_at <= :now"
        end, fewest = time.monotonic() + DRAINS_WITHIN, math.inf
        while time.monotonic() < end:
            now = (await self.workspace.get("/clock"))["clock"]["now"]
            found = self.look(open_rows) + self.look(overdue, now=self.given(now))
            left = sum(row[0] for row in found)
            if len(found) == 2 and not left:
                return
            if len(found) == 2 and left < fewest:
                end, fewest = time.monotonic() + DRAINS_WITHIN, left
            await passes(0.2)

    def given(self, at: float) -> object:
        """An instant as this engine's columns compare with."""
        instant = datetime.fromtimestamp(at, UTC)
        return instant.replace(tzinfo=None).isoformat(" ") if self.on_sqlite else instant

    async def truth(self) -> Truth:
        """Both truths, when all is still."""
        ended = (await self.workspace.get("/clock"))["clock"]["now"]
        gone = [said for replica in self.replicas if (said := replica.ended_by_itself())]
        for replica in self.replicas:
            await replica.stop()
        people = [f"U_{who.upper()}" for who in county.everybody()]
        token = self.app["bot_token"]
        accepted = await truth.accepted(self.workspace.url, token, people, self.http)
        found = await asyncio.to_thread(self._stored, ended)
        found["broken"] += gone
        ups = [span for replica in self.replicas for span in replica.ups]
        return Truth(
            began=self.began,
            ended=ended,
            taps=self.taps,
            kills=self.kills,
            accepted=accepted,
            ups=ups,
            outages=self.outages,
            silences=self.silences,
            **found,
        )

    def _stored(self, ended: float) -> dict[str, Any]:
        database = Database.open(self.database_url, threads=1)

        def look(conn: Connection) -> dict[str, Any]:
            return {
                "stored": truth.stored(conn),
                "fired": truth.fired(conn),
                "rows": truth.outbox(conn),
                "kept": truth.kept(conn),
                "lines": truth.lines(conn),
            }

        try:
            found = database.run_sync(look)
            found["broken"] = truth.broken(database, Sealer.from_text(KEY), ended)
            return found
        finally:
            database.dispose()


def prepare(url: str, folder: Path) -> None:
    """Make the county's database, with the witness in it."""
    file = county.written(folder)
    prepare_database(url, KEY, file, datetime.now(UTC) - timedelta(hours=1))
    truth.place_witness(url)


def sqlite_copy(template: Path, folder: Path) -> str:
    """A prepared file of this world's own."""
    shutil.copyfile(template, folder / "belay.db")
    return f"sqlite:///{folder / 'belay.db'}"


@asynccontextmanager
async def world(
    name: str,
    folder: Path,
    database_url: str,
    *,
    replicas: int = 1,
    api_url: str = "",
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[World]:
    """A world on a prepared database. No bot runs yet. `api_url`: another way to the workspace."""
    file = county.written(folder)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        port_file = folder / "sandbox.port"
        given = ["--port", "0", "--port-file", str(port_file)]
        started = running("The sandbox", "sandbox", given, {}, folder)
        sandbox = await stack.enter_async_context(started)

        async def listening() -> bool:
            return port_file.exists() and port_file.read_text().isdigit()

        await sandbox.until(listening)
        workspace = Workspace(f"http://127.0.0.1:{port_file.read_text()}", http)
        # Its limits are a minute's, and here an afternoon takes a minute.
        await workspace.post("/rate_limits", {"enabled": False})
        await workspace.post("/setup", demo.workspace_of(file))
        described = manifest.build(Settings.model_construct())
        app = await workspace.post("/install", {"manifest": described})
        told = environment_for(workspace, app, database_url, KEY)
        told = {**told, "BELAY_MATCHER": "off", **(environment or {})}
        if api_url:
            told["BELAY_SLACK_BASE_URL"] = api_url
        bots = [Replica(folder / f"bot-{number}", told) for number in range(replicas)]
        engine = truth.engine_of(database_url)
        try:
            yield World(name, folder, workspace, sandbox, app, database_url, bots, engine, http)
        finally:
            engine.dispose()
            for bot in bots:
                if bot._running is not None:
                    await bot.kill()
