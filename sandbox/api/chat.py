"""This is chat.*, reactions.add and pins.add: what the app says and does to messages."""

from sandbox import events, shapes, speaking
from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.model import Channel, Json, Kind, Message


def target(call: Call) -> Channel:
    """This is where the app may post; a person's id means their direct conversation.

    Raises Refused channel_not_found, not_in_channel, is_archived.
    """
    name = call.args.need("channel", "channel_not_found")
    workspace, bot = call.workspace, call.app.bot_user
    if name in workspace.people:
        if workspace.people[name].deleted or name == bot:
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
    """This is the thread to answer in; raises Refused thread_not_found."""
    ts = call.args.text("thread_ts")
    if not ts:
        return None
    parent = channel.messages.get(ts)
    if parent is None or parent.visible_to is not None:
        raise Refused("thread_not_found")
    return parent.thread_ts or ts


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
    channel = target(call)
    user = call.args.need("user", "invalid_arguments")
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
    channel = call.inside()
    message = own(call, channel, "cant_delete_message")
    speaking.remove(call.box, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> Json:
    """This is a link to a message."""
    channel = call.seen()
    message = call.workspace.message(channel, call.args.need("message_ts", "message_not_found"))
    domain = call.workspace.team["domain"]
    path = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        path += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": f"https://{domain}.slack.com/{path}"}


def _item(call: Call) -> tuple[Channel, Message]:
    """This is the message that a reaction or a pin is meant for."""
    channel = call.inside()
    message = channel.messages.get(call.args.need("timestamp", "no_item_specified"))
    if message is None or message.visible_to is not None:
        raise Refused("message_not_found")
    return channel, message


@method("reactions.add")
def reactions_add(call: Call) -> Json:
    """This adds the app's reaction."""
    channel, message = _item(call)
    name = call.args.need("name", "invalid_name").strip(":")
    users = message.reactions.setdefault(name, [])
    if call.app.bot_user in users:
        raise Refused("already_reacted")
    users.append(call.app.bot_user)
    events.reaction(call.box, channel, message, call.app.bot_user, name)
    return {}


@method("pins.add")
def pins_add(call: Call) -> Json:
    """This pins a message."""
    _, message = _item(call)
    if message.pinned:
        raise Refused("already_pinned")
    message.pinned = True
    return {}
