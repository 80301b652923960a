"""This wakes whoever looks on: the tabs of the page, when anything may have changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.model import Json


class Onlookers:
    """This is everybody who looks on, and the guided tour that they are shown."""

    def __init__(self) -> None:
        self._bells: set[asyncio.Event] = set()
        self.tabs = 0
        """How many tabs of the page are open."""
        self.tour: Json = {}

    def changed(self) -> None:
        """This wakes everybody: something may look different now. Costs nothing if nobody looks."""
        for bell in self._bells:
            bell.set()

    @contextmanager
    def looking(self) -> Iterator[asyncio.Event]:
        """This is a bell that rings at each change while the block runs."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)
