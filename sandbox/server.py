"""This builds the HTTP application of the sandbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from aiohttp import web

from sandbox import control, file_server, postman, respond, setup, showing, showing_due, wire
from sandbox.box import BOX, Sandbox
from sandbox.clock import Clock
from sandbox.rates import Limiter
from sandbox.timing import Timing
from sandbox.walking import ClockLink

BODY_MOST = 4 * 1024 * 1024


def build(
    *,
    seed: dict[str, Any] | None = None,
    clock: Clock | None = None,
    timing: Timing | None = None,
    limiter: Limiter | None = None,
) -> web.Application:
    """This is the application; `app[BOX]` is the Sandbox behind it.

    Call it inside a running event loop, and set `app[BOX].url` to the address once it is
    known: Socket Mode and response URLs are made from it.
    """
    box = Sandbox(clock or Clock(), timing or Timing(), limiter or Limiter())
    if seed:
        setup.seed(box, seed)
    link = ClockLink(box)
    app = web.Application(client_max_size=BODY_MOST, middlewares=[showing.noticed])
    app[BOX] = box
    app.add_routes(control.routes(link))
    app.add_routes(
        [
            web.route("*", "/api/{method}", wire.api),
            web.post("/respond/{key}", respond.respond),
            web.get("/link/", box.sockets.serve),
            web.get("/_clock", link.serve),
            *showing.routes(link),
            *file_server.ROUTES,
        ]
    )

    async def background(_: web.Application) -> AsyncIterator[None]:
        """This runs what goes on by itself while the application runs."""
        running = [
            asyncio.create_task(postman.run(box)),
            asyncio.create_task(showing_due.keep_asking(box, link)),
        ]
        yield
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await box.close()

    async def shutdown(_: web.Application) -> None:
        """This ends open connections, which would otherwise hold the server up."""
        box.closing.set()
        box.sockets.cut()
        box.wishes.wake()
        box.onlookers.changed()
        await link.close()

    app.cleanup_ctx.append(background)
    app.on_shutdown.append(shutdown)
    return app
