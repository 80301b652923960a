"""This moves world time forward in steps, from one due moment to the next.

Bots connect to the clock link and hear every change of the clock. Before each step every bot is
asked to settle and answers with the moment at which it wants to wake next.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from sandbox import postman
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.guard import only_from_here
from sandbox.model import Json

STEPS_MOST = 20_000
"""A bot that asks for ever smaller steps must not hang a test."""
STUCK_STEP = 1.0
"""World seconds to move on when a bot keeps asking for a moment that has passed."""
SETTLE_ROUNDS = 20
"""A bot whose sweep causes new events is asked again, this often at most, per step."""


@dataclass(eq=False)
class Bot:
    """This is one connected bot and the answers it still owes."""

    ws: web.WebSocketResponse
    asked: dict[int, asyncio.Future[float | None]] = field(default_factory=dict)


@dataclass
class Walk:
    """This is the account of one fast-forward."""

    steps: int = 0
    posted: int = 0
    unquiet: bool = False
    gave_up: bool = False
    stuck: int = 0
    behind: float | None = None
    silent: set[Bot] = field(default_factory=set)
    """Bots that did not answer; they are not asked again, or each step would wait for them."""

    def report(self) -> Json:
        """This is the account as JSON; `complete` means that everybody settled at every step."""
        return {
            "complete": not (self.silent or self.unquiet or self.gave_up),
            "steps": self.steps,
            "posted": self.posted,
            "silent_bots": len(self.silent),
            "unquiet": self.unquiet,
            "gave_up": self.gave_up,
            "stuck": self.stuck,
        }


class ClockLink:
    """This tells bots the time and lets them settle."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._seq = 0
        self._lock = asyncio.Lock()
        self.bots: list[Bot] = []
        self.next_wake: float | None = None
        """The world time of the earliest wake, as far as the last settling told."""
        box.clock.listeners.append(self._announce)

    @property
    def walking(self) -> bool:
        """This is true while the world is walked forward."""
        return self._lock.locked()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """This is GET /_clock: a WebSocket that starts with the clock's triple."""
        try:
            only_from_here(request)
        except Refused as refused:
            return web.json_response(refused.body(), status=refused.status)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        bot = Bot(ws)
        self.bots.append(bot)
        try:
            await ws.send_json(self._box.clock.frame())
            async for frame in ws:
                if frame.type is WSMsgType.TEXT:
                    self._heard(bot, frame.json())
        finally:
            self.bots.remove(bot)
            for waiter in bot.asked.values():
                waiter.cancel()
        return ws

    def _heard(self, bot: Bot, said: Any) -> None:
        """This takes a bot's answer; whatever else it says is noted and ignored."""
        said = said if isinstance(said, dict) else {}
        waiter = bot.asked.get(int(said.get("seq") or 0))
        if waiter is None or waiter.done() or said.get("type") != "settled":
            self._box.refusals.add("clock", "unexpected", repr(said)[:200])
            return
        wake = said.get("next_wake")
        waiter.set_result(None if wake is None else float(wake))

    def _announce(self) -> None:
        """This sends the clock to every bot, in the order of changes."""
        frame = self._box.clock.frame()
        for bot in self.bots:
            self._box.spawn(_send(bot, frame))

    async def close(self) -> None:
        """This ends the links."""
        for bot in list(self.bots):
            await bot.ws.close()

    async def _ask(self, bot: Bot, walk: Walk) -> float | None:
        """This lets one bot settle; None if it wants no wake or does not answer in time."""
        self._seq += 1
        waiter: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
        bot.asked[self._seq] = waiter
        seq = self._seq
        try:
            await _send(bot, {"type": "settle", "seq": seq})
            return await asyncio.wait_for(waiter, self._box.timing.settle_within)
        except TimeoutError:
            walk.silent.add(bot)
            return None
        except asyncio.CancelledError:
            if waiter.cancelled() and bot not in self.bots:
                return None
            raise
        finally:
            bot.asked.pop(seq, None)

    async def settle(self, walk: Walk) -> float | None:
        """This waits until sandbox and bots are quiet; the earliest wake wanted, or None."""
        box = self._box
        wakes: list[float | None] = []
        for _ in range(SETTLE_ROUNDS):
            walk.posted += postman.post_due(box)
            if not await box.activity.quiet(box.timing.quiet_within):
                walk.unquiet = True
            before = box.activity.total
            asked = [bot for bot in self.bots if bot not in walk.silent]
            wakes = await asyncio.gather(*(self._ask(bot, walk) for bot in asked))
            if box.activity.total == before and not box.activity.open:
                break
        self.next_wake = min((wake for wake in wakes if wake is not None), default=None)
        return self.next_wake

    async def look_ahead(self) -> None:
        """This asks the bots for their next wake, and moves nothing.

        It takes no turn: a walk that begins meanwhile asks anew, and only its question counts.
        """
        if not self.walking:
            wakes = await asyncio.gather(*(self._ask(bot, Walk()) for bot in self.bots))
            self.next_wake = min((wake for wake in wakes if wake is not None), default=None)

    async def forward(self, target: float | None, *, to_news: bool = False) -> Walk:
        """This walks to the world time `target`, or to the next due moment if it is None.

        With `to_news` it ends as soon as somebody is notified of something; what is due only after
        `target` is not walked to, and neither is `target`.
        """
        async with self._lock:
            clock = self._box.clock
            rate, walk = clock.rate, Walk()
            clock.move(rate=0.0)
            try:
                since = len(self._box.workspace.journal.entries) if to_news else None
                await self._steps(target, walk, since)
            finally:
                clock.move(rate=rate)
            return walk

    async def _steps(self, target: float | None, walk: Walk, since: int | None) -> None:
        """This settles and steps until the target is reached and settled, or somebody is notified.

        `since` is the number in the journal after which a notification counts; None: none does.
        """
        clock = self._box.clock
        while True:
            wake = await self.settle(walk)
            now = clock.now()
            if target is not None and now >= target:
                return
            if since is not None and self._box.workspace.journal.notified(since):
                return
            if walk.steps >= STEPS_MOST:
                walk.gave_up = True
                return
            step = self._step(now, wake, target if since is None else None, walk)
            if step is None or (since is not None and target is not None and step > target):
                return
            if step > now:
                clock.move(world=step)
                walk.steps += 1
                target = step if target is None else target

    def _step(
        self, now: float, wake: float | None, target: float | None, walk: Walk
    ) -> float | None:
        """This is the next moment; None if there is nothing to walk to.

        A bot that wants to wake in the past is asked once more; when it insists, time moves on.
        """
        wanted = (wake, postman.next_at(self._box), target)
        step = min((moment for moment in wanted if moment is not None), default=None)
        if step is None:
            return None
        if step > now:
            walk.behind = None
            return step
        if walk.behind is None or walk.behind != step:
            walk.behind = step
            return now
        walk.stuck += 1
        return min(now + STUCK_STEP, target) if target is not None else now + STUCK_STEP


async def _send(bot: Bot, frame: Json) -> None:
    """This sends a frame; a bot that is gone is noticed by its reader."""
    with suppress(ConnectionError):
        await bot.ws.send_json(frame)
