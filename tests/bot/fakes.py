"""This is what the shell is tested against: a clock that is moved, and a small Slack."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer


@dataclass
class MovedClock:
    """This clock stands until it is moved; both times and the monotonic seconds go together."""

    at: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.at

    def transport(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def forward(self, seconds: float) -> None:
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


@dataclass
class Naps:
    """This stands in for sleeping: it notes the length, lets others run, and moves a clock."""

    clock: MovedClock | None = None
    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        if self.clock is not None:
            self.clock.forward(seconds)
        await asyncio.sleep(0)


@dataclass(eq=False)
class Link:
    """This is Slack's end of one connection."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport | None

    async def say(self, **frame) -> None:
        await self.ws.send_json(frame)

    def go_silent(self) -> None:
        """This reads nothing more, not even that the other end closes."""
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.pause_reading()

    def drop(self) -> None:
        """This cuts the connection without a word."""
        assert self.transport is not None
        self.transport.abort()


@dataclass
class SmallSlack:
    """This is apps.connections.open and the sockets behind it, with the faults of the real one."""

    tickets: list[str] = field(default_factory=list)
    refused: int = 0  # tries with a ticket that was used or has expired
    stale_tickets: int = 0  # how many tickets are dead when they are handed out
    rate_limited: int = 0
    answers_pings: bool = True
    open: list[Link] = field(default_factory=list)
    acks: list[dict] = field(default_factory=list)
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    most_open: int = 0
    calls: list[str] = field(default_factory=list)
    url: str = ""
    _good: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["SmallSlack"]:
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._ticket)
        app.router.add_post("/api/{method}", self._any)
        app.router.add_get("/link", self._link)
        async with TestServer(app) as server:
            self.url = str(server.make_url("/api/"))
            try:
                yield self
            finally:
                for link in list(self.open):
                    link.drop()

    async def _any(self, request: web.Request) -> web.Response:
        self.calls.append(request.match_info["method"])
        return web.json_response({"ok": True, "bot_id": "B1", "user_id": "U0"})

    async def _ticket(self, request: web.Request) -> web.Response:
        if self.rate_limited:
            self.rate_limited -= 1
            refusal = {"ok": False, "error": "ratelimited"}
            return web.json_response(refusal, status=429, headers={"Retry-After": "7"})
        ticket = f"t{len(self.tickets)}"
        self.tickets.append(ticket)
        if self.stale_tickets:
            self.stale_tickets -= 1
        else:
            self._good.add(ticket)
        url = str(request.url.with_scheme("ws").with_path("/link").with_query(ticket=ticket))
        return web.json_response({"ok": True, "url": url})

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query["ticket"]
        if ticket not in self._good:
            self.refused += 1
            return web.Response(status=403)
        self._good.discard(ticket)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        link = Link(ws, request.transport)
        self.open.append(link)
        self.most_open = max(self.most_open, len(self.open))
        await ws.send_json({"type": "hello", "num_connections": len(self.open)})
        try:
            async for frame in ws:
                if frame.type is WSMsgType.PING and self.answers_pings:
                    await ws.pong(frame.data)
                elif frame.type is WSMsgType.TEXT:
                    self.acks.append(json.loads(frame.data))
                    self.acked.set()
        finally:
            self.open.remove(link)
        return ws


async def until(true, within: float = 60.0) -> None:
    """This waits in turns of the event loop, not in time, until something is true."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)
