"""What is done to a world, each as a function that ends with its verdict."""

import asyncio
import random
import signal
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests import postgres
from tests.kills import disk as disks
from tests.kills import wedge, world
from tests.kills.judge import Kill, Verdict, judge
from tests.kills.killer import keep_killing
from tests.kills.moments import passes
from tests.kills.people import People
from tests.kills.world import Replica, World

# A page's lease is 15 s (bot.scheduler.deliver.PAGE_LEASE): whoever slept longer has lost it.
ASLEEP = 18.0
WEDGED = (6.0, 14.0)
FULL = (3.0, 8.0)
# How long a world goes on after the last thing that was done to it.
AFTERWARDS = 4.0
BREAK = (4.0, 7.0)


@dataclass(frozen=True)
class Ground:
    """Where worlds are made: a folder, a prepared SQLite file, a PostgreSQL server's home."""

    folder: Path
    template: Path
    home: Path
    seed: int
    progress: Callable[[str], None]

    @asynccontextmanager
    async def sqlite(self, name: str, **more: object) -> AsyncIterator[World]:
        """A world over a file."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        url = world.sqlite_copy(self.template, folder)
        async with world.world(name, folder, url, **more) as made:  # type: ignore[arg-type]
            yield made

    @asynccontextmanager
    async def postgresql(self, name: str, home: Path, replicas: int) -> AsyncIterator[World]:
        """A world over a database of its own, on the server that lives there."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        url = await asyncio.to_thread(_database, home)
        await asyncio.to_thread(world.prepare, url, folder)
        async with world.world(name, folder, url, replicas=replicas) as made:
            yield made


