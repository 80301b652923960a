"""This is the bot's process, which people may kill and start again on the same database."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp

from bot.demo.children import Child, free_port, running

HOST: Final = "127.0.0.1"


@dataclass
class Bot:
    """This starts the bot with an environment, and knows whether somebody wanted it dead."""

    folder: Path
    http: aiohttp.ClientSession
    environment: Mapping[str, str] = field(default_factory=dict)
    health_url: str = field(default_factory=lambda: f"http://{HOST}:{free_port()}")
    _child: Child | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def alive(self) -> bool:
        """Whether it runs, as far as we were asked."""
        return self._wanted.is_set()

    async def start(self) -> None:
        """Start it, and wait until it answers. Raises StartError."""
        host, port = self.health_url.removeprefix("http://").split(":")
        given = {**self.environment, "BELAY_HEALTH_HOST": host, "BELAY_HEALTH_PORT": port}
        process = running("The bot", "bot", ["run"], given, self.folder)
        child = self._child = await self._stack.enter_async_context(process)
        await child.until(self._ready)
        self._wanted.set()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._wanted.clear()
        if self._child is not None:
            await self._child.kill()

    async def stop(self) -> None:
        """End it politely."""
        self._wanted.clear()
        await self._stack.aclose()

    async def ended(self) -> str:
        """Wait until it ends without having been told to; what to tell people then."""
        while True:
            await self._wanted.wait()
            child = self._child
            assert child is not None  # it was started before it was wanted
            told = await child.ended()
            if self._wanted.is_set() and child is self._child:
                return told

    async def _ready(self) -> bool:
        try:
            async with self.http.get(f"{self.health_url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False
