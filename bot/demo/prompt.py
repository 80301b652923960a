"""This is the prompt after the story: whoever sits there plays everybody, and the clock."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from typing import Final

from bot.demo.stage import WRONG, Stage
from bot.demo.steps import Presses
from bot.demo.workspace import Person

HELP: Final = """\
  jo: /visit here        Jo types a command (a form it opens is shown)
  rosa: I have it        Rosa presses the newest button with that label
  jo: on my way          what is no button is written to Belay
  fill jo: Where? = Main St shelter     answers a question of the open form
  send jo                sends the form        close jo   closes it
  screen rosa            what stands on Rosa's screen, the newest first
  forward 10             ten minutes go by     next       up to whatever is due next
  who                    the people            help       this        quit"""
MESSAGES_SHOWN: Final = 3


async def typed_lines() -> AsyncIterator[str]:
    """What is typed, line by line, until the end of input.

    A thread reads, for a line that nobody types must not keep the program from ending.
    """
    loop, found = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(found.put_nowait, line.strip())
        loop.call_soon_threadsafe(found.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await found.get()) is not None:
        yield line


class Prompt:
    """This does what is typed. `over` becomes true with "quit"."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._say: Callable[[str], None] = stage.transcript.line
        self._people = stage.product.people
        self.over = False

    async def run(self, line: str) -> None:
        """Do one line; what is wrong with it is said, and nothing ends."""
        word, _, rest = line.partition(" ")
        try:
            if line.partition(":")[0] in self._people:
                await self._somebody(line)
            elif word in self._words:
                await self._words[word](self, rest.strip())
            elif line:
                self._say(f"  I don't know {word!r}. Try: help")
                return
            await self._stage.show_news(times=True)
        except (*WRONG, ValueError, KeyError) as problem:
            self._say(f"  {problem}")

    async def _somebody(self, line: str) -> None:
        name, _, what = line.partition(":")
        person, what = self._people[name], what.strip()
        if what.startswith("/"):
            said = await person.commands(what)
            await self._told(person, [f"types {what}"], said["answer"])
            return
        if await self._in_form(person, what):
            await self._told(person, [f"presses [{what}] in the form"], None)
            return
        if person.key in (await self._with_button(what)):
            await self._told(person, await self._stage.act(person, Presses(what)), None)
            return
        await person.writes(what)
        await self._told(person, [f'writes "{what}"'], None)

    async def _in_form(self, person: Person, label: str) -> bool:
        """Press this button of their open form; false where there is none."""
        try:
            await person.presses_in_form(label)
        except WRONG:
            return False
        return True

    async def _with_button(self, label: str) -> list[str]:
        found = []
        for person in self._people.values():
            try:
                await person.finds(label)
            except WRONG:
                continue
            found.append(person.key)
        return found

    async def _told(self, person: Person, what: list[str], answer: str | None) -> None:
        at = await self._stage.product.clock.now()
        told = [*what, *([f"is told: {answer}"] if answer else [])]
        self._stage.transcript.does(at, person.name, person.role, told)
        await self._form(person)

    async def _form(self, person: Person) -> None:
        from bot.demo import screen

        try:
            view = await person.form()
        except WRONG:
            return
        self._say(f"  {person.key} has the form {view['title']!r} open:")
        for label, block in screen.questions(view).items():
            words = screen.choices(block)
            self._say(f"    {label}  {' / '.join(words)[:70]}")
        for block, wrong in view["errors"].items():
            self._say(f"    ! {block}: {wrong}")

    async def _fill(self, rest: str) -> None:
        name, _, answer = rest.partition(":")
        label, _, value = (part.strip() for part in answer.partition("="))
        await self._people[name.strip()].fills({label: value})

    async def _send(self, name: str) -> None:
        person = self._people[name]
        said = await person.submits()
        for label, wrong in said["errors"].items():
            self._say(f"    ! {label} {wrong}")

    async def _close(self, name: str) -> None:
        await self._people[name].closes()

    async def _screen(self, name: str) -> None:
        texts = await self._people[name].reads()
        for text in texts[:MESSAGES_SHOWN]:
            self._say("  " + "-" * 40)
            for line in text.splitlines():
                self._say(f"  {line}")

    async def _forward(self, minutes: str) -> None:
        await self._stage.product.clock.forward(minutes=float(minutes or 1))
        await self._clock()

    async def _next(self, _: str) -> None:
        await self._stage.product.clock.next()
        await self._clock()

    async def _who(self, _: str) -> None:
        for person in self._people.values():
            self._say(f"  {person.key:<8}{person.name:<20}{person.role}")

    async def _help(self, _: str) -> None:
        self._say(HELP)

    async def _quit(self, _: str) -> None:
        self.over = True

    async def _clock(self) -> None:
        now = await self._stage.product.clock.now()
        self._say(f"  It is {self._stage.transcript.clock(now)}.")

    _words: Final = {
        "fill": _fill,
        "send": _send,
        "close": _close,
        "screen": _screen,
        "forward": _forward,
        "next": _next,
        "who": _who,
        "help": _help,
        "quit": _quit,
        "exit": _quit,
    }


async def ask(stage: Stage) -> None:
    """Take lines until somebody quits or the input ends."""
    prompt = Prompt(stage)
    prompt_mark = "belay> "
    stage.transcript.note("You may play on. Try: jo: /visit here, next, screen rosa, help, quit.")
    sys.stdout.write(prompt_mark)
    sys.stdout.flush()
    async for line in typed_lines():
        await prompt.run(line)
        if prompt.over:
            return
        sys.stdout.write(prompt_mark)
        sys.stdout.flush()
