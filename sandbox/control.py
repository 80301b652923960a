"""This is the control API: whoever tests or plays makes the workspace do things."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox import acting, playing, reception, setup
from sandbox.box import BOX, Sandbox
from sandbox.errors import Refused
from sandbox.faults import AT_ONCE, Effect
from sandbox.guard import only_from_here
from sandbox.model import Json
from sandbox.walking import ClockLink

Control = Callable[[Sandbox, Json], Awaitable[Json]]
NEWS_WITHIN = 12 * 3600.0
"""World seconds: what is due later than this is not walked to by somebody who waits for news."""


async def do_setup(box: Sandbox, given: Json) -> Json:
    """This makes people and channels."""
    return setup.workspace(box, given)


async def do_install(box: Sandbox, given: Json) -> Json:
    """This installs the app or its new manifest."""
    return setup.install(box, given)


async def verify_url(box: Sandbox, _: Json) -> Json:
    """This checks the app's event URL by a challenge."""
    return {"verified": await box.http.verify()}


async def reset(box: Sandbox, _: Json) -> Json:
    """This empties the workspace."""
    box.reset()
    return {}


async def quiet(box: Sandbox, given: Json) -> Json:
    """This waits until no envelope and no call is under way."""
    seconds = float(given.get("seconds", box.timing.quiet_within))
    return {"quiet": await box.activity.quiet(seconds)}


async def see(box: Sandbox, given: Json) -> Json:
    """This is the workspace through one person's eyes."""
    return reception.see(box, str(given.get("user") or ""), given.get("channel"))


async def see_messages(box: Sandbox, given: Json) -> Json:
    """This is what one person saw happen, in order."""
    return reception.flat(box, str(given.get("user") or ""), int(given.get("since") or 0))


async def calls(box: Sandbox, given: Json) -> Json:
    """This is every API call since a number."""
    return {"calls": box.calls.since(int(given.get("since") or 0)), "last": box.calls.last}


async def calls_clear(box: Sandbox, _: Json) -> Json:
    """This forgets the calls; numbers go on."""
    box.calls.rows.clear()
    return {"last": box.calls.last}


async def errors(box: Sandbox, given: Json) -> Json:
    """This is everything that was refused, and why."""
    return {"errors": box.refusals.since(int(given.get("since") or 0)), "last": box.refusals.last}


async def scopes_used(box: Sandbox, _: Json) -> Json:
    """This is the scopes that were really needed, and those that were not."""
    used = {scope: sorted(by) for scope, by in sorted(box.scope_book.used.items())}
    return {"used": used, "unused": sorted(box.app.scopes - used.keys())}


async def rate_limits(box: Sandbox, given: Json) -> Json:
    """This switches the limits on or off, or scales them."""
    enabled = bool(given.get("enabled", box.limiter.enabled))
    box.limiter.set(enabled, float(given.get("factor", box.limiter.factor)))
    return {"enabled": box.limiter.enabled, "factor": box.limiter.factor}


async def timing(box: Sandbox, given: Json) -> Json:
    """This shortens or lengthens transport durations."""
    box.timing = box.timing.changed(given)
    return {"timing": box.timing.__dict__}


async def faults(box: Sandbox, _: Json) -> Json:
    """This lists the faults in force."""
    return {"faults": box.faults.report(), "sockets": len(box.sockets.open)}


async def add_fault(box: Sandbox, given: Json) -> Json:
    """This puts a fault in force; some strike at once."""
    fault = box.faults.add(given)
    if fault.effect in AT_ONCE:
        return {"id": fault.id, "sockets": box.sockets.strike(fault)}
    if fault.effect is Effect.OUTAGE:
        box.sockets.cut()
    return {"id": fault.id}


async def lift_faults(box: Sandbox, given: Json) -> Json:
    """This lifts one fault or all; after an outage with replay, events are delivered."""
    number = given.get("id")
    lifted = box.faults.lift(None if number is None else int(number))
    if box.faults.outage() is None:
        held, box.after_outage = box.after_outage, []
        for payload in held:
            box.delivery.event(payload)
    return {"lifted": lifted}


