"""This answers Web API calls over real HTTP as a test scripted it, and remembers what was asked."""

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager

from aiohttp import web

from bot.slack.send import Slack, make_client, open_session

HANG = object()
CUT = object()  # the request has arrived, and the connection breaks


class Server:
    """This is a Slack that says what it was told to say; the last answer of a method stays."""

    def __init__(self):
        self.calls = []
        self._answers = defaultdict(list)
        self._hung = asyncio.Event()

    def says(self, method, *answers):
        """Each answer is a body, a pair (status, headers), or HANG."""
        self._answers[method] = list(answers)

    def refuses(self, method, *codes):
        self.says(method, *({"ok": False, "error": code} for code in codes))

    def asked(self, method):
        return [arguments for name, arguments in self.calls if name == method]

    async def answer(self, request):
        method = request.match_info["method"]
        is_json = request.content_type == "application/json"
        given = await request.json() if is_json else {**request.query, **await request.post()}
        self.calls.append((method, dict(given)))
        waiting = self._answers[method]
        said = waiting.pop(0) if len(waiting) > 1 else (waiting or [{}])[0]
        if said is HANG:
            await self._hung.wait()
        if said is CUT:
            request.transport.abort()
            said = {}
        if isinstance(said, tuple):
            status, headers = said
            return web.Response(status=status, headers=headers, text="<html>no</html>")
        return web.json_response({"ok": True, **said})

    def release(self):
        self._hung.set()


@asynccontextmanager
async def slack_server():
    """This yields the server and a Slack port that talks to it through the real client."""
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    session = open_session()
    try:
        yield server, Slack(make_client("xoxb-1", f"http://127.0.0.1:{port}/api/", session))
    finally:
        server.release()
        await session.close()
        await runner.cleanup()
