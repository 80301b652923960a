"""How one letter, or one edit, gets to Slack: conversation, lookup, gate, and the last look.

A page passes every gate but a method that Slack itself shut, and is held up by nothing that is
slow.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot import observe
from bot.clock import Clock
from bot.scheduler.compose import PAGES, Letter
from bot.slack.gates import Gates
from bot.slack.render.view import Rendered
from bot.slack.send import (
    CALL_SECONDS,
    Outcome,
    Place,
    Refusal,
    RetryAfter,
    Sent,
    Undeliverable,
    Unknown,
)
from storage.messages import Standing
from storage.outbox import OutboxRow

# A post may take this long; whoever cannot finish within the lease must not begin.
CALL: Final = timedelta(seconds=CALL_SECONDS)
# Finding the conversation, or an earlier message, may take this long before a page goes anyway.
HOLD_UP_SECONDS: Final = 2.0
POST: Final = "chat.postMessage"
EDIT: Final = "chat.update"

log = structlog.get_logger(__name__)


class Send(Protocol):
    """This is the way to Slack (`bot.slack.send.Slack`), or a fake of it."""

    async def direct(self, user: str, now: datetime) -> str | RetryAfter | Undeliverable: ...
    async def post(self, place: Place, message: Rendered, key: str) -> Outcome: ...
    async def update(self, channel: str, ts: str, message: Rendered) -> Outcome: ...
    async def find(self, place: Place, key: str, since: datetime) -> Sent | None: ...


class NotOursError(Exception):
    """The lease is nearly over, because this process was held up: another may have the row."""


@dataclass
class Poster:
    """This posts and edits. Outcomes that are an instant say when a gate opens (transport time).

    Everything raises Unknown where nobody can tell, and NotOursError. `until` is when the row's
    lease ends. `lookup` is off only in tests that count what happens without it.
    """

    send: Send
    clock: Clock
    lookup: bool = True
    gates: Gates = field(default_factory=Gates)

    async def post(self, row: OutboxRow, letter: Letter, until: datetime) -> Outcome | datetime:
        """Post a letter, unless it stands already."""
        page = is_page(row)
        channel: str | RetryAfter | Undeliverable = letter.channel or ""
        if letter.user is not None:
            channel = await self._conversation(letter.user, page=page)
        if not isinstance(channel, str):
            return channel
        place = Place(channel, letter.thread)
        if row.unsure and self.lookup:
            found = await self._find(row, letter.key, place)
            if found is not None:
                return found
        opens = self.gates.enter(POST, channel, self.clock.transport(), page=page)
        if opens is not None:
            return opens
        self._still_ours(until)
        with observe.SEND_SECONDS.time():
            outcome = await self.send.post(place, letter.message, letter.key)
        self._heed(POST, outcome)
        return outcome

    async def edit(
        self, standing: Standing, message: Rendered, until: datetime
    ) -> Outcome | datetime:
        """Bring one message up to date."""
        place = f"{standing.slack_channel}/{standing.ts}"
        opens = self.gates.enter(EDIT, place, self.clock.transport(), page=False)
        if opens is not None:
            return opens
        self._still_ours(until)
        with observe.SEND_SECONDS.time():
            outcome = await self.send.update(standing.slack_channel, standing.ts, message)
        self._heed(EDIT, outcome)
        return outcome

    async def _conversation(self, user: str, *, page: bool) -> str | RetryAfter | Undeliverable:
        # Slack takes the person's own id as well: for a page that is better than to wait.
        try:
            async with asyncio.timeout(HOLD_UP_SECONDS if page else CALL_SECONDS):
                channel = await self.send.direct(user, self.clock.transport())
        except (Unknown, TimeoutError):
            if page:
                return user
            raise Unknown("conversation") from None
        return user if page and isinstance(channel, RetryAfter) else channel

    async def _find(self, row: OutboxRow, key: str, place: Place) -> Sent | None:
        """What an earlier try left standing, if that can be told soon; else it is sent again."""
        # A sandbox's clock may be behind or ahead of ours, and the times of its messages with it.
        since = min(row.created_at, row.first_tried_at or row.created_at)
        try:
            async with asyncio.timeout(HOLD_UP_SECONDS):
                return await self.send.find(place, key, since)
        except (Refusal, Unknown, TimeoutError):
            log.warning("deliver.lookup_failed", outbox_key=row.key)
            return None

    def _heed(self, method: str, outcome: Outcome) -> None:
        """A method that Slack refused with 429 is shut for everybody, until Slack's own time."""
        if isinstance(outcome, RetryAfter) and outcome.limited:
            until = self.clock.transport() + timedelta(seconds=outcome.seconds)
            self.gates.refused(method, until)

    def _still_ours(self, until: datetime) -> None:
        """The last look before the socket: a process that was suspended must not send any more."""
        if self.clock.transport() > until - CALL:
            raise NotOursError


def is_page(row: OutboxRow) -> bool:
    """Whether a row waits for nothing."""
    return row.kind in PAGES
