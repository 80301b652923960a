"""This passes wishes on to whoever started the bot: the sandbox does not own its process."""

import asyncio
import time

from sandbox.errors import Refused
from sandbox.model import Json
from sandbox.onlookers import Onlookers

WISHES = frozenset({"kill_bot", "start_bot", "start_over", "speak_en", "speak_es"})
OFFERED_FOR = 60.0
"""Transport seconds after the last look for wishes in which somebody is taken to be there."""
WAIT_MOST = 60.0
"""Transport seconds that one look may wait for a wish."""


class Wishes:
    """This is every wish, numbered, and whether anybody fulfils them."""

    def __init__(self, onlookers: Onlookers) -> None:
        self._onlookers = onlookers
        self._rows: list[Json] = []
        self._waiting = 0
        self._looked = float("-inf")
        self._made = asyncio.Event()

    @property
    def offered(self) -> bool:
        """This is true if somebody looks for wishes now, or did a moment ago."""
        return self._waiting > 0 or time.monotonic() - self._looked < OFFERED_FOR

    def make(self, wish: str, world: float) -> int:
        """This makes a wish; its number. Refuses unknown ones, and all when nobody is there.

        A wish that waited for somebody to come would strike long after it was meant.
        """
        if wish not in WISHES:
            raise Refused("bad_wish", status=400, detail=f"one of {sorted(WISHES)}")
        if not self.offered:
            raise Refused("not_offered", status=400, detail="nobody has looked for wishes")
        row = {"n": len(self._rows) + 1, "wish": wish, "world": world, "done": False, "said": None}
        self._rows.append(row)
        self.wake()
        return len(self._rows)

    def wake(self) -> None:
        """This wakes whoever waits for a wish."""
        self._made.set()
        self._made = asyncio.Event()

    async def since(self, number: int, wait: float) -> list[Json]:
        """This is every wish after a number; waits up to `wait` transport seconds for one."""
        self._waiting += 1
        self._onlookers.changed()
        try:
            if len(self._rows) <= number:
                await asyncio.wait_for(self._made.wait(), min(wait, WAIT_MOST))
        except TimeoutError:
            return []
        finally:
            self._waiting -= 1
            self._looked = time.monotonic()
        return self._rows[number:]

    def done(self, number: int, said: str) -> None:
        """This notes what became of a wish; refuses a number that was never given."""
        if not 1 <= number <= len(self._rows):
            raise Refused("no_such_wish", status=400)
        self._rows[number - 1] |= {"done": True, "said": said}

    def report(self) -> Json:
        """This is whether wishes are offered, and the last one."""
        return {"offered": self.offered, "last": dict(self._rows[-1]) if self._rows else None}
