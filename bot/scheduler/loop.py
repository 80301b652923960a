"""The loop that everything hangs on: sleep until the next due, a second at most, or until nudged.

It has no leader and no memory: what is due is in the database, so any number of replicas may run
it, and one that was killed has lost nothing. It turns the sweep, delivery and the watch.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NoReturn, Self

import structlog

from bot import observe
from bot.clock import Clock

# `asyncio.sleep` is monotonic and knows nothing of suspended machines and moved clocks: whatever
# happens to time, the loop looks again after a second.
POLL_SECONDS: Final = 1.0
# The same for what nobody waits for at that very second: whatever is asked for is committed here,
# and a commit nudges; this only finds what another replica left behind.
SLOW_POLL_SECONDS: Final = 10.0
# Due, and yet nothing to do: a peer has it, or every slot is taken.
BUSY_SECONDS: Final = 0.2
# An instant that does not come by waiting.
FAR: Final = timedelta(days=365)

log = structlog.get_logger(__name__)

Wait = Callable[[asyncio.Event, float], Awaitable[None]]


async def wait_for_nudge(nudge: asyncio.Event, seconds: float) -> None:
    """Return when nudged, or after so many seconds of the event loop's time."""
    try:
        async with asyncio.timeout(seconds):
            await nudge.wait()
    except TimeoutError:
        pass


@dataclass
class Pace:
    """This is how fast the world goes beside transport time: 1, but in a sandbox anything.

    Observed, because a clock says only what time it is. After a jump it is wrong for one turn.
    """

    world: datetime
    monotonic: float
    rate: float = 1.0

    @classmethod
    def of(cls, clock: Clock) -> Self:
        """The pace from now on."""
        return cls(clock.now(), clock.monotonic())

    def off(self, due: datetime, clock: Clock) -> timedelta:
        """How far off a world instant is in transport time; negative by how late it is."""
        now, monotonic = clock.now(), clock.monotonic()
        passed = monotonic - self.monotonic
        if passed > 0:
            self.rate = (now - self.world).total_seconds() / passed
            self.world, self.monotonic = now, monotonic
        if due <= now:
            return due - now
        # A clock that stands still, or was put back, gets there only by being moved: a nudge.
        return min((due - now) / self.rate, FAR) if self.rate > 0 else FAR


@dataclass
class Loop:
    """One loop. `until_due` says how far off the next due is in seconds of transport time.

    It is None where nothing is due ever, and negative by the lateness where something is overdue;
    it asks with the same predicate as `work` claims by, or the loop would spin. `work` does what is
    due and says how much it did. Neither may end the loop. `poll` is how long it waits at most (s).
    """

    name: str
    until_due: Callable[[], Awaitable[timedelta | None]]
    work: Callable[[], Awaitable[int]]
    nudge: asyncio.Event = field(default_factory=asyncio.Event)
    wait: Wait = wait_for_nudge
    poll: float = POLL_SECONDS
    late: timedelta = timedelta(0)
    turns: int = 0
    faults: int = 0

    async def run(self) -> NoReturn:
        """Turn for ever; only cancelling ends it."""
        while True:
            await self.turn()

    async def turn(self) -> None:
        """Do what is due now, or wait for it."""
        self.nudge.clear()  # before the query: a nudge that comes during it is kept
        pause = self.poll
        try:
            off = await self.until_due()
            self.late = max(timedelta(0), -off) if off is not None else timedelta(0)
            if off is not None:
                pause = off.total_seconds()
                if pause <= 0:
                    if await self.work():
                        return
                    pause = BUSY_SECONDS
        except Exception:
            # The database is away, or something is broken: say so, and look again in a second.
            log.exception("loop.fault", loop=self.name)
            observe.FAULTS.labels(self.name).inc()
            self.faults += 1
            pause = POLL_SECONDS
        finally:
            self.turns += 1
        await self.wait(self.nudge, min(self.poll, pause))
