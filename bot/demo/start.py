"""This starts the product as it is shipped by default: SQLite, and the sandbox beside it.

Everything lives in a folder that goes away afterwards. Nothing of the caller's own settings gets
in: a real token in the environment must never meet a clock that can be moved.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import aiohttp

from bot.demo import county
from bot.demo.children import Child, free_port, running
from bot.demo.screen import Json
from bot.demo.workspace import Clock, Person, Workspace
from bot.settings import Settings
from bot.slack import manifest
from protocol.policy import ChannelRole
from storage import programs, schema
from storage.database import Database
from storage.program_file import ProgramFile
from storage.sealing import Sealer, generate_key

HOST: Final = "127.0.0.1"
# Roles are held from the day before, so that they are when the story begins.
APPLIED_BEFORE: Final = timedelta(days=1)


@dataclass
class Product:
    """This is the running product, with the people who use it and the addresses to look at."""

    workspace: Workspace
    clock: Clock
    people: dict[str, Person]
    channels: dict[ChannelRole, str]
    zone: str
    children: list[Child]
    health_url: str
    folder: Path

    async def broken(self) -> str:
        """Wait until a process ends by itself; what to tell people then."""
        waiting = [asyncio.create_task(child.ended()) for child in self.children]
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for task in waiting:
                task.cancel()


@asynccontextmanager
async def started() -> AsyncIterator[Product]:
    """The whole product, running and empty, its clock standing. Raises StartError."""
    with tempfile.TemporaryDirectory(prefix="belay-demo-") as name:
        folder = Path(name)
        file = county.example()
        async with aiohttp.ClientSession() as http, _sandbox(folder, http) as (sandbox, workspace):
            clock = Clock(workspace)
            await clock.goes(0)
            await clock.set(county.opening(file))
            # Its limits count real minutes, and the story's go by in seconds.
            await workspace.post("/rate_limits", {"enabled": False})
            await workspace.post("/setup", county.workspace_of(file))
            environment = await _prepared(folder, workspace, file)
            async with _bot(folder, http, environment) as (bot, health_url):
                yield Product(
                    workspace,
                    clock,
                    _people(workspace, file),
                    county.channels_of(file),
                    file.program.zone,
                    [sandbox, bot],
                    health_url,
                    folder,
                )


def environment_for(workspace: Workspace, app: Json, database_url: str, key: str) -> dict[str, str]:
    """What the bot has to be told to live in this workspace; `app` is what installing it gave."""
    return {
        "BELAY_DATABASE_URL": database_url,
        "BELAY_KEYS": key,
        "BELAY_SLACK_BASE_URL": f"{workspace.url}/api/",
        "BELAY_SLACK_BOT_TOKEN": app["bot_token"],
        "BELAY_SLACK_APP_TOKEN": app["app_token"],
        "BELAY_SLACK_SIGNING_SECRET": app["signing_secret"],
        "BELAY_SANDBOX_CLOCK_URL": f"{workspace.url.replace('http', 'ws', 1)}/_clock",
    }


def prepare_database(url: str, key: str, file: ProgramFile, at: datetime) -> None:
    """Make all tables, and take the program over, as `belay migrate` and `belay apply` do."""
    schema.upgrade(url)
    database, sealer = Database.open(url), Sealer.from_text(key)
    try:
        database.run_sync(sealer.register)
        database.run_sync(programs.apply, sealer, file, at)
    finally:
        database.dispose()


@asynccontextmanager
async def _sandbox(
    folder: Path, http: aiohttp.ClientSession
) -> AsyncIterator[tuple[Child, Workspace]]:
    port_file = folder / "sandbox.port"
    given = ["--port", "0", "--port-file", str(port_file)]
    async with running("The sandbox workspace", "sandbox", given, {}, folder) as child:

        async def listening() -> bool:
            return port_file.exists() and port_file.read_text().isdigit()

        await child.until(listening)
        yield child, Workspace(f"http://{HOST}:{port_file.read_text()}", http)


async def _prepared(folder: Path, workspace: Workspace, file: ProgramFile) -> dict[str, str]:
    # Without a look at the environment: commands have their ordinary names here.
    described = manifest.build(Settings.model_construct())
    app = await workspace.post("/install", {"manifest": described})
    url, key = f"sqlite:///{folder / 'belay.db'}", generate_key()
    at = county.opening(file) - APPLIED_BEFORE
    await asyncio.to_thread(prepare_database, url, key, file, at)
    return {
        **environment_for(workspace, app, url, key),
        "BELAY_OUT_FILE": str(folder / "belay-out.txt"),
        "BELAY_LOG_LEVEL": "warning",
    }


@asynccontextmanager
async def _bot(
    folder: Path, http: aiohttp.ClientSession, environment: dict[str, str]
) -> AsyncIterator[tuple[Child, str]]:
    port = free_port()
    address = f"http://{HOST}:{port}"
    given = {**environment, "BELAY_HEALTH_HOST": HOST, "BELAY_HEALTH_PORT": str(port)}
    async with running("The bot", "bot", ["run"], given, folder) as child:

        async def ready() -> bool:
            try:
                async with http.get(f"{address}/readyz") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        await child.until(ready)
        yield child, address


def _people(workspace: Workspace, file: ProgramFile) -> dict[str, Person]:
    return {
        one.id: Person(workspace, one.id, one.slack, one.name, county.role_of(one))
        for one in file.people
        if one.slack
    }
