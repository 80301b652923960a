"""A night shift: a county on a virtual clock, a Slack that may fail, and the loops at work."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, cast

from bot.context import Context
from bot.request import HelpTarget
from bot.scheduler.deliver import Deliver
from bot.scheduler.post import Poster
from bot.scheduler.sweep import Sweep
from bot.settings import Settings
from bot.slack.audience import Why
from bot.slack.send import Sent, Unknown
from protocol import events as e
from protocol.ids import MatterId
from storage import tables
from storage.database import Database, Unavailable
from storage.sealing import Sealer
from tests.county import KEY, TRANSPORT, County, populate
from tests.protocol.world import JO, NOON
from tests.virtual_time import VirtualClock, during, passes

CALL_TAKES = 0.05


class Crash(BaseException):
    """The process is gone: nothing of it runs any more."""


@dataclass
class Fuse:
    """This counts the points at which a process may die, and lets it die at one of them."""

    at: int | None = None
    passed: list[str] = field(default_factory=list)
    blown: bool = False

    def point(self, name):
        if self.blown:
            raise Crash
        self.passed.append(name)
        if self.at is not None and len(self.passed) > self.at:
            self.blown = True
            raise Crash


class Inline:
    """This is the real database without its threads, so that everything runs in one order."""

    def __init__(self, database: Database, fuse: Fuse | None = None):
        self._database = database
        self.fuse = fuse or Fuse()
        self.away = False
        self.run_sync = database.run_sync
        self.dialect = database.dialect

    async def run(self, fn, *args, **kwargs):
        self.fuse.point(f"before {fn.__name__}")
        await passes(0.001)
        if self.away:
            raise Unavailable("away")
        answer = self._database.run_sync(fn, *args, **kwargs)
        self.fuse.point(f"after {fn.__name__}")
        return answer


@dataclass
class FakeSlack:
    """This accepts messages, and fails as told: `will` by the post's turn, `once` by its key."""

    fuse: Fuse = field(default_factory=Fuse)
    said: list = field(default_factory=list)
    edits: list = field(default_factory=list)
    will: list = field(default_factory=list)
    once: dict = field(default_factory=dict)
    gone: dict = field(default_factory=dict)
    slow_find: bool = False
    slow_open: bool = False
    edit_will: list = field(default_factory=list)
    lookups: int = 0
    at: dict = field(default_factory=dict)

    def now(self):
        return asyncio.get_running_loop().time()

    async def direct(self, user, now):
        if self.slow_open:
            await passes(1e6)
        return self.gone.get(user, f"D{user}")

    async def post(self, place, message, key):
        self.fuse.point("before post")
        await passes(CALL_TAKES)
        will = self.will.pop(0) if self.will else None
        will = self.once.pop(key, will)
        if will == "hang":
            await passes(10)
            raise Unknown("timeout")
        if will == "lost":
            raise Unknown("timeout")
        if will is not None and will != "accepted, no answer":
            return will
        self.said.append((place, message, key))
        self.at[key] = self.now()
        if will == "accepted, no answer":
            raise Unknown("timeout")
        self.fuse.point("after post")
        return Sent(place.channel, f"{len(self.said)}.0")

    async def update(self, channel, ts, message):
        await passes(CALL_TAKES)
        will = self.edit_will.pop(0) if self.edit_will else None
        if will is not None:
            return will
        self.edits.append((self.now(), channel, ts, message))
        return Sent(channel, ts)

    async def find(self, place, key, since):
        self.lookups += 1
        if self.slow_find:
            await passes(1e6)
        await passes(CALL_TAKES)
        for number, (where, _, found) in enumerate(self.said, 1):
            if (where.channel, found) == (place.channel, key):
                return Sent(where.channel, f"{number}.0")
        return None

    @property
    def keys(self):
        return [key for _, _, key in self.said]

    @property
    def twice(self):
        return {key: times for key, times in Counter(self.keys).items() if times > 1}

    def to(self, user):
        return [message for place, message, _ in self.said if place.channel == f"D{user}"]


class Open:
    """Every channel may be posted to, unless a test says otherwise."""

    def __init__(self):
        self.why = defaultdict(lambda: Why.ALLOWED)
        self.avoided = []

    def verdict(self, channel, avoid=frozenset()):
        self.avoided.append((channel, avoid))
        return self.why[channel]


@dataclass
class Shift:
    """One process with its loops. `again` is the next process on the same database and Slack."""

    database: Database
    slack: FakeSlack
    clock: Any
    lookup: bool = True
    fuse: Fuse = field(default_factory=Fuse)

    def __post_init__(self):
        self.inline = cast("Any", Inline(self.database, self.fuse))
        self.slack.fuse = self.fuse
        self.ctx = Context(self.inline, Sealer([KEY]), self.clock, Settings())
        self.county = County(self.ctx, self.clock)
        self.audience = Open()
        poster = Poster(self.slack, self.clock, lookup=self.lookup)
        self.deliver = Deliver(self.ctx, poster, self.audience)
        self.sweep = Sweep(self.ctx)

    def again(self):
        return Shift(self.database, self.slack, self.clock, self.lookup)

    async def works(self, seconds):
        """Let both loops turn for so many seconds."""
        loops = asyncio.gather(self.sweep.loop.run(), self.deliver.loop.run())
        try:
            await during(loops, passes(seconds))
        finally:
            await self.deliver.stop()

    async def delivers(self, seconds):
        """Let delivery alone turn, so that the ladder stands still."""
        try:
            await during(self.deliver.loop.run(), passes(seconds))
        finally:
            await self.deliver.stop()

    async def help_is_called(self, matter="m1", person=JO):
        now = self.clock.now()
        return await self.county.does(
            person,
            lambda by: e.Help(now, by, e.HelpForm.CALL),
            HelpTarget(None, MatterId(matter)),
        )

    def rows(self, kind=None):
        return [row for row in self.county.rows("outbox") if kind in (None, row.kind)]


def open_shift(lookup=True):
    """A shift on a database of its own, in memory: a process may die, the database goes on."""
    database = Database.open("sqlite://")
    database.run_sync(tables.metadata.create_all)
    database.run_sync(populate)
    return Shift(database, FakeSlack(), VirtualClock(TRANSPORT, NOON), lookup)


def outcomes(shift, kind=None):
    """What became of each row of the outbox."""
    return {row.key: row.outcome for row in shift.rows(kind)}
