"""How fast one, two and four replicas on one PostgreSQL decide what is due in one second."""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from storage import tables
from storage.database import Database
from tests.bench import grounds, seeding

WITHIN = 120.0  # s
OTHERS = 1_000  # visits that are open and not due


@dataclass(frozen=True)
class Run:
    """This is one run: from the start's word to each deadline's commit, in seconds."""

    replicas: int
    late: list[float]
    shares: list[int]
    faults: int

    @property
    def rate(self) -> float:
        """Deadlines decided a second, from the start's word to the last commit."""
        return len(self.late) / max(self.late)

    def quantile(self, part: float) -> float:
        """How late this part of all deadlines was at most."""
        return sorted(self.late)[min(len(self.late) - 1, int(part * len(self.late)))]


async def measure(replicas: int, count: int) -> Run:
    """Let so many replicas do `count` deadlines, all due already, on an empty durable server."""
    with grounds.database("postgresql") as (url, _):
        database = Database.open(url, threads=1)
        database.run_sync(tables.metadata.create_all)
        # Each is a worker who is missed now: a ladder begins, and people are to be paged.
        due = seeding.Group(count, datetime.now(UTC), missed=True)
        database.run_sync(seeding.fill, count + OTHERS, (due,))
        started = await asyncio.gather(*(_start(url) for _ in range(replicas)))
        try:
            began = time.monotonic()
            for one in started:
                _tell(one)
            await _until(database, count)
            said = await asyncio.gather(*(_end(one) for one in started))
        finally:
            for one in started:
                if one.returncode is None:
                    one.kill()
                await one.wait()
        await asyncio.to_thread(database.dispose)
    done = [[(at - began, number) for at, number in one["committed"]] for one in said]
    late = [at for one in done for at, number in one for _ in range(number)]
    shares = [sum(number for _, number in one) for one in done]
    assert len(late) == count, "a deadline was decided twice, or not at all"
    return Run(replicas, late, shares, sum(one["faults"] for one in said))


async def _start(url: str) -> Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.scale.replica", url),
        stdin=PIPE,
        stdout=PIPE,
        env={**os.environ, "BELAY_LOG_LEVEL": "error"},
    )
    assert process.stdout
    assert (await asyncio.wait_for(process.stdout.readline(), WITHIN)).strip() == b"ready"
    return process


def _tell(process: Process) -> None:
    assert process.stdin
    process.stdin.write(b"\n")


async def _end(process: Process) -> dict:
    _tell(process)
    assert process.stdout
    lines = (await asyncio.wait_for(process.stdout.read(), WITHIN)).splitlines()
    return json.loads(lines[-1])


async def _until(database: Database, count: int) -> None:
    """Wait until so many ladders have begun."""
    async with asyncio.timeout(WITHIN):
        while await database.run(_begun) < count:  # noqa: ASYNC110 - other processes do it
            await asyncio.sleep(0.02)


def _begun(conn) -> int:
    return conn.execute(text("SELECT count(*) FROM escalation")).scalar_one()
