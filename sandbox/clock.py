"""This keeps world time, which can be moved, apart from transport time, which cannot."""

import time
from collections.abc import Callable
from typing import Any


class Clock:
    """This is the triple (world, monotonic, rate): now = world + elapsed transport * rate.

    `world` is unix seconds. `rate` 0 stands still, 1 is real speed. Listeners are called after
    each change.
    """

    def __init__(self, world: float | None = None, rate: float = 1.0) -> None:
        self.world = time.time() if world is None else world
        self.monotonic = time.monotonic()
        self.rate = rate
        self.seq = 0
        self.resume_rate = rate or 1.0
        self.listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        """This is the world time in unix seconds."""
        return self.world + (time.monotonic() - self.monotonic) * self.rate

    def move(self, *, world: float | None = None, rate: float | None = None) -> None:
        """This sets world time or rate, or both, from this moment on."""
        self.world = self.now() if world is None else world
        self.monotonic = time.monotonic()
        if rate is not None:
            self.rate = rate
        self.seq += 1
        for listener in list(self.listeners):
            listener()

    def pause(self) -> None:
        """This makes the world stand still; `resume` restores the rate."""
        self.resume_rate = self.rate or self.resume_rate
        self.move(rate=0.0)

    def resume(self) -> None:
        """This lets the world go on at the rate it had before `pause`."""
        self.move(rate=self.resume_rate)

    def frame(self) -> dict[str, Any]:
        """This is what a bot is told over the clock link."""
        return {
            "type": "clock",
            "world": self.world,
            "monotonic": self.monotonic,
            "rate": self.rate,
            "seq": self.seq,
        }

    def report(self) -> dict[str, Any]:
        """This is the clock for people: its triple and the time now."""
        return {**self.frame(), "now": self.now()}
