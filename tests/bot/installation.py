"""This is a Belay that was set up in a sandbox as an operator does it, and that may be broken."""

import asyncio
import contextlib
import json
import os
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from typer.testing import CliRunner, Result

from bot import observe
from bot.app import serve
from bot.cli import app as command_line
from bot.cli import base
from bot.cli.findings import NOTES, WARNINGS, Kind
from bot.demo.workspace import Workspace
from bot.matcher import Makers
from bot.settings import Settings, load
from bot.slack import manifest

WITHIN = 60.0  # s
# A Belay that runs in this process logs to the same output, at any moment.
LOGGED = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[.*\n", re.MULTILINE)


@dataclass
class Installation:
    """This is a Belay that is set up in a sandbox and may be broken."""

    workspace: Workspace
    folder: Path
    setenv: Any
    headers: dict[str, str | None]
    stack: contextlib.AsyncExitStack

    async def belay(self, *given: str) -> Result:
        """This runs a command, as from a shell; the sandbox answers meanwhile."""
        return await asyncio.to_thread(CliRunner().invoke, command_line, list(given))

    async def kinds(self) -> list[Kind]:
        """This is what doctor found, in its order, but for the notes."""
        result = await self.belay("doctor", "--json")
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        said = json.loads(LOGGED.sub("", result.stdout))
        found = [Kind(one["kind"]) for one in said["findings"]]
        assert [one["level"] for one in said["findings"]] == [kind.level for kind in found]
        faults = [kind for kind in found if kind not in WARNINGS | NOTES]
        assert said["exit_code"] == result.exit_code == (base.FOUND if faults else 0)
        return [kind for kind in found if kind not in NOTES]

    async def people(self, who: str, **changed: Any) -> None:
        await self.workspace.post("/setup", {"people": [{"id": who, **changed}]})

    async def channel(self, which: str, **changed: Any) -> None:
        await self.workspace.post("/setup", {"channels": [{"id": which, **changed}]})

    async def act(self, name: str, **given: Any) -> None:
        await self.workspace.post(f"/act/{name}", {"user": "U_MAYA", **given})

    async def fault(self, method: str, effect: str = "error", **more: Any) -> None:
        given = {"effect": effect, "target": method, "count": None, **more}
        await self.workspace.post("/faults", given)

    async def reinstall(self, *, scopes: list[str] | None = None, url: str = "") -> None:
        described = manifest.build(Settings.model_construct(), url)
        if scopes is not None:
            described["oauth_config"]["scopes"]["bot"] = scopes
        await self.workspace.post("/install", {"manifest": described})

    def rows(self, *statements: str) -> None:
        """This changes the database behind Belay's back."""
        with contextlib.closing(sqlite3.connect(self.folder / "belay.db")) as conn, conn:
            for statement in statements:
                conn.execute(statement)

    async def runs(self, path: str, words: str, engines: Makers | None = None) -> None:
        """A Belay runs here, and says these words on its health address."""
        observe.SOCKETS_OF_THE_APP.set(0)  # what a Belay of another test left
        stop, settings = asyncio.Event(), load()
        running = asyncio.create_task(serve(settings, stop, engines=engines))

        async def end() -> None:
            stop.set()
            await asyncio.wait_for(running, WITHIN)

        self.stack.push_async_callback(end)
        address = f"http://127.0.0.1:{settings.health_port}{path}"
        async with asyncio.timeout(WITHIN):
            while words not in await self._said_at(address):  # noqa: ASYNC110 - asked over HTTP
                await asyncio.sleep(0.02)

    async def _said_at(self, address: str) -> str:
        try:
            async with self.workspace.http.get(address) as answer:
                return await answer.text()
        except aiohttp.ClientError:
            return ""

    async def connects(self, count: int) -> None:
        """So many connections of the app are open that are nobody's here."""
        headers = {"Authorization": f"Bearer {os.environ['BELAY_SLACK_APP_TOKEN']}"}
        for _ in range(count):
            opening = f"{self.workspace.url}/api/apps.connections.open"
            async with self.workspace.http.post(opening, headers=headers) as answer:
                url = (await answer.json())["url"]
            ws = await self.workspace.http.ws_connect(url)
            self.stack.push_async_callback(ws.close)
