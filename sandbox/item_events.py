"""This makes the events about user groups, reactions, pins and files."""

from sandbox import item_shapes
from sandbox.box import Sandbox
from sandbox.events import Futures, kept, publish
from sandbox.items import File, UserGroup
from sandbox.model import Channel, Json, Message


def reaction(
    box: Sandbox, channel: Channel, message: Message, user: str, name: str, *, added: bool
) -> Futures:
    """This tells the app of a reaction, or of one taken back."""
    event = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
    }
    return kept(publish(box, event, channel=channel))


def pin(box: Sandbox, channel: Channel, message: Message, user: str, *, added: bool) -> Futures:
    """This tells the app that a message was pinned, or is pinned no longer."""
    pins = sum(item.pinned for item in channel.messages.values())
    event: Json = {
        "type": "pin_added" if added else "pin_removed",
        "user": user,
        "channel_id": channel.id,
        "item": item_shapes.pin(box.workspace, channel, message),
        "item_user": message.user,
        "pin_count": pins,
    }
    if not added:
        event["has_pins"] = pins > 0
    return kept(publish(box, event, channel=channel))


def file_shared(box: Sandbox, channel: Channel, file: File, user: str) -> Futures:
    """This tells the app that a file was shared in a conversation."""
    event = {
        "type": "file_shared",
        "file_id": file.id,
        "user_id": user,
        "file": {"id": file.id},
        "channel_id": channel.id,
    }
    return kept(publish(box, event, channel=channel))


def file_deleted(box: Sandbox, file: File) -> Futures:
    """This tells the app that a file is gone; only of files that it could see."""
    bot = box.app.bot_user
    seen = any(bot in box.workspace.channel(name).members for name in file.shares)
    if not seen and file.user != bot:
        return []
    return kept(publish(box, {"type": "file_deleted", "file_id": file.id}))


def group_created(box: Sandbox, group: UserGroup) -> Futures:
    """This tells the app of a new user group."""
    shape = item_shapes.group(box.workspace, group, count=True)
    return kept(publish(box, {"type": "subteam_created", "subteam": shape}))


def group_updated(box: Sandbox, group: UserGroup) -> Futures:
    """This tells the app that a user group or its membership changed."""
    shape = item_shapes.group(box.workspace, group, users=True)
    return kept(publish(box, {"type": "subteam_updated", "subteam": shape}))


def group_members(box: Sandbox, group: UserGroup, before: list[str], previous: int) -> Futures:
    """This tells the app who came and who went; `previous` is the group's last date_update."""
    added = [user for user in group.users if user not in before]
    removed = [user for user in before if user not in group.users]
    event = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": box.workspace.team["id"],
        "date_previous_update": previous,
        "date_update": group.date_update,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    return kept(publish(box, event)) + group_updated(box, group)
