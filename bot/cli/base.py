"""What every command needs: settings, an open database, and faults put as sentences."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import TypeVar

import typer

from bot import observe
from bot.app import CannotStartError, make_clock, opened
from bot.clock import LinkedClock
from bot.context import Context
from bot.settings import Settings, SettingsError, load
from storage.database import Unavailable
from storage.sealing import BadKeyError

T = TypeVar("T")

FOUND = 1  # exit code: the command worked, and found something wrong
CANNOT = 2  # exit code: the command could not do its work

CLOCK_WITHIN = 5.0  # s; a sandbox says its time at once


@contextmanager
def faults_as_sentences() -> Iterator[None]:
    """End with a sentence instead of a traceback, wherever the fault is the operator's to mend."""
    try:
        yield
    except (SettingsError, CannotStartError, BadKeyError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(CANNOT) from None
    except Unavailable:
        typer.echo(
            "The database does not answer: see BELAY_DATABASE_URL, and whether it runs.", err=True
        )
        raise typer.Exit(CANNOT) from None


def settings(*, quiet: bool = True) -> Settings:
    """The settings, with logs going to standard error; a command that is quiet logs warnings."""
    found = load()
    observe.configure("warning" if quiet else found.log_level)
    return found


def run(work: Callable[[Context], Awaitable[T]]) -> T:
    """Do something with the database of this installation, beside a bot that may be running."""

    async def whole() -> T:
        async with context(settings()) as ctx:
            return await work(ctx)

    with faults_as_sentences():
        return asyncio.run(whole())


def with_keys(found: Settings) -> Settings:
    """These settings, if they have keys; else SettingsError."""
    if not found.keys.get_secret_value():
        raise SettingsError(["BELAY_KEYS: not set. Make one with `belay keys generate`."])
    return found


@asynccontextmanager
async def context(found: Settings) -> AsyncIterator[Context]:
    """A context for one command. In a sandbox it first hears what time it is there."""
    with_keys(found)
    clock = make_clock(found)
    following = None
    if isinstance(clock, LinkedClock):
        following = asyncio.create_task(clock.follow(_nothing_due, lambda: None))
        try:
            async with asyncio.timeout(CLOCK_WITHIN):
                await clock.heard()
        except TimeoutError:
            raise CannotStartError("The sandbox's clock does not answer. Is it running?") from None
    try:
        async with opened(found, clock) as ctx:
            yield ctx
    finally:
        if following is not None:
            following.cancel()


async def _nothing_due() -> datetime | None:
    return None
