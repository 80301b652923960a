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
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol, TypeVar

import numpy as np
import structlog

from bot.matrix import body, change, known
from bot.matrix.answer import Answer
from bot.matrix.effect import Ask, Effect, Known, effect
from bot.matrix.extend import TooMuchError
from bot.matrix.learn import Encoder, Floats
from bot.matrix.model import Matrix
from bot.settings import for_children
from protocol.ids import ProgramId

T = TypeVar("T")

# A question takes some hundredths of a second. What takes this long is answered without it (s).
ANSWER_WITHIN: Final = 1.0
# Texts that are encoded in one go while a program's matrix is made: a question waits behind them.
AT_ONCE: Final = 4
# Matrices of earlier versions that are kept for what was answered by them.
FORMER_MAX: Final = 20

log = structlog.get_logger(__name__)


class Engine(Protocol):
    """This is what answers; `bot.matrix.engine.Engine` is one."""

    @property
    def matrix(self) -> Matrix: ...
    @property
    def degraded(self) -> str | None: ...
    @property
    def encoders(self) -> tuple[Encoder, ...]: ...
    def ask(self, text: str) -> Answer: ...
    def grown(self, matrix: Matrix, encoders: Sequence[Encoder] | None = None) -> "Engine": ...


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


# What was learnt of exactly this matrix, where somebody has learnt it in full; else None.
Kept = Callable[[Matrix], Engine | None]


@dataclass(frozen=True, slots=True)
class Own:
    """This is a program's own matrix as it answers: made from `base`, the shipped one's engine."""

    version: str
    engine: Engine
    base: Engine


class Matcher:
    """This is the engines as far as they are loaded, and the one thread on which they work.

    `engine` is the shipped matrix's; a program that changed its matrix has one of its own, made
    from it. While a newer one is made, the former goes on, and where that fails it stays.
    """

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine
        self.state = State.READY if engine else State.OFF
        self.kept: Kept = lambda _matrix: None
        self._own: dict[ProgramId, Own] = {}
        self._failed: dict[ProgramId, tuple[str, Engine]] = {}
        self._former: OrderedDict[str, Matrix] = OrderedDict()
        self._threads = ThreadPoolExecutor(1, "matcher")

    @property
    def matrix(self) -> Matrix | None:
        """The shipped matrix; None while nothing is loaded."""
        return self.engine.matrix if self.engine else None

    @property
    def all_alike(self) -> bool:
        """Whether every program is answered by the shipped matrix."""
        return not self._own

    def engine_of(self, program: ProgramId | None) -> Engine | None:
        """What answers for a program: its own engine, else the shipped matrix's."""
        own = self._own.get(program) if program else None
        return own.engine if own else self.engine

    def matrix_of(self, program: ProgramId | None) -> Matrix | None:
        """The matrix of a program: its own version, else the shipped one; None before loading."""
        engine = self.engine_of(program)
        return engine.matrix if engine else None

    def of_version(self, version: str) -> Matrix | None:
        """The matrix of this version, of whichever program, as far as this process has met it."""
        engines = [self.engine, *(own.engine for own in self._own.values())]
        found = (one.matrix for one in engines if one is not None and one.matrix.version == version)
        return next(found, None) or self._former.get(version)

    def with_row(self, key: str, version: str) -> Matrix | None:
        """The matrix to page by: of this version, else any that has the row now.

        Nobody's page is refused because the matrix changed after it was offered.
        """
        engines = [self.engine, *(own.engine for own in self._own.values())]
        there = [self.of_version(version), *(one.matrix for one in engines if one is not None)]
        there += self._former.values()
        return next((one for one in there if one is not None and key in one.by_key), None)

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
        if self._failed:
            which = ", ".join(sorted(self._failed))
            return (
                f"matrix: the newest version of {which} could not be loaded; the one before it "
                "answers. See belay matrix versions."
            )
        return None

    def behind(self, present: Mapping[ProgramId, str]) -> list[ProgramId]:
        """The programs whose own matrix is still to be made, by the digests that count now."""
        if self.engine is None:
            return []
        late = []
        for program, version in present.items():
            own = self._own.get(program)
            made = own is not None and own.version == version and own.base is self.engine
            if not made and self._failed.get(program) != (version, self.engine):
                late.append(program)
        return late

    async def take(self, program: ProgramId, version: str, text: str) -> bool:
        """Make a program's engine from the body of its version; False where that failed."""
        base = self.engine
        if base is None:
            return False
        try:
            engine = await _on_a_thread(lambda: self._made(base, body.read(text)))
        except Exception as fault:  # whatever it is, the former goes on and it is said
            log.error("matrix.version_not_loaded", program=program, error_type=type(fault).__name__)
            self._failed[program] = (version, base)
            return False
        before = self._own.get(program)
        if before is not None and before.version != version:
            self.remember(before.engine.matrix)
        self._own[program] = Own(version, engine, base)
        self._failed.pop(program, None)
        log.info("matrix.version_loaded", program=program, version=version)
        return True

    def leave(self, present: Mapping[ProgramId, str]) -> None:
        """Let go of what belongs to programs without a matrix of their own."""
        for program in [one for one in self._own if one not in present]:
            self.remember(self._own.pop(program).engine.matrix)
        self._failed = {one: why for one, why in self._failed.items() if one in present}

    def remember(self, matrix: Matrix) -> None:
        """Keep a matrix for the buttons of answers that were given by it."""
        self._former[matrix.version] = matrix
        self._former.move_to_end(matrix.version)
        while len(self._former) > FORMER_MAX:
            self._former.popitem(last=False)

    async def effect(
        self, program: ProgramId, changes: Sequence[object], more: Iterable[Known] = ()
    ) -> Effect | None:
        """What changes would do to the answers of a program; None while nothing is loaded."""
        base, engine = self.engine, self.engine_of(program)
        if base is None or engine is None:
            return None
        questions = (*known.questions(), *more)

        def work() -> Effect:
            before = engine.matrix
            try:
                after = change.apply(before, change.parse(changes))
                made = self._made(base, after)
            except change.UnfitError as problem:
                return Effect(before.version, unfit=problem.sentence)
            except TooMuchError:
                return Effect(before.version, unfit="It is too different: learn it first.")
            return effect(self._ask_of(engine), self._ask_of(made), questions, before, after)

        return await _on_a_thread(work)

    def _made(self, base: Engine, matrix: Matrix) -> Engine:
        """The engine for a matrix; on any thread, for models are asked on the matcher's own."""
        found = self.kept(matrix)
        if found is not None:
            return found
        return base.grown(matrix, [_InTurn(one, self._threads) for one in base.encoders])

    def _ask_of(self, engine: Engine) -> Ask:
        return lambda text: self._threads.submit(engine.ask, text).result()

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

    async def ask(self, text: str, program: ProgramId | None = None) -> Answer | None:
        """The answer by a program's matrix; None without an engine, or where it failed or is slow.

        Without a program it is the shipped matrix's.
        """
        engine = self.engine_of(program)
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


