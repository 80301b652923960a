"""The composition root: settings -> clock -> database -> safety clock -> Slack -> health.

The safety clock starts first and waits for nobody: connections to Slack are made beside it, and
everything that it decides while Slack is away is recorded and sent later.
"""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from sqlalchemy import Connection

from bot import handlers, matcher, observe, scheduler
from bot.clock import Clock, DatabaseClock, LinkedClock, SystemClock
from bot.context import Context
from bot.health import Health, Reading
from bot.matcher import Makers
from bot.reports import out
from bot.settings import Settings, notify_socket
from bot.slack import fallback, manifest
from bot.slack.audience import Audience
from bot.slack.bolt import Identity, make_bolt
from bot.slack.faults import fault_of
from bot.slack.request_url import RequestUrl
from bot.slack.send import Slack, make_client, open_session
from bot.slack.sockets import Sockets, bolt_dispatch, opener
from bot.tasks import Kept, Tasks
from bot.watchdog import Watchdog
from storage import deadlines, outbox, schema, versions
from storage.database import Database, Unavailable, clock_time
from storage.sealing import Sealer

# The sandbox says what time it is at once; longer than this means that it is not there.
CLOCK_WITHIN = 10.0  # s
# A host drifts by milliseconds in that time; more than two seconds is a clock that was set.
CLOCK_EVERY = 30.0  # s
CLOCK_JUMP = timedelta(seconds=2)
SETTLE_POLL = 0.01  # s; how often "is it quiet yet" is asked while the sandbox waits
# Longer than a connection takes to drain and close, shorter than the 30 s that process managers
# usually grant between SIGTERM and SIGKILL.
STOP_WITHIN = timedelta(seconds=15)
OVERTAKEN = (
    "A newer Belay has written to this database what this one could not read. Use the newer one; "
    "docs/operations.md says how to go back."
)

log = structlog.get_logger(__name__)


class CannotStartError(Exception):
    """This says in words for an operator why the bot does not start."""


@dataclass
class Ears:
    """This is how deliveries reach us: tasks over Socket Mode, or a listening server."""

    tasks: list[Kept] = field(default_factory=list)
    sockets: Sockets | None = None
    http: RequestUrl | None = None
    server: web.AppRunner | None = None

    async def close(self, tasks: Tasks, drain: float) -> None:
        """This takes nothing new, and lets what is in hand be answered.

        Over HTTP others send to us: they are given `drain` seconds to notice that we leave.
        """
        await tasks.stop(STOP_WITHIN, self.tasks)
        if self.http is not None and self.server is not None:
            await self.http.drain(drain)
            await self.server.cleanup()


async def serve(
    settings: Settings,
    stop: asyncio.Event | None = None,
    clock: Clock | None = None,
    engines: Makers | None = None,
) -> None:
    """Run the bot until SIGTERM, SIGINT or `stop`, by `clock` or else the clock of the settings.

    `engines` answer questions instead of the shipped matrix; tests hand in theirs.

    Raises SettingsError or CannotStartError before anything was started.
    """
    settings.to_run()
    manifest.commands(settings)
    stop = stop or asyncio.Event()
    _stop_on_signals(stop)
    clock = clock or make_clock(settings)
    async with AsyncExitStack() as stack:
        ctx = await stack.enter_async_context(opened(settings, clock))
        await ctx.database.run(_arrive, clock.transport())
        http = await stack.enter_async_context(open_session())
        tasks = Tasks(clock)
        stack.push_async_callback(tasks.stop, STOP_WITHIN)
        await _follow(ctx, tasks)
        stack.callback(ctx.matcher.close)
        _load_matrix(ctx, tasks, engines)

        token = settings.slack_bot_token.get_secret_value()
        slack = Slack(make_client(token, settings.slack_base_url, http))
        audience = Audience(slack.call, clock.transport)
        stack.push_async_callback(audience.close)
        sweep = scheduler.Sweep(ctx)
        dog = Watchdog(notify_socket(), lambda: sweep.loop.turns)
        tasks.keep("watchdog", dog.run)
        all_work = scheduler.run_all(ctx, slack, audience, sweep)
        working = [tasks.keep(name, make) for name, make in all_work]
        working.append(tasks.keep("out", lambda: out.keep_file(ctx)))

        me = Identity(ctx.workspace)
        tasks.start("identity", lambda: me.learn(slack.call, ctx.troubles))
        app = make_bolt(settings, http, me, lambda event: _noticed(event, audience, slack))
        door = handlers.register_all(app, ctx)
        door.beside(door.learn())
        fallback.install(app, tasks)
        ears = await _listen(stack, app, ctx, tasks)
        health = await _watch(stack, ctx, slack, ears, tasks)
        if url := settings.heartbeat_url.get_secret_value():
            tasks.keep("heartbeat", lambda: health.beat(url, http))
        # What is there by now stays: to look through all of it again and again, which takes a tenth
        # of a second, would stall this loop in the middle of a burst.
        gc.freeze()
        log.info("belay.started", transport=settings.transport)

        await _first(stop, health.outdated)
        health.leaving = stop.is_set()
        if stop.is_set():
            dog.stopping()
        else:
            dog.idle("A newer Belay has the database; this one waits to be stopped.")
        # The safety clock goes on while deliveries are let go.
        await ears.close(tasks, settings.http_drain)
        await tasks.stop(STOP_WITHIN, working)
        if not stop.is_set():
            # A newer version has the database: this one must not touch it, and stays to say so.
            log.critical("belay.outdated")
            await stop.wait()
        log.info("belay.stopping")


