"""This holds the walk of the world clock against a small bot of its own."""

import asyncio
import contextlib

import pytest

from tests.sandbox.conftest import START, until


class SmallBot:
    """This is a bot that does something at given moments of world time."""

    def __init__(self, ws, wakes, work=None):
        self.ws, self.wakes, self.work = ws, sorted(wakes), work
        self.world, self.rate, self.done, self.asked = 0.0, 0.0, [], 0
        self.mute = False
        self.insists: float | None = None

    async def run(self):
        async for frame in self.ws:
            said = frame.json()
            if said["type"] == "clock":
                self.world, self.rate = said["world"], said["rate"]
            elif not self.mute:
                self.asked += 1
                await self.settle(said["seq"])

    async def settle(self, seq):
        while self.wakes and self.wakes[0] <= self.world:
            self.done.append((self.wakes.pop(0), self.world))
            if self.work is not None:
                await self.work(self.world)
        wake = self.insists or (self.wakes[0] if self.wakes else None)
        await self.ws.send_json({"type": "settled", "seq": seq, "next_wake": wake})


@pytest.fixture
async def connect(world):
    """This connects small bots and ends them after the test."""
    tasks = []

    async def link(wakes=(), work=None):
        ws = await world.http.ws_connect(f"{world.url}/_clock")
        bot = SmallBot(ws, [START + after for after in wakes], work)
        tasks.append(asyncio.create_task(bot.run()))
        await until(lambda: bot.world > 0)
        return bot

    yield link
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_bot_is_told_the_clock_at_once_and_at_each_change(world, connect):
    bot = await connect()
    assert (bot.world, bot.rate) == (START, 0.0)
    await world.post("/clock", {"set": START + 5, "rate": 2})
    await until(lambda: bot.rate == 2)
    await world.post("/clock", {"pause": True})
    await until(lambda: bot.rate == 0)
    await world.post("/clock", {"resume": True})
    await until(lambda: bot.rate == 2)


async def test_every_wake_happens_at_its_own_moment(world, connect):
    bot = await connect([60, 120, 121.5, 900])
    walked = await world.post("/clock/forward", {"seconds": 600})
    assert walked["complete"] is True
    assert bot.done == [(START + t, START + t) for t in (60, 120, 121.5)]
    assert walked["clock"]["now"] == START + 600


async def test_wakes_of_the_bot_and_scheduled_messages_come_in_order(world, connect, client):
    async def post(at):
        await client.chat_postMessage(channel="CFIELD", text=f"bot {at - START:.0f}")

    await client.chat_scheduleMessage(channel="CFIELD", post_at=int(START + 90), text="slack 90")
    await connect([60, 120], work=post)
    await world.post("/clock/forward", {"seconds": 300})
    texts = [m["text"] for m in (await client.conversations_history(channel="CFIELD"))["messages"]]
    assert texts == ["bot 120", "slack 90", "bot 60"]


async def test_a_bot_whose_work_caused_calls_is_asked_again(world, connect, client):
    async def post(at):
        await client.chat_postMessage(channel="CFIELD", text="x")

    bot = await connect([60], work=post)
    await world.post("/clock/forward", {"seconds": 60})
    assert bot.asked == 3


async def test_a_bot_that_does_not_answer_is_given_up_and_named(world, connect):
    await world.post("/timing", {"settle_within": 0.1})
    bot = await connect([60])
    bot.mute = True
    walked = await world.post("/clock/forward", {"seconds": 120})
    assert walked["complete"] is False
    assert walked["silent_bots"] == 1
    assert walked["clock"]["now"] == START + 120


async def test_a_bot_that_insists_on_the_past_cannot_hold_the_world_up(world, connect):
    bot = await connect()
    bot.insists = START - 10
    walked = await world.post("/clock/forward", {"seconds": 3})
    assert walked["stuck"] == 3
    assert walked["clock"]["now"] == START + 3


async def test_next_is_the_next_wake_even_for_a_bot_that_insists_on_the_past(world, connect):
    bot = await connect([60])
    walked = await world.post("/clock/forward", {"to": "next"})
    assert walked["clock"]["now"] == START + 60
    bot.insists = START
    walked = await world.post("/clock/forward", {"to": "next"})
    assert walked["clock"]["now"] == START + 61


async def test_a_walk_to_the_news_ends_where_somebody_is_notified_and_never_days_later(
    world, connect, client
):
    async def post(at):
        if at >= START + 120:
            await client.chat_postMessage(channel="UANA", text="look")

    await connect([60, 120, 180, 86400], work=post)
    walks = [await world.post("/clock/forward", {"to": "news"}) for _ in range(3)]
    assert [one["clock"]["now"] - START for one in walks] == [120, 180, 180]
    assert walks[-1]["steps"] == 0


async def test_a_bot_that_goes_away_in_the_middle_does_not_hold_the_world_up(world, connect):
    bot = await connect([60])
    bot.mute = True
    walking = asyncio.create_task(world.post("/clock/forward", {"seconds": 120}))
    await until(lambda: world.box.clock.seq > 0)
    await bot.ws.close()
    walked = await walking
    assert walked["clock"]["now"] == START + 120


async def test_the_rate_is_restored_after_a_walk(world, connect):
    await world.post("/clock", {"rate": 1.0})
    bot = await connect([60])
    walked = await world.post("/clock/forward", {"seconds": 90})
    assert walked["clock"]["rate"] == 1.0
    assert walked["clock"]["now"] >= START + 90
    assert bot.done[0][1] == START + 60


async def test_two_bots_both_settle_at_each_step(world, connect):
    one, two = await connect([10, 30]), await connect([20])
    await world.post("/clock/forward", {"seconds": 60})
    assert [at - START for _, at in one.done] == [10, 30]
    assert [at - START for _, at in two.done] == [20]


async def test_a_jump_moves_the_world_without_a_walk(world, connect):
    bot = await connect([60])
    await world.post("/clock/jump", {"seconds": 3600})
    await until(lambda: bot.world == START + 3600)
    assert bot.done == []
