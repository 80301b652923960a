"""This is response URLs: five answers to a command or an interaction, within half an hour."""

from aiohttp import web

from sandbox import speaking
from sandbox.args import Args, read
from sandbox.box import BOX, Sandbox
from sandbox.errors import Refused
from sandbox.model import Json
from sandbox.wire import Answer, carry

NAME = "response_url"
"""What faults and records call it."""


async def respond(request: web.Request) -> web.StreamResponse:
    """This is POST /respond/<key>."""
    box, key = request.app[BOX], request.match_info["key"]
    try:
        _, given = await read(request)
    except Refused as refused:
        body = refused.body()
        return await carry(request, NAME, {}, lambda: Answer(400, body))
    return await carry(request, NAME, given, lambda: _answer(box, key, given))


def _answer(box: Sandbox, key: str, given: Json) -> Answer:
    """This is one use and its answer; refusals have the HTTP status 400 or 404."""
    try:
        use_hook(box, key, given)
    except Refused as refused:
        box.refusals.add(NAME, refused.code, str(refused))
        return Answer(refused.status if refused.status != 200 else 400, refused.body())
    return Answer(200, {"ok": True}, plain=True)


def use_hook(box: Sandbox, key: str, given: Json) -> None:
    """This carries out one use of a response URL; ephemeral unless asked otherwise."""
    hook = box.hooks.use(key)
    args = Args(given)
    channel = box.workspace.channel(hook.channel)
    original = channel.messages.get(hook.ts) if hook.ts else None
    bot = box.app.bot_user
    if args.flag("delete_original"):
        if original is None:
            raise Refused("message_not_found")
        speaking.remove(box, original)
        return
    what = speaking.content(given)
    if args.flag("replace_original") and original is not None:
        speaking.revise(box, original, bot, what)
        return
    public = args.text("response_type") == "in_channel"
    thread_ts = args.text("thread_ts") or None
    who = None if public else hook.user
    message, _ = speaking.say(box, channel, bot, what, thread_ts=thread_ts, visible_to=who)
    if hook.ts is None:
        hook.ts = message.ts
