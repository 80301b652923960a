"""This is what all acts share: who acts, where, and what they see right after."""

import asyncio
from typing import Any

from sandbox import seeing
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.events import Futures
from sandbox.model import Channel, Json, Message
from sandbox.outcome import Lane, Outcome

TROUBLE = "We had some trouble connecting. Try again?"


def actor(box: Sandbox, given: Json) -> str:
    """This is who acts; raises Refused for unknown and deactivated people."""
    user = str(given.get("user") or "")
    if box.workspace.person(user).deleted:
        raise Refused("user_is_deactivated", status=400)
    return user


def place(box: Sandbox, user: str, name: str) -> Channel:
    """This is the conversation that a person means, if they can see it.

    "app" is their direct conversation with the app; a person's id the one with that person.
    """
    workspace = box.workspace
    if name == "app":
        return workspace.direct(box.app.bot_user, user)
    if name in workspace.people:
        return workspace.direct(name, user)
    channel = workspace.channel(name)
    if not workspace.can_see(user, channel):
        raise Refused("channel_not_found", detail=f"{user} cannot see {name}")
    return channel


def writable(box: Sandbox, user: str, channel: Channel, thread_ts: str | None) -> None:
    """This passes if the person may write there; raises Refused as Slack's client does."""
    if user not in channel.members:
        raise Refused("not_in_channel", status=400)
    to_app = channel.is_im and box.app.bot_user in channel.members
    if to_app and not box.app.messages_tab(writing=True):
        raise Refused("messages_tab_disabled", status=400)
    if channel.is_archived:
        raise Refused("is_archived", status=400)
    if thread_ts is not None and thread_ts not in channel.messages:
        raise Refused("thread_not_found", status=400)


def message_at(box: Sandbox, user: str, given: Json) -> Message:
    """This is the message that a person points at, if they can see it."""
    channel = place(box, user, str(given.get("channel") or "app"))
    message = channel.messages.get(str(given.get("ts") or ""))
    if message is None or message.visible_to not in (None, user):
        raise Refused("message_not_found", status=400)
    return message


def seen(box: Sandbox, user: str, outcome: Outcome | None, since: int, **more: Any) -> Json:
    """This is what the person sees right now: messages only for them, and the open modal."""
    entries = box.workspace.journal.of(user, since)
    told = [entry.data["text"] for entry in entries if entry.kind == "ephemeral"]
    delivered = outcome is not None and outcome.delivered
    acked = outcome is not None and outcome.acked
    answer: Json = {
        "ok": delivered and acked,
        "delivered": delivered,
        "acked": acked,
        "answer": "\n".join(told) or None,
        "errors": {},
        "view": seeing.top_view(box, user),
    }
    return answer | more


async def first(futures: Futures) -> Outcome | None:
    """This waits for the first attempt of every event; None if nobody wanted any."""
    outcomes = await asyncio.gather(*futures)
    return next((o for o in outcomes if not o.acked), outcomes[0] if outcomes else None)


async def interact(box: Sandbox, user: str, payload: Json) -> Json:
    """This sends block_actions and shows what happened."""
    since = len(box.workspace.journal.entries)
    outcome = await box.delivery.send(Lane.INTERACTIVE, payload)
    if outcome.acked:
        return seen(box, user, outcome, since)
    return seen(box, user, outcome, since, answer=TROUBLE, error="operation_timeout")