def make_clock(settings: Settings) -> Clock:
    """The host's clock, or the sandbox's where the settings allow that."""
    if settings.sandbox_clock_url:
        return LinkedClock(settings.sandbox_clock_url)
    on_one_machine = settings.database_url.startswith("sqlite")
    return SystemClock() if on_one_machine else DatabaseClock()


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[Context]:
    """The database and its keys, checked. Raises CannotStartError; BadKeyError for a wrong key."""
    sealer = Sealer.from_text(settings.keys.get_secret_value())
    database = Database.open(settings.database_url)
    try:
        await database.run(_check_version)
        await database.run(sealer.register)
        yield Context(database, sealer, clock, settings)
    finally:
        # Waits for a transaction that is still running, so it stays off the event loop.
        await asyncio.to_thread(database.dispose)


async def look(ctx: Context) -> Reading:
    """What health wants to know from the database, in one transaction."""
    return await ctx.database.run(_look, ctx.clock.now(), ctx.clock.transport())


async def settled(ctx: Context) -> datetime | None:
    """Return when nothing is due and nothing is unsent, with the next wake (world) or None."""
    while True:
        ctx.nudge()
        now, transport_now = ctx.clock.now(), ctx.clock.transport()
        quiet, wake = await ctx.database.run(scheduler.is_quiet, now, transport_now)
        if quiet and not ctx.busy:
            return wake
        await asyncio.sleep(SETTLE_POLL)


def _check_version(conn: Connection) -> None:
    found, wanted = schema.current(conn), schema.head()
    if found == wanted:
        if versions.outdated(conn):
            raise CannotStartError(OVERTAKEN)
        return
    if found is None:
        raise CannotStartError("The database is empty. Run: belay migrate")
    raise CannotStartError(
        f"The database has version {found}, and this program needs {wanted}. With a newer program "
        "run: belay migrate. With an older one, use the program that made the database."
    )


def _arrive(conn: Connection, at: datetime) -> None:
    if not versions.arrive(conn, at):
        raise CannotStartError(OVERTAKEN)


def _look(conn: Connection, now: datetime, transport_now: datetime) -> Reading:
    return Reading(
        sweep_late=deadlines.late(conn, now),
        pages_late=outbox.late_pages(conn, transport_now),
        outdated=not schema.is_current(conn) or versions.outdated(conn),
    )


def _load_matrix(ctx: Context, tasks: Tasks, engines: Makers | None) -> None:
    """Load what answers questions, beside all else: neither the clock nor a tap waits for it."""
    how = ctx.settings.matcher
    if engines is None and how == "off":
        return
    folder = Path(ctx.settings.matrix_folder)
    ctx.matcher.kept = matcher.keeper(folder, models=how == "full")
    makers = matcher.makers(folder, models=how == "full") if engines is None else engines
    tasks.start("matrix", lambda: ctx.matcher.load(makers))


