"""This is conversations.* and users.conversations."""

import re

from sandbox import events, inviting, scopes, shapes
from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.model import Channel, Json, Kind, Message
from sandbox.workspace import as_read, ts_micros

CHANNEL_NAME = re.compile(r"[a-z0-9_-]{1,80}")


def _shape(call: Call, channel: Channel) -> Json:
    """This is the channel as the bot sees it."""
    return shapes.channel(call.workspace, channel, call.app.bot_user)


@method("conversations.open")
def open_(call: Call) -> Json:
    """This opens, or finds, a direct conversation with one or several people."""
    workspace, bot = call.workspace, call.app.bot_user
    users = call.args.names("users")
    if not users:
        channel = call.seen()
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    for user in users:
        if user not in workspace.people:
            raise Refused("user_not_found")
        if workspace.people[user].deleted:
            raise Refused("user_disabled")
        if workspace.is_stranger(workspace.people[user]):
            raise Refused("user_not_visible")
        if user == bot:
            raise Refused("cannot_dm_bot")
    if len(users) == 1:
        call.need_scope("im:write")
        known = len(workspace.channels)
        channel = workspace.direct(bot, users[0])
        already = len(workspace.channels) == known
    else:
        call.need_scope("mpim:write")
        wanted = {bot, *users}
        found = [
            c
            for c in workspace.channels.values()
            if c.kind is Kind.MPIM and set(c.members) == wanted
        ]
        already = bool(found)
        name = "mpdm-" + "--".join(workspace.people[user].name for user in users)
        channel = found[0] if found else workspace.open_channel(name, Kind.MPIM, [bot, *users])
    shape: Json = _shape(call, channel) if call.args.flag("return_im") else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if already else {})


@method("conversations.info")
def info(call: Call) -> Json:
    """This describes a conversation."""
    call.args.require("channel")
    channel = call.seen("read")
    shape = _shape(call, channel)
    if not call.args.flag("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


def _kinds(call: Call) -> set[Kind]:
    """This is the `types` asked for; each needs its scope."""
    wanted = call.args.names("types") or [Kind.PUBLIC.value]
    try:
        kinds = {Kind(name) for name in wanted}
    except ValueError as problem:
        raise Refused("invalid_types") from problem
    for kind in sorted(kinds):
        call.need_scope(f"{scopes.FAMILY[kind]}:read")
    return kinds


@method("conversations.list")
def list_(call: Call) -> Json:
    """This lists conversations: all public ones, and the bot's own of the other types."""
    call.limit()
    kinds, bot = _kinds(call), call.app.bot_user
    found = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind is Kind.PUBLIC or bot in channel.members)
        and not (call.args.flag("exclude_archived") and channel.is_archived)
    ]
    rows, more = call.page(found)
    return {"channels": [_shape(call, channel) for channel in rows], **more}


@method("users.conversations")
def users_conversations(call: Call) -> Json:
    """This lists the conversations that somebody is in, as far as the bot can see them."""
    call.limit()
    kinds, bot = _kinds(call), call.app.bot_user
    user = call.args.text("user", bot)
    call.workspace.person(user)
    found = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and user in channel.members
        and (channel.kind is Kind.PUBLIC or bot in channel.members)
        and not (call.args.flag("exclude_archived") and channel.is_archived)
    ]
    rows, more = call.page(found)
    return {"channels": [_shape(call, channel) for channel in rows], **more}


@method("conversations.members")
def members(call: Call) -> Json:
    """This lists the members' ids."""
    call.args.require("channel")
    call.limit()
    rows, more = call.page(call.seen("read").members)
    return {"members": rows, **more}


def _bound(call: Call, name: str) -> int | None:
    """This is `oldest` or `latest` in microseconds; raises Refused invalid_ts_..."""
    given = call.args.text(name)
    if given in ("", "0"):
        return None
    found = as_read(given)
    if not found:
        raise Refused(f"invalid_ts_{name}")
    return found


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """This keeps messages from `oldest` to `latest`; the bounds only if `inclusive`."""
    latest, oldest = _bound(call, "latest"), _bound(call, "oldest")
    slack = 0 if call.args.flag("inclusive") else 1
    return [
        message
        for message in messages
        if (oldest is None or oldest + slack <= ts_micros(message.ts))
        and (latest is None or ts_micros(message.ts) <= latest - slack)
    ]


