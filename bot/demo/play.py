"""This is `belay demo`: the product is started, the story is played, and people may play on."""

import asyncio
import signal
import sys
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final

from bot.demo import prompt
from bot.demo.children import StartError
from bot.demo.stage import BrokenPromiseError, Stage
from bot.demo.start import Product, started
from bot.demo.story import STORY
from bot.demo.transcript import Transcript

# At speed 1, how long a step stands before the next (s): time to read a message or two.
STEP_SECONDS: Final = 3.0
FAILED: Final = 1


def main(once: bool = False, speed: float = 0.0, *, colour: bool | None = None) -> None:
    """Play the story, and stay until told to stop; with `once` end after it.

    `speed` 0 plays as fast as it goes, 1 at a reader's pace, 2 at twice that. `colour` None means:
    where somebody looks at a terminal. Raises SystemExit with 1 where the story fails.
    """
    wanted = sys.stdout.isatty() if colour is None else colour
    try:
        failed = asyncio.run(_main(once, speed, colour=wanted))
    except KeyboardInterrupt:
        failed = ""
    if failed:
        sys.stderr.write(f"\n{failed}\n")
        raise SystemExit(FAILED)


async def _main(once: bool, speed: float, *, colour: bool) -> str:
    """Do it all; what failed, in words, or nothing."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    sys.stdout.write("Starting a workspace and the bot on this machine ...\n")
    sys.stdout.flush()
    doing = asyncio.create_task(_play(once, speed, colour=colour))
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


async def _play(once: bool, speed: float, *, colour: bool) -> None:
    async with started() as product:
        transcript = Transcript(sys.stdout.write, product.zone, colour=colour)
        stage = Stage(product, transcript, STEP_SECONDS / speed if speed > 0 else 0.0)
        await _unless_broken(product, stage.play(STORY))
        transcript.line()
        transcript.note("The whole story was played, and everybody saw what they should.")
        if once:
            return
        await product.clock.goes(1.0)
        transcript.line()
        transcript.line(f"  control API   {product.workspace.url}/_control  (docs/sandbox.md)")
        transcript.line(f"  health        {product.health_url}/readyz")
        transcript.line()
        if sys.stdin is not None and sys.stdin.isatty():
            await _unless_broken(product, prompt.ask(stage))
        else:
            transcript.note("Both keep running until Ctrl-C.")
            sys.stdout.flush()
            await _unless_broken(product, asyncio.Event().wait())


async def _unless_broken(product: Product, work: Awaitable[object]) -> None:
    """Do something, unless one of the processes ends meanwhile. Raises StartError then."""
    doing = asyncio.ensure_future(work)
    broken = asyncio.create_task(product.broken())
    try:
        await asyncio.wait([doing, broken], return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise StartError(await broken)
        await doing
    finally:
        for task in (doing, broken):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
