"""This is what every part of the sandbox stands on: state, clocks, faults, records, tasks."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from sandbox.activity import Activity
from sandbox.clock import Clock
from sandbox.errors import Refused
from sandbox.faults import Faults
from sandbox.model import App, Json
from sandbox.onlookers import Onlookers
from sandbox.rates import Limiter
from sandbox.records import Records, Refusals
from sandbox.scopes import ScopeBook
from sandbox.timing import Timing
from sandbox.triggers import Hooks, Triggers
from sandbox.wishes import Wishes
from sandbox.workspace import Workspace


class Ground:
    """This knows no transport, so that the transports can know it."""

    def __init__(self, clock: Clock, timing: Timing, limiter: Limiter) -> None:
        self.url = ""
        self.clock = clock
        self.timing = timing
        self.limiter = limiter
        self.closing = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.nudge = asyncio.Event()
        clock.listeners.append(self.nudge.set)
        self.onlookers = Onlookers()
        self.wishes = Wishes(self.onlookers)
        clock.listeners.append(self.onlookers.changed)
        self.empty()

    def empty(self) -> None:
        """This starts again from an empty workspace; the clock stays."""
        for task in self._tasks:
            task.cancel()
        self.workspace = Workspace(self.clock)
        self.workspace.journal.listeners.append(self.onlookers.changed)
        self.lost: dict[str, Json] = {}
        """What stands on the phones that have no signal, by person."""
        self.activity = Activity()
        self.faults = Faults()
        self.calls = Records()
        self.refusals = Refusals()
        self.scope_book = ScopeBook()
        self.triggers = Triggers()
        self.hooks = Hooks()
        self.after_outage: list[Json] = []
        self.limiter.set(self.limiter.enabled, self.limiter.factor)

    @property
    def app(self) -> App:
        """This is the installed app; raises Refused no_app."""
        if self.workspace.app is None:
            raise Refused("no_app", status=400, detail="POST /_control/install first")
        return self.workspace.app

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """This runs something in the background until it ends or the sandbox does."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def trigger(self, user: str, view: str | None = None) -> str:
        """This is a trigger id for a person's act."""
        return self.triggers.issue(user, self.timing.trigger_lives, view)

    def response_url(self, channel: str, user: str, ts: str | None = None) -> str:
        """This is a response URL for a person's act in a channel."""
        key = self.hooks.issue(channel, user, ts, self.timing.response_url_lives)
        return f"{self.url}/respond/{key}"

    async def close(self) -> None:
        """This ends everything that runs in the background."""
        self.closing.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