def _noticed(event: dict[str, Any], audience: Audience, slack: Slack) -> None:
    """Take in what changed about channels and people, whoever else handles the event."""
    audience.noticed(event)
    user = event.get("user")
    if event.get("type") == "user_change" and isinstance(user, dict):
        slack.forget_person(str(user.get("id")))


async def _follow(ctx: Context, tasks: Tasks) -> None:
    """Follow the sandbox's or the database's clock, before anything asks what time it is."""
    clock = ctx.clock
    if isinstance(clock, DatabaseClock):
        await look_at_clock(ctx, clock)
        tasks.keep("clock", lambda: _keep_time(ctx, clock))
    if not isinstance(clock, LinkedClock):
        return
    tasks.keep("clock", lambda: clock.follow(lambda: settled(ctx), ctx.nudge))
    try:
        async with asyncio.timeout(CLOCK_WITHIN):
            await clock.heard()
    except TimeoutError:
        raise CannotStartError(
            "The sandbox's clock does not answer. Start the sandbox first, or unset "
            "BELAY_SANDBOX_CLOCK_URL."
        ) from None


async def look_at_clock(ctx: Context, clock: DatabaseClock) -> timedelta:
    """Set the clock by the database; returns by how much that moved it."""
    asked = clock.counted()
    said = await ctx.database.run(clock_time)
    return timedelta(0) if said is None else clock.set(said, asked, clock.counted())


async def _keep_time(ctx: Context, clock: DatabaseClock) -> None:
    while True:
        await asyncio.sleep(CLOCK_EVERY)
        with suppress(Unavailable):  # the monotonic clock goes on meanwhile
            moved = await look_at_clock(ctx, clock)
            if abs(moved) > CLOCK_JUMP:
                log.error("clock.jumped", seconds=moved.total_seconds())
                observe.FAULTS.labels("clock").inc()
                ctx.nudge()


async def _listen(stack: AsyncExitStack, app: AsyncApp, ctx: Context, tasks: Tasks) -> Ears:
    """Begin to take deliveries, over Socket Mode or HTTP."""
    settings = ctx.settings
    if settings.transport == "http":
        host, port = settings.http_host, settings.http_port
        url = RequestUrl(app, settings.slack_signing_secret.get_secret_value())
        return Ears(http=url, server=await _serve_site(stack, url.site(), host, port))
    # A session of its own: the other one limits a call to ten seconds, and these last an hour.
    http = await stack.enter_async_context(aiohttp.ClientSession())
    token = settings.slack_app_token.get_secret_value()
    sockets = Sockets(opener(app.client, token, http), bolt_dispatch(app), ctx.clock)
    ctx.ears.append(sockets.all_deaf_for)
    return Ears(tasks=[tasks.keep("sockets", sockets.run)], sockets=sockets)


async def _watch(
    stack: AsyncExitStack, ctx: Context, slack: Slack, ears: Ears, tasks: Tasks
) -> Health:
    def troubles() -> dict[str, str]:
        refused = {} if slack.problem is None else {"slack": fault_of(slack.problem).operator}
        return {**ctx.troubles, **refused}

    health = Health(
        lambda: look(ctx),
        ctx.clock,
        tasks,
        troubles=troubles,
        notes=lambda: [note for note in [ctx.matcher.note()] if note],
        sockets=ears.sockets,
    )
    tasks.keep("health", health.watch)
    if ears.http is not None:
        ears.http.able = lambda: health.able
    await _serve_site(stack, health.site(), ctx.settings.health_host, ctx.settings.health_port)
    return health


async def _serve_site(
    stack: AsyncExitStack, site: web.Application, host: str, port: int
) -> web.AppRunner:
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=STOP_WITHIN.total_seconds())
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise CannotStartError(f"Port {port} of {host} is not free ({error.strerror}).") from None
    for address in runner.addresses:
        log.info("site.listening", host=address[0], port=address[1])
    return runner


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, RuntimeError):  # no main thread, or no such signals
            loop.add_signal_handler(sign, stop.set)


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
