"""This is reactions.*: what the app marks messages with.

The order of the checks is Slack's as measured by backlot (tests/sandbox/test_against_backlot.py).
"""

from sandbox import item_shapes, marking
from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.model import Channel, Json, Message

NO_TIME = frozenset({"", "0"})


def _timestamp(call: Call) -> str:
    """This is the `timestamp`; raises Refused bad_timestamp for one that cannot be a message's."""
    found = call.args.text("timestamp")
    if found in NO_TIME:
        raise Refused("bad_timestamp")
    return found


def _old_items(call: Call) -> None:
    """This refuses files, which can no longer be reacted to, and a call that names nothing."""
    if "file" in call.args.given:
        raise Refused("file_not_found")
    if "file_comment" in call.args.given:
        raise Refused("file_comment_not_found")
    if "channel" not in call.args.given:
        raise Refused("no_item_specified")


def _message(call: Call, channel: Channel, timestamp: str) -> Message:
    """This is the message there; ephemeral ones cannot be marked."""
    message = call.workspace.message(channel, timestamp)
    if message.visible_to is not None:
        raise Refused("message_not_found")
    return message


@method("reactions.add")
def add(call: Call) -> Json:
    """This adds the app's reaction."""
    call.args.require("name", "timestamp", "channel")
    timestamp = _timestamp(call)
    channel = call.inside()
    message = _message(call, channel, timestamp)
    if channel.is_archived:
        raise Refused("is_archived")
    marking.react(call.box, message, call.app.bot_user, call.args.text("name"))
    return {}


@method("reactions.remove")
def remove(call: Call) -> Json:
    """This takes the app's own reaction back."""
    call.args.require("name")
    _old_items(call)
    timestamp = _timestamp(call)
    message = _message(call, call.inside(), timestamp)
    marking.unreact(call.box, message, call.app.bot_user, call.args.text("name"))
    return {}


@method("reactions.get")
def get(call: Call) -> Json:
    """This is a message with its reactions."""
    _old_items(call)
    channel = call.inside()
    message = _message(call, channel, _timestamp(call))
    shape = item_shapes.linked(call.workspace, channel, message)
    return {"type": "message", "channel": channel.id, "message": shape}


@method("reactions.list")
def list_(call: Call) -> Json:
    """This lists what somebody reacted to, as far as the app can see it; the newest first."""
    call.limit(whole=True)
    user = call.args.given.get("user")
    who = call.app.bot_user if user is None else call.workspace.person(str(user)).id
    items: list[Json] = [
        {
            "type": "message",
            "channel": channel.id,
            "message": item_shapes.linked(call.workspace, channel, message),
        }
        for channel in call.workspace.channels.values()
        if call.app.bot_user in channel.members
        for message in channel.messages.values()
        if any(who in users for users in message.reactions.values())
    ]
    items.sort(key=lambda item: str(item["message"]["ts"]), reverse=True)
    rows, more = call.page(items)
    return {"items": rows, **more}
