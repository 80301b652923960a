"""A Slack that accepts on its side whatever becomes of the answer."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from bot.slack.send import RetryAfter, Sent, Undeliverable, Unknown
from tests.virtual_time import passes

# Longer than the client waits for an answer (bot.slack.send.CALL_SECONDS).
CLIENT_WAITS = 10.0


@dataclass
class Weather:
    """This is how likely each thing is to go wrong, a share of the calls."""

    limited: float = 0.05
    refused: float = 0.04
    answer_lost: float = 0.03
    hangs: float = 0.02
    late_by: float = 2.0
    gone: frozenset[str] = frozenset()


CALM = Weather(limited=0, refused=0, answer_lost=0, hangs=0)


@dataclass
class SimSlack:
    """This keeps every message that it accepted: when (loop seconds), where, and its key."""

    rng: random.Random
    weather: Weather = field(default_factory=Weather)
    accepted: list[tuple[float, str, str]] = field(default_factory=list)
    down_until: float = 0.0

    def _accept(self, channel: str, key: str) -> str:
        at = asyncio.get_running_loop().time()
        self.accepted.append((at, channel, key))
        return f"{len(self.accepted)}.0"

    async def _travel(self) -> None:
        await passes(0.02 + 0.1 * self.rng.random())
        if asyncio.get_running_loop().time() < self.down_until:
            raise Unknown("down")

    async def direct(self, user, now):
        return Undeliverable("user_disabled") if user in self.weather.gone else f"D{user}"

    async def post(self, place, message, key):
        await self._travel()
        luck, weather = self.rng.random(), self.weather
        if luck < (share := weather.limited):
            return RetryAfter(self.rng.choice([1, 5, 20]), "ratelimited", limited=True)
        if luck < (share := share + weather.refused):
            raise Unknown("500")
        if luck < (share := share + weather.answer_lost):
            self._accept(place.channel, key)
            raise Unknown("answer lost")
        if luck < share + weather.hangs:
            loop = asyncio.get_running_loop()
            loop.call_later(self.rng.random() * weather.late_by, self._accept, place.channel, key)
            await passes(CLIENT_WAITS)
            raise Unknown("timeout")
        return Sent(place.channel, self._accept(place.channel, key))

    async def update(self, channel, ts, message):
        await self._travel()
        return Sent(channel, ts)

    async def find(self, place, key, since):
        await self._travel()
        for number, (_, channel, found) in enumerate(self.accepted, 1):
            if (channel, found) == (place.channel, key):
                return Sent(channel, f"{number}.0")
        return None

    @property
    def times(self) -> Counter:
        """How often each key was accepted."""
        return Counter(key for _, _, key in self.accepted)
