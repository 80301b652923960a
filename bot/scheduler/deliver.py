"""Delivery: rows of the outbox in order of importance, each in a slot of its own.

At least once, and with a lookup not twice: whatever is unclear, a row comes back by its lease.
Slots, not batches, so that one call that hangs delays nobody; some are kept for pages, which wait
for no gate, no lookup that is slow, and no other message.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar, get_args

import structlog
from sqlalchemy import Connection

from bot import observe
from bot.context import Context
from bot.runner import run_event
from bot.scheduler import bursts, compose, huddle_letters, naming, plain
from bot.scheduler.compose import Edits, Letter, Nowhere
from bot.scheduler.loop import Loop, Wait, wait_for_nudge
from bot.scheduler.post import NotOursError, Poster, is_page
from bot.slack.audience import Why
from bot.slack.render.view import Rendered
from bot.slack.send import Outcome, RetryAfter, Sent, Undeliverable, Unknown
from protocol import events
from protocol.effects import Effect, Page, PostApproval
from storage import huddles, messages, outbox
from storage.homes import CARD
from storage.messages import Standing
from storage.outbox import OutboxRow

# Measured: 8 bounds what a kill can send twice without the lookup, and far outruns Slack's pace.
SLOTS: Final = 8
ORDINARY_SLOTS: Final = 5
PAGE_LEASE: Final = timedelta(seconds=15)
LEASE: Final = timedelta(seconds=30)
PAGE_BACK_OFF_MAX: Final = timedelta(seconds=15)
BACK_OFF_MAX: Final = timedelta(minutes=5)
# What may change soon, such as a channel whose readers are being looked up, is tried so often at
# first, and then ever more rarely. An approval goes to people instead after the first tries.
SOON: Final = timedelta(seconds=2)
SOON_MAX: Final = timedelta(seconds=30)
SOON_TRIES: Final = 4
# Slack may be away, or limit how fast readers are asked for; it was never away for longer.
WAIT_FOR_READERS: Final = timedelta(hours=12)
# A post that is let end is recorded; one that is cut off has to be looked up by the next process.
STOP_SECONDS: Final = 5.0
ORDINARY: Final = (
    *(kind.__name__ for kind in get_args(Effect) if kind.__name__ not in compose.PAGES),
    plain.NEWS,
    CARD,
    huddles.KIND,
)

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Readers(Protocol):
    """This says who can read a channel (`bot.slack.audience.Audience`)."""

    def verdict(self, channel: str, avoid: frozenset[str] = ...) -> Why: ...


@dataclass
class Deliver:
    """This sends what the outbox holds; `loop` is what turns it."""

    ctx: Context
    poster: Poster
    audience: Readers
    wait: Wait = wait_for_nudge

    def __post_init__(self) -> None:
        self.loop = Loop("deliver", self.until_due, self.work, self.ctx.waker(), self.wait)
        self._busy: dict[asyncio.Task[None], OutboxRow] = {}

    async def run(self) -> None:
        """Turn for ever; when that is ended, what is under way gets a moment to end too."""
        try:
            await self.loop.run()
        finally:
            if self._busy:
                await asyncio.wait(self._busy, timeout=STOP_SECONDS)
            await self.stop()

    async def until_due(self) -> timedelta | None:
        """How far off the next row is for which there is a slot."""
        blocked = () if self._ordinary_free else ORDINARY
        due = await self.ctx.database.run(_next_attempt, blocked)
        return None if due is None else due - self.ctx.clock.transport()

    async def work(self) -> int:
        """Claim as many rows as there are free slots, and start on them."""
        free = SLOTS - len(self._busy)
        if free <= 0:
            return 0
        now = self.ctx.clock.transport()
        ordinary = min(free, self._ordinary_free)
        rows = await self.ctx.database.run(_claim, now, free, ordinary, self.ctx.clock.now())
        for row in rows:
            task = asyncio.create_task(self._in_slot(row, now + _lease(row)))
            self._busy[task] = row
            task.add_done_callback(self._done)
        return len(rows)

    async def stop(self) -> None:
        """Give up what is under way; the leases bring it back."""
        tasks = list(self._busy)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def in_flight(self) -> int:
        """How many rows are being sent."""
        return len(self._busy)

    @property
    def _ordinary_free(self) -> int:
        return ORDINARY_SLOTS - sum(not is_page(row) for row in self._busy.values())

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._busy[task]
        self.loop.nudge.set()

    async def _in_slot(self, row: OutboxRow, until: datetime) -> None:
        try:
            await self._one(row, until)
        except Exception:
            # Nothing is lost: the row was claimed as unsure, and comes back when its lease ends.
            log.exception("deliver.row_failed", outbox_key=row.key)
            observe.FAULTS.labels("deliver").inc()

    async def _one(self, row: OutboxRow, until: datetime) -> None:
        """Send one row, whose claim holds until `until` (transport time)."""
        try:
            draft = await self._draft(row)
            match draft:
                case None:
                    self._count("void")
                case Nowhere():
                    await self._nowhere(row, draft)
                case Edits():
                    await self._edits(row, draft, until)
                case Letter():
                    await self._letter(row, draft, until)
        except NotOursError:
            await self._again(row, self.ctx.clock.transport(), row.unsure, "held_up")
        except Unknown as unknown:
            await self._again(row, self._later(row), True, unknown.code)
        except Exception as fault:
            log.exception("deliver.row_failed", outbox_key=row.key)
            observe.FAULTS.labels("deliver").inc()
            await self._again(row, self._later(row), True, type(fault).__name__)

    async def _draft(self, row: OutboxRow) -> compose.Draft | None:
        run = self.ctx.database.run
        if row.kind == bursts.LIST:
            return await run(naming.compose, self.ctx.sealer, row, self.ctx.clock.now())
        if row.kind == huddles.KIND:
            matrix_of = self.ctx.matcher.matrix_of
            return await run(huddle_letters.compose, row, matrix_of, self.ctx.clock.now())
        url = self.ctx.workspace.get("url", "")
        return await run(compose.compose, self.ctx.sealer, row, url)

    async def _letter(self, row: OutboxRow, letter: Letter, until: datetime) -> None:
        why = self._readable(letter.channel, letter.avoid)
        if why is not Why.ALLOWED:
            await self._not_readable(row, why)
            return
        outcome = await self.poster.post(row, letter, until)
        match outcome:
            case datetime():
                await self._again(row, outcome, row.unsure, "gate")
            case Sent():
                where = _stands(letter, outcome)
                if row.kind == bursts.LIST:
                    await self.ctx.database.run(bursts.record, row, where, self._now)
                else:
                    await self._record(compose.record, row, where)
                self._count("sent")
            case RetryAfter():
                await self._again(row, self._when(outcome, row), row.unsure, outcome.code)
            case Undeliverable():
                await self._never(row, outcome.code)

    async def _edits(self, row: OutboxRow, kept: Edits, until: datetime) -> None:
        """Bring a kept message up to date wherever it stands; what fails is tried again."""
        outcomes: list[Outcome | datetime] = []
        for letter in kept.letters:
            outcome = await self.poster.post(row, letter, until)
            if isinstance(outcome, Sent):
                await self._record(compose.record_letter, _stands(letter, outcome))
            outcomes.append(outcome)
        for standing, message in kept.edits:
            outcomes.append(await self._edit(row, standing, message, kept, until))
        again = [self._when(one, row) for one in outcomes if isinstance(one, RetryAfter | datetime)]
        for gone in (one for one in outcomes if isinstance(one, Undeliverable)):
            log.info("deliver.kept_message_gone", outbox_key=row.key, code=gone.code)
        if again:
            await self._again(row, max(again), False, "later")
        else:
            await self.ctx.database.run(outbox.sent, row, None, self._now)
            self._count("sent")

    async def _edit(
        self, row: OutboxRow, standing: Standing, message: Rendered, kept: Edits, until: datetime
    ) -> Outcome | datetime:
        if standing.channel is not None:
            why = self.audience.verdict(standing.slack_channel, kept.avoid)
            if why is Why.UNKNOWN and self._may_wait(row):
                return self._soon(row)
            if why is not Why.ALLOWED:
                return Undeliverable("audience")
        edited = await self.poster.edit(standing, message, until)
        if isinstance(edited, Sent | Undeliverable):
            # A message that is gone cannot be edited, and need not be tried again.
            await self.ctx.database.run(messages.shown, standing.id, kept.version)
        return edited

    async def _nowhere(self, row: OutboxRow, nowhere: Nowhere) -> None:
        if nowhere.later:
            await self._again(row, self._soon(row), row.unsure, nowhere.code)
        else:
            await self._never(row, nowhere.code)

    async def _not_readable(self, row: OutboxRow, why: Why) -> None:
        if why is Why.UNKNOWN and self._may_wait(row):
            # Its readers are being looked up beside; pages to people go their own way meanwhile.
            await self._again(row, self._soon(row), row.unsure, "audience_unknown")
            return
        log.warning("deliver.audience", outbox_key=row.key, why=why.value)
        observe.FAULTS.labels("audience").inc()
        await self._never(row, "audience")

    async def _never(self, row: OutboxRow, code: str) -> None:
        """Record that a row can never arrive; a page's ladder climbs first, and at once."""
        effect = row.effect if row.kind == Page.__name__ else None
        if isinstance(effect, Page) and row.matter is not None:
            event = events.Undeliverable(
                self.ctx.clock.now(), effect.episode, effect.rung, effect.to
            )
            # Before the row: a crash between the two repeats the event, which changes nothing.
            await run_event(self.ctx, row.matter, event)
        asked = 0
        if row.kind == bursts.LIST:
            await self.ctx.database.run(bursts.give_up, row, code, self._now)
        else:
            asked = await self._record(compose.ask_instead, row, code)
        log.warning("deliver.undeliverable", outbox_key=row.key, code=code, asked_instead=asked)
        self._count("undeliverable")

    def _when(self, outcome: RetryAfter | datetime, row: OutboxRow) -> datetime:
        """When to try again what is not accepted yet; a page does not wait for repairs."""
        if isinstance(outcome, datetime):
            return outcome
        at = self._now + timedelta(seconds=outcome.seconds)
        hurry = is_page(row) and not outcome.limited
        return min(at, self._now + PAGE_BACK_OFF_MAX) if hurry else at

    async def _again(self, row: OutboxRow, at: datetime, unsure: bool, code: str) -> None:
        await self.ctx.database.run(outbox.retry, row, at, unsure, code)
        self._count("retry")

    def _later(self, row: OutboxRow) -> datetime:
        longest = PAGE_BACK_OFF_MAX if is_page(row) else BACK_OFF_MAX
        return self._now + min(longest, timedelta(seconds=2 ** min(row.attempts + 1, 10)))

    def _may_wait(self, row: OutboxRow) -> bool:
        """Whether a channel whose readers are unknown is still waited for."""
        if row.kind == PostApproval.__name__:
            return row.attempts < SOON_TRIES
        return self._now - (row.first_tried_at or self._now) < WAIT_FOR_READERS

    def _soon(self, row: OutboxRow) -> datetime:
        doublings = min(10, max(0, row.attempts + 1 - SOON_TRIES))
        return self._now + min(SOON_MAX, SOON * (1 << doublings))

    def _readable(self, channel: str | None, avoid: frozenset[str]) -> Why:
        return Why.ALLOWED if channel is None else self.audience.verdict(channel, avoid)

    def _count(self, outcome: str) -> None:
        observe.SENDS.labels(outcome).inc()

    @property
    def _now(self) -> datetime:
        return self.ctx.clock.transport()

    async def _record(self, step: Callable[..., T], *args: object) -> T:
        clock = self.ctx.clock
        return await self.ctx.database.run(
            step, *args, at=clock.now(), transport_now=clock.transport()
        )


def _lease(row: OutboxRow) -> timedelta:
    return PAGE_LEASE if is_page(row) else LEASE


def _stands(letter: Letter, sent: Sent) -> Standing:
    return replace(letter.standing, slack_channel=sent.channel, ts=sent.ts)


def _next_attempt(conn: Connection, blocked: tuple[str, ...]) -> datetime | None:
    return outbox.next_attempt(conn, kinds_blocked=blocked)


def _claim(
    conn: Connection, now: datetime, free: int, ordinary: int, at: datetime
) -> list[OutboxRow]:
    """Claim what there are slots for, at most `ordinary` that are no pages; `at` is world time.

    Where pages wait together, what names them all is made first, and so is claimed first.
    """
    bursts.add_lists(conn, now, at=at)
    rows = outbox.claim(conn, now, free, PAGE_LEASE, kinds_blocked=ORDINARY)
    left = min(free - len(rows), ordinary)
    if left > 0:
        rows += outbox.claim(conn, now, left, LEASE, kinds_blocked=compose.PAGES)
    return rows
