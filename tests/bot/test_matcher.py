"""The matcher: it loads beside everything, gets better as it loads, and fails out loud."""

import asyncio
import threading

import pytest
import structlog

from bot.matcher import Matcher, State
from tests.answering import SECRET, FakeEngine, hit

RIDE = {"lift": (hit("transport_request"),)}


async def test_until_something_is_loaded_there_is_no_answer():
    matcher = Matcher()
    assert matcher.state is State.OFF
    assert await matcher.ask("a lift") is None
    assert matcher.note() is None


async def test_words_answer_while_the_models_load_and_then_the_models_do():
    matcher = Matcher()
    seen: list[object] = []

    def words():
        seen.append(matcher.note())
        return FakeEngine(RIDE, degraded="The models are not loaded yet.")

    def full():
        seen.append((matcher.only_words, matcher.note()))
        return FakeEngine(RIDE)

    await matcher.load((words, full))
    assert seen[0] == "matrix: loading"
    assert seen[1] == (
        True,
        "matrix: only words are compared. The models are not loaded yet.",
    )
    assert not matcher.only_words
    assert matcher.note() is None
    assert (await matcher.ask("a lift")).rows


async def test_an_engine_works_on_a_thread_of_its_own():
    names = []

    class Engine(FakeEngine):
        def ask(self, text):
            names.append(threading.current_thread().name)
            return super().ask(text)

    await Matcher(Engine(RIDE)).ask("a lift")
    assert names == ["matcher_0"]


async def test_a_stop_does_not_wait_for_what_is_still_learnt():
    go_on = threading.Event()
    matcher = Matcher()

    def slow():
        go_on.wait(20)
        return FakeEngine()

    loading = asyncio.ensure_future(matcher.load((slow,)))
    await asyncio.sleep(0)
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert matcher.engine is None
    go_on.set()


async def test_what_cannot_be_loaded_is_said_and_what_stands_goes_on():
    matcher = Matcher()

    def broken():
        raise OSError(SECRET)

    with structlog.testing.capture_logs() as lines:
        await matcher.load((broken,))
        assert matcher.state.value == "failed"
        assert "could not be loaded" in str(matcher.note())
        await matcher.load((lambda: FakeEngine(RIDE), broken))
    assert matcher.state.value == "ready"
    assert (await matcher.ask("a lift")).rows
    assert SECRET not in str(lines)
