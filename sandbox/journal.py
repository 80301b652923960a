"""This records, in order, what each person could see happen."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.model import Json


@dataclass(frozen=True)
class Entry:
    """This is one thing seen. `kind`: message, edit, delete, ephemeral, reaction, view, ..."""

    seq: int
    world: float
    kind: str
    audience: frozenset[str]
    data: Json = field(default_factory=dict)

    def shape(self) -> Json:
        """This is the entry as JSON, without its audience."""
        return {"seq": self.seq, "world": self.world, "kind": self.kind, **self.data}


class Journal:
    """This is an append-only list with a sequence number; waiters wake at each entry.

    Listeners are called after each entry.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.listeners: list[Callable[[], None]] = []
        self._changed = asyncio.Event()

    def add(self, kind: str, world: float, audience: Iterable[str], **data: Any) -> Entry:
        """This appends an entry and wakes whoever waits."""
        entry = Entry(len(self.entries) + 1, world, kind, frozenset(audience), data)
        self.entries.append(entry)
        self._changed.set()
        self._changed = asyncio.Event()
        for listener in self.listeners:
            listener()
        return entry

    def of(self, user: str, since: int = 0) -> list[Entry]:
        """This is what the person could see after sequence number `since`."""
        return [entry for entry in self.entries[since:] if user in entry.audience]

    def notified(self, since: int) -> bool:
        """This is whether anybody was notified of something after sequence number `since`."""
        return any(entry.kind == "notification" for entry in self.entries[since:])

    async def wait(self, user: str, since: int, kinds: frozenset[str], seconds: float) -> bool:
        """This waits, in transport seconds, until the person sees one of `kinds`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not any(entry.kind in kinds for entry in self.of(user, since)):
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), until - loop.time())
            except TimeoutError:
                return False
        return True
