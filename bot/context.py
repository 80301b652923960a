"""This is what a handler or a scheduler task is handed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock import Clock
from bot.matcher import Matcher
from bot.settings import Settings
from storage.database import Database
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Context:
    """This is the database, the keys, the time and the settings, and a way to wake who waits.

    `troubles` holds what a task is unable to do right now, by its name, in words for an operator;
    each task removes its own when it works again. Readiness shows them. `busy` names tasks that
    have work in hand which no row tells of: a sandbox's clock does not leap meanwhile. `ears` say
    how long Slack has not been heard at all (transport time); without one, nobody can tell.
    `workspace` is what Slack said of itself: its `url`, once that is known. `matcher` answers who
    handles something, once it is loaded.
    """

    database: Database
    sealer: Sealer
    clock: Clock
    settings: Settings
    troubles: dict[str, str] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    ears: list[Callable[[], timedelta]] = field(default_factory=list, repr=False)
    workspace: dict[str, str] = field(default_factory=dict)
    matcher: Matcher = field(default_factory=Matcher)
    _sleepers: list[asyncio.Event] = field(default_factory=list, repr=False)

    def nudge(self) -> None:
        """Wake the loop and delivery, after something was written. Only on the event loop."""
        for sleeper in self._sleepers:
            sleeper.set()

    def waker(self) -> asyncio.Event:
        """A new event that every nudge sets. Who waits for it clears it, before looking."""
        sleeper = asyncio.Event()
        self._sleepers.append(sleeper)
        return sleeper
