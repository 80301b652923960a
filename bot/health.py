"""This says whether Belay is alive and able, to whoever asks and to a switch outside.

/healthz: the process answers. /readyz: 200, or 503 with every reason in words. /metrics: for
Prometheus. Readiness is read from memory, so that it answers at once while the database hangs; a
task keeps the memory fresh, and old memory is a reason of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn, Protocol

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import observe
from bot.clock import Clock, Sleep
from bot.tasks import Tasks

# Every fault below turns readiness red within five seconds of its beginning: the limit, plus one
# look each second, plus what the look may take.
LOOK_EVERY = 1.0  # s
LOOK_WITHIN = 1.5  # s; a look that takes longer goes on, and is not started twice
LOOK_OLD_AFTER = timedelta(seconds=4)
# The loop polls once a second, and a sweep of thousands takes less than another.
SWEEP_LATE_AFTER = timedelta(seconds=2)
# Counted from when a page was asked for until Slack has it; a page that Slack refuses stays late.
PAGES_LATE_AFTER = timedelta(seconds=2.5)
# Two pings unanswered (4 s) end a connection; the next one is there half a second later.
DEAF_AFTER = timedelta(seconds=4.5)
# A monitor that expects a beat each minute notices a dead bot within two.
BEAT_EVERY = 30.0  # s
BEAT_WITHIN = 10.0  # s

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """This is one look into the database. `outdated`: it is of another version than this code."""

    sweep_late: timedelta
    pages_late: timedelta
    outdated: bool = False

    @property
    def on_time(self) -> bool:
        """Whether every deadline was handled and every page sent when it was due."""
        return self.sweep_late <= SWEEP_LATE_AFTER and self.pages_late <= PAGES_LATE_AFTER


class Ears(Protocol):
    """This is what health asks of the connections to Slack (`bot.slack.sockets.Sockets`)."""

    @property
    def lanes(self) -> Sequence[object]: ...
    def deaf_for(self) -> timedelta: ...
    def open_lanes(self) -> int: ...


class Health:
    """This looks once a second, and says what is wrong."""

    def __init__(
        self,
        look: Callable[[], Awaitable[Reading]],
        clock: Clock,
        tasks: Tasks,
        *,
        troubles: Callable[[], Mapping[str, str]] = dict,
        notes: Callable[[], list[str]] = list,
        sockets: Ears | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._look = look
        self._clock = clock
        self._tasks = tasks
        self._troubles = troubles
        self._notes = notes
        self._sockets = sockets
        self._sleep = sleep
        self._looking: asyncio.Task[Reading] | None = None
        self._looked_at: float | None = None
        self.reading: Reading | None = None
        self.outdated = asyncio.Event()
        self.leaving = False

    async def watch(self) -> NoReturn:
        """This looks for ever."""
        while True:
            await self.look()
            await self._sleep(LOOK_EVERY)

    async def look(self) -> None:
        """This looks once, or waits on for a look that is still under way."""
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._look())
        done, _ = await asyncio.wait({self._looking}, timeout=LOOK_WITHIN)
        if done:
            looked, self._looking = self._looking, None
            if fault := looked.exception():
                log.warning("health.look_failed", error_type=type(fault).__name__)
            else:
                self.reading = looked.result()
                self._looked_at = self._clock.monotonic()
                if self.reading.outdated:
                    self.outdated.set()
        self._measure()

    def reasons(self) -> list[str]:
        """What stops Belay from being ready, in words for an operator; empty when all is well."""
        leaving = ["Belay is stopping."] if self.leaving else []
        found = [*self._of_the_database(), *self._of_the_sockets(), *self._of_the_tasks()]
        return leaving + found

    @property
    def able(self) -> bool:
        """Whether this process can store a delivery, and is to stay.

        Less than being ready: a replica whose pages are late must still take taps.
        """
        outdated = self.reading is None or self.reading.outdated
        return self._fresh and not outdated and not self.leaving

    async def beat(self, url: str, http: ClientSession) -> NoReturn:
        """This tells the monitor outside, every 30 s, that every deadline and page is on time."""
        while True:
            if self._fresh and self.reading is not None and self.reading.on_time:
                await self._beat_once(url, http)
            else:
                observe.HEARTBEATS.labels("withheld").inc()
            await self._sleep(BEAT_EVERY)

    def site(self) -> web.Application:
        """This is what answers over HTTP."""
        app = web.Application()
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        return app

    @property
    def _fresh(self) -> bool:
        if self._looked_at is None:
            return False
        return self._clock.monotonic() - self._looked_at <= LOOK_OLD_AFTER.total_seconds()

    def _of_the_database(self) -> list[str]:
        if self.reading is None or not self._fresh:
            return ["The database has not answered: nothing can be recorded or swept."]
        found = []
        if self.reading.outdated:
            found.append("The database has another version than this program: see belay migrate.")
        if self.reading.sweep_late > SWEEP_LATE_AFTER:
            seconds = self.reading.sweep_late.total_seconds()
            found.append(f"A deadline has been due for {seconds:.0f} s and was not handled.")
        if self.reading.pages_late > PAGES_LATE_AFTER:
            seconds = self.reading.pages_late.total_seconds()
            found.append(f"A page has waited for {seconds:.0f} s and is not sent.")
        return found

    def _of_the_sockets(self) -> list[str]:
        if self._sockets is None or self._sockets.deaf_for() <= DEAF_AFTER:
            return []
        seconds = self._sockets.deaf_for().total_seconds()
        ears, all_ears = self._sockets.open_lanes(), len(self._sockets.lanes)
        return [f"A connection to Slack is deaf for {seconds:.0f} s; {ears} of {all_ears} hear."]

    def _of_the_tasks(self) -> list[str]:
        died = [f"The task {name} died and was started again." for name in self._tasks.died()]
        return died + [f"{name}: {words}" for name, words in sorted(self._troubles().items())]

    def _measure(self) -> None:
        observe.READY.set(not self.reasons())
        if self.reading is not None:
            observe.SWEEP_LATE.set(max(0.0, self.reading.sweep_late.total_seconds()))
            observe.PAGES_LATE.set(max(0.0, self.reading.pages_late.total_seconds()))
        if self._sockets is not None:
            observe.DEAF_FOR.set(self._sockets.deaf_for().total_seconds())
            observe.SOCKETS_OPEN.set(self._sockets.open_lanes())

    async def _beat_once(self, url: str, http: ClientSession) -> None:
        """One beat, without a second try: a beat that is missing is the alarm."""
        outcome = "failed"
        try:
            async with http.get(
                url, timeout=ClientTimeout(total=BEAT_WITHIN), allow_redirects=False
            ) as answer:
                outcome = "sent" if answer.ok else "refused"
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("heartbeat.failed", error_type=type(error).__name__)
        observe.HEARTBEATS.labels(outcome).inc()

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        reasons = self.reasons()
        # Notes are worth knowing and turn nothing red: nobody's clock hangs on them.
        said: dict[str, object] = {"ready": not reasons, "reasons": reasons}
        if notes := self._notes():
            said["notes"] = notes
        return web.json_response(said, status=503 if reasons else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        self._measure()
        text = generate_latest(observe.registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})
