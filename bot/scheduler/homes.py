"""Keeps the App Homes that are open up to date: derived state, mended at every look.

A look is cheap while nothing changed: it compares the pulse of what each Home shows. Only a Home
whose pulse changed is read and drawn, and only one whose digest changed is published, in turn, at
Slack's pace and every few seconds at most. Any replica may do it. Whatever fails is tried later;
nothing here holds up a page, and nothing here is a fault that anybody is woken for.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import Connection

from bot.context import Context
from bot.scheduler.loop import Loop, Wait, wait_for_nudge
from bot.slack import homes
from bot.slack.faults import Then
from bot.slack.gates import Gates
from bot.slack.homes import PACE, PUBLISH, Drawn
from bot.slack.send import CALL_SECONDS, Refusal, Unknown
from protocol.ids import PersonId, ProgramId
from storage import homes as rows
from storage.board import BOARD_ROLES, Look
from storage.homes import Home, Pulse

# Looked at so soon after a commit, and so often without one; and so often while none is open, for
# whoever opens one is shown it by the handler.
AFTER_NUDGE: Final = timedelta(seconds=0.25)
EVERY: Final = timedelta(seconds=1)
NONE_EVERY: Final = timedelta(seconds=5)
# Roles, names and the parts that no matter tells of are looked at so often.
MEND_EVERY: Final = timedelta(minutes=1)
LEASE: Final = timedelta(seconds=CALL_SECONDS + 5)
LATER: Final = timedelta(seconds=30)
CONFLICT: Final = "hash_conflict"

log = structlog.get_logger(__name__)


class Call(Protocol):
    """This is one writing call to Slack (`Slack.call`); it raises Refusal or Unknown."""

    async def __call__(
        self, method: str, *, write: bool = False, **arguments: Any
    ) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """This is what one Home was last drawn from, and whose pulse tells that it changed."""

    pulse: str
    at: datetime
    programs: frozenset[ProgramId]
    boards: frozenset[ProgramId]

    @classmethod
    def of(cls, look: Look, pulse: Pulse, at: datetime) -> "Known":
        """What is known of a Home from now on."""
        programs = frozenset(one.id for one in look.programs)
        boards = frozenset(one.id for one in look.programs if one.roles & BOARD_ROLES)
        return cls(pulse.of(look.person, programs, boards), at, programs, boards)


@dataclass
class Homes:
    """This keeps Homes up to date; `loop` is what turns it."""

    ctx: Context
    call: Call
    wait: Wait = wait_for_nudge
    gates: Gates = field(default_factory=Gates)
    _known: dict[PersonId, Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        poll = NONE_EVERY.total_seconds()
        self.loop = Loop("homes", self.until_due, self.work, self.ctx.waker(), self.wait, poll)
        self._every = EVERY
        self._nudged = self.ctx.waker()
        self._looked_at = self._mended_at = self._opens_at = self.ctx.clock.transport()

    async def until_due(self) -> timedelta:
        """How far off the next look is."""
        gap = AFTER_NUDGE if self._nudged.is_set() else self._every
        return self._looked_at + gap - self._now

    async def work(self) -> int:
        """Look at every open Home once, and publish those that changed; returns how many."""
        self._nudged.clear()
        self._looked_at = self._now
        open_now, pulse = await self.ctx.database.run(_look, self._now, self.ctx.clock.now())
        self._every = EVERY if open_now else NONE_EVERY
        if self._now - self._mended_at >= MEND_EVERY:
            self._mended_at = self._now
            await self.ctx.database.run(rows.forget, self._now)
        self._known = {one.person: self._known[one.person] for one in open_now if self._has(one)}
        done = 0
        # Whoever stands behind others comes first; among equals, whose Home has waited longest.
        for home in sorted(open_now, key=lambda one: not self._is_board(one)):
            if self._opens_at > self._now:
                break
            if self._is_due(home, pulse):
                done += await self._refresh(home, pulse)
        return done

    def _has(self, home: Home) -> bool:
        return home.person in self._known

    def _is_board(self, home: Home) -> bool:
        known = self._known.get(home.person)
        return known is None or bool(known.boards)

    def _is_due(self, home: Home, pulse: Pulse) -> bool:
        if home.attempt_at > self._now:
            return False
        known = self._known.get(home.person)
        if known is None or home.shown is None or self._now - known.at >= MEND_EVERY:
            return True
        return known.pulse != pulse.of(home.person, known.programs, known.boards)

    async def _refresh(self, home: Home, pulse: Pulse) -> bool:
        """Publish a Home if it changed. What is wrong with one leaves the others alone."""
        try:
            drawn = await self._draw(home, pulse)
            if drawn.digest == home.shown:
                return False
            opens_at = self.gates.enter(PUBLISH, home.slack_user, self._now, page=False)
            if opens_at is not None:
                self._opens_at = opens_at
                self._known.pop(home.person, None)
                return False
            return await self._publish(home, drawn)
        except Exception:
            log.exception("homes.not_refreshed", person=home.person)
            await self._put_off(home)
            return False

    async def _draw(self, home: Home, pulse: Pulse) -> Drawn:
        at = self.ctx.clock.now()
        shipped = self.ctx.matcher.shipped
        seen = await self.ctx.database.run(homes.read, home.slack_user, at, shipped)
        if seen is None:
            # They hold no role any more: what stands in their Home must not stay there.
            nothing = pulse.of(home.person, (), ())
            self._known[home.person] = Known(nothing, self._now, frozenset(), frozenset())
        else:
            self._known[home.person] = Known.of(seen.look, pulse, self._now)
        return homes.draw(seen, self.ctx.workspace.get("url", ""))

    async def _publish(self, home: Home, drawn: Drawn) -> bool:
        until = self._now + LEASE
        if not await self.ctx.database.run(rows.claim, home, until):
            return False
        given = {"user_id": home.slack_user, "view": drawn.view, "hash": home.view_hash}
        try:
            answer = await self.call(PUBLISH, write=True, **given)
        except Refusal as refusal:
            await self._refused(home, until, refusal)
            return False
        except Unknown as unknown:
            log.warning("homes.unknown", person=home.person, code=unknown.code)
            await self._record(home, until, None, None, LATER)
            return False
        view_hash = (answer.get("view") or {}).get("hash")
        await self._record(home, until, drawn.digest, view_hash, PACE)
        return True

    async def _refused(self, home: Home, until: datetime, refusal: Refusal) -> None:
        log.warning("homes.refused", person=home.person, code=refusal.code)
        if refusal.seconds is not None:
            self.gates.refused(PUBLISH, self._now + timedelta(seconds=refusal.seconds))
        if refusal.fault.then is Then.UNDELIVERABLE:
            await self.ctx.database.run(rows.drop, home.person)
            return
        # Somebody else has published meanwhile: the next edition goes on top of whatever stands.
        later = PACE if refusal.code == CONFLICT else LATER
        await self._record(home, until, None, None, later)

    async def _record(
        self,
        home: Home,
        until: datetime,
        shown: str | None,
        view_hash: str | None,
        after: timedelta,
    ) -> None:
        next_at = self._now + after
        await self.ctx.database.run(rows.published, home, until, shown, view_hash, next_at)

    async def _put_off(self, home: Home) -> None:
        self._known.pop(home.person, None)
        await self.ctx.database.run(rows.claim, home, self._now + LATER)

    @property
    def _now(self) -> datetime:
        return self.ctx.clock.transport()


def _look(conn: Connection, now: datetime, at: datetime) -> tuple[list[Home], Pulse]:
    open_now = rows.kept(conn, now)
    return open_now, rows.pulse(conn, at) if open_now else Pulse((), frozenset())
