"""This holds the Socket Mode connections: two, so that one is open while the other is renewed.

slack_sdk's own client is not used. It tries an expired one-use ticket for ever (measured with
3.47.0), and two reconnections at once in it leave an open connection that nobody reads, to which
Slack goes on delivering. Here a connection lives once. A lane asks for a new ticket for every try,
opens the new connection before it lets go of the old one where Slack gives notice, and closes in
bounded time. bolt dispatches and answers as it does behind its own client. Transport time only.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, NoReturn

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot import observe
from bot.clock import Clock, Sleep
from bot.slack.session import WORKS_ON, Dispatch, End, Pace, Session

Opener = Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]]

log = structlog.get_logger(__name__)


class Lane:
    """This is a place for one connection: which session is in it, and when it last heard."""

    def __init__(self, number: int, started_at: float) -> None:
        self.number = number
        self.session: Session | None = None
        self._last_heard_at = started_at
        self.tries = 0  # since a connection of this lane last stood for a while

    @property
    def heard_at(self) -> float:
        """When this lane last heard Slack, or was started (monotonic seconds)."""
        if self.session is not None:
            self._last_heard_at = max(self._last_heard_at, self.session.heard_at)
        return self._last_heard_at

    @property
    def is_open(self) -> bool:
        """Whether this lane has a connection that works."""
        return self.session is not None and self.session.is_open


class Sockets:
    """This keeps the lanes open for ever. `opener` gets a ticket and opens a connection."""

    def __init__(
        self,
        opener: Opener,
        dispatch: Dispatch,
        clock: Clock,
        *,
        lanes: int = 2,
        pace: Pace | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._opener = opener
        self._dispatch = dispatch
        self._clock = clock
        self._pace = pace or Pace()
        self._sleep = sleep
        self._turn = asyncio.Lock()  # one ticket at a time: lanes never open in lockstep
        self._retiring: set[asyncio.Task[None]] = set()
        self.lanes = [Lane(n, clock.monotonic()) for n in range(lanes)]

    def heard_at(self) -> float:
        """When the quietest lane last heard Slack (monotonic seconds)."""
        return min(lane.heard_at for lane in self.lanes)

    def deaf_for(self) -> timedelta:
        """How long the quietest lane has heard nothing, be it down or silent."""
        return timedelta(seconds=max(0.0, self._clock.monotonic() - self.heard_at()))

    def all_deaf_for(self) -> timedelta:
        """How long Slack has not been heard on any lane."""
        heard_at = max(lane.heard_at for lane in self.lanes)
        return timedelta(seconds=max(0.0, self._clock.monotonic() - heard_at))

    def open_lanes(self) -> int:
        """How many lanes have a connection that works."""
        return sum(lane.is_open for lane in self.lanes)

    async def run(self) -> NoReturn:
        """This keeps every lane until cancelled, and then closes them all, in bounded time."""
        try:
            async with asyncio.TaskGroup() as group:
                for lane in self.lanes:
                    group.create_task(self._keep(lane))
        finally:
            await self._close_all()
        raise AssertionError("a lane never returns")

    async def _keep(self, lane: Lane) -> None:
        # The lanes grow old at different times, so that both are never renewed at once.
        oldest = self._pace.recycle_every * (1 + lane.number / len(self.lanes))
        while True:
            session = await self._open(lane)
            if lane.session is not None:
                self._retire(lane.session)
            lane.session = session
            end = await self._until_replaced(session, oldest)
            oldest = self._pace.recycle_every
            if self._clock.monotonic() - session.opened_at >= self._pace.settled_after:
                lane.tries = 0
            observe.SOCKET_ENDS.labels(end.value).inc()
            log.info("socket.ended", lane=lane.number, why=end.value)
            if end not in WORKS_ON:
                await session.close()

    async def _until_replaced(self, session: Session, oldest: float) -> End:
        try:
            async with asyncio.timeout(oldest):
                return await session.ended()
        except TimeoutError:
            return End.RECYCLED

    async def _open(self, lane: Lane) -> Session:
        """This opens a connection for a lane. It never gives up; each try has its own ticket."""
        told_to_wait = 0.0
        while True:
            gap = self._pace.gaps[min(lane.tries, len(self._pace.gaps) - 1)]
            await self._sleep(max(gap + lane.number * self._pace.stagger, told_to_wait))
            lane.tries += 1
            try:
                async with self._turn, asyncio.timeout(self._pace.open_within):
                    ws = await self._opener()
            except Exception as error:
                observe.SOCKET_TRIES_FAILED.inc()
                told_to_wait = _retry_after(error)
                log.warning("socket.open_failed", lane=lane.number, code=_code(error))
            else:
                log.info("socket.open", lane=lane.number)
                return Session(ws, self._dispatch, self._spare, self._clock, self._pace)

    async def _spare(self, text: str) -> bool:
        """This sends an answer whose own connection is gone over another one."""
        for lane in self.lanes:
            if lane.session is not None and lane.is_open and await lane.session.send(text):
                return True
        return False

    def _retire(self, old: Session) -> None:
        """This closes a connection that was replaced, after what it has in hand is answered."""
        closing = asyncio.create_task(old.close(self._pace.drain_within))
        self._retiring.add(closing)
        closing.add_done_callback(self._retiring.discard)

    async def _close_all(self) -> None:
        sessions = [lane.session for lane in self.lanes if lane.session is not None]
        for session in sessions:
            session.taking = False
        closing = [asyncio.create_task(s.close(self._pace.drain_within)) for s in sessions]
        if pending := [*closing, *self._retiring]:
            await asyncio.wait(pending)


def _retry_after(error: Exception) -> float:
    if isinstance(error, SlackApiError):
        with suppress(KeyError, ValueError, TypeError):
            return float(error.response.headers["Retry-After"])
    return 0.0


def _code(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response["error"])
    return type(error).__name__


def opener(web: AsyncWebClient, app_token: str, http: aiohttp.ClientSession) -> Opener:
    """This opens a connection with a new one-use ticket. Raises SlackApiError or ClientError."""

    async def open_one() -> aiohttp.ClientWebSocketResponse:
        ticket = await web.apps_connections_open(app_token=app_token)
        # autoping off: pongs come to us, and are how a half-open connection is found out.
        return await http.ws_connect(
            str(ticket["url"]),
            autoping=False,
            proxy=web.proxy,
            ssl=web.ssl if web.ssl is not None else True,
        )

    return open_one


def bolt_dispatch(app: AsyncApp) -> Dispatch:
    """This hands deliveries to bolt, and puts its response as Socket Mode wants it."""

    async def dispatch(message: dict[str, Any]) -> dict[str, Any] | None:
        request = SocketModeRequest.from_dict(message)
        if request is None:
            return None
        response = await run_async_bolt_app(app, request)
        if response.status != 200:
            log.warning("socket.not_acknowledged", envelope=request.envelope_id)
            return None
        if not response.body:
            return {}
        if response.first_headers().get("content-type", "").startswith("application/json"):
            return {"payload": json.loads(response.body)}
        return {"payload": {"text": response.body}}

    return dispatch
