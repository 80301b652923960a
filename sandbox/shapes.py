"""This gives people, channels, messages and views the JSON shapes of Slack's Web API."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox import file_shapes
from sandbox.model import App, Channel, Json, Kind, Message, Person, View
from sandbox.workspace import Workspace, ts_micros


def _zone(person: Person, world: float) -> Json:
    """This is the person's zone with its offset in seconds at that moment."""
    try:
        moment = datetime.fromtimestamp(world, UTC).astimezone(ZoneInfo(person.tz))
    except (ZoneInfoNotFoundError, ValueError):
        return {"tz": person.tz, "tz_label": person.tz, "tz_offset": 0}
    offset = moment.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return {"tz": person.tz, "tz_label": moment.tzname() or person.tz, "tz_offset": seconds}


def person(workspace: Workspace, who: Person, *, email: bool) -> Json:
    """This is a user object; the address only with the scope users:read.email."""
    team = workspace.team_of(who)
    real_name = who.real_name or who.name
    profile: Json = {
        "real_name": real_name,
        "real_name_normalized": real_name,
        "display_name": who.display_name,
        "display_name_normalized": who.display_name,
        "title": who.title,
        "phone": who.phone,
        "team": team,
    }
    if email and who.email:
        profile["email"] = who.email
    shape: Json = {
        "id": who.id,
        "team_id": team,
        "name": who.name,
        "deleted": who.deleted,
        "profile": profile,
        "is_bot": who.is_bot,
        "is_app_user": False,
        "updated": who.updated,
    }
    if workspace.is_stranger(who):
        shape["is_stranger"] = True
    if who.deleted:
        return shape
    flags = ("is_admin", "is_owner", "is_restricted", "is_ultra_restricted")
    return (
        shape
        | {"real_name": real_name, "is_primary_owner": False}
        | {flag: getattr(who, flag) for flag in flags}
        | _zone(who, workspace.clock.now())
    )


def channel(workspace: Workspace, it: Channel, bot: str) -> Json:
    """This is a conversation object as the app sees it."""
    common: Json = {
        "id": it.id,
        "created": it.created,
        "is_archived": it.is_archived,
        "is_im": it.is_im,
        "is_mpim": it.kind is Kind.MPIM,
        "is_org_shared": False,
        "context_team_id": workspace.team["id"],
    }
    if it.is_im:
        other = next((user for user in it.members if user != bot), bot)
        gone = other in workspace.people and workspace.people[other].deleted
        return common | {"user": other, "is_user_deleted": gone, "priority": 0}
    return common | {
        "name": it.name,
        "name_normalized": it.name,
        "is_channel": it.kind is Kind.PUBLIC,
        "is_group": it.kind is Kind.PRIVATE,
        "is_private": it.is_private,
        "is_general": False,
        "is_shared": it.is_ext_shared,
        "is_ext_shared": it.is_ext_shared,
        "is_pending_ext_shared": it.is_pending_ext_shared,
        "shared_team_ids": [workspace.team["id"], *it.connected_team_ids],
        "connected_team_ids": it.connected_team_ids,
        "creator": it.creator,
        "is_member": bot in it.members,
        "topic": {"value": it.topic, "creator": "", "last_set": 0},
        "purpose": {"value": it.purpose, "creator": "", "last_set": 0},
        "num_members": len(it.members),
    }


def _thread(workspace: Workspace, it: Channel, item: Message) -> Json:
    """This is what a message says about its thread."""
    replies = workspace.replies(it, item.ts)
    if not replies:
        return {"thread_ts": item.thread_ts} if item.thread_ts else {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": item.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def message(workspace: Workspace, item: Message, *, metadata: bool = False) -> Json:
    """This is a message object. Metadata only on request, as in conversations.history."""
    it = workspace.channel(item.channel)
    shape: Json = {"type": "message", "user": item.user, "text": item.text, "ts": item.ts}
    shape |= _team(workspace, item)
    if item.by_app and workspace.app is not None:
        shape |= _by_app(workspace.app, workspace.team["id"])
    if item.files:
        found = [workspace.files[one] for one in item.files]
        shape |= {"files": [file_shapes.file(workspace, one) for one in found], "upload": True}
    if item.subtype:
        shape["subtype"] = item.subtype
    for name in ("blocks", "attachments", "edited"):
        if getattr(item, name):
            shape[name] = getattr(item, name)
    if item.reactions:
        shape["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in item.reactions.items()
        ]
    if item.pinned:
        shape["pinned_to"] = [item.channel]
    if metadata and item.metadata is not None:
        shape["metadata"] = item.metadata
    if item.thread_ts and item.thread_ts != item.ts and item.thread_ts in it.messages:
        shape["parent_user_id"] = it.messages[item.thread_ts].user
    return shape | _thread(workspace, it, item)


def _team(workspace: Workspace, item: Message) -> Json:
    """This is the workspace of the author; for one of another workspace, as shared channels say."""
    who = workspace.people.get(item.user)
    team = workspace.team_of(who) if who else workspace.team["id"]
    if team == workspace.team["id"]:
        return {"team": team}
    return {"team": team, "user_team": team, "source_team": team}


def _by_app(app: App, team: str) -> Json:
    """This is how a message says that an app wrote it."""
    return {
        "bot_id": app.bot_id,
        "app_id": app.id,
        "bot_profile": {
            "id": app.bot_id,
            "app_id": app.id,
            "user_id": app.bot_user,
            "name": app.name,
            "deleted": False,
            "team_id": team,
        },
    }


def view(workspace: Workspace, it: View, values: Json) -> Json:
    """This is a view object with the state that was typed into it."""
    spec = it.spec
    app = workspace.app
    return {
        "id": it.id,
        "team_id": workspace.team["id"],
        "type": spec["type"],
        "blocks": spec["blocks"],
        "private_metadata": spec.get("private_metadata", ""),
        "callback_id": spec.get("callback_id", ""),
        "state": {"values": values},
        "hash": it.hash,
        "title": spec.get("title"),
        "clear_on_close": spec.get("clear_on_close", False),
        "notify_on_close": spec.get("notify_on_close", False),
        "close": spec.get("close"),
        "submit": spec.get("submit"),
        "previous_view_id": it.previous,
        "root_view_id": it.root,
        "app_id": app.id if app else None,
        "external_id": spec.get("external_id", ""),
        "app_installed_team_id": workspace.team["id"],
        "bot_id": app.bot_id if app else None,
    }


def permalink(workspace: Workspace, it: Channel, item: Message) -> str:
    """This is the address of a message, in the form of Slack's."""
    path = f"archives/{it.id}/p{item.ts.replace('.', '')}"
    if item.thread_ts and item.thread_ts != item.ts:
        path += f"?thread_ts={item.thread_ts}&cid={it.id}"
    return f"https://{workspace.team['domain']}.slack.com/{path}"


def ordered(messages: list[Message]) -> list[Message]:
    """This sorts messages from old to new."""
    return sorted(messages, key=lambda item: ts_micros(item.ts))
