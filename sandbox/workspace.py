"""This is a workspace and what changes it: posting, editing, joining, leaving."""

import re
import secrets
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import Refused
from sandbox.items import File, UserGroup
from sandbox.journal import Journal
from sandbox.model import App, Channel, Json, Kind, Message, Person, Scheduled, View

MICRO = 1_000_000
BOT_USER = "U0SANDBOXB"
"""The app's bot user has a fixed id, so that a seed can put it into channels beforehand."""
OUTSIDE = "T0OUTSIDE1"
"""The workspace of whoever is of another one that nobody named."""
BROADCASTS = ("<!here>", "<!channel>", "<!everyone>")


def ts_micros(ts: str, code: str = "invalid_arguments") -> int:
    """This is a ts as whole microseconds; raises Refused with `code` for a malformed one."""
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", ts):
        raise Refused(code)
    whole, _, part = ts.partition(".")
    return int(whole) * MICRO + int(part.ljust(6, "0") or 0)


def as_read(ts: str) -> int:
    """This is a ts as Slack reads any text: its digits, as whole microseconds (backlot)."""
    whole, _, rest = ts.partition(".")
    seconds = re.sub("[^0-9]", "", whole)
    part = re.sub("[^0-9]", "", rest.partition(".")[0]).lstrip("0")
    return int((seconds + part.zfill(6))[:20])


