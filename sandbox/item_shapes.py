"""This gives user groups and pins the JSON shapes of Slack's Web API."""

from sandbox import shapes
from sandbox.items import UserGroup
from sandbox.model import Channel, Json, Kind, Message
from sandbox.workspace import Workspace


def group(workspace: Workspace, it: UserGroup, *, users: bool = False, count: bool = False) -> Json:
    """This is a user group object; its people and their number only on request."""
    kinds = {name: workspace.channels[name].kind for name in it.channels}
    shape: Json = {
        "id": it.id,
        "team_id": workspace.team["id"],
        "is_usergroup": True,
        "is_subteam": True,
        "name": it.name,
        "description": it.description,
        "handle": it.handle,
        "is_external": False,
        "date_create": it.date_create,
        "date_update": it.date_update,
        "date_delete": it.date_delete,
        "auto_type": None,
        "auto_provision": False,
        "created_by": it.created_by,
        "updated_by": it.updated_by,
        "deleted_by": it.updated_by if it.date_delete else None,
        "prefs": {
            "channels": [name for name, kind in kinds.items() if kind is Kind.PUBLIC],
            "groups": [name for name, kind in kinds.items() if kind is not Kind.PUBLIC],
        },
    }
    if users:
        shape["users"] = it.users
    return shape | ({"user_count": len(it.users)} if users or count else {})


def linked(workspace: Workspace, channel: Channel, item: Message) -> Json:
    """This is a message with its permalink, as in lists of pins and reactions."""
    shape = shapes.message(workspace, item)
    return shape | {"permalink": shapes.permalink(workspace, channel, item)}


def pin(workspace: Workspace, channel: Channel, item: Message) -> Json:
    """This is one pinned message."""
    return {
        "type": "message",
        "channel": channel.id,
        "created": item.pinned_at,
        "created_by": item.pinned_by,
        "message": linked(workspace, channel, item),
    }
