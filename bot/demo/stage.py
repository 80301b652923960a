"""This plays a story: people act through the workspace, and every promise of a step is checked."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.demo import said, screen
from bot.demo.news import Kind, News, Watch
from bot.demo.said import Text
from bot.demo.screen import Json, NotThereError, spoken
from bot.demo.start import Product
from bot.demo.steps import Passes, Presses, ReadsThread, Scene, Sees, Step, Types
from bot.demo.transcript import Transcript
from bot.demo.workspace import ControlError, NotDeliveredError, Person, UnsettledError
from bot.slack.words.speech import _
from protocol.policy import ChannelRole

# What goes wrong between people and the bot; everything else is a fault of the demo itself.
WRONG: Final = (ControlError, NotDeliveredError, NotThereError, UnsettledError)
PROMISES_WITHIN: Final = 15.0  # s, of real time
LOOK_EVERY: Final = 0.05  # s


class BrokenPromiseError(Exception):
    """This says which step of the story did not show what it promises."""


@dataclass
class Stage:
    """This is where a story is played. `pause` is how long to wait between steps (s).

    It speaks the language that is spoken around it.
    """

    product: Product
    transcript: Transcript
    pause: float = 0.0
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.product.workspace, self.product.people.values())
        self._owners: dict[str, str] = {}

    async def play(self, scenes: Iterable[Scene]) -> None:
        """Play it all. Raises BrokenPromiseError at the first step that fails."""
        for scene in scenes:
            self.transcript.heading(_(scene.heading))
            for step in scene.steps:
                try:
                    await self._step(step)
                except WRONG as problem:
                    raise BrokenPromiseError(f"{step.name}: {problem}") from problem
                await asyncio.sleep(self.pause)
            await self._lock_screens(scene.lock_screens)

    async def show_news(self, *, times: bool = False) -> list[News]:
        """Wait until all is said, and print what is new on people's screens."""
        arrived = await self._news()
        self._show(arrived, times=times)
        return arrived

    async def _news(self) -> list[News]:
        await self.product.clock.settle()
        people = {person.user for person in self.product.people.values()}
        return [one for one in await self.watch.fresh() if one.author not in people]

    def _show(self, arrived: list[News], *, times: bool = False) -> None:
        # What somebody was answered at once has been told with what they did.
        shown = [one for one in arrived if one.kind is not Kind.EPHEMERAL or times]
        shown.sort(key=lambda news: (news.at, news.kind is Kind.EDIT, self.where(news), news.seq))
        self.transcript.arrive(((self.where(one), one) for one in shown), times=times)

    async def act(self, person: Person, act: Types | Presses) -> list[str]:
        """Let somebody do something; what to tell about it."""
        if isinstance(act, Types):
            typed = _(act.command)
            does = person.commands if typed.startswith("/") else person.writes
            told, heard = [f"types {typed}"], await does(typed)
        else:
            label = _(act.label)
            told, heard = [f"presses [{label}]"], await person.presses(label)
        if heard["view"] is not None and act.answers is not None:
            given = said.answers(act.answers)
            told += _form_told(heard["view"], given)
            heard = await person.submits(given)
            if heard["errors"]:
                raise NotThereError(f"the form came back: {heard['errors']}")
        if heard["answer"]:
            told += [f'is told: "{spoken(line)}"' for line in heard["answer"].splitlines()]
        return told

    def where(self, news: News) -> str:
        """On whose screen, or in which channel, something is."""
        for role, channel in self.product.channels.items():
            if news.channel == channel:
                name = f"#{role.value.replace('_', '-')}"
                return f"{name}..." if news.thread_ts not in (None, news.ts) else name
        found = [p for p in self.product.people.values() if p.user in news.readers]
        return found[0].name.split()[-1 if found[0].name.startswith("Dr.") else 0] if found else "?"

    async def _step(self, step: Step) -> None:
        clock = self.product.clock
        match step.act:
            case Passes():
                await clock.forward(minutes=step.act.minutes)
                self.transcript.time_passes(await clock.now(), _(step.name))
            case ReadsThread():
                self.transcript.time_passes(await clock.now(), _(step.name))
                await self._thread(self.product.people[step.who], step.act.channel)
            case Types() | Presses():
                person, at = self.product.people[step.who], await clock.now()
                self.transcript.does(at, person.name, person.role, await self.act(person, step.act))
        arrived = await self._until_kept(step)
        for who in step.spares:
            loud = [one for one in arrived if self._is_at(who, one) and one.kind is Kind.MESSAGE]
            if loud:
                raise BrokenPromiseError(f"{step.name}: {who} got {loud[0].whole!r} too early")

    async def _until_kept(self, step: Step) -> list[News]:
        """Wait until every promise is kept, and print what arrived.

        Belay edits one message at most every few seconds, so an edit may take some, really.
        """
        arrived: list[News] = []
        left = list(step.then)
        try:
            async with asyncio.timeout(PROMISES_WITHIN):
                while True:
                    arrived += await self._news()
                    left = [p for p in left if not any(self._keeps(p, one) for one in arrived)]
                    if not left:
                        return arrived
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise BrokenPromiseError(f"{step.name}: {_unkept(left[0])}") from None
        finally:
            self._show(arrived)

    def _keeps(self, promise: Sees, news: News) -> bool:
        kind = Kind.EDIT if promise.edited else Kind.MESSAGE
        shown = news.whole.lower()
        all_there = all(part.lower() in shown for part in _parts(promise))
        return news.kind is kind and self._is_at(promise.who, news) and all_there

    def _is_at(self, who: str, news: News) -> bool:
        if who.startswith("#"):
            role = ChannelRole(who[1:].replace("-", "_"))
            return news.channel == self.product.channels[role]
        mine = self.product.people[who].user in news.readers
        return mine and news.channel not in self.product.channels.values()

    async def _thread(self, person: Person, channel: str) -> None:
        role = ChannelRole(channel[1:].replace("-", "_"))
        where = self.product.channels[role]
        here = [message for at, message in await person.messages() if at == where]
        head = max((one for one in here if one["reply_count"]), key=lambda one: one["ts"])
        told = [one for one in reversed(here) if head["ts"] in (one["ts"], one["thread_ts"])]
        self.transcript.line()
        for one in told:
            for line in screen.lines(one["blocks"]):
                self.transcript.tells(line, "  " if one is told[0] else "    ")

    async def _lock_screens(self, expected: Mapping[str, tuple[Text, ...]]) -> None:
        if expected:
            self.transcript.line()
            self.transcript.note("What their phones showed while they were locked:")
        for who, texts in expected.items():
            person = self.product.people[who]
            shown = await person.lock_screen()
            self.transcript.line()
            self.transcript.line(f"  {person.name}")
            counted = {text: shown.count(text) for text in dict.fromkeys(shown)}
            for text, times in counted.items():
                self.transcript.line(f"    {text}{f'  (x {times})' if times > 1 else ''}")
            missing = [str(text) for text in texts if str(text) not in counted]
            if missing:
                raise BrokenPromiseError(f"{person.name}'s lock screen never said {missing[0]!r}")


def _form_told(view: Json, answers: Mapping[str, Any]) -> list[str]:
    said = [f"{label} {answer}" for label, answer in answers.items()]
    return [f'in the form "{view["title"]}":', *(f"  {one}" for one in said), "and sends it"]


def _unkept(promise: Sees) -> str:
    what = "an edit" if promise.edited else "a message"
    return f"{promise.who} did not see {what} with {' and '.join(map(repr, _parts(promise)))}"


def _parts(promise: Sees) -> list[str]:
    return [part for text in promise.texts for part in said.pieces(text)]