async def clock(box: Sandbox, _: Json) -> Json:
    """This is the clock."""
    return {"clock": box.clock.report()}


async def set_clock(box: Sandbox, given: Json) -> Json:
    """This sets time or rate, pauses or resumes."""
    rate = given.get("rate")
    if rate is not None and float(rate) < 0:
        raise Refused("bad_clock", status=400, detail="rate must not be negative")
    if given.get("pause"):
        box.clock.pause()
    if given.get("resume"):
        box.clock.resume()
    if given.get("set") is not None or rate is not None:
        world = given.get("set")
        box.clock.move(
            world=None if world is None else float(world),
            rate=None if rate is None else float(rate),
        )
    return {"clock": box.clock.report()}


async def jump(box: Sandbox, given: Json) -> Json:
    """This moves the world at once, as if the machine had slept."""
    box.clock.move(world=box.clock.now() + float(given.get("seconds", 0)))
    return {"clock": box.clock.report()}


def forward(link: ClockLink) -> Control:
    """This is the fast-forward of POST /_control/clock/forward."""

    async def walk(box: Sandbox, given: Json) -> Json:
        """This walks `seconds` ahead, to a world time, to the next due moment, or to the news."""
        target: float | None
        to_news = given.get("to") == "news"
        if given.get("to") == "next" or given.get("next"):
            target = None
        elif to_news:
            target = box.clock.now() + NEWS_WITHIN
        elif given.get("to") is not None:
            target = float(given["to"])
        elif given.get("seconds") is not None:
            target = box.clock.now() + float(given["seconds"])
        else:
            raise Refused("bad_clock", status=400, detail="seconds or to is required")
        done = await link.forward(target, to_news=to_news)
        ahead = {"bots": len(link.bots), "next_due": link.next_wake}
        return {**done.report(), **ahead, "clock": box.clock.report()}

    return walk


def _act(name: str) -> Control:
    """This is the control function of one act."""

    async def act(box: Sandbox, given: Json) -> Json:
        """This is one person's act."""
        return await acting.perform(box, name, given)

    return act


def _handler(control: Control) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """This carries a control function over HTTP: JSON in, JSON out."""

    async def handle(request: web.Request) -> web.StreamResponse:
        """This answers one control request."""
        try:
            only_from_here(request)
            given: Json = dict(request.query)
            if request.can_read_body:
                given |= json.loads(await request.text() or "{}")
            answer = await control(request.app[BOX], given)
        except Refused as refused:
            status = refused.status if refused.status != 200 else 400
            return web.json_response(refused.body(), status=status)
        except (ValueError, TypeError) as problem:
            body = {"ok": False, "error": "bad_request", "detail": str(problem)}
            return web.json_response(body, status=400)
        return web.json_response({"ok": True, **answer})

    return handle


GETS: dict[str, Control] = {
    "/see": see,
    "/see/messages": see_messages,
    "/calls": calls,
    "/errors": errors,
    "/scopes_used": scopes_used,
    "/faults": faults,
    "/clock": clock,
    "/wishes": playing.wishes,
    "/tour": playing.tour,
}
POSTS: dict[str, Control] = {
    "/setup": do_setup,
    "/install": do_install,
    "/verify_url": verify_url,
    "/reset": reset,
    "/quiet": quiet,
    "/calls/clear": calls_clear,
    "/rate_limits": rate_limits,
    "/timing": timing,
    "/faults": add_fault,
    "/clock": set_clock,
    "/clock/jump": jump,
    "/signal": playing.signal,
    "/wishes": playing.make_wish,
    "/wishes/done": playing.wish_done,
    "/tour": playing.set_tour,
} | {f"/act/{name}": _act(name) for name in acting.ACTS}


def routes(link: ClockLink) -> list[web.RouteDef]:
    """This is every route of the control API."""
    found = [web.get(f"/_control{path}", _handler(control)) for path, control in GETS.items()]
    posts = POSTS | {"/clock/forward": forward(link)}
    found += [web.post(f"/_control{path}", _handler(control)) for path, control in posts.items()]
    return [*found, web.delete("/_control/faults", _handler(lift_faults))]
