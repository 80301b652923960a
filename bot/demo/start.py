"""This starts the product as it is shipped by default: SQLite, and the sandbox beside it.

Everything lives in a folder that goes away afterwards. Nothing of the caller's own settings gets
in: a real token in the environment must never meet a clock that can be moved.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import aiohttp

from bot.demo import county
from bot.demo.bot import HOST, Bot
from bot.demo.children import Child, running
from bot.demo.screen import Json
from bot.demo.workspace import Clock, Person, Workspace
from bot.settings import Settings
from bot.slack import manifest
from protocol.ids import PersonId
from protocol.people import Language
from protocol.policy import ChannelRole
from storage import people, programs, schema
from storage.database import Database
from storage.program_file import ProgramFile
from storage.sealing import Sealer, generate_key

# Roles are held from the day before, so that they are when the story begins.
APPLIED_BEFORE: Final = timedelta(days=1)


LEARNT: Final = Path("belay-matrix")


@dataclass
class Product:
    """This is the running product, with the people who use it and the addresses to look at.

    `run` counts how often it has begun anew. `matcher` is how questions to the matrix are compared.
    """

    workspace: Workspace
    clock: Clock
    file: ProgramFile
    folder: Path
    sandbox: Child
    bot: Bot
    people: dict[str, Person] = field(init=False)
    channels: dict[ChannelRole, str] = field(init=False)
    run: int = 0
    matcher: str = "full"

    def __post_init__(self) -> None:
        self.people = _people(self.workspace, self.file)
        self.channels = county.channels_of(self.file)

    @property
    def zone(self) -> str:
        """The program's zone (IANA)."""
        return self.file.program.zone

    @property
    def language(self) -> Language:
        """What the program speaks."""
        return self.file.program.language

    @property
    def database_url(self) -> str:
        """Where this run's rows are."""
        return f"sqlite:///{self.folder / f'belay-{self.run}.db'}"

    async def begin(self) -> None:
        """Set up the county with an empty database, its clock standing, and start the bot."""
        self.run += 1
        await self.clock.goes(0)
        await self.clock.set(county.opening(self.file))
        # Its limits count real minutes, and the story's go by in seconds.
        await self.workspace.post("/rate_limits", {"enabled": False})
        await self.workspace.post("/setup", county.workspace_of(self.file))
        # Without a look at the environment: commands have their ordinary names here.
        described = manifest.build(Settings.model_construct())
        app = await self.workspace.post("/install", {"manifest": described})
        key, at = generate_key(), county.opening(self.file) - APPLIED_BEFORE
        await asyncio.to_thread(prepare_database, self.database_url, key, self.file, at)
        self.bot.environment = {
            **environment_for(self.workspace, app, self.database_url, key),
            "BELAY_OUT_FILE": str(self.folder / "belay-out.txt"),
            "BELAY_LOG_LEVEL": "warning",
            "BELAY_MATCHER": self.matcher,
            # Where the demo is started, so that what was learnt is there the next time.
            "BELAY_MATRIX_FOLDER": str(LEARNT.resolve()),
        }
        await self.bot.start()

    async def begin_again(self) -> None:
        """Throw everything away, and begin anew."""
        await self.bot.stop()
        await self.workspace.delete("/faults")
        for user in (person.user for person in self.people.values()):
            await self.workspace.post("/signal", {"user": user, "lost": False})
        await self.workspace.post("/reset")
        await self.begin()

    async def speak(self, language: Language) -> None:
        """Let the program speak a language, and everybody in it, whatever they chose before."""
        self.file = county.speaking(self.file, language)
        # It remembers for a minute how to speak to people: whoever begins anew asks first.
        alive = self.bot.alive
        if alive:
            await self.bot.stop()
        await asyncio.to_thread(self._speak, await self.clock.now())
        if alive:
            await self.bot.start()

    def _speak(self, at: datetime) -> None:
        database = Database.open(self.database_url)
        sealer = Sealer.from_text(self.bot.environment["BELAY_KEYS"])
        try:
            database.run_sync(programs.apply, sealer, self.file, at)
            for who in self.people:
                database.run_sync(people.set_language, PersonId(who), None)
        finally:
            database.dispose()

    async def broken(self) -> str:
        """Wait until a process ends by itself; what to tell people then."""
        waiting = [asyncio.create_task(one.ended()) for one in (self.sandbox, self.bot)]
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            for task in waiting:
                task.cancel()


@asynccontextmanager
async def started(
    language: Language = Language.EN, port: int = 0, matcher: str = "full"
) -> AsyncIterator[Product]:
    """The whole product, running and empty, its clock standing. Raises StartError.

    `port` is the page's; 0 takes any that is free. `matcher` is full, words or off.
    """
    with tempfile.TemporaryDirectory(prefix="belay-demo-") as name:
        folder = Path(name)
        file = county.speaking(county.example(), language)
        async with (
            aiohttp.ClientSession() as http,
            _sandbox(folder, http, port) as (sandbox, workspace),
        ):
            bot = Bot(folder, http)
            product = Product(
                workspace, Clock(workspace), file, folder, sandbox, bot, matcher=matcher
            )
            try:
                await product.begin()
                yield product
            finally:
                await asyncio.shield(bot.stop())


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
    folder: Path, http: aiohttp.ClientSession, port: int
) -> AsyncIterator[tuple[Child, Workspace]]:
    port_file = folder / "sandbox.port"
    given = ["--port", str(port), "--port-file", str(port_file)]
    async with running("The sandbox workspace", "sandbox", given, {}, folder) as child:

        async def listening() -> bool:
            return port_file.exists() and port_file.read_text().isdigit()

        await child.until(listening)
        yield child, Workspace(f"http://{HOST}:{port_file.read_text()}", http)


def _people(workspace: Workspace, file: ProgramFile) -> dict[str, Person]:
    zone, language = file.program.zone, file.program.language
    titles = {one.id: county.role_of(one, language) for one in file.people}
    return {
        one.id: Person(workspace, one.id, one.slack, one.name, titles[one.id], zone=zone)
        for one in file.people
        if one.slack
    }
