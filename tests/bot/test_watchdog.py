"""This holds the word to the process manager to the safety clock's own turns."""

import asyncio
import secrets
import socket
from contextlib import contextmanager

import pytest

from bot.scheduler.loop import Loop
from bot.watchdog import Watchdog
from tests.bot.fakes import Naps, SmallSlack, until
from tests.bot.test_app import serving

ABSTRACT = "@belay-test-"


@contextmanager
def systemd(address):
    """This is the other end: a datagram socket at this address."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        end.setblocking(False)
        yield end


def heard(end):
    """This is everything said since the last time, one line each."""
    lines = []
    while True:
        try:
            lines += end.recv(4096).decode().splitlines()
        except BlockingIOError:
            return lines


@pytest.fixture(params=["path", "abstract"])
def address(request, tmp_path):
    if request.param == "path":
        return str(tmp_path / "notify")
    return ABSTRACT + secrets.token_hex(8)


def test_it_is_ready_with_the_first_turn_and_then_speaks_for_each(address):
    turns = 0
    with systemd(address) as end:
        dog = Watchdog(address, lambda: turns)
        dog.look()
        assert heard(end) == []
        turns = 1
        dog.look()
        assert heard(end) == ["READY=1", "WATCHDOG=1"]
        turns = 5
        dog.look()
        assert heard(end) == ["WATCHDOG=1"]


def test_a_sweep_that_hangs_is_silence_while_the_rest_goes_on(address):
    with systemd(address) as end:
        dog = Watchdog(address, lambda: 7)
        dog.look()
        heard(end)
        for _ in range(10):
            dog.look()
        assert heard(end) == []


async def test_a_real_loop_that_hangs_in_its_query_is_silence(address):
    calls = 0

    async def until_due():
        nonlocal calls
        calls += 1
        if calls > 3:
            await asyncio.Event().wait()

    async def never_any():
        return 0

    async def no_wait(nudge, seconds):
        await asyncio.sleep(0)

    loop = Loop("sweep", until_due, never_any, wait=no_wait)
    with systemd(address) as end:
        dog = Watchdog(address, lambda: loop.turns, sleep=Naps())
        running = asyncio.gather(loop.run(), dog.run())
        await until(lambda: calls == 4)
        for _ in range(5):
            await asyncio.sleep(0)
        assert heard(end)[:2] == ["READY=1", "WATCHDOG=1"]
        for _ in range(50):
            await asyncio.sleep(0)
        assert heard(end) == []
        running.cancel()


async def test_while_the_database_is_away_the_sweep_still_goes_round(address):
    async def until_due():
        raise ConnectionError

    async def never_any():
        return 0

    async def no_wait(nudge, seconds):
        await asyncio.sleep(0)

    loop = Loop("sweep", until_due, never_any, wait=no_wait)
    with systemd(address) as end:
        dog = Watchdog(address, lambda: loop.turns)
        for _ in range(3):
            await loop.turn()
            dog.look()
        assert heard(end).count("WATCHDOG=1") == 3


def test_once_it_was_stopped_on_purpose_no_turn_is_needed(address):
    with systemd(address) as end:
        dog = Watchdog(address, lambda: 0)
        dog.idle("a newer one has it")
        dog.look()
        dog.look()
        said = ["STATUS=a newer one has it", "READY=1", "WATCHDOG=1", "WATCHDOG=1"]
        assert heard(end) == said


def test_a_manager_that_does_not_listen_stops_nothing(address):
    Watchdog(address, lambda: 1).look()
    Watchdog("", lambda: 1).look()


async def test_the_whole_bot_says_ready_lives_and_says_when_it_stops(tmp_path, monkeypatch):
    address = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    slack, said = SmallSlack(), []
    with systemd(address) as end:
        async with slack.serving(), serving(slack, tmp_path):

            def lives():
                said.extend(heard(end))
                return said.count("WATCHDOG=1") > 1

            await until(lives)
        said += heard(end)
    assert said[0] == "READY=1"
    assert "STOPPING=1" in said
