"""This knows whether anything is under way: open envelopes, running calls."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Activity:
    """This counts what is under way. `total` only grows, so that a change can be noticed."""

    def __init__(self) -> None:
        self.total = 0
        self._open = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def open(self) -> int:
        """This is how many things are under way."""
        return self._open

    @contextmanager
    def going(self) -> Iterator[None]:
        """This counts one thing while the block runs."""
        self.total += 1
        self._open += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._open -= 1
            if not self._open:
                self._idle.set()

    async def quiet(self, seconds: float) -> bool:
        """This waits until nothing is under way; false if that took too long."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True