class _InTurn:
    """This is an encoder that is used on the matcher's thread, a few texts at a time.

    So a question that comes meanwhile waits for a few texts, and not for all of them.
    """

    def __init__(self, encoder: Encoder, threads: ThreadPoolExecutor) -> None:
        self.name = encoder.name
        self._encoder, self._threads = encoder, threads

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector a text."""
        parts: list[Floats] = []
        for at in range(0, len(texts), AT_ONCE):
            part = texts[at : at + AT_ONCE]
            parts.append(self._threads.submit(self._encoder.encode, part).result())
        return np.concatenate(parts)


def _on_a_thread(make: Callable[[], T]) -> asyncio.Future[T]:
    """Make something on a thread that nobody waits for: learning must not hold up a stop."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[T] = loop.create_future()

    def done(found: list[T], fault: Exception | None) -> None:
        if made.done():
            return  # whoever waited has left
        if found:
            made.set_result(found[0])
        else:
            made.set_exception(fault or RuntimeError("nothing was made"))

    def run() -> None:
        found: list[T] = []
        fault: Exception | None = None
        try:
            found.append(make())
        except Exception as problem:
            fault = problem
        with suppress(RuntimeError):  # the loop is closed: Belay has stopped meanwhile
            loop.call_soon_threadsafe(done, found, fault)

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

    def words() -> Engine:
        learn(folder, models=False)
        why = "The models are not loaded yet." if models else "BELAY_MATCHER says so."
        return build.engine(shipped.ours(), folder, models=((), why))

    def full() -> Engine:
        learn(folder, models=True)
        engine = build.engine(shipped.ours(), folder)
        engine.ask("who handles this?")  # the models themselves are loaded by the first question
        return engine

    return (words, full) if models else (words,)


def keeper(folder: Path, *, models: bool) -> Kept:
    """How a matrix that was learnt in full (`belay matrix learn`) is found in the folder."""

    def kept(matrix: Matrix) -> Engine | None:
        from bot.encoders import build

        return build.kept(matrix, folder, None if models else ((), "BELAY_MATCHER says so."))

    return kept
