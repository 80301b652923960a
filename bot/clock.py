"""This is time: the world's, which every rule uses, and the transport's, which nobody moves.

The only file of bot/ that asks the machine what time it is.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import aiohttp
import structlog

RECONNECT_EVERY = 0.5  # s; the sandbox is on this machine, so a refused try costs nothing
LINK_PING = 5.0  # s; a link that stands but says nothing is dropped after about this

Sleep = Callable[[float], Awaitable[None]]
Settle = Callable[[], Awaitable[datetime | None]]

log = structlog.get_logger(__name__)


class Clock(Protocol):
    """This is what everything that needs the time is handed."""

    def now(self) -> datetime:
        """This is the world's time (aware UTC): deadlines, plans and records use it."""
        ...

    def transport(self) -> datetime:
        """This is real time (aware UTC): leases, retries and gates use it."""
        ...

    def monotonic(self) -> float:
        """This is real seconds from a fixed point, unmoved by a change of the host's clock."""
        ...


class SystemClock:
    """This is the clock of a real installation: both times are the host's."""

    def now(self) -> datetime:
        """This is the host's time (aware UTC)."""
        return datetime.now(UTC)

    def transport(self) -> datetime:
        """This is the host's time too (aware UTC)."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """This is the host's CLOCK_MONOTONIC in seconds."""
        return time.monotonic()


def while_suspended() -> float:
    """Seconds from a fixed point that go on while the machine is suspended, where it can tell."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # Linux has it
    return time.clock_gettime(clock)


class DatabaseClock(SystemClock):
    """This is the database's clock, as an offset from seconds that the host counts.

    Replicas on machines whose own clocks differ agree on it, on deadlines and on leases alike.
    Until it was set for the first time it is the host's. The host's seconds are counted while the
    machine is suspended, too: a replica that wakes must not take an old time for now.
    """

    def __init__(self, counted: Callable[[], float] = while_suspended) -> None:
        self._counted = counted
        self._at = datetime.now(UTC)
        self._since = counted()
        self._heard = False

    def now(self) -> datetime:
        """This is the database's time (aware UTC), as far as the last look at it tells."""
        return self._at + timedelta(seconds=self._counted() - self._since)

    def transport(self) -> datetime:
        """This is the database's time too (aware UTC): leases are seen by every replica."""
        return self.now()

    def counted(self) -> float:
        """This is the host's seconds from a fixed point, those of a suspension included."""
        return self._counted()

    def set(self, said: datetime, asked: float, answered: float) -> timedelta:
        """This takes over what the database said between two instants that the host counted.

        Returns by how much that moved the clock: more than a moment is a fault of some machine.
        What took long to arrive is known no better than that, and moves nothing within it.
        """
        at = (asked + answered) / 2
        moved = said - (self._at + timedelta(seconds=at - self._since))
        if self._heard and abs(moved) <= timedelta(seconds=(answered - asked) / 2):
            return timedelta(0)
        self._at, self._since, self._heard = said, at, True
        return moved


class LinkedClock(SystemClock):
    """This is a clock whose world time the sandbox sets; transport time stays the host's.

    The sandbox says (world, monotonic, rate): now = world + elapsed monotonic seconds * rate. Both
    processes read the same CLOCK_MONOTONIC, because the link is refused for another machine.
    Between two links the last word holds.
    """

    def __init__(self, url: str, *, sleep: Sleep = asyncio.sleep) -> None:
        self._url = url
        self._sleep = sleep
        self._world = time.time()
        self._monotonic = time.monotonic()
        self._rate = 1.0
        self._heard = asyncio.Event()

    def now(self) -> datetime:
        """This is the sandbox's time (aware UTC)."""
        elapsed = time.monotonic() - self._monotonic
        return datetime.fromtimestamp(self._world + elapsed * self._rate, UTC)

    async def heard(self) -> None:
        """This returns when the sandbox has said what time it is; before that `now` is a guess."""
        await self._heard.wait()

    async def follow(self, settle: Settle, on_change: Callable[[], None]) -> None:
        """This keeps the link for ever. `settle` returns when nothing is due and nothing is unsent,
        with the next wake (aware UTC) or None; `on_change` is called after each change.
        """
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.ws_connect(self._url, heartbeat=LINK_PING) as link:
                        await self._listen(link, settle, on_change)
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    log.info("clock.link_lost", error_type=type(error).__name__)
                await self._sleep(RECONNECT_EVERY)

    async def _listen(
        self,
        link: aiohttp.ClientWebSocketResponse,
        settle: Settle,
        on_change: Callable[[], None],
    ) -> None:
        settling: asyncio.Task[None] | None = None
        try:
            async for frame in link:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    continue
                said = frame.json()
                if said["type"] == "clock":
                    self._set(said)
                    on_change()
                elif said["type"] == "settle":
                    # Beside the reading, so that the clock can move while we settle. The sandbox
                    # asks again after each move: only the newest question has an answer.
                    await _end(settling)
                    settling = asyncio.create_task(_settled(link, said["seq"], settle))
        finally:
            await _end(settling)

    def _set(self, said: dict[str, Any]) -> None:
        self._world = float(said["world"])
        self._monotonic = float(said["monotonic"])
        self._rate = float(said["rate"])
        self._heard.set()


async def _settled(link: aiohttp.ClientWebSocketResponse, seq: int, settle: Settle) -> None:
    wake = await settle()
    unix = None if wake is None else wake.timestamp()
    # A link that broke meanwhile: the sandbox asks again over the next one.
    with suppress(ConnectionError):
        await link.send_json({"type": "settled", "seq": seq, "next_wake": unix})


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is None:
        return
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
