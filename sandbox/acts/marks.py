"""This is what people do to messages: reactions, pins; and the files that they share."""

from collections.abc import Callable

from sandbox import filing, marking, mentions, speaking
from sandbox.acts.common import actor, first, message_at, place, seen, writable
from sandbox.args import Args
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.events import Futures
from sandbox.model import Json, Message


async def _mark(
    box: Sandbox, given: Json, change: Callable[[Message, str], Futures], *, inside: bool
) -> Json:
    """This changes a mark on a message; `inside`: only members may."""
    user = actor(box, given)
    message = message_at(box, user, given)
    since = len(box.workspace.journal.entries)
    if message.visible_to is not None:
        raise Refused("message_not_found", status=400)
    if inside and user not in box.workspace.channel(message.channel).members:
        raise Refused("not_in_channel", status=400)
    outcome = await first(change(message, user))
    return seen(box, user, outcome, since, ok=True)


def _name(given: Json) -> str:
    """This is the emoji that a person means, with or without its colons."""
    return Args(given).need("name").strip(":")


async def react(box: Sandbox, given: Json) -> Json:
    """This adds a person's reaction to a message."""
    name = _name(given)
    return await _mark(box, given, lambda m, u: marking.react(box, m, u, name), inside=False)


async def unreact(box: Sandbox, given: Json) -> Json:
    """This takes a person's reaction back."""
    name = _name(given)
    return await _mark(box, given, lambda m, u: marking.unreact(box, m, u, name), inside=False)


async def pin(box: Sandbox, given: Json) -> Json:
    """This pins a message for everybody in the conversation."""
    return await _mark(box, given, lambda m, u: marking.pin(box, m, u), inside=True)


async def unpin(box: Sandbox, given: Json) -> Json:
    """This ends a pin."""
    return await _mark(box, given, lambda m, u: marking.unpin(box, m, u), inside=True)


async def upload(box: Sandbox, given: Json) -> Json:
    """This shares a small text file; `content` is what stands in it."""
    user = actor(box, given)
    channel = place(box, user, str(given.get("channel") or "app"))
    writable(box, user, channel, given.get("thread_ts"))
    since = len(box.workspace.journal.entries)
    data = str(given.get("content") or "").encode()
    file = filing.expect(box, user, Args(given).need("name"), len(data))
    filing.receive(box, file, data)
    file.title, file.shared = str(given.get("title") or file.name), True
    text = mentions.with_ids(box.workspace, str(given.get("text") or ""))
    what = speaking.content({"text": text}) if text else dict(speaking.NOTHING)
    posted, futures = filing.share(box, channel, user, [file], what, given.get("thread_ts"))
    outcome = await first(futures)
    more = {"channel": channel.id, "ts": posted.ts, "file": file.id}
    return seen(box, user, outcome, since, ok=True, **more)
