"""This is pins.*."""

from sandbox import item_shapes, marking
from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.model import Json, Message


def _message(call: Call) -> Message:
    """This is the message that is meant."""
    channel = call.inside()
    message = channel.messages.get(call.args.need("timestamp", "no_item_specified"))
    if message is None or message.visible_to is not None:
        raise Refused("message_not_found")
    return message


@method("pins.add")
def add(call: Call) -> Json:
    """This pins a message."""
    marking.pin(call.box, _message(call), call.app.bot_user)
    return {}


@method("pins.remove")
def remove(call: Call) -> Json:
    """This ends a pin, whoever made it."""
    marking.unpin(call.box, _message(call), call.app.bot_user)
    return {}


@method("pins.list")
def list_(call: Call) -> Json:
    """This lists what is pinned in a conversation, the latest pin first."""
    channel = call.inside()
    found = [message for message in channel.messages.values() if message.pinned]
    found.sort(key=lambda message: (message.pinned_at, message.ts), reverse=True)
    return {"items": [item_shapes.pin(call.workspace, channel, item) for item in found]}
