"""This is chat.*: what the app says."""

import re

from sandbox import shapes, speaking
from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.model import Channel, Json, Kind, Message
from sandbox.workspace import MICRO, as_read

THREADS_FROM, THREADS_AHEAD = 631_152_000, 3600
"""World unix seconds between which a thread_ts must lie, from 1990 to an hour ahead (backlot)."""
SLACKS = "^[UW][A-Z0-9]{2,}$"
USER = re.compile(r"^[UW][A-Z0-9_]{2,}$")
"""Slack's own ids have no such sign; ours may say whose they are."""


def target(call: Call) -> Channel:
    """This is where the app may post, as `reach` has it."""
    return reach(call, call.args.need("channel", "channel_not_found"))


def reach(call: Call, name: str) -> Channel:
    """This is where the app may post; a person's id means their direct conversation.

    Raises Refused channel_not_found, not_in_channel, is_archived.
    """
    workspace, bot = call.workspace, call.app.bot_user
    if name in workspace.people:
        person = workspace.people[name]
        if person.deleted or name == bot or workspace.is_stranger(person):
            raise Refused("channel_not_found")
        name = workspace.direct(bot, name).id
    by_name = [c for c in workspace.channels.values() if c.name and c.name == name.lstrip("#")]
    channel = workspace.channels.get(name) or (by_name[0] if by_name else None)
    if channel is None or (channel.is_private and bot not in channel.members):
        raise Refused("channel_not_found")
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.is_im and not call.app.messages_tab(writing=False):
        raise Refused("messages_tab_disabled")
    if bot not in channel.members:
        if "chat:write.public" not in call.app.scopes or channel.kind is not Kind.PUBLIC:
            raise Refused("not_in_channel")
        call.need_scope("chat:write.public")
    return channel


def thread(call: Call, channel: Channel) -> str | None:
    """This is the thread to answer in; raises Refused invalid_thread_ts.

    A ts that could be a message's and is none is no thread: Slack posts into the conversation.
    """
    given = call.args.text("thread_ts")
    if not given:
        return None
    parent = channel.messages.get(given)
    if parent is not None and parent.visible_to is None:
        return parent.thread_ts or parent.ts
    micros = as_read(given)
    if not THREADS_FROM < micros // MICRO <= call.box.clock.now() + THREADS_AHEAD:
        raise Refused("invalid_thread_ts", messages=(f"[ERROR] {micros} is not a valid thread_ts",))
    return None


def _user(call: Call) -> str:
    """This is whom an ephemeral message is for; raises Refused invalid_arguments."""
    user = call.args.text("user")
    if not USER.fullmatch(user):
        said = f"[ERROR] input must match regex pattern: {SLACKS} [json-pointer:/user]"
        raise Refused("invalid_arguments", messages=(said,))
    return user


def own(call: Call, channel: Channel, code: str) -> Message:
    """This is the app's own message named by `ts`; raises Refused, `code` for another's."""
    message = channel.messages.get(call.args.need("ts", "message_not_found"))
    if message is None or message.visible_to is not None:
        raise Refused("message_not_found")
    if message.user != call.app.bot_user:
        raise Refused(code)
    return message


@method("chat.postMessage")
def post_message(call: Call) -> Json:
    """This posts a message."""
    call.args.require("channel")
    channel = target(call)
    what = speaking.content(call.args.given)
    parent = thread(call, channel)
    subtype = "thread_broadcast" if parent and call.args.flag("reply_broadcast") else None
    message, _ = speaking.say(
        call.box, channel, call.app.bot_user, what, thread_ts=parent, subtype=subtype
    )
    shape = shapes.message(call.workspace, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shape}


@method("chat.postEphemeral")
def post_ephemeral(call: Call) -> Json:
    """This shows a message to one member only, until they reload."""
    call.args.require("user", "channel")
    user = _user(call)
    channel = target(call)
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    what = speaking.content(call.args.given)
    message, _ = speaking.say(
        call.box,
        channel,
        call.app.bot_user,
        what,
        thread_ts=thread(call, channel),
        visible_to=user,
    )
    return {"message_ts": message.ts}


@method("chat.update")
def update(call: Call) -> Json:
    """This edits a message of the app."""
    call.args.require("channel", "ts")
    channel = call.inside()
    message = own(call, channel, "cant_update_message")
    if channel.is_archived:
        raise Refused("is_archived")
    what = speaking.content(call.args.given, keep=message)
    speaking.revise(call.box, message, call.app.bot_user, what)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": shapes.message(call.workspace, message, metadata=True),
    }


@method("chat.delete")
def delete(call: Call) -> Json:
    """This deletes a message of the app."""
    call.args.require("channel", "ts")
    channel = call.inside()
    message = own(call, channel, "cant_delete_message")
    speaking.remove(call.box, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> Json:
    """This is a link to a message."""
    call.args.require("channel", "message_ts")
    channel = call.seen()
    message = call.workspace.message(channel, call.args.need("message_ts", "message_not_found"))
    return {
        "channel": channel.id,
        "permalink": shapes.permalink(call.workspace, channel, message),
    }
