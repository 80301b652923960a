"""This carries Web API calls and response URLs over HTTP, with limits, faults and records."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.api import METHODS
from sandbox.api.apps import APP_TOKEN_METHODS
from sandbox.api.call import Call
from sandbox.args import Args, read
from sandbox.box import BOX, Sandbox
from sandbox.errors import Refused
from sandbox.faults import AFTER, BEFORE, Effect, Fault
from sandbox.model import App, Json
from sandbox.scopes import METHOD_SCOPES


@dataclass(frozen=True)
class Answer:
    """This is what goes back: a body, or None for a connection cut without a word."""

    status: int
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    plain: bool = False
    """A response URL answers a bare "ok"."""


CUT = Answer(0)


def _authorise(box: Sandbox, method: str, token: str) -> App:
    """This is the app that the token belongs to; raises Refused as Slack does."""
    app = box.workspace.app
    if not token:
        raise Refused("not_authed")
    if app is None or token not in (app.bot_token, app.app_token):
        raise Refused("invalid_auth")
    if (token == app.app_token) != (method in APP_TOKEN_METHODS):
        raise Refused("not_allowed_token_type")
    return app


def answer_to(box: Sandbox, method: str, token: str, given: Json) -> Answer:
    """This carries out one call: limits, token, scopes, then the method itself."""
    try:
        if method not in METHODS:
            raise Refused("unknown_method", req_method=method)
        box.limiter.take(method, str(given.get("channel") or ""), time.monotonic())
        if method == "api.test":
            app = box.app
        else:
            app = _authorise(box, method, token)
            box.scope_book.need(app, method, *METHOD_SCOPES.get(method, ()))
        body = METHODS[method](Call(box, app, method, Args(given)))
    except Refused as refused:
        box.refusals.add(method, refused.code, str(refused))
        return Answer(refused.status, refused.body(), refused.headers)
    return Answer(200, {"ok": True, **body}, {"X-OAuth-Scopes": ",".join(sorted(app.scopes))})


async def _strike_before(box: Sandbox, fault: Fault) -> Answer | None:
    """This is a fault's answer in place of the call; None lets the call go on."""
    if fault.effect is Effect.HTTP_500:
        return Answer(500, {"ok": False, "error": "internal_error"})
    if fault.effect is Effect.RATELIMITED:
        headers = {"Retry-After": str(fault.retry_after)}
        return Answer(429, {"ok": False, "error": "ratelimited"}, headers)
    if fault.effect is Effect.ERROR:
        return Answer(200, {"ok": False, "error": fault.error})
    if fault.effect in (Effect.HANG, Effect.SLOW):
        await _pause(box, fault.seconds)
    return None if fault.effect is Effect.SLOW else CUT


async def _strike_after(box: Sandbox, fault: Fault) -> Answer:
    """This loses the answer of a call that was carried out."""
    if fault.effect is Effect.HTTP_500_AFTER:
        return Answer(500, {"ok": False, "error": "internal_error"})
    if fault.effect is Effect.HANG_AFTER:
        await _pause(box, fault.seconds)
    return CUT


async def _pause(box: Sandbox, seconds: float | None) -> None:
    """This waits, in transport seconds, or until the sandbox ends."""
    try:
        await asyncio.wait_for(box.closing.wait(), seconds)
    except TimeoutError:
        return


async def carry(
    request: web.Request, name: str, given: Json, act: Callable[[], Answer]
) -> web.StreamResponse:
    """This carries out one call of the app between the faults, and records it.

    `name` is what faults and records call it.
    """
    box = request.app[BOX]
    times = {"world": box.clock.now(), "transport": time.monotonic()}
    record = box.calls.append({"method": name, "args": given, "fault": None, **times})
    answer: Answer | None = None
    if box.faults.outage():
        record["fault"], answer = Effect.OUTAGE.value, CUT
    elif before := box.faults.take(BEFORE, name, given):
        record["fault"] = before.effect.value
        answer = await _strike_before(box, before)
    if answer is None:
        with box.activity.going():
            answer = act()
        if after := box.faults.take(AFTER, name, given):
            record |= {"fault": after.effect.value, "lost_answer": answer.body}
            answer = await _strike_after(box, after)
    record |= {"status": answer.status, "answer": answer.body}
    return _reply(request, answer)


def _reply(request: web.Request, answer: Answer) -> web.StreamResponse:
    """This sends the answer, or cuts the connection."""
    if answer.body is None:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    if answer.plain and answer.status == 200:
        return web.Response(text="ok")
    return web.json_response(answer.body, status=answer.status, headers=answer.headers)


async def api(request: web.Request) -> web.StreamResponse:
    """This is POST or GET /api/<method>."""
    box, method = request.app[BOX], request.match_info["method"]
    try:
        token, given = await read(request)
    except Refused as refused:
        body = refused.body()
        return await carry(request, method, {}, lambda: Answer(200, body))
    return await carry(request, method, given, lambda: answer_to(box, method, token, given))
