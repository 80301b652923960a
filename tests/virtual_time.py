"""This lets hours pass in milliseconds: an event loop that jumps to the next timer.

Nothing is patched: `asyncio.timeout`, `asyncio.wait_for` and `call_later` all ask the loop, and the
loop's clock moves only when there is nothing left to do. The same coroutines on the same inputs run
in the same order every time.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

# A test that waits this long for a thread or a socket hangs.
REAL_SECONDS_MAX = 20.0
T = TypeVar("T")
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


class Stuck(Exception):
    """Everybody waits and no timer is set: nothing would ever happen again."""


class _Skipping(selectors.DefaultSelector):
    """This never sleeps towards a timer: it moves the clock there."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            ready = super().select(REAL_SECONDS_MAX)
            if not ready:
                raise Stuck
            return ready
        ready = super().select(0)
        if not ready:
            self.skipped += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """This is an event loop whose time is the sum of the waits it did not do."""

    def __init__(self) -> None:
        self._virtual = _Skipping()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._virtual.skipped


@dataclass
class VirtualClock:
    """This is Belay's clock on a virtual loop: transport time is the loop's, world time may move.

    `rate` is how fast the world goes; 0 stands still, as in a paused sandbox.
    """

    start: datetime = START
    world: datetime = START
    rate: float = 1.0
    _since: float = 0.0

    def monotonic(self) -> float:
        """The loop's seconds; 0 outside a loop."""
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return 0.0

    def transport(self) -> datetime:
        """Real UTC, as far as this test is concerned: nobody moves it."""
        return self.start + timedelta(seconds=self.monotonic())

    def now(self) -> datetime:
        """World time, aware UTC."""
        return self.world + timedelta(seconds=(self.monotonic() - self._since) * self.rate)

    def move(self, *, by: timedelta = timedelta(0), rate: float | None = None) -> None:
        """Let the world jump, or go at another rate, from this moment on."""
        self.world = self.now() + by
        self._since = self.monotonic()
        self.rate = self.rate if rate is None else rate


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


async def passes(seconds: float) -> None:
    """Let this much virtual time pass, and everybody else work meanwhile."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    timer = loop.call_later(seconds, done.set_result, None)
    try:
        await done
    finally:
        timer.cancel()  # whoever waited may have been cancelled first


async def until(holds: Callable[[], bool], within: float = 3600.0) -> None:
    """Let time pass until something holds; fails after `within` virtual seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not holds():
        assert loop.time() < end, f"it did not come to hold within {within} s"
        await passes(0.01)


async def during(background: Awaitable[Any], foreground: Awaitable[T]) -> T:
    """Run one thing while another goes on for ever; what goes on is stopped afterwards."""
    task = asyncio.ensure_future(background)
    try:
        return await foreground
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
