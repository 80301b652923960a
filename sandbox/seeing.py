"""This is what a person sees: conversations, modals, home, notifications. Never metadata."""

from sandbox import forms, shapes
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.items import File
from sandbox.model import Channel, Json, Message, View
from sandbox.workspace import ts_micros


def _view(view: View) -> Json:
    """This is a modal or a home tab with what is typed and what is wrong."""
    spec = view.spec
    shape: Json = {
        "id": view.id,
        "type": spec["type"],
        "callback_id": spec.get("callback_id", ""),
        "blocks": spec["blocks"],
        "values": forms.current(spec["blocks"], view.typed),
        "errors": dict(view.errors),
    }
    for name in ("title", "submit", "close"):
        shape[name] = (spec.get(name) or {}).get("text")
    return shape


def top_view(box: Sandbox, user: str) -> Json | None:
    """This is the modal in front of the person, if there is one."""
    ids = box.workspace.stacks.get(user) or []
    return _view(box.workspace.views[ids[-1]]) if ids else None


def views(box: Sandbox, user: str) -> list[Json]:
    """This is the person's open modals, the one in front last."""
    return [_view(box.workspace.views[view]) for view in box.workspace.stacks.get(user, [])]


def home(box: Sandbox, user: str) -> Json | None:
    """This is the person's home tab, if the app published one."""
    view = box.workspace.homes.get(user)
    return _view(view) if view else None


def message(box: Sandbox, message: Message, user: str) -> Json:
    """This is one message as a person sees it."""
    author = box.workspace.people.get(message.user)
    replies = box.workspace.replies(box.workspace.channel(message.channel), message.ts)
    typed = {(key[1], key[2]): state for key, state in message.typed.items() if key[0] == user}
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "reply_count": len(replies),
        "user": message.user,
        "author": (author.display_name or author.real_name or author.name) if author else "",
        "by_app": message.by_app,
        "text": message.text,
        "blocks": message.blocks,
        "values": forms.current(message.blocks, typed),
        "edited": message.edited is not None,
        "ephemeral": message.visible_to is not None,
        "reactions": {name: len(users) for name, users in message.reactions.items()},
        "reacted": [name for name, users in message.reactions.items() if user in users],
        "pinned": message.pinned,
        "files": [_file(box.workspace.files[one]) for one in message.files],
    }


def _file(file: File) -> Json:
    """This is a file as a person sees it in a message."""
    if file.deleted:
        return {"id": file.id, "deleted": True}
    names = ("id", "name", "title", "size", "mimetype", "alt_text")
    return {name: getattr(file, name) for name in names} | {"deleted": False}


def head(box: Sandbox, channel: Channel, user: str) -> Json:
    """This is one conversation for that person, without its messages."""
    read = ts_micros(channel.read.get(user, "0"))
    seen = channel.messages.values()
    unread = [m for m in seen if ts_micros(m.ts) > read and m.user != user and not m.visible_to]
    bot = box.workspace.app.bot_user if box.workspace.app else ""
    return {
        "id": channel.id,
        "name": _name(box, channel, user),
        "kind": channel.kind.value,
        "with_app": channel.is_im and bot in channel.members,
        "is_member": user in channel.members,
        "members": list(channel.members),
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "unread": len(unread) if user in channel.members else 0,
    }


def _conversation(box: Sandbox, channel: Channel, user: str) -> Json:
    """This is one conversation with everything that stands in it for that person."""
    standing = [message(box, item, user) for item in shapes.ordered(visible(channel, user))]
    return {**head(box, channel, user), "messages": standing}


def conversations(box: Sandbox, user: str) -> list[Channel]:
    """This is every conversation that the person may open."""
    workspace = box.workspace
    return [one for one in workspace.channels.values() if workspace.can_see(user, one)]


def visible(channel: Channel, user: str) -> list[Message]:
    """This is what stands in a conversation for everybody, or for that person alone."""
    return [m for m in channel.messages.values() if m.visible_to in (None, user)]


def _name(box: Sandbox, channel: Channel, user: str) -> str:
    """This is the conversation's name; a direct one is called after the other person."""
    if not channel.is_im:
        return channel.name
    other = next((member for member in channel.members if member != user), user)
    person = box.workspace.people.get(other)
    return (person.real_name or person.name) if person else other


def everything(box: Sandbox, user: str, only: str | None) -> Json:
    """This is the whole workspace through one person's eyes; `only` narrows to a channel."""
    workspace = box.workspace
    workspace.person(user)
    visible = conversations(box, user)
    if only is not None:
        visible = [c for c in visible if c.id == only]
        if not visible:
            raise Refused("channel_not_found", status=404)
    lit = [e.shape() for e in workspace.journal.of(user) if e.kind == "notification"]
    return {
        "ok": True,
        "user": user,
        "world": box.clock.now(),
        "seq": len(workspace.journal.entries),
        "conversations": [_conversation(box, channel, user) for channel in visible],
        "views": views(box, user),
        "home": home(box, user),
        "notifications": lit,
    }


def flat(box: Sandbox, user: str, since: int) -> Json:
    """This is what the person could see happen after a sequence number, in order."""
    box.workspace.person(user)
    entries = box.workspace.journal.of(user, since)
    return {
        "ok": True,
        "seq": len(box.workspace.journal.entries),
        "messages": [entry.shape() for entry in entries],
    }
