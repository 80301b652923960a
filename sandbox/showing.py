"""This shows the workspace to people: the page's files at /, and a WebSocket for each tab."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.box import BOX
from sandbox.errors import Refused
from sandbox.guard import only_from_here
from sandbox.showing_tab import Tab
from sandbox.walking import ClockLink

PAGE = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}
POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{what} 'self'" for what in ("script-src", "style-src", "connect-src", "font-src")),
        "img-src 'self' data:",
        *(f"{what} 'none'" for what in ("base-uri", "form-action", "frame-ancestors")),
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # A newer version of Belay must not meet files of the one before.
    "Cache-Control": "no-cache",
}
HEARTBEAT = 20.0
"""Transport seconds between pings to a tab; one that does not answer is let go."""
HEARD_MOST = 16 * 1024
"""Bytes of the longest thing that a tab may say."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def page_file(path: str) -> Path:
    """This is a file of the page; raises Refused not_found for anything else."""
    found = (PAGE / (path or "index.html")).resolve()
    if not found.is_relative_to(PAGE) or found.suffix not in TYPES or not found.is_file():
        raise Refused("not_found", status=404)
    return found


async def static(request: web.Request) -> web.StreamResponse:
    """This is GET / and the files below it."""
    try:
        only_from_here(request)
        found = page_file(request.match_info.get("path", ""))
    except Refused as refused:
        return web.json_response(refused.body(), status=refused.status)
    headers = {**HEADERS, "Content-Type": TYPES[found.suffix]}
    return web.FileResponse(found, headers=headers)


def tabs(link: ClockLink) -> Handler:
    """This is GET /_page: the WebSocket of a tab."""

    async def serve(request: web.Request) -> web.StreamResponse:
        """This talks to one tab until it is closed."""
        try:
            only_from_here(request)
        except Refused as refused:
            return web.json_response(refused.body(), status=refused.status)
        box = request.app[BOX]
        ws = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=HEARD_MOST)
        await ws.prepare(request)
        await Tab(box, link, ws).serve()
        return ws

    return serve


@web.middleware
async def noticed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """This lets tabs look again after each request: not all that changes stands in the journal."""
    try:
        return await handler(request)
    finally:
        request.app[BOX].onlookers.changed()


def routes(link: ClockLink) -> list[web.RouteDef]:
    """This is every route of the page; the last one takes what nothing else took."""
    return [
        web.get("/_page", tabs(link)),
        web.get("/", static),
        web.get(r"/{path:.+\.[a-z]+}", static),
    ]