def _page_of(call: Call, messages: list[Message]) -> Json:
    """This is one page of messages in the shape of history and replies."""
    rows, more = call.page(messages)
    metadata = call.args.flag("include_all_metadata")
    shown = [shapes.message(call.workspace, item, metadata=metadata) for item in rows]
    has_more = bool(more["response_metadata"]["next_cursor"])
    answer: Json = {"messages": shown, "has_more": has_more}
    return answer | (more if has_more else {})


@method("conversations.history")
def history(call: Call) -> Json:
    """This is a conversation from new to old, without the replies in threads."""
    call.args.require("channel")
    call.limit()
    channel = call.inside("history")
    standing = [
        message
        for message in shapes.ordered(list(channel.messages.values()))
        if message.visible_to is None
        and (message.thread_ts in (None, message.ts) or message.subtype == "thread_broadcast")
    ]
    pins = sum(message.pinned for message in standing)
    found = _between(call, standing)
    return {**_page_of(call, found[::-1]), "pin_count": pins}


@method("conversations.replies")
def replies(call: Call) -> Json:
    """This is a thread from old to new; it begins with the message that it hangs on."""
    call.args.require("channel", "ts")
    call.limit()
    channel = call.inside("history")
    parent = channel.messages.get(call.args.need("ts", "thread_not_found"))
    if parent is None or parent.visible_to is not None:
        raise Refused("thread_not_found")
    parent = channel.messages.get(parent.thread_ts or parent.ts, parent)
    found = _between(call, shapes.ordered(call.workspace.replies(channel, parent.ts)))
    return _page_of(call, [parent, *found])


@method("conversations.join")
def join(call: Call) -> Json:
    """This lets the bot into a public channel."""
    channel = call.seen()
    if channel.kind is not Kind.PUBLIC:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if not call.workspace.join(channel, call.app.bot_user):
        return {"channel": _shape(call, channel), "warning": "already_in_channel"}
    events.membership(call.box, channel, call.app.bot_user, joined=True)
    return {"channel": _shape(call, channel)}


def _manage(call: Call, kind: Kind, invites: bool = False) -> None:
    """This needs the scope for making channels or inviting into them."""
    family = "channels:manage" if kind is Kind.PUBLIC else "groups:write"
    narrow = "channels:write.invites" if kind is Kind.PUBLIC else "groups:write.invites"
    call.need_scope(family, *([narrow] if invites else []))


@method("conversations.invite")
def invite(call: Call) -> Json:
    """This adds people to a channel that the bot is in."""
    channel = call.inside()
    _manage(call, channel.kind, invites=True)
    users = call.args.names("users")
    if channel.is_im:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if not users:
        raise Refused("no_user")
    for user in users:
        if user not in call.workspace.people or call.workspace.people[user].deleted:
            raise Refused("user_not_found")
        if user == call.app.bot_user:
            raise Refused("cant_invite_self")
        if user in channel.members:
            raise Refused("already_in_channel")
        inviting.check_invitee(call.workspace, channel, call.workspace.people[user])
    for user in users:
        call.workspace.join(channel, user)
        events.membership(call.box, channel, user, joined=True)
    return {"channel": _shape(call, channel)}


@method("conversations.create")
def create(call: Call) -> Json:
    """This makes a channel with the bot as its only member."""
    kind = Kind.PRIVATE if call.args.flag("is_private") else Kind.PUBLIC
    _manage(call, kind)
    name = call.args.need("name", "invalid_name_required")
    if not CHANNEL_NAME.fullmatch(name):
        raise Refused("invalid_name_specials")
    if any(channel.name == name for channel in call.workspace.channels.values()):
        raise Refused("name_taken")
    channel = call.workspace.open_channel(name, kind, [call.app.bot_user])
    channel.creator = call.app.bot_user
    return {"channel": _shape(call, channel)}
