"""A Slack that accepts on its side whatever becomes of the answer."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.slack.send import RetryAfter, Scheduled, Sent, Undeliverable, Unknown
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
    """This keeps every message that it accepted: when (loop seconds), where, and its key.

    It holds scheduled messages too, and posts those that nobody takes back in time: `posted` says
    when (world time, loop seconds) and for when that was.
    """

    rng: random.Random
    weather: Weather = field(default_factory=Weather)
    accepted: list[tuple[float, str, str]] = field(default_factory=list)
    down_until: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    world: Callable[[], datetime] | None = None
    posted: list[tuple[float, float]] = field(default_factory=list)
    _first: dict[tuple[str, str], int] = field(default_factory=dict)
    _scheduled: dict[str, tuple[str, int]] = field(default_factory=dict)
    _numbers: int = 0

    def _accept(self, channel: str, key: str) -> str:
        at = asyncio.get_running_loop().time()
        self.accepted.append((at, channel, key))
        self._first.setdefault((channel, key), len(self.accepted))
        return f"{len(self.accepted)}.0"

    async def _travel(self) -> None:
        await passes(0.02 + 0.1 * self.rng.random())
        if asyncio.get_running_loop().time() < self.down_until:
            self.kinds["away"] += 1
            raise Unknown("down")

    async def direct(self, user, now):
        return Undeliverable("user_disabled") if user in self.weather.gone else f"D{user}"

    async def post(self, place, message, key):
        await self._travel()
        luck, weather = self.rng.random(), self.weather
        if luck < (share := weather.limited):
            self.kinds["429"] += 1
            return RetryAfter(self.rng.choice([1, 5, 20]), "ratelimited", limited=True)
        if luck < (share := share + weather.refused):
            self.kinds["500"] += 1
            raise Unknown("500")
        if luck < (share := share + weather.answer_lost):
            self.kinds["accepted, answer lost"] += 1
            self._accept(place.channel, key)
            raise Unknown("answer lost")
        if luck < share + weather.hangs:
            self.kinds["hung, accepted late"] += 1
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
        number = self._first.get((place.channel, key))
        return Sent(place.channel, f"{number}.0") if number else None

    async def schedule(self, channel, text, post_at):
        await self._travel()
        self._numbers += 1
        self._scheduled[f"Q{self._numbers}"] = (channel, post_at)
        return f"Q{self._numbers}"

    async def scheduled(self, channel):
        await self._travel()
        self.post_what_is_due()
        held = sorted(self._scheduled.items())
        return [Scheduled(id_, at) for id_, (where, at) in held if where == channel]

    async def unschedule(self, channel, scheduled):
        await self._travel()
        self._scheduled.pop(scheduled, None)

    def post_what_is_due(self) -> None:
        """Post what was scheduled and never taken back."""
        assert self.world is not None
        now = self.world().timestamp()
        for id_, (_, at) in list(self._scheduled.items()):
            if at <= now:
                del self._scheduled[id_]
                self.posted.append((asyncio.get_running_loop().time(), float(at)))

    @property
    def times(self) -> Counter:
        """How often each key was accepted."""
        return Counter(key for _, _, key in self.accepted)
