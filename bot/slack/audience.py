"""Who can read a channel, asked before anything is posted into it.

A channel may be posted to only while it is known to be private, not shared with another workspace,
without guests or people of another workspace, and without anybody whom the message must not reach.
The answer comes from a cache at once; the cache is brought up to date beside it, by Slack's events
and by age. Unknown is no.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

import structlog

from bot.slack.faults import Then
from bot.slack.send import Refusal, Unknown

# An event can be lost while no socket is open, so what was learnt is asked for anew after a while,
# and no longer believed after a longer while.
FRESH_FOR: Final = timedelta(minutes=2)
KNOWN_FOR: Final = timedelta(minutes=10)
GUEST_KNOWN_FOR: Final = timedelta(hours=1)
PAGE_SIZE: Final = 200
# Members beyond this many are not asked for one by one; such a channel is not a safety channel.
MEMBERS_MAX: Final = 500

GUEST_FLAGS: Final = ("is_restricted", "is_ultra_restricted", "is_stranger")
MEMBERSHIP: Final = frozenset({"member_joined_channel", "member_left_channel"})
CHANNEL_CHANGED: Final = MEMBERSHIP | {
    "channel_shared",
    "channel_unshared",
    "channel_converted_to_private",
    "channel_converted_to_public",
    "channel_convert_to_public",
    "channel_convert_to_private",
    "channel_archive",
    "channel_unarchive",
    "channel_deleted",
    "channel_left",
    "group_archive",
    "group_unarchive",
    "group_deleted",
    "group_left",
    "shared_channel_invite_accepted",
}

log = structlog.get_logger(__name__)


class Call(Protocol):
    """This is one reading call to Slack; it raises Refusal or Unknown (`Slack.call`)."""

    def __call__(self, method: str, **arguments: Any) -> Awaitable[dict[str, Any]]: ...


class Why(StrEnum):
    """This says why a channel may or may not be posted to."""

    ALLOWED = "allowed"
    UNKNOWN = "unknown"
    PUBLIC = "public"
    SHARED = "shared"
    GUESTS = "guests"
    TOO_MANY = "too_many"
    GONE = "gone"
    AVOIDED = "avoided"


@dataclass(frozen=True, slots=True)
class Readers:
    """This is what is known of a channel at `at` (transport time). `people` are Slack ids."""

    at: datetime
    people: frozenset[str] = frozenset()
    wrong: Why | None = None

    def verdict(self, avoid: Iterable[str], now: datetime) -> Why:
        """Whether this channel may be posted to now."""
        if now - self.at > KNOWN_FOR:
            return Why.UNKNOWN
        if self.wrong is not None:
            return self.wrong
        return Why.AVOIDED if self.people & frozenset(avoid) else Why.ALLOWED


@dataclass
class Audience:
    """This is the cache. `call` reads from Slack, `now` is transport time."""

    call: Call
    now: Callable[[], datetime]
    _known: dict[str, Readers] = field(default_factory=dict)
    _guests: dict[str, tuple[bool, datetime]] = field(default_factory=dict)
    _asking: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _stale: set[str] = field(default_factory=set)
    # Who changed while a channel was being read: only then it is known whether they are members.
    _changed: dict[str, set[str]] = field(default_factory=dict)
    _limited_until: datetime | None = None
    # The bot's own workspace; an installation never moves to another.
    _team: str | None = None

    def verdict(self, channel: str, avoid: Iterable[str] = ()) -> Why:
        """Answer from what is known, at once; what is old or unknown is asked for beside it."""
        now = self.now()
        known = self._known.get(channel)
        limited = self._limited_until is not None and now < self._limited_until
        if (known is None or now - known.at > FRESH_FOR) and not limited:
            self.refresh(channel)
        return Why.UNKNOWN if known is None else known.verdict(avoid, now)

    def refresh(self, channel: str) -> asyncio.Task[None]:
        """Ask Slack about a channel, in the background; one question at a time for each."""
        asking = self._asking.get(channel)
        if asking is not None:
            return asking
        self._changed[channel] = set()
        task = asyncio.create_task(self._ask(channel))
        self._asking[channel] = task
        task.add_done_callback(lambda _: self._asked(channel))
        return task

    def noticed(self, event: dict[str, Any]) -> None:
        """Take in an event of Slack's: what it touches is unknown until Slack was asked again."""
        kind = str(event.get("type", ""))
        if kind in {"user_change", "team_join"}:
            self._person_changed(_id_of(event.get("user")))
        elif kind in CHANNEL_CHANGED:
            self._doubt(_id_of(event.get("channel")))

    async def close(self) -> None:
        """Stop asking."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _person_changed(self, user: str) -> None:
        """Doubt the channels that this person reads; a workspace has many others who change."""
        self._guests.pop(user, None)
        for changed in self._changed.values():
            changed.add(user)
        for channel in [name for name, known in self._known.items() if user in known.people]:
            self._doubt(channel)

    def _doubt(self, channel: str) -> None:
        if self._known.pop(channel, None) is None and channel not in self._asking:
            return
        if channel in self._asking:
            # What is being read may be from before the change: it is asked once more.
            self._stale.add(channel)
        else:
            self.refresh(channel)

    def _asked(self, channel: str) -> None:
        self._asking.pop(channel, None)
        self._changed.pop(channel, None)
        if channel in self._stale:
            self._stale.discard(channel)
            self.refresh(channel)

    async def _ask(self, channel: str) -> None:
        at = self.now()
        try:
            readers = await self._read(channel, at)
        except (Refusal, Unknown) as problem:
            log.warning("audience_unknown", channel=channel, code=problem.code)
            if isinstance(problem, Refusal) and problem.seconds is not None:
                self._limited_until = self.now() + timedelta(seconds=problem.seconds)
            if isinstance(problem, Refusal) and problem.fault.then is Then.UNDELIVERABLE:
                self._known[channel] = Readers(at, wrong=Why.GONE)
        else:
            if readers.people & self._changed.get(channel, set()):
                self._stale.add(channel)
            if channel not in self._stale:
                self._known[channel] = readers

    async def _read(self, channel: str, at: datetime) -> Readers:
        info = (await self.call("conversations.info", channel=channel))["channel"]
        if not (info.get("is_private") or info.get("is_im")):
            return Readers(at, wrong=Why.PUBLIC)
        if any(info.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared", "is_shared")):
            return Readers(at, wrong=Why.SHARED)
        if info.get("is_archived"):
            return Readers(at, wrong=Why.GONE)
        people = await self._members(channel)
        if len(people) > MEMBERS_MAX:
            return Readers(at, wrong=Why.TOO_MANY)
        for person in people:
            if await self._is_guest(person, at):
                return Readers(at, people, wrong=Why.GUESTS)
        return Readers(at, people)

    async def _members(self, channel: str) -> frozenset[str]:
        people: set[str] = set()
        cursor: str | None = None
        while len(people) <= MEMBERS_MAX:
            answer = await self.call(
                "conversations.members", channel=channel, limit=PAGE_SIZE, cursor=cursor
            )
            people.update(answer["members"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return frozenset(people)

    async def _is_guest(self, person: str, at: datetime) -> bool:
        known = self._guests.get(person)
        if known is not None and at - known[1] < GUEST_KNOWN_FOR:
            return known[0]
        user = (await self.call("users.info", user=person))["user"]
        guest = is_outsider(user, await self._own_team())
        self._guests[person] = (guest, at)
        return guest

    async def _own_team(self) -> str:
        if self._team is None:
            self._team = str((await self.call("auth.test"))["team_id"])
        return self._team


def is_outsider(user: dict[str, Any], own_team: str) -> bool:
    """Whether a user object of Slack's is a guest, or somebody of another workspace.

    `is_stranger` marks only those who share no channel with the app; whoever sits in one with it is
    known by another `team_id`. In an organisation of several workspaces `enterprise_user` lists all
    that somebody belongs to. Whoever names no workspace counts as an outsider.
    """
    teams = {user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", ())}
    return own_team not in teams or any(user.get(flag) for flag in GUEST_FLAGS)


def _id_of(part: object) -> str:
    """Slack's events name a channel or person by id, or by an object that has one."""
    return str(part.get("id", "")) if isinstance(part, dict) else str(part or "")
