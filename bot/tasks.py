"""This keeps the background tasks: none ends unseen, and all end together."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

import structlog

from bot import observe
from bot.clock import Clock, Sleep

RESTART_AFTER = (0.2, 1.0, 2.0, 5.0)  # s; a fault that stays is tried every 5 s, never given up
WELL_AFTER = 60.0  # s that a task must live before its fault counts as over

Kept = asyncio.Task[None]

log = structlog.get_logger(__name__)


class Tasks:
    """This starts tasks, restarts those that die, and says which ones died lately."""

    def __init__(self, clock: Clock, *, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._running: set[Kept] = set()
        self._died_at: dict[str, float] = {}

    def keep(self, name: str, make: Callable[[], Awaitable[None]]) -> Kept:
        """This runs a task that is never over: whether it raises or returns, it starts again."""
        return self.start(name, lambda: self._again_and_again(name, make))

    def start(self, name: str, make: Callable[[], Awaitable[None]]) -> Kept:
        """This runs a task once; a fault of it is logged and counted."""
        task = asyncio.create_task(self._watched(name, make), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def died(self) -> list[str]:
        """The names of tasks that died within the last minute."""
        now = self._clock.monotonic()
        return sorted(name for name, at in self._died_at.items() if now - at < WELL_AFTER)

    async def stop(self, within: timedelta, which: Iterable[Kept] | None = None) -> list[str]:
        """This ends these tasks, or all, and waits; it gives the names of those still running.

        A transaction is not cut in two by this: the database finishes it whoever waits.
        """
        ending = self._running & set(which) if which is not None else set(self._running)
        for task in ending:
            task.cancel()
        if not ending:
            return []
        _, left = await asyncio.wait(ending, timeout=within.total_seconds())
        return sorted(task.get_name() for task in left)

    async def _again_and_again(self, name: str, make: Callable[[], Awaitable[None]]) -> None:
        deaths = 0
        while True:
            started = self._clock.monotonic()
            try:
                await make()
                log.error("task.returned", task=name)
            except Exception:
                log.exception("task.died", task=name)
            now = self._clock.monotonic()
            deaths = 0 if now - started > WELL_AFTER else deaths + 1
            self._died_at[name] = now
            observe.TASKS_DIED.labels(name).inc()
            await self._sleep(RESTART_AFTER[min(max(deaths, 1), len(RESTART_AFTER)) - 1])

    async def _watched(self, name: str, make: Callable[[], Awaitable[None]]) -> None:
        try:
            await make()
        except Exception:
            log.exception("task.failed", task=name)
            observe.FAULTS.labels("task").inc()