def _database(home: Path) -> str:
    socket, name = home / "socket", f"kills_{uuid.uuid4().hex}"
    with psycopg.connect(
        host=str(socket), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return f"postgresql+psycopg://postgres@/{name}?host={socket}"


async def killed_on_sqlite(ground: Ground, name: str, kills: int) -> Verdict:
    """One bot over a file, killed again and again."""
    async with ground.sqlite(name) as made:
        return await _killed(ground, made, kills)


async def killed_on_postgresql(ground: Ground, name: str, kills: int) -> Verdict:
    """Two replicas over one database, each killed again and again, whatever the other does."""
    async with ground.postgresql(name, ground.home, replicas=2) as made:
        return await _killed(ground, made, kills)


async def _killed(ground: Ground, made: World, kills: int) -> Verdict:
    def enough() -> bool:
        ground.progress(f"{made.name}: {len(made.kills)} kills")
        return len(made.kills) >= kills

    async def all_killed(rng: random.Random) -> None:
        async with asyncio.TaskGroup() as group:
            for replica in made.replicas:
                own = random.Random(rng.random())
                group.create_task(keep_killing(made, replica, own, enough))

    return await _lived(ground, made, all_killed)


async def _lived(
    ground: Ground, made: World, trouble: Callable[[random.Random], Awaitable[None]]
) -> Verdict:
    """People live in a world while there is trouble; when all is still again it is judged."""
    rng = random.Random(f"{ground.seed} {made.name}")
    living = asyncio.create_task(People(made, random.Random(rng.random())).live())
    try:
        await trouble(rng)
        await passes(AFTERWARDS)
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
    await made.drained()
    return judge(await made.truth())


async def _started(made: World) -> None:
    for replica in made.replicas:
        await replica.start()
    for replica in made.replicas:
        await replica.ready()
    await passes(3.0)


async def postgresql_crashes(ground: Ground, name: str, times: int) -> Verdict:
    """The server is ended with -m immediate while two replicas work, and started again."""
    home = postgres.reserve_home()
    await asyncio.to_thread(postgres.ensure_running, home, postgres.DURABLE)

    async def crashing(rng: random.Random) -> None:
        await _started(made)
        for _ in range(times):
            await passes(rng.uniform(*BREAK))
            at = time.time()
            await asyncio.to_thread(postgres.crash, home)
            await passes(rng.uniform(0, 2))
            await asyncio.to_thread(postgres.start_again, home, postgres.DURABLE)
            made.outages.append((at, time.time()))
            made.kills.append(Kill(at, "crash"))
            ground.progress(f"{made.name}: {len(made.kills)} of {times}")

    try:
        async with ground.postgresql(name, home, replicas=2) as made:
            return await _lived(ground, made, crashing)
    finally:
        await asyncio.to_thread(postgres.remove, home)


async def disk_is_full(ground: Ground, name: str, times: int) -> Verdict:
    """The disk under a SQLite file takes nothing more for some seconds, again and again."""
    folder = ground.folder / f"{name}-disk"
    folder.mkdir()
    with disks.disk(folder) as disk:
        url = world.sqlite_copy(ground.template, folder)
        told = {"BELAY_OUT_FILE": str(folder / "belay-out.txt")}

        async def filling(rng: random.Random) -> None:
            await _started(made)
            for _ in range(times):
                await passes(rng.uniform(*BREAK))
                pids = [replica.pid for replica in made.replicas]
                at = time.time()
                disk.fill(pids)
                await passes(rng.uniform(*FULL))
                disk.free(pids)
                made.outages.append((at, time.time()))
                made.kills.append(Kill(at, "full"))
                ground.progress(f"{made.name}: {len(made.kills)} of {times}")

        beside = ground.folder / name
        beside.mkdir()
        async with world.world(name, beside, url, environment=told) as made:
            verdict = await _lived(ground, made, filling)
            verdict.wrong += _unfelt(made)
            return verdict


def _unfelt(made: World) -> list[str]:
    """Whether the bot noticed the disk at all: a log that is written over takes some more."""
    noticed = sum("Unavailable" in line for bot in made.replicas for line in bot.errors())
    return [] if noticed else ["the disk was never felt to be full"]


async def line_is_wedged(ground: Ground, name: str, times: int) -> Verdict:
    """The line to Slack stands and carries nothing, both ways or one way."""
    async with wedge.line() as line:
        api = f"http://127.0.0.1:{line.port}/api/"

        async def wedging(rng: random.Random) -> None:
            await _started(made)
            for number in range(times):
                await passes(rng.uniform(*BREAK))
                at = time.time()
                line.wedge(outwards=number % 3 != 1, inwards=number % 3 != 2)
                await passes(rng.uniform(*WEDGED))
                line.free()
                made.silences.append((at, time.time()))
                made.kills.append(Kill(at, "wedge"))
                ground.progress(f"{made.name}: {len(made.kills)} of {times}")

        async with ground.sqlite(name, api_url=api) as made:
            line.target = int(made.workspace.url.rpartition(":")[2])
            return await _lived(ground, made, wedging)


async def all_sleep(ground: Ground, name: str, times: int) -> Verdict:
    """The machine sleeps: bot and workspace stand still, and time goes on."""
    async with ground.sqlite(name) as made:
        return await _lived(ground, made, lambda rng: _sleeping(ground, made, rng, times, True))


async def bots_sleep(ground: Ground, name: str, times: int) -> Verdict:
    """One of two replicas sleeps past its leases, and the workspace goes on without it."""
    async with ground.postgresql(name, ground.home, replicas=2) as made:
        return await _lived(ground, made, lambda rng: _sleeping(ground, made, rng, times, False))


async def _sleeping(
    ground: Ground, made: World, rng: random.Random, times: int, everything: bool
) -> None:
    await _started(made)
    for number in range(times):
        await passes(rng.uniform(*BREAK))
        asleep = made.replicas if everything else [made.replicas[number % len(made.replicas)]]
        at = time.time()
        _signal(made, asleep, everything, signal.SIGSTOP)
        await passes(ASLEEP + rng.uniform(0, 3))
        _signal(made, asleep, everything, signal.SIGCONT)
        if everything:
            made.outages.append((at, time.time()))
        made.kills.append(Kill(at, "sleep"))
        ground.progress(f"{made.name}: {len(made.kills)} of {times}")


def _signal(made: World, replicas: list[Replica], everything: bool, which: signal.Signals) -> None:
    for replica in replicas:
        replica.signal(which)
    if everything:
        made.sandbox.process.send_signal(which)
