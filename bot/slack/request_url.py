"""This takes what Slack delivers over HTTP, and tells a balancer in front whether to send it here.

What Slack has not signed within the last five minutes is refused and not looked into. A delivery
is answered when it is stored, as over Socket Mode, and one that comes again, to whichever replica,
is known by its key. Health stands beside, in one word: what is wrong is said on the health port
alone.
"""

import asyncio
from collections.abc import Callable

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.clock import Sleep, SystemClock
from bot.slack.manifest import EVENTS_PATH
from bot.slack.signatures import signed

log = structlog.get_logger(__name__)


class RequestUrl:
    """This is the listening end. Until it is told who says whether it is able, it is not ready."""

    def __init__(self, app: AsyncApp, secret: str, *, sleep: Sleep = asyncio.sleep) -> None:
        self._app = app
        self._secret = secret
        self._clock = SystemClock()
        self._sleep = sleep
        self.able: Callable[[], bool] = lambda: False
        self.leaving = False

    def site(self) -> web.Application:
        """This is what answers over HTTP."""
        site = web.Application()
        site.router.add_post(EVENTS_PATH, self._deliver)
        site.router.add_get("/healthz", self._alive)
        site.router.add_get("/readyz", self._ready)
        return site

    async def drain(self, seconds: float) -> None:
        """This says that it is leaving, and goes on answering while the balancer takes that in."""
        self.leaving = True
        await self._sleep(seconds)

    async def _deliver(self, request: web.Request) -> web.StreamResponse:
        now = self._clock.transport().timestamp()
        if not signed(request.headers, await request.read(), self._secret, now):
            return web.Response(status=401)
        try:
            asked = await to_bolt_request(request)
        except Exception as fault:  # signed, and yet no delivery that anybody has heard of
            log.error("delivery.unreadable", error_type=type(fault).__name__)
            return web.Response(status=400)
        answer: web.StreamResponse = await to_aiohttp_response(
            await self._app.async_dispatch(asked)
        )
        if self.leaving:
            # What the balancer sent next over a kept connection could be cut off; Slack sends a
            # command or a tap only once.
            answer.force_close()
        return answer

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        if self.able() and not self.leaving:
            return web.Response(text="ready\n")
        return web.Response(text="not ready\n", status=503)