class Workspace:
    """This holds everything that a Slack workspace remembers."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.team: Json = {"id": "T0SANDBOX1", "name": "Sandbox", "domain": "sandbox"}
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, View] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.groups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}
        self.app: App | None = None
        self.journal = Journal()
        self._numbers: dict[str, int] = {}

    def fresh(self, prefix: str) -> str:
        """This is an id that nobody has yet, such as C0000001."""
        number = self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}{number:07d}"

    def person(self, user: str) -> Person:
        """This is the account; raises Refused user_not_found."""
        if user not in self.people:
            raise Refused("user_not_found")
        return self.people[user]

    def channel(self, channel: str) -> Channel:
        """This is the conversation; raises Refused channel_not_found."""
        if channel not in self.channels:
            raise Refused("channel_not_found")
        return self.channels[channel]

    def direct(self, one: str, other: str) -> Channel:
        """This is the direct conversation of two, made when it does not exist yet."""
        pair = {one, other}
        for channel in self.channels.values():
            if channel.is_im and set(channel.members) == pair:
                return channel
        return self.open_channel("", Kind.IM, [one, other])

    def open_channel(self, name: str, kind: Kind, members: list[str]) -> Channel:
        """This makes a conversation with the given members."""
        prefix = {Kind.IM: "D", Kind.MPIM: "G"}.get(kind, "C")
        made = Channel(self.fresh(prefix), name, kind, list(members))
        made.created = int(self.clock.now())
        self.channels[made.id] = made
        return made

    def can_see(self, user: str, channel: Channel) -> bool:
        """This is true if the person may open the conversation.

        Guests and people of another workspace see only those that they are in.
        """
        if user in channel.members:
            return True
        person = self.people.get(user)
        return not (channel.is_private or person is None or self.is_outsider(person))

    def team_of(self, person: Person) -> str:
        """This is the workspace that the account belongs to."""
        return person.team_id or (OUTSIDE if person.is_stranger else str(self.team["id"]))

    def is_foreign(self, person: Person) -> bool:
        """This is true for people of another workspace."""
        return person.is_stranger or self.team_of(person) != self.team["id"]

    def is_outsider(self, person: Person) -> bool:
        """This is true for guests and for people of another workspace."""
        return person.is_restricted or person.is_ultra_restricted or self.is_foreign(person)

    def is_stranger(self, person: Person) -> bool:
        """This is Slack's `is_stranger`: of another workspace, and in no channel with the app."""
        bot = self.app.bot_user if self.app else ""
        return self.is_foreign(person) and not any(
            person.id in channel.members and bot in channel.members and channel.is_ext_shared
            for channel in self.channels.values()
        )

    def next_ts(self, channel: Channel) -> str:
        """This is a ts that is unique and growing in the channel, whatever the clock does."""
        channel.last_ts = max(int(self.clock.now() * MICRO), channel.last_ts + 1)
        return f"{channel.last_ts // MICRO}.{channel.last_ts % MICRO:06d}"

    def message(self, channel: Channel, ts: str) -> Message:
        """This is a message that stands there; raises Refused message_not_found."""
        found = channel.messages.get(ts)
        if found is None:
            raise Refused("message_not_found")
        return found

    def replies(self, channel: Channel, ts: str) -> list[Message]:
        """This is the thread under a message, without the message itself."""
        return list(channel.threads.get(ts, []))

    def post(self, message: Message) -> Message:
        """This adds a message and notes who sees it and whose phone lights up."""
        channel = self.channel(message.channel)
        channel.messages[message.ts] = message
        if message.visible_to is not None:
            self._note("ephemeral", message, [message.visible_to])
            return message
        if message.thread_ts is not None:
            channel.threads.setdefault(message.thread_ts, []).append(message)
        self._note("message", message, channel.members)
        for user in channel.members:
            if user != message.user and self._notifies(channel, message, user):
                self._notify(channel, message, user)
        channel.read[message.user] = message.ts
        return message

    def edit(self, message: Message, editor: str | None, **changes: Any) -> None:
        """This changes a message. Nobody is notified: Slack never pushes an edit."""
        for name, value in changes.items():
            setattr(message, name, value)
        channel = self.channel(message.channel)
        if editor is not None and message.visible_to is None:
            message.edited = {"user": editor, "ts": self.next_ts(channel)}
        self._note("edit", message, self._audience(channel, message))

    def delete(self, message: Message) -> None:
        """This takes a message away."""
        channel = self.channel(message.channel)
        channel.messages.pop(message.ts, None)
        if message in channel.threads.get(message.thread_ts or "", []):
            channel.threads[message.thread_ts or ""].remove(message)
        self._note("delete", message, self._audience(channel, message))

    def mark(self, kind: str, message: Message, **data: Any) -> None:
        """This notes what people see change about a message that is not an edit: marks, files."""
        audience = self._audience(self.channel(message.channel), message)
        where = {"channel": message.channel, "ts": message.ts}
        self.journal.add(kind, self.clock.now(), audience, **where, **data)

    def _audience(self, channel: Channel, message: Message) -> list[str]:
        """This is who sees the message."""
        return [message.visible_to] if message.visible_to else channel.members

    def _note(self, kind: str, message: Message, audience: list[str]) -> None:
        """This writes a message's change into the journal."""
        self.journal.add(
            kind,
            self.clock.now(),
            audience,
            channel=message.channel,
            ts=message.ts,
            thread_ts=message.thread_ts,
            user=message.user,
            text=message.text,
            blocks=message.blocks,
        )

    def _notifies(self, channel: Channel, message: Message, user: str) -> bool:
        """This follows Slack's default: direct messages, mentions, threads one takes part in."""
        person = self.people.get(user)
        if person is None or person.is_bot or person.deleted or message.subtype is not None:
            return False
        if channel.kind in (Kind.IM, Kind.MPIM) or f"<@{user}>" in message.text:
            return True
        groups = (group for group in self.groups.values() if not group.date_delete)
        if any(user in group.users and group.mention in message.text for group in groups):
            return True
        if any(word in message.text for word in BROADCASTS):
            return True
        if message.thread_ts is None:
            return False
        parent = channel.messages.get(message.thread_ts)
        thread = self.replies(channel, message.thread_ts) + ([parent] if parent else [])
        return any(item.user == user or f"<@{user}>" in item.text for item in thread)

    def _notify(self, channel: Channel, message: Message, user: str) -> None:
        """This puts the message's plain text on a lock screen; blocks never show there."""
        now = self.clock.now()
        person = self.people[user]
        self.journal.add(
            "notification",
            now,
            [user],
            channel=channel.id,
            ts=message.ts,
            title=self._shown_name(message.user),
            text=message.text or self._file_line(message) or "This content can't be displayed.",
            held_by_dnd=person.dnd_enabled and person.dnd_start <= now < person.dnd_end,
        )

    def _file_line(self, message: Message) -> str:
        """This is what a lock screen shows of a message that only carries files."""
        titles = ", ".join(self.files[one].title for one in message.files)
        return f"uploaded a file: {titles}" if titles else ""

    def _shown_name(self, user: str) -> str:
        """This is the name under which people see somebody."""
        who = self.people.get(user)
        return (who.display_name or who.real_name or who.name) if who else ""

    def join(self, channel: Channel, user: str) -> bool:
        """This makes somebody a member; false if they are one already."""
        if user in channel.members:
            return False
        channel.members.append(user)
        self.journal.add("joined", self.clock.now(), channel.members, channel=channel.id, user=user)
        return True

    def leave(self, channel: Channel, user: str) -> bool:
        """This ends a membership; false if there is none."""
        if user not in channel.members:
            return False
        self.journal.add("left", self.clock.now(), channel.members, channel=channel.id, user=user)
        channel.members.remove(user)
        return True

    def install(self, manifest: Json, secret: Json) -> App:
        """This installs the app, or its new manifest over the old one, keeping ids and tokens."""
        old = self.app
        bot_user = old.bot_user if old else BOT_USER
        app = App(
            id=old.id if old else "A0SANDBOX1",
            manifest=manifest,
            bot_user=bot_user,
            bot_id=old.bot_id if old else "B0SANDBOX1",
            bot_token=secret.get("bot_token")
            or (old.bot_token if old else f"xoxb-sandbox-{secrets.token_hex(12)}"),
            app_token=secret.get("app_token")
            or (old.app_token if old else f"xapp-sandbox-{secrets.token_hex(12)}"),
            signing_secret=secret.get("signing_secret")
            or (old.signing_secret if old else secrets.token_hex(16)),
            verification_token=old.verification_token if old else secrets.token_hex(12),
            request_url=secret.get("request_url"),
        )
        name = str((app.features.get("bot_user") or {}).get("display_name") or app.name)
        handle = re.sub(r"[^a-z0-9._-]+", "", name.lower()) or "app"
        self.people[bot_user] = Person(bot_user, handle, name, name, is_bot=True)
        self.app = app
        return app
