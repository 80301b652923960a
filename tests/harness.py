"""This is a county in one event loop: a workspace, the real bot, its people, and both clocks.

A scenario says what people do and what they must get. At its end everything that somebody got and
that was not expected fails it, and so does every error the bot logged that was not declared.

The world's time is the sandbox's and moves only when a scenario moves it. The bot's transport time,
which leases, retries and gates go by, leaps as far as the next try of what is still to be sent:
nobody waits for anything, and a retry in three seconds takes none.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.demo import county as example
from bot.demo import screen
from bot.demo.news import Kind, News, Watch
from bot.demo.workspace import Clock, Faults, Person, Workspace
from bot.matcher import Makers
from protocol.policy import ChannelRole
from tests import block_kit
from tests.scenarios.backstage import (
    FILE,
    WITHIN,
    Bot,
    BotProcess,
    CountyClock,
    logged,
    settings_for,
    workspace_alone,
)

# A page is tried again within 15 s, other messages within five minutes.
BACK_OFF_MAX = timedelta(minutes=5)
RETRIES = 3

REMINDER = "Belay: reminder"
PAGE = "Belay: URGENT page, open now"
UPDATE = "Belay: update"
PLAN_ANSWERED = "Belay: plan answered"
THANKS = "Belay: thank you"
ASK = "Belay: please answer"
CARD = "Belay: your check-in card"
PLAN = "Belay: a plan to look at"
STAND_DOWN = "Belay: accounted for"
THREAD = "Belay: incident thread"
HUDDLE = "Belay: today's huddle"


@dataclass
class Inbox:
    """This holds what people and channels got and nobody has expected yet."""

    watch: Watch
    bot_user: str
    left: list[News] = field(default_factory=list)
    edits: list[News] = field(default_factory=list)

    async def look(self) -> None:
        for news in await self.watch.fresh():
            if news.author == self.bot_user:
                (self.edits if news.kind is Kind.EDIT else self.left).append(news)

    def take(self, wanted: Callable[[News], bool]) -> News | None:
        found = next((news for news in self.left if wanted(news)), None)
        if found is not None:
            self.left.remove(found)
        return found


@dataclass
class Someone(Person):
    """This is a person of the county. Whatever they do, what follows from it has happened after."""

    county: "County" = field(default=None, repr=False)  # type: ignore[assignment]

    async def does(self, act: str, **given: Any) -> dict[str, Any]:
        said = await super().does(act, **given)
        if self.county.settles:
            await self.county.clock.settle()
        return said

    async def expects_dm(self, *texts: str) -> News:
        """One new message to them alone that holds all these texts; it is expected now."""
        return await self.county.expects(self.key, self._is_mine, texts)

    async def expects_page(self, *texts: str) -> News:
        return await self.expects_dm(PAGE, *texts)

    async def expects_nothing(self) -> None:
        """Nothing new and unexpected has reached them."""
        await self.county.expects_nothing(self.key, self._is_mine)

    async def sees(self, *texts: str) -> str:
        """A message that stands in their conversation with the bot now holds all these texts."""

        async def found() -> str | None:
            standing = await self.reads(direct=True)
            return next((text for text in standing if holds(text, texts)), None)

        return await self.county.until(found, f"{self.key} to see {texts}")

    def _is_mine(self, news: News) -> bool:
        private = news.channel not in self.county.rooms_by_id
        return self.user in news.readers and (private or news.kind is Kind.EPHEMERAL)


@dataclass
class Room:
    """This is one of the program's channels."""

    name: str
    channel: str
    county: "County" = field(repr=False)

    async def expects(self, *texts: str) -> News:
        return await self.county.expects(f"#{self.name}", self._is_here, texts)

    async def expects_nothing(self) -> None:
        await self.county.expects_nothing(f"#{self.name}", self._is_here)

    async def sees(self, *texts: str) -> str:
        """A message that stands there now holds all these texts."""

        async def found() -> str | None:
            reader = next(iter(self.county.readers_of(self.channel)))
            standing = [one for at, one in await reader.messages() if at == self.channel]
            texts_now = [screen.whole(one) for one in standing]
            return next((text for text in texts_now if holds(text, texts)), None)

        return await self.county.until(found, f"#{self.name} to show {texts}")

    def _is_here(self, news: News) -> bool:
        return news.channel == self.channel and news.kind is Kind.MESSAGE


