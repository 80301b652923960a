"""This is the state of a workspace: people, conversations, messages. No wire, no clock."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Kind(StrEnum):
    """This is what sort of conversation a channel is; the values are Slack's `types`."""

    PUBLIC = "public_channel"
    PRIVATE = "private_channel"
    IM = "im"
    MPIM = "mpim"


@dataclass
class Person:
    """This is one account. `tz` is an IANA zone; guests are restricted or ultra restricted."""

    id: str
    name: str
    real_name: str = ""
    display_name: str = ""
    email: str = ""
    tz: str = "Etc/UTC"
    title: str = ""
    phone: str = ""
    team_id: str = ""
    """Only for people of another workspace (strangers in a shared channel)."""
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    dnd_enabled: bool = False
    dnd_start: float = 0.0
    dnd_end: float = 0.0
    """World unix seconds: notifications are held back from start to end."""
    updated: int = 0
    """World unix seconds of the last change."""


@dataclass
class Message:
    """This is one message. `visible_to` makes it ephemeral: only that person sees it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    by_app: bool = False
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    subtype: str | None = None
    visible_to: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned: bool = False
    pinned_by: str = ""
    pinned_at: int = 0
    """World unix seconds."""
    files: list[str] = field(default_factory=list)
    mrkdwn: bool = True
    typed: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    """What people chose in the message's elements: (person, block_id, action_id) -> state."""


@dataclass
class Channel:
    """This is a conversation of any kind. `members` keeps the order of joining."""

    id: str
    name: str
    kind: Kind
    members: list[str] = field(default_factory=list)
    creator: str = ""
    created: int = 0
    is_archived: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    connected_team_ids: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[Message]] = field(default_factory=dict)
    """Replies by the ts of the message that they hang on; never ephemeral ones."""
    last_ts: int = 0
    """Microseconds of the youngest ts given out here; ts only ever grow."""
    read: dict[str, str] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        """This is true for a direct message between two."""
        return self.kind is Kind.IM

    @property
    def is_private(self) -> bool:
        """This is true for everything that only members can see."""
        return self.kind is not Kind.PUBLIC


@dataclass
class View:
    """This is a modal or a home tab of one person. `spec` is what the app sent, normalised."""

    id: str
    user: str
    spec: Json
    hash: str
    root: str
    previous: str | None = None
    typed: dict[tuple[str, str], Json] = field(default_factory=dict)
    """(block_id, action_id) -> the element's state in Slack's shape."""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Scheduled:
    """This is a message for later. `post_at` is world unix seconds."""

    id: str
    channel: str
    post_at: float
    content: Json
    created: int


@dataclass(frozen=True)
class App:
    """This is the installed app: what its manifest allows and its secrets."""

    id: str
    manifest: Json
    bot_user: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    request_url: str | None = None

    @property
    def name(self) -> str:
        """This is the name that people see."""
        return str(self.manifest.get("display_information", {}).get("name", "app"))

    @property
    def settings(self) -> Json:
        """This is the manifest's settings section."""
        found: Json = self.manifest.get("settings") or {}
        return found

    @property
    def features(self) -> Json:
        """This is the manifest's features section."""
        found: Json = self.manifest.get("features") or {}
        return found

    @property
    def scopes(self) -> frozenset[str]:
        """This is the set of the bot's scopes."""
        return frozenset((self.manifest.get("oauth_config") or {}).get("scopes", {}).get("bot", []))

    @property
    def events(self) -> frozenset[str]:
        """This is the set of the bot events that the manifest subscribes to."""
        return frozenset((self.settings.get("event_subscriptions") or {}).get("bot_events", []))

    @property
    def is_interactive(self) -> bool:
        """This is true if buttons, menus and modals reach the app."""
        return bool((self.settings.get("interactivity") or {}).get("is_enabled"))

    def messages_tab(self, *, writing: bool) -> bool:
        """This is true if the app and a person may talk directly; `writing`: the person to it."""
        tabs = self.features.get("app_home") or {}
        if not tabs.get("messages_tab_enabled", True):
            return False
        return not (writing and tabs.get("messages_tab_read_only_enabled"))

    @property
    def uses_sockets(self) -> bool:
        """This is true if events travel over Socket Mode and not to request URLs."""
        return self.request_url is None and bool(self.settings.get("socket_mode_enabled"))
