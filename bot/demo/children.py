"""This starts the demo's two processes, waits until they answer, and leaves none behind."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.demo import child

START_WITHIN: Final = 60.0  # s; a small machine with a cold disk
STOP_WITHIN: Final = 20.0  # s; the bot answers what it has in hand, for up to fifteen
POLL: Final = 0.05  # s
LAST_LINES: Final = 12


class StartError(Exception):
    """This says in words for a person what did not start, and why."""


@dataclass
class Child:
    """This is one process of ours. `log` is the file with everything it said."""

    name: str
    process: Process
    log: Path

    async def until(self, ready: Callable[[], Awaitable[bool]]) -> None:
        """Wait until it answers. Raises StartError if it ends, or never does."""
        try:
            async with asyncio.timeout(START_WITHIN):
                while not await ready():
                    if self.process.returncode is not None:
                        raise StartError(f"{self.name} did not start.\n{self.last_lines()}")
                    await asyncio.sleep(POLL)
        except TimeoutError:
            raise StartError(
                f"{self.name} did not answer within {START_WITHIN:.0f} s.\n{self.last_lines()}"
            ) from None

    async def ended(self) -> str:
        """Wait until it ends; what to tell people then."""
        await self.process.wait()
        return f"{self.name} has ended (code {self.process.returncode}).\n{self.last_lines()}"

    async def stop(self) -> None:
        """End it: politely, and after a while not so."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), STOP_WITHIN)
            except TimeoutError:
                await self.kill()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    def last_lines(self) -> str:
        """The end of what it said."""
        said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in said[-LAST_LINES:]) or "  (it said nothing)"


@asynccontextmanager
async def running(
    name: str, module: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path
) -> AsyncIterator[Child]:
    """A module running as a process of its own, with this environment and no other."""
    log = folder / f"{module}.log"
    # A group of its own: Ctrl-C reaches us alone, and we end the others in the right order.
    with log.open("ab") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", child.__name__, module, *arguments),
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=said,
            env={**_where_code_is(), **environment},
            start_new_session=True,
        )
    started = Child(name, process, log)
    try:
        yield started
    finally:
        await asyncio.shield(started.stop())


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _where_code_is() -> dict[str, str]:
    """What a fresh interpreter needs to find the same code as this one."""
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return {"PYTHONPATH": path, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
