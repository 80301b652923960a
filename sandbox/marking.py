"""This marks messages with reactions and pins, whoever does it: a person or the app."""

import re

from sandbox import item_events, limits
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.events import Futures
from sandbox.model import Message

EMOJI = re.compile(r"[^\sA-Z:]{1,100}(::skin-tone-[2-6])?")
"""The form of a name. Which emoji there are is not known here: every good name is one."""


def react(box: Sandbox, message: Message, user: str, name: str) -> Futures:
    """This adds a reaction.

    Raises Refused invalid_name, already_reacted, too_many_emoji, too_many_reactions.
    """
    if not EMOJI.fullmatch(name):
        raise Refused("invalid_name")
    users = message.reactions.get(name, [])
    if user in users:
        raise Refused("already_reacted")
    if not users and len(message.reactions) >= limits.EMOJI_ON_MESSAGE:
        raise Refused("too_many_emoji")
    own = sum(user in given for given in message.reactions.values())
    if own >= limits.REACTIONS_OF_ONE:
        raise Refused("too_many_reactions")
    message.reactions.setdefault(name, []).append(user)
    return _told(box, message, user, name, added=True)


def unreact(box: Sandbox, message: Message, user: str, name: str) -> Futures:
    """This takes one's own reaction back; raises Refused no_reaction."""
    users = message.reactions.get(name, [])
    if user not in users:
        raise Refused("no_reaction")
    users.remove(user)
    if not users:
        del message.reactions[name]
    return _told(box, message, user, name, added=False)


def _told(box: Sandbox, message: Message, user: str, name: str, *, added: bool) -> Futures:
    """This notes a change of reactions and tells the app."""
    box.workspace.mark("reaction", message, user=user, name=name, added=added)
    channel = box.workspace.channel(message.channel)
    return item_events.reaction(box, channel, message, user, name, added=added)


def pin(box: Sandbox, message: Message, user: str) -> Futures:
    """This pins a message; raises Refused already_pinned or too_many_pins."""
    channel = box.workspace.channel(message.channel)
    if message.pinned:
        raise Refused("already_pinned")
    if sum(item.pinned for item in channel.messages.values()) >= limits.PINS:
        raise Refused("too_many_pins")
    message.pinned, message.pinned_by = True, user
    message.pinned_at = int(box.clock.now())
    box.workspace.mark("pin", message, user=user, added=True)
    return item_events.pin(box, channel, message, user, added=True)


def unpin(box: Sandbox, message: Message, user: str) -> Futures:
    """This ends a pin; raises Refused no_pin."""
    if not message.pinned:
        raise Refused("no_pin")
    message.pinned = False
    box.workspace.mark("pin", message, user=user, added=False)
    channel = box.workspace.channel(message.channel)
    return item_events.pin(box, channel, message, user, added=False)
