"""This is one Socket Mode connection, from its opening to its end. It is never opened again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp
import structlog

from bot import observe
from bot.clock import Clock

log = structlog.get_logger(__name__)

# What bolt answers to one delivery: the payload of the acknowledgement, or None for no answer.
Dispatch = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
Spare = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Pace:
    """This is every time limit of the connections, in seconds of transport time."""

    # Measured: a half-open connection is noticed after two pings. What is sent into it is lost.
    ping_every: float = 2.0
    deaf_after: float = 4.0
    # What a lane waits before each try: 0, 5, 15, 30, 60 s after it went down, then once a minute:
    # apps.connections.open is Tier 1. The second lane waits `stagger` longer, always.
    gaps: tuple[float, ...] = (0.0, 5.0, 10.0, 15.0, 30.0, 60.0)
    stagger: float = 2.5
    # A connection that ends sooner counts as a failed try, or it would be opened in a tight circle.
    settled_after: float = 10.0
    open_within: float = 10.0
    close_within: float = 2.0
    # Slack closes a connection that it warned about 10 s later; work in hand is answered by then.
    drain_within: float = 8.0
    # A connection can stop delivering without closing (bolt-python#1529), so none gets old.
    recycle_every: float = 3600.0


class End(StrEnum):
    """This is why a connection is to be replaced."""

    NOTICE = "notice"  # Slack gave notice, or it got old: it still works for some seconds
    RECYCLED = "recycled"
    CLOSED = "closed"
    DEAF = "deaf"
    REFUSED = "refused"  # too many connections, or Socket Mode was switched off


WORKS_ON = frozenset({End.NOTICE, End.RECYCLED})
_LAST_FRAMES = frozenset(
    {
        aiohttp.WSMsgType.CLOSE,
        aiohttp.WSMsgType.CLOSING,
        aiohttp.WSMsgType.CLOSED,
        aiohttp.WSMsgType.ERROR,
    }
)
_NOTICES = {"warning": End.NOTICE, "refresh_requested": End.NOTICE}


class Session:
    """This reads, answers and pings over one connection, and says when it is to be replaced."""

    def __init__(
        self,
        ws: aiohttp.ClientWebSocketResponse,
        dispatch: Dispatch,
        spare: Spare,
        clock: Clock,
        pace: Pace,
    ) -> None:
        self._ws = ws
        self._spare = spare
        self._dispatch = dispatch
        self._clock = clock
        self._pace = pace
        self._work: set[asyncio.Task[None]] = set()
        self._ended: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._ping())]
        self.opened_at = self.heard_at = clock.monotonic()
        self.taking = True

    @property
    def is_open(self) -> bool:
        """Whether anything can still be sent over it."""
        return not self._ws.closed and self._end not in (End.CLOSED, End.DEAF)

    @property
    def _end(self) -> End | None:
        return self._ended.result() if self._ended.done() else None

    async def ended(self) -> End:
        """This returns when the connection is to be replaced."""
        return await asyncio.shield(self._ended)

    async def send(self, text: str) -> bool:
        """This sends a frame; False where the connection no longer takes any."""
        try:
            await self._ws.send_str(text)
        except (ConnectionError, aiohttp.ClientError):
            return False
        return True

    async def close(self, drain_within: float = 0.0) -> None:
        """This lets the work in hand end, then closes. Bounded: a dead peer cannot hold it up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(drain_within):
                while self._work:
                    await asyncio.wait(self._work)
        self.taking = False
        for task in self._tasks:
            task.cancel()
        with suppress(TimeoutError, ConnectionError, aiohttp.ClientError):
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes as it ends.
            async with asyncio.timeout(self._pace.close_within):
                await self._ws.close()

    def _finish(self, end: End) -> None:
        if not self._ended.done():
            self._ended.set_result(end)

    async def _read(self) -> None:
        try:
            while not self._ws.closed:
                frame = await self._ws.receive()
                if frame.type in _LAST_FRAMES:
                    break
                self.heard_at = self._clock.monotonic()
                if frame.type is aiohttp.WSMsgType.PING:
                    await self._ws.pong(frame.data)
                elif frame.type is aiohttp.WSMsgType.TEXT:
                    self._received(frame.data)
        except (ConnectionError, aiohttp.ClientError) as error:
            log.info("socket.broke", error_type=type(error).__name__)
        finally:
            self._finish(End.CLOSED)

    def _received(self, text: str) -> None:
        try:
            message = json.loads(text)
            kind = message["type"]
        except (ValueError, TypeError, KeyError):
            log.warning("socket.unreadable_frame")
            return
        if kind == "disconnect":
            reason = str(message.get("reason"))
            log.info("socket.disconnect", why=reason)
            self._finish(_NOTICES.get(reason, End.REFUSED))
        elif kind == "hello":
            observe.SOCKETS_OF_THE_APP.set(message.get("num_connections") or 0)
        elif "envelope_id" in message and self.taking:
            work = asyncio.create_task(self._answer(message))
            self._work.add(work)
            work.add_done_callback(self._work.discard)

    async def _answer(self, message: dict[str, Any]) -> None:
        started = self._clock.monotonic()
        try:
            answer = await self._dispatch(message)
        except Exception:
            log.exception("socket.dispatch_failed", envelope=message["envelope_id"])
            observe.FAULTS.labels("dispatch").inc()
            return
        if answer is None:
            return
        text = json.dumps({"envelope_id": message["envelope_id"], **answer})
        sent = await self.send(text) or await self._spare(text)
        observe.ACK_SECONDS.labels(str(message["type"])).observe(self._clock.monotonic() - started)
        if not sent:
            # Stored, and not acknowledged: the tick on the card is what tells the person.
            log.warning("socket.ack_lost", envelope=message["envelope_id"])

    async def _ping(self) -> None:
        while not self._ws.closed:
            with suppress(TimeoutError, ConnectionError, aiohttp.ClientError):
                # Bounded: with a full buffer and nobody reading it, a ping would wait for ever.
                async with asyncio.timeout(self._pace.ping_every):
                    await self._ws.ping(b"belay")
            await asyncio.sleep(self._pace.ping_every)
            if self._clock.monotonic() - self.heard_at > self._pace.deaf_after:
                self._finish(End.DEAF)
                return
