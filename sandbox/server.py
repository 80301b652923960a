"""This builds the HTTP application of the sandbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from aiohttp import web

from sandbox import control, postman, respond, setup, wire
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
    app = web.Application(client_max_size=BODY_MOST)
    app[BOX] = box
    app.add_routes(control.routes(link))
    app.add_routes(
        [
            web.route("*", "/api/{method}", wire.api),
            web.post("/respond/{key}", respond.respond),
            web.get("/link/", box.sockets.serve),
            web.get("/_clock", link.serve),
        ]
    )

    async def background(_: web.Application) -> AsyncIterator[None]:
        """This runs the postman while the application runs."""
        posting = asyncio.create_task(postman.run(box))
        yield
        posting.cancel()
        with suppress(asyncio.CancelledError):
            await posting
        await box.close()

    async def shutdown(_: web.Application) -> None:
        """This ends open connections, which would otherwise hold the server up."""
        box.closing.set()
        box.sockets.cut()
        await link.close()

    app.cleanup_ctx.append(background)
    app.on_shutdown.append(shutdown)
    return app
