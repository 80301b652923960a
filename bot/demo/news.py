"""This is what happened on everybody's screens, each thing once, in the order of its happening."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.demo import screen
from bot.demo.screen import Json
from bot.demo.workspace import Person, Workspace


class Kind(StrEnum):
    """This is what can happen on a screen, as far as anybody here asks."""

    MESSAGE = "message"
    EDIT = "edit"
    EPHEMERAL = "ephemeral"


KINDS: Final = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class News:
    """This is one thing that people saw. `readers` are the Slack ids of those who could see it."""

    seq: int
    at: datetime
    kind: Kind
    channel: str
    ts: str
    thread_ts: str | None
    author: str
    text: str
    blocks: tuple[Json, ...]
    readers: frozenset[str] = frozenset()

    @property
    def whole(self) -> str:
        """All of it as one text: the lock screen's line first."""
        return screen.whole({"text": self.text, "blocks": self.blocks})

    @property
    def lines(self) -> list[str]:
        """What stands in it, without the lock screen's line where there is more."""
        return screen.lines(self.blocks) or [screen.spoken(self.text)]


@dataclass
class Watch:
    """This keeps an eye on these people's screens."""

    workspace: Workspace
    people: Iterable[Person]
    since: int = 0

    async def fresh(self) -> list[News]:
        """What has happened since the last look."""
        found: dict[int, Json] = {}
        readers: dict[int, set[str]] = {}
        # One screen after the other: what comes in between belongs to the next look.
        until: int | None = None
        for person in self.people:
            seen, seq = await self.workspace.seen(person.user, self.since)
            until = seq if until is None else until
            for one in seen:
                if one["kind"] in KINDS and one["seq"] <= until:
                    found[one["seq"]] = one
                    readers.setdefault(one["seq"], set()).add(person.user)
        self.since = self.since if until is None else until
        return [_news(found[seq], readers[seq]) for seq in sorted(found)]


def _news(one: Json, readers: set[str]) -> News:
    blocks: list[Any] = one.get("blocks") or []
    return News(
        seq=int(one["seq"]),
        at=datetime.fromtimestamp(one["world"], UTC),
        kind=Kind(one["kind"]),
        channel=str(one["channel"]),
        ts=str(one["ts"]),
        thread_ts=one.get("thread_ts"),
        author=str(one["user"]),
        text=str(one.get("text") or ""),
        blocks=tuple(blocks),
        readers=frozenset(readers),
    )
