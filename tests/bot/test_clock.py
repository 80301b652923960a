"""This holds the clock: the sandbox moves the world's time, and nothing moves transport time."""

import asyncio
from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import LinkedClock, SystemClock
from tests.bot.fakes import Naps, until

THEN = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Sandbox:
    """This is the sandbox's end of the clock link."""

    def __init__(self):
        self.links = []
        self.heard = []

    async def link(self, request):
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        self.links.append(ws)
        async for frame in ws:
            self.heard.append(frame.json())
        return ws

    async def say(self, **frame):
        await until(lambda: self.links)
        await self.links[-1].send_json(frame)

    async def set(self, world, rate=0.0):
        monotonic = SystemClock().monotonic()
        await self.say(type="clock", world=world.timestamp(), monotonic=monotonic, rate=rate, seq=1)


class Linked:
    """This is a bot's clock that follows a sandbox, for one test."""

    async def __aenter__(self):
        self.sandbox, self.changes, self.naps = Sandbox(), 0, Naps()
        self.quiet, self.wake = asyncio.Event(), None
        app = web.Application()
        app.router.add_get("/_clock", self.sandbox.link)
        self.server = TestServer(app)
        await self.server.start_server()
        self.clock = LinkedClock(str(self.server.make_url("/_clock")), sleep=self.naps)
        self.following = asyncio.create_task(self.clock.follow(self.settle, self.changed))
        return self

    async def __aexit__(self, *_):
        self.following.cancel()
        await asyncio.wait({self.following})
        await self.server.close()

    async def settle(self):
        await self.quiet.wait()
        return self.wake

    def changed(self):
        self.changes += 1


async def test_the_world_goes_where_the_sandbox_says_and_transport_time_does_not():
    async with Linked() as bot_:
        await bot_.sandbox.set(THEN)
        await bot_.clock.heard()
        assert bot_.clock.now() == THEN
        assert bot_.changes == 1
        real = SystemClock().now()
        assert abs(bot_.clock.transport() - real) < timedelta(seconds=5)


async def test_the_world_goes_on_at_the_rate_it_was_given():
    async with Linked() as bot_:
        await bot_.sandbox.set(THEN, rate=3600.0)
        await bot_.clock.heard()
        first = bot_.clock.now()
        await asyncio.sleep(0.002)
        assert bot_.clock.now() - first >= timedelta(seconds=7)


async def test_settling_is_answered_when_all_is_quiet_with_the_next_wake():
    async with Linked() as bot_:
        await bot_.sandbox.set(THEN)
        await bot_.sandbox.say(type="settle", seq=7)
        bot_.wake = THEN + timedelta(minutes=5)
        await asyncio.sleep(0.005)
        assert bot_.sandbox.heard == []
        bot_.quiet.set()
        await until(lambda: bot_.sandbox.heard)
        assert bot_.sandbox.heard == [
            {"type": "settled", "seq": 7, "next_wake": bot_.wake.timestamp()}
        ]


async def test_with_nothing_due_ever_the_next_wake_is_null():
    async with Linked() as bot_:
        bot_.quiet.set()
        await bot_.sandbox.say(type="settle", seq=1)
        await until(lambda: bot_.sandbox.heard)
        assert bot_.sandbox.heard == [{"type": "settled", "seq": 1, "next_wake": None}]


async def test_the_clock_can_move_while_settling_and_the_newest_question_is_answered():
    async with Linked() as bot_:
        await bot_.sandbox.say(type="settle", seq=1)
        await bot_.sandbox.set(THEN)
        await bot_.sandbox.say(type="settle", seq=2)
        await bot_.clock.heard()
        await asyncio.sleep(0.005)
        bot_.quiet.set()
        await until(lambda: bot_.sandbox.heard)
        assert [said["seq"] for said in bot_.sandbox.heard] == [2]


async def test_a_broken_link_is_made_again_and_the_last_word_holds_meanwhile():
    async with Linked() as bot_:
        await bot_.sandbox.set(THEN)
        await bot_.clock.heard()
        await bot_.sandbox.links[0].close()
        assert bot_.clock.now() == THEN
        await until(lambda: len(bot_.sandbox.links) == 2)
        await bot_.sandbox.set(THEN + timedelta(hours=1))
        await until(lambda: bot_.clock.now() == THEN + timedelta(hours=1))
