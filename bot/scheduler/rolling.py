"""Belay's own death is noticed: a message that Slack will post unless Belay goes on taking it back.

While anybody is out, one message per program is scheduled ten minutes ahead in the field-safety
channel, and replaced every two minutes. The new one stands before the old one is deleted, so there
is never none; of several replicas the newest stays. What stands is asked of Slack each time, so a
restart finds what the last process left behind. Times are world time, as Slack's are.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot import observe
from bot.slack.render.times import clock
from bot.slack.send import Refusal, Scheduled, Unknown
from bot.slack.words import silences
from bot.slack.words.speech import _, speaking
from protocol.ids import ProgramId
from protocol.people import Language

# docs/decisions/0016. Slack takes back nothing in a message's last minute, and takes 30 in five
# minutes for one channel: both are far off.
AHEAD: Final = timedelta(minutes=10)
RENEW_EVERY: Final = timedelta(minutes=2)
# All the calls of one renewal together; a renewal that takes longer is tried again.
WITHIN_SECONDS: Final = 45.0

TROUBLE: Final = (
    "The message that Slack posts if Belay stops could not be renewed. Pages go out as ever, but"
    " if Belay stops now, Slack will not say so."
)

log = structlog.get_logger(__name__)


class Schedule(Protocol):
    """This is what is needed of Slack (`bot.slack.send.Slack`). All raises Refusal, Unknown."""

    async def schedule(self, channel: str, text: str, post_at: int) -> str: ...
    async def scheduled(self, channel: str) -> list[Scheduled]: ...
    async def unschedule(self, channel: str, scheduled: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """This is what will be said of one program, in its language.

    Without `names`, others can read the channel.
    """

    channel: str
    zone: str
    line: str
    names: tuple[str, ...] = ()
    language: Language = Language.EN

    def text(self, since: datetime) -> str:
        """The message, if Belay is last heard from at `since`."""
        with speaking(self.language):
            out = _(silences.STOPPED_OUT_UNNAMED)
            if self.names:
                out = _(silences.STOPPED_OUT, names=", ".join(self.names))
            heading = _(silences.STOPPED, since=clock(since, self.zone))
            line = _(silences.COORDINATOR_LINE, line=self.line)
            return "\n".join((heading, _(silences.STOPPED_MEANS), out, line))


@dataclass
class Rolling:
    """This renews and takes back. `troubles` is what readiness shows (Context.troubles)."""

    slack: Schedule
    troubles: dict[str, str]
    _renewed: dict[ProgramId, tuple[datetime, Scheduled]] = field(default_factory=dict)
    _cleared: set[ProgramId] = field(default_factory=set)

    def is_due(self, program: ProgramId, now: datetime) -> bool:
        """Whether the message is to be replaced, as it is where the clock was put back."""
        renewed = self._renewed.get(program)
        return renewed is None or not timedelta(0) <= now - renewed[0] < RENEW_EVERY

    async def renew(self, program: ProgramId, notice: Notice, now: datetime) -> bool:
        """Let Slack hold a new message, then take back every older one. False where it failed."""
        self._cleared.discard(program)
        before = self._renewed.get(program)
        post_at = int((now + AHEAD).timestamp())
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                new = await self.slack.schedule(notice.channel, notice.text(now), post_at)
                mine = Scheduled(new, post_at)
                self._renewed[program] = (now, mine)
                for old in await self._older(notice.channel, mine, before and before[1]):
                    await self.slack.unschedule(notice.channel, old.id)
        except (Refusal, Unknown, TimeoutError) as fault:
            return self._failed(program, fault)
        self.troubles.pop(_trouble(program), None)
        return True

    async def clear(self, program: ProgramId, channel: str) -> bool:
        """Take back whatever stands: nobody is out. False where it failed."""
        if program in self._cleared:
            return True
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                for old in await self.slack.scheduled(channel):
                    await self.slack.unschedule(channel, old.id)
        except (Refusal, Unknown, TimeoutError) as fault:
            return self._failed(program, fault)
        self._renewed.pop(program, None)
        self._cleared.add(program)
        self.troubles.pop(_trouble(program), None)
        return True

    async def _older(
        self, channel: str, mine: Scheduled, remembered: Scheduled | None
    ) -> list[Scheduled]:
        """What to take back: all that would be posted before mine; of two at once, one stays."""
        try:
            standing = await self.slack.scheduled(channel)
        except (Refusal, Unknown):
            if remembered is None:
                raise
            return [remembered]
        return [one for one in standing if (one.post_at, one.id) < (mine.post_at, mine.id)]

    def _failed(self, program: ProgramId, fault: Exception) -> bool:
        code = getattr(fault, "code", "timeout")
        log.error("rolling.failed", program=program, code=code)
        observe.FAULTS.labels("rolling").inc()
        self.troubles[_trouble(program)] = TROUBLE
        return False


def _trouble(program: ProgramId) -> str:
    return f"rolling {program}"
