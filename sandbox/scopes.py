"""This knows which scope each method, conversation and event needs."""

from sandbox.errors import Refused
from sandbox.model import App, Kind

FAMILY = {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.IM: "im", Kind.MPIM: "mpim"}

METHOD_SCOPES: dict[str, tuple[str, ...]] = {
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.deleteScheduledMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.scheduleMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.join": ("channels:join",),
    "dnd.info": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "pins.add": ("pins:write",),
    "pins.list": ("pins:read",),
    "pins.remove": ("pins:write",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.list": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "usergroups.create": ("usergroups:write",),
    "usergroups.disable": ("usergroups:write",),
    "usergroups.enable": ("usergroups:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.update": ("usergroups:write",),
    "usergroups.users.list": ("usergroups:read",),
    "usergroups.users.update": ("usergroups:write",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
}
"""Scopes that do not depend on the arguments; one of the tuple is enough."""

EVENT_SCOPES: dict[str, str] = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "file_deleted": "files:read",
    "file_shared": "files:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
"""member_joined_channel and member_left_channel depend on the kind of channel."""


class ScopeBook:
    """This checks scopes and remembers which were really used."""

    def __init__(self) -> None:
        self.used: dict[str, set[str]] = {}

    def need(self, app: App, method: str, *choices: str) -> None:
        """This passes if the app has one of the scopes; raises Refused missing_scope."""
        if not choices:
            return
        for scope in choices:
            if scope in app.scopes:
                self.used.setdefault(scope, set()).add(method)
                return
        provided = ",".join(sorted(app.scopes))
        raise Refused("missing_scope", needed=choices[0], provided=provided)

    def need_for(self, app: App, method: str, kind: Kind, suffix: str) -> None:
        """This needs a scope of the conversation's family, such as groups:read."""
        self.need(app, method, f"{FAMILY[kind]}:{suffix}")

    def allows_event(self, app: App, name: str, kind: Kind | None) -> bool:
        """This is true if the app subscribes to the event and has the scope for it."""
        if name not in app.events:
            return False
        scope = EVENT_SCOPES.get(name)
        if name in ("member_joined_channel", "member_left_channel") and kind is not None:
            scope = f"{FAMILY[kind]}:read"
        if scope is None:
            return True
        if scope not in app.scopes:
            return False
        self.used.setdefault(scope, set()).add(f"event {name}")
        return True
