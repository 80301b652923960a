"""This makes and changes user groups from JSON, as an admin does in Slack."""

from dataclasses import replace

from sandbox import item_events
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.items import UserGroup
from sandbox.model import Json

PLAIN = ("name", "description", "users", "channels")
FIELDS = frozenset({"id", "handle", "is_disabled", *PLAIN})


def _check(box: Sandbox, row: Json) -> None:
    """This refuses a misspelt property, a group without a handle, and who or what is not there."""
    wrong = sorted(row.keys() - FIELDS)
    wrong += [user for user in row.get("users") or [] if user not in box.workspace.people]
    wrong += [one for one in row.get("channels") or [] if one not in box.workspace.channels]
    if wrong or not row.get("handle"):
        raise Refused("bad_setup", status=400, detail=f"user group: {wrong or 'no handle'}")


def make(box: Sandbox, row: Json) -> None:
    """This adds a user group or changes one, by id or handle; the app hears of what changed."""
    _check(box, row)
    workspace, now = box.workspace, int(box.clock.now())
    handle = str(row["handle"])
    known = {group.handle: group.id for group in workspace.groups.values()}
    key = str(row.get("id") or known.get(handle) or workspace.fresh("S"))
    is_new = key not in workspace.groups
    group = workspace.groups.setdefault(
        key, UserGroup(key, handle, handle, date_create=now, date_update=now)
    )
    before = replace(group)
    group.handle = handle
    for name in PLAIN:
        setattr(group, name, row.get(name, getattr(group, name)))
    if "is_disabled" in row:
        group.date_delete = (group.date_delete or now) if row["is_disabled"] else 0
    if is_new:
        item_events.group_created(box, group)
    elif group == before:
        return
    group.date_update = now
    if group.users != before.users:
        item_events.group_members(box, group, before.users, before.date_update)
    elif not is_new:
        item_events.group_updated(box, group)