@dataclass
class County:
    """This is all of it. People and channels are attributes: `c.jo`, `c.field_safety`."""

    workspace: Workspace
    clock: Clock
    faults: Faults
    inbox: Inbox
    database_url: str
    bot: Bot | BotProcess
    settles: bool = True
    people: dict[str, Someone] = field(default_factory=dict)
    rooms_by_id: dict[str, Room] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("people", {}):
            return self.people[name]
        for room in self.__dict__.get("rooms_by_id", {}).values():
            if room.name == name:
                return room
        raise AttributeError(name)

    async def expects(
        self, where: str, mine: Callable[[News], bool], texts: tuple[str, ...]
    ) -> News:
        async def found() -> News | None:
            await self.inbox.look()
            return self.inbox.take(lambda news: mine(news) and holds(news.whole, texts))

        try:
            return await self.until(found, f"{where} to get {texts}")
        except AssertionError as failure:
            got = [news.whole for news in self.inbox.left if mine(news)]
            raise AssertionError(f"{failure}; got {listing(got)}") from None

    async def expects_nothing(self, where: str, mine: Callable[[News], bool]) -> None:
        await self.clock.settle()
        await self.inbox.look()
        got = [news.whole for news in self.inbox.left if mine(news)]
        assert not got, f"{where} got what nobody expected: {listing(got)}"

    async def until(self, found: Callable[[], Awaitable[Any]], what: str) -> Any:
        """Look until it is there, without a wait that matters: it is there as soon as it can be."""
        loop = asyncio.get_running_loop()
        end = loop.time() + WITHIN
        settled = False
        while True:
            if result := await found():
                return result
            assert not settled or loop.time() < end, f"waited in vain for {what}"
            if not settled:
                await self.clock.settle()
                settled, end = True, loop.time() + self.bot.beside_within
            await asyncio.sleep(0.01)

    async def sleeps(self, minutes: float) -> None:
        """The bot's machine sleeps: both times leap, and nothing was done meanwhile."""
        assert isinstance(self.bot, Bot)
        self.bot.clock.skip(timedelta(minutes=minutes))
        await self.clock.jump(minutes)

    async def retries_are_due(self) -> None:
        """Every try that was put off is due: what Slack refused for a while is sent now."""
        assert isinstance(self.bot, Bot)
        for _ in range(RETRIES):
            self.bot.clock.skip(BACK_OFF_MAX)
            await self.clock.settle()

    async def dead_mans_note_is_posted(self) -> None:
        """Belay was away for ten minutes or more, and Slack said so by itself."""
        await self.room("field_safety").expects("Belay has not been heard from")

    def room(self, name: str) -> Room:
        """The channel of this name."""
        return next(room for room in self.rooms_by_id.values() if room.name == name)

    def readers_of(self, channel: str) -> Iterable[Someone]:
        roles = {room.channel: role for role, room in self.rooms().items()}
        wanted = example.READERS[roles[channel]]
        return [self.people[one.id] for one in FILE.people if one.slack and one.holds(*wanted)]

    def rooms(self) -> dict[ChannelRole, Room]:
        return {ChannelRole(room.name): room for room in self.rooms_by_id.values()}

    def declares_error(self, event: str) -> None:
        """The bot may log this as an error: the scenario is about it."""
        self.declared.append(event)

    async def over(self) -> None:
        """Whatever is left at the end fails the scenario."""
        await self.clock.settle()
        await self.workspace.post("/quiet", {"seconds": WITHIN})
        await self.inbox.look()
        # A morning's huddle comes by itself, in whatever scenario the night goes by.
        left = [
            f"{self._whose(news)}: {news.whole}"
            for news in self.inbox.left
            if not (self._whose(news) == "#huddle" and HUDDLE in news.whole)
        ]
        errors = [*self.errors, *self.bot.errors()]
        wrong = [line for line in errors if not any(name in line for name in self.declared)]
        assert not wrong, f"the bot logged errors: {listing(wrong)}, and sent: {listing(left)}"
        assert not left, f"came unexpected: {listing(left)}"
        await block_kit.check_workspace(self.workspace, [one.user for one in self.people.values()])

    def _whose(self, news: News) -> str:
        if news.channel in self.rooms_by_id and news.kind is not Kind.EPHEMERAL:
            return f"#{self.rooms_by_id[news.channel].name}"
        return " and ".join(one.key for one in self.people.values() if one.user in news.readers)


@asynccontextmanager
async def county(
    database_url: str, folder: Path, engines: Makers | None = None
) -> AsyncIterator[County]:
    """This is a county on a prepared database, its bot in this loop; `engines` answer questions."""
    async with workspace_alone() as (workspace, app, box), logged() as errors:
        settings = settings_for(workspace, app, database_url, folder)
        clock = CountyClock(settings.sandbox_clock_url, database_url, box)
        async with _peopled(
            workspace, app, Bot(settings, clock, engines=engines), database_url
        ) as c:
            c.errors = errors
            yield c


@asynccontextmanager
async def killable(database_url: str, folder: Path) -> AsyncIterator[County]:
    """This is a county whose bot is a process of its own: `c.bot.kill()`, `c.bot.start()`."""
    async with workspace_alone() as (workspace, app, _):
        settings = settings_for(workspace, app, database_url, folder)
        bot = BotProcess(settings, workspace, app, folder)
        async with _peopled(workspace, app, bot, database_url) as c:
            yield c


@asynccontextmanager
async def _peopled(
    workspace: Workspace, app: dict[str, Any], bot: Any, database_url: str
) -> AsyncIterator[County]:
    watch = Watch(workspace, ())
    inbox = Inbox(watch, app["bot_user_id"])
    c = County(workspace, Clock(workspace), Faults(workspace), inbox, database_url, bot)
    for one in FILE.people:
        if one.slack:
            role = example.role_of(one, FILE.program.language)
            c.people[one.id] = Someone(
                workspace, one.id, one.slack, one.name, role, zone=FILE.program.zone, county=c
            )
    for role, channel in example.channels_of(FILE).items():
        c.rooms_by_id[channel] = Room(role.value, channel, c)
    watch.people = tuple(c.people.values())
    await bot.start()
    try:
        await hears(c)
        yield c
        await c.over()
    finally:
        await bot.close()


async def hears(c: County) -> None:
    """This waits until the bot has a connection and follows the clock."""
    loop = asyncio.get_running_loop()
    end = loop.time() + WITHIN
    while await c.faults.sockets() < 1 or not (await c.clock.settle())["bots"]:
        assert not c.bot.ended(), c.bot.ended()
        assert loop.time() < end, "the bot did not start"
        await asyncio.sleep(0.01)


def holds(text: str, wanted: Iterable[str]) -> bool:
    said = text.casefold()
    return all(one.casefold() in said for one in wanted)


def listing(texts: Iterable[str]) -> str:
    return "\n".join(["", *(f"  - {text[:400]!r}" for text in texts)]) or "nothing"
