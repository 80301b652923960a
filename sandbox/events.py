"""This makes the events of Slack's Events API and hands those that are wanted to delivery."""

import asyncio
import secrets

from sandbox import shapes
from sandbox.box import Sandbox
from sandbox.model import Channel, Json, Kind, Message
from sandbox.outcome import Outcome

CHANNEL_TYPE = {
    Kind.PUBLIC: "channel",
    Kind.PRIVATE: "group",
    Kind.IM: "im",
    Kind.MPIM: "mpim",
}
SUBSCRIPTION = {
    Kind.PUBLIC: "message.channels",
    Kind.PRIVATE: "message.groups",
    Kind.IM: "message.im",
    Kind.MPIM: "message.mpim",
}


def publish(
    box: Sandbox, event: Json, name: str = "", channel: Channel | None = None
) -> asyncio.Future[Outcome] | None:
    """This delivers an event if the app subscribes, has the scope and is in the channel.

    `name` is the subscription, by default the event's type. None: nobody wanted it.
    """
    app = box.workspace.app
    kind = channel.kind if channel else None
    if app is None or not box.scope_book.allows_event(app, name or event["type"], kind):
        return None
    if channel is not None and app.bot_user not in channel.members:
        return None
    team = box.workspace.team["id"]
    authorization = {
        "enterprise_id": None,
        "team_id": team,
        "user_id": app.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    world = box.clock.now()
    event.setdefault("event_ts", f"{world:.6f}")
    payload = {
        "token": app.verification_token,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(world),
        "authorizations": [authorization],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": f"4-{secrets.token_hex(16)}",
    }
    return box.delivery.event(payload)


Futures = list[asyncio.Future[Outcome]]


def kept(*futures: asyncio.Future[Outcome] | None) -> Futures:
    """This leaves out what nobody wanted."""
    return [future for future in futures if future is not None]


def posted(box: Sandbox, message: Message) -> Futures:
    """This tells the app of a new message, and once more if it is mentioned."""
    channel = box.workspace.channel(message.channel)
    if message.visible_to is not None:
        return []
    event = shapes.message(box.workspace, message)
    if message.files:
        event["subtype"] = "file_share"
    for name in ("reply_count", "reply_users_count", "reply_users", "latest_reply"):
        event.pop(name, None)
    event |= {
        "channel": channel.id,
        "channel_type": CHANNEL_TYPE[channel.kind],
        "event_ts": message.ts,
    }
    found = publish(box, event, SUBSCRIPTION[channel.kind], channel)
    app = box.workspace.app
    mentioned = app is not None and f"<@{app.bot_user}>" in message.text
    if channel.is_im or message.by_app or not mentioned or message.subtype:
        return kept(found)
    mention = {**event, "type": "app_mention"}
    mention.pop("channel_type")
    return kept(found, publish(box, mention, "app_mention", channel))


def edited(box: Sandbox, before: Json, message: Message) -> Futures:
    """This tells the app that a message changed; `before` is its earlier shape."""
    return _changed(
        box,
        message,
        {
            "subtype": "message_changed",
            "message": shapes.message(box.workspace, message),
            "previous_message": before,
        },
    )


def deleted(box: Sandbox, before: Json, message: Message) -> Futures:
    """This tells the app that a message is gone."""
    gone = {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": before}
    return _changed(box, message, gone)


def _changed(box: Sandbox, message: Message, detail: Json) -> Futures:
    """This is the common part of edits and deletions."""
    channel = box.workspace.channel(message.channel)
    ts = box.workspace.next_ts(channel)
    event = {
        "type": "message",
        "channel": channel.id,
        "channel_type": CHANNEL_TYPE[channel.kind],
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        **detail,
    }
    return kept(publish(box, event, SUBSCRIPTION[channel.kind], channel))


def membership(box: Sandbox, channel: Channel, user: str, *, joined: bool) -> Futures:
    """This tells the app of a member gained, or lost (to be called before the bot is out)."""
    event: Json = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind is Kind.PUBLIC else "G",
        "team": box.workspace.team_of(box.workspace.people[user]),
    }
    return kept(publish(box, event, channel=channel))


def shared(box: Sandbox, channel: Channel, team: str, *, now_shared: bool) -> Futures:
    """This tells the app that a channel is shared with another organisation, or no longer."""
    event: Json = {
        "type": "channel_shared" if now_shared else "channel_unshared",
        "connected_team_id" if now_shared else "previously_connected_team_id": team,
        "channel": channel.id,
    }
    if not now_shared:
        event["is_ext_shared"] = channel.is_ext_shared
    return kept(publish(box, event, channel=channel))


def person_changed(box: Sandbox, user: str, name: str = "user_change") -> Futures:
    """This tells the app that an account changed, or that somebody joined the workspace."""
    app = box.workspace.app
    email = app is not None and "users:read.email" in app.scopes
    shape = shapes.person(box.workspace, box.workspace.people[user], email=email)
    return kept(publish(box, {"type": name, "user": shape, "cache_ts": int(box.clock.now())}))
