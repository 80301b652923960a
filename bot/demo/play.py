"""This is `belay demo`: the product is started, and a page shows it to people.

On the page a tour plays the story, or they do. `story` plays it here instead, as a transcript.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot.demo import prompt
from bot.demo.children import StartError
from bot.demo.stage import BrokenPromiseError, Stage
from bot.demo.start import Product, started
from bot.demo.story import STORY
from bot.demo.transcript import Transcript
from bot.demo.wishes import Wishes
from bot.slack.words.speech import speaking
from protocol.people import Language

# At speed 1, how long a step stands before the next (s): time to read a message or two.
STEP_SECONDS: Final = 3.0
FAILED: Final = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """This is what was asked for on the command line.

    `once` ends after the story. `speed` 0 plays it as fast as it goes, 1 at a reader's pace.
    `port` is the page's; 0 takes any that is free. `matcher` is how questions are compared.
    """

    story: bool = False
    once: bool = False
    speed: float = 0.0
    language: Language = Language.EN
    port: int = 0
    matcher: str = "full"


def main(wanted: Wanted, *, colour: bool | None = None) -> None:
    """Start everything, and stay until told to stop; with `once` end after the story.

    `colour` None means: where somebody looks at a terminal. Raises SystemExit with 1 where
    something does not start, or the story fails.
    """
    painted = sys.stdout.isatty() if colour is None else colour
    try:
        failed = asyncio.run(_main(wanted, colour=painted))
    except KeyboardInterrupt:
        failed = ""
    if failed:
        sys.stderr.write(f"\n{failed}\n")
        raise SystemExit(FAILED)


async def _main(wanted: Wanted, *, colour: bool) -> str:
    """Do it all; what failed, in words, or nothing."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    sys.stdout.write("Starting a workspace and the bot on this machine ...\n")
    sys.stdout.flush()
    doing = asyncio.create_task(_play(wanted, colour=colour))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not doing.done():
        doing.cancel()
    try:
        await doing
    except asyncio.CancelledError:
        sys.stdout.write("\nStopped.\n")
    except StartError as problem:
        return str(problem)
    except BrokenPromiseError as problem:
        return f"The demo failed at this step: {problem}"
    return ""


async def _play(wanted: Wanted, *, colour: bool) -> None:
    async with started(wanted.language, wanted.port, wanted.matcher) as product:
        transcript = Transcript(sys.stdout.write, product.zone, colour=colour)
        stage = Stage(product, transcript, STEP_SECONDS / wanted.speed if wanted.speed > 0 else 0.0)
        wishes = Wishes(product, lambda said: _note(transcript, said))
        _tell_where(product, transcript)
        with speaking(product.language):
            if wanted.story or wanted.once:
                await _unless_broken(product, stage.play(STORY))
                transcript.line()
                transcript.note("The whole story was played, and everybody saw what they should.")
            if wanted.once:
                return
            await wishes.put_up_tour()
            await _unless_broken(product, _stay(stage), wishes.fulfil())


def _tell_where(product: Product, transcript: Transcript) -> None:
    transcript.line()
    transcript.line(f"  Open this page:   {page_address(product)}")
    transcript.line()
    transcript.line(f"  control API   {product.workspace.url}/_control  (docs/sandbox.md)")
    transcript.line(f"  health        {product.bot.health_url}/readyz")
    transcript.line()
    sys.stdout.flush()


def page_address(product: Product) -> str:
    """Where the page is, in the language of the program."""
    language = "" if product.language is Language.EN else f"?lang={product.language.value}"
    return f"{product.workspace.url}/{language}"


async def _stay(stage: Stage) -> None:
    if sys.stdin is not None and sys.stdin.isatty():
        await prompt.ask(stage)
    else:
        _note(stage.transcript, "It all keeps running until Ctrl-C.")
        await asyncio.Event().wait()


def _note(transcript: Transcript, text: str) -> None:
    transcript.note(text)
    sys.stdout.flush()


async def _unless_broken(product: Product, *work: Awaitable[object]) -> None:
    """Do something until the first of it is done, unless a process ends. Raises StartError then."""
    doing = [asyncio.ensure_future(one) for one in work]
    broken = asyncio.create_task(product.broken())
    try:
        await asyncio.wait([*doing, broken], return_when=asyncio.FIRST_COMPLETED)
        finished = [one for one in doing if one.done()]
        if not finished:
            raise StartError(await broken)
        await finished[0]
    finally:
        for task in (*doing, broken):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
