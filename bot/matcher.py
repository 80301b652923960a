"""This keeps the engine that answers "who handles this?": loaded on a thread, asked on a thread.

Nothing waits for it, least of all the clock. Until it is loaded, and where it fails, there is no
answer, which is said; it never becomes somebody's silence. No text is kept here or logged: a fault
is known by its kind alone, for what it says might be what somebody typed.
"""

import asyncio
import atexit
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

import structlog

from bot.matrix.answer import Answer
from bot.matrix.model import Matrix
from bot.settings import for_children
from protocol.ids import ProgramId

# A question takes some hundredths of a second. What takes this long is answered without it (s).
ANSWER_WITHIN: Final = 1.0

log = structlog.get_logger(__name__)


class Engine(Protocol):
    """This is what answers; `bot.matrix.engine.Engine` is one."""

    @property
    def matrix(self) -> Matrix: ...
    @property
    def degraded(self) -> str | None: ...
    def ask(self, text: str) -> Answer: ...


class LearnError(Exception):
    """This says that the process that learns ended without having learnt."""


class State(StrEnum):
    """This is how far the matcher is."""

    OFF = "off"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


# Each makes an engine that is better than the one before; the first is there soonest.
Makers = Iterable[Callable[[], Engine]]


class Matcher:
    """This is the engine as far as it is loaded, and the one thread on which it works."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine
        self.state = State.READY if engine else State.OFF
        self._threads = ThreadPoolExecutor(1, "matcher")

    @property
    def matrix(self) -> Matrix | None:
        """The matrix that is asked; None while nothing is loaded."""
        return self.engine.matrix if self.engine else None

    @property
    def shipped(self) -> str:
        """The digest of the matrix that comes with Belay; "" while it is not loaded."""
        return self.matrix.version if self.matrix else ""

    def matrix_of(self, _program: ProgramId | None) -> Matrix | None:
        """A program's own matrix, else the shipped one; None while nothing is loaded."""
        return self.matrix

    @property
    def only_words(self) -> bool:
        """Whether only words are compared, because a model is missing or not loaded yet."""
        return self.engine is not None and self.engine.degraded is not None

    def note(self) -> str | None:
        """What an operator should know of it; None where all is well, or it is switched off."""
        if self.engine is not None and self.engine.degraded:
            return f"matrix: only words are compared. {self.engine.degraded}"
        if self.state is State.LOADING:
            return "matrix: loading"
        if self.state is State.FAILED:
            return "matrix: it could not be loaded, so no question is answered. See the log."
        return None

    async def load(self, makers: Makers) -> None:
        """Load one engine after the other, on a thread; each takes over when it is there."""
        self.state = State.LOADING
        for make in makers:
            try:
                self.engine = await _on_a_thread(make)
            except Exception as fault:  # whatever it is, the clock goes on and it is said
                log.error("matrix.not_loaded", error_type=type(fault).__name__)
        self.state = State.READY if self.engine else State.FAILED
        degraded = self.engine.degraded if self.engine else None
        log.info("matrix.loaded", state=self.state.value, degraded=degraded)

    async def ask(self, text: str, _program: ProgramId | None = None) -> Answer | None:
        """The answer; None while there is no engine, or where it failed or took too long."""
        engine = self.engine
        if engine is None:
            return None
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await asyncio.get_running_loop().run_in_executor(
                    self._threads, engine.ask, text
                )
        except Exception as fault:  # the text must not get into a log with the fault
            log.error("matrix.not_asked", error_type=type(fault).__name__)
            return None

    def close(self) -> None:
        """Let go of the thread."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _on_a_thread(make: Callable[[], Engine]) -> asyncio.Future[Engine]:
    """Make an engine on a thread that nobody waits for: learning must not hold up a stop."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[Engine] = loop.create_future()

    def done(engine: Engine | None, fault: Exception | None) -> None:
        if made.done():
            return  # whoever waited has left
        if engine is not None:
            made.set_result(engine)
        else:
            made.set_exception(fault or RuntimeError("no engine"))

    def run() -> None:
        engine: Engine | None = None
        fault: Exception | None = None
        try:
            engine = make()
        except Exception as found:
            fault = found
        with suppress(RuntimeError):  # the loop is closed: Belay has stopped meanwhile
            loop.call_soon_threadsafe(done, engine, fault)

    threading.Thread(target=run, name="matrix", daemon=True).start()
    return made


def learn(folder: Path, *, models: bool) -> None:
    """Learn the shipped matrix in a process of its own, unless what was learnt is kept already.

    Learning takes a minute and far more memory than answering: where either is short, that process
    is what ends, and not the one that keeps the clock. Raises OSError or LearnError.
    """
    told = [sys.executable, "-m", "bot", "matrix", "learn", "--cache", str(folder)]
    child = subprocess.Popen(
        told if models else [*told, "--words"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=for_children(),
    )
    atexit.register(child.kill)
    try:
        if child.wait() != 0:
            raise LearnError(child.returncode)
    finally:
        atexit.unregister(child.kill)


def makers(folder: Path, *, models: bool) -> Makers:
    """How the shipped matrix becomes an engine: with words alone at once, then with the models.

    What was learnt before is read from the folder; without it words are there long before models.
    """
    from bot.encoders import build  # it imports models' libraries, which nobody waits for
    from bot.matrix import shipped

    found: list[Matrix] = []

    def matrix() -> Matrix:
        if not found:
            found.append(shipped.matrix())
        return found[0]

    def words() -> Engine:
        learn(folder, models=False)
        why = "The models are not loaded yet." if models else "BELAY_MATCHER says so."
        return build.engine(matrix(), folder, models=((), why))

    def full() -> Engine:
        learn(folder, models=True)
        engine = build.engine(matrix(), folder)
        engine.ask("who handles this?")  # the models themselves are loaded by the first question
        return engine

    return (words, full) if models else (words,)
