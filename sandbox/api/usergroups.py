"""This is usergroups.*: groups of people that are mentioned by one name."""

import re

from sandbox import item_events, item_shapes, limits
from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.items import UserGroup
from sandbox.model import Json

HANDLE = re.compile(r"[a-z0-9._-]{1,80}")
# Slack's word for it in usergroups.users.list; the other methods document none.
UNKNOWN = "no_such_subteam"


def _found(call: Call) -> UserGroup:
    """This is the group that is meant; raises Refused missing_argument or no_such_subteam."""
    group = call.workspace.groups.get(call.args.need("usergroup", "missing_argument"))
    if group is None:
        raise Refused(UNKNOWN)
    return group


def _shape(call: Call, group: UserGroup, *, users: bool = True) -> Json:
    """This is the answer of everything that changes a group."""
    count = call.args.flag("include_count")
    return {"usergroup": item_shapes.group(call.workspace, group, users=users, count=count)}


def _stamp(call: Call, group: UserGroup) -> int:
    """This notes who changed a group; the date of the change before."""
    previous, group.date_update = group.date_update, int(call.box.clock.now())
    group.updated_by = call.app.bot_user
    return previous


def _name(call: Call, group: UserGroup) -> str:
    """This is a name that no other group has."""
    name = call.args.text("name", group.name)
    if len(name) > limits.GROUP_NAME:
        raise Refused("name_too_long")
    if any(one.name == name for one in call.workspace.groups.values() if one is not group):
        raise Refused("name_already_exists")
    return name


def _handle(call: Call, group: UserGroup, name: str) -> str:
    """This is a handle that no group, person or channel has; made of the name if none is given."""
    made = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-")
    handle = call.args.text("handle", group.handle or made)
    if not HANDLE.fullmatch(handle):
        raise Refused("bad_handle")
    workspace = call.workspace
    taken = {one.handle for one in workspace.groups.values() if one is not group}
    taken |= {person.name for person in workspace.people.values()}
    taken |= {channel.name for channel in workspace.channels.values()}
    if handle in taken:
        raise Refused("handle_already_exists")
    return handle


def _fill(call: Call, group: UserGroup) -> None:
    """This takes over what the call says of a group; nothing if one part of it is refused."""
    name = _name(call, group)
    handle = _handle(call, group, name)
    description = call.args.text("description", group.description)
    if len(description) > limits.GROUP_DESCRIPTION:
        raise Refused("description_too_long")
    channels = call.args.names("channels") or group.channels
    if any(channel not in call.workspace.channels for channel in channels):
        raise Refused("invalid_channel_provided")
    group.name, group.handle, group.description = name, handle, description
    group.channels = channels


@method("usergroups.create")
def create(call: Call) -> Json:
    """This makes a group without people."""
    call.args.need("name", "missing_subteam_name")
    group = UserGroup("", "", "", created_by=call.app.bot_user)
    _fill(call, group)
    group.id, group.date_create = call.workspace.fresh("S"), int(call.box.clock.now())
    _stamp(call, group)
    call.workspace.groups[group.id] = group
    item_events.group_created(call.box, group)
    return _shape(call, group, users=False)


@method("usergroups.update")
def update(call: Call) -> Json:
    """This changes what a group is called and where its people are put."""
    group = _found(call)
    _fill(call, group)
    _stamp(call, group)
    item_events.group_updated(call.box, group)
    return _shape(call, group)


def _switch(call: Call, *, enabled: bool) -> Json:
    """This disables or enables a group; doing it twice changes nothing more."""
    group = _found(call)
    _stamp(call, group)
    group.date_delete = 0 if enabled else group.date_update
    item_events.group_updated(call.box, group)
    return _shape(call, group)


@method("usergroups.disable")
def disable(call: Call) -> Json:
    """This takes a group out of use: its mention reaches nobody."""
    return _switch(call, enabled=False)


@method("usergroups.enable")
def enable(call: Call) -> Json:
    """This takes a disabled group into use again."""
    return _switch(call, enabled=True)


@method("usergroups.list")
def list_(call: Call) -> Json:
    """This lists the groups; disabled ones, people and numbers only on request."""
    users, count = call.args.flag("include_users"), call.args.flag("include_count")
    return {
        "usergroups": [
            item_shapes.group(call.workspace, group, users=users, count=count)
            for group in call.workspace.groups.values()
            if not group.date_delete or call.args.flag("include_disabled")
        ]
    }


@method("usergroups.users.list")
def users_list(call: Call) -> Json:
    """This lists the people of a group; of a disabled one only on request."""
    group = _found(call)
    if group.date_delete and not call.args.flag("include_disabled"):
        raise Refused(UNKNOWN)
    return {"users": group.users}


@method("usergroups.users.update")
def users_update(call: Call) -> Json:
    """This replaces the people of a group, all of them.

    Raises Refused no_users_provided, invalid_users, failed_for_some_users.
    """
    group, workspace = _found(call), call.workspace
    users = list(dict.fromkeys(call.args.names("users")))
    if not users:
        raise Refused("no_users_provided")
    if any(user not in workspace.people for user in users):
        raise Refused("invalid_users")
    people = [workspace.people[user] for user in users]
    if any(person.deleted or workspace.is_foreign(person) for person in people):
        raise Refused("failed_for_some_users")
    before, group.users = group.users, users
    previous = _stamp(call, group)
    item_events.group_members(call.box, group, before, previous)
    return _shape(call, group)
