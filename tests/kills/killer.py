"""When to kill: at random, and aimed at the moments where something could be lost."""

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.kills.judge import Kill
from tests.kills.moments import passes, until
from tests.kills.world import Replica, World

Aim = Callable[[World, Replica, random.Random], Awaitable[None]]

# A kill that is aimed waits so long for its moment, and then takes what there is.
AIMED_WITHIN = 2.0
# Of SQLite's lock bytes in the -shm file, the one that its only writer holds.
WRITE_LOCK = "120 120"
SLOWLY = {"target": "chat.postMessage", "count": 3, "seconds": 0.15}


async def kill(world: World, replica: Replica, aim: str) -> None:
    """kill -9, and a look at what that moment was."""
    starting, writing = not replica.is_ready, is_writing(world, replica)
    at = await replica.kill()
    rows = world.look("SELECT key, claim_no FROM outbox WHERE claimed_by IS NOT NULL")
    waiting = world.look(
        "SELECT count(*) FROM outbox WHERE outcome IS NULL AND claimed_by IS NULL"
        " AND attempt_at <= :at AND kind <> 'Refresh'",
        at=world.given(at),
    )
    due = world.look("SELECT count(*) FROM matter WHERE attempt_at <= :at", at=world.given(at))
    world.kills.append(
        Kill(
            at,
            aim,
            starting=starting,
            writing=writing,
            due=bool(due and due[0][0]),
            claimed={row.key: row.claim_no for row in rows},
            waiting=waiting[0][0] if waiting else 0,
        )
    )


def is_writing(world: World, replica: Replica) -> bool:
    """Whether a transaction that may write is open at this moment."""
    if world.on_sqlite:
        held = f" {replica.pid} "
        locks = Path("/proc/locks")
        lines = locks.read_text().splitlines() if locks.exists() else []
        return any(held in line and line.endswith(WRITE_LOCK) for line in lines)
    rows = world.look(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
        " AND datname = current_database()"
    )
    return bool(rows and rows[0][0])


async def anywhen(world: World, replica: Replica, rng: random.Random) -> None:
    """At any time."""
    await passes(rng.uniform(0, 2.0))


async def in_a_sweep(world: World, replica: Replica, rng: random.Random) -> None:
    """When something has come due, while a transaction is open."""
    await passes(rng.uniform(0.1, 0.6))
    rows = world.look("SELECT min(attempt_at) FROM matter WHERE attempt_at IS NOT NULL")
    if rows and rows[0][0]:
        due = rows[0][0]
        due = datetime.fromisoformat(due).replace(tzinfo=UTC) if isinstance(due, str) else due
        await passes(min(AIMED_WITHIN, due.timestamp() - time.time() - 0.002))
    await until(lambda: is_writing(world, replica), 0.2)


async def between_claim_and_accept(world: World, replica: Replica, rng: random.Random) -> None:
    """While a row is claimed, and its call may be on its way."""
    await passes(rng.uniform(0.1, 0.6))
    await world.workspace.post("/faults", {"effect": "slow", **SLOWLY})
    claimed = "SELECT 1 FROM outbox WHERE claimed_by IS NOT NULL AND kind <> 'Refresh' LIMIT 1"
    await until(lambda: bool(world.look(claimed)), AIMED_WITHIN)
    await passes(rng.choice([0.0, 0.0, rng.uniform(0, 0.1)]))


async def between_accept_and_record(world: World, replica: Replica, rng: random.Random) -> None:
    """When the workspace has accepted a message, and has not said so."""
    await passes(rng.uniform(0.1, 0.6))
    fault = await world.workspace.post("/faults", {"effect": "hang_after", **SLOWLY})
    end = time.monotonic() + AIMED_WITHIN
    while time.monotonic() < end:
        faults = (await world.workspace.get("/faults"))["faults"]
        if any(one["id"] == fault["id"] and one["hits"] for one in faults):
            break
        await passes(0.005)


AIMS: dict[str, Aim] = {
    "any": anywhen,
    "sweep": in_a_sweep,
    "claim": between_claim_and_accept,
    "accept": between_accept_and_record,
}
# Where a kill falls while the process starts: in all of its first seconds.
START_LASTS = 1.2
TWICE = 0.2


async def keep_killing(
    world: World, replica: Replica, rng: random.Random, enough: Callable[[], bool]
) -> None:
    """Let it start, kill it, start it again: until it is enough. It runs in the end."""
    await replica.start()
    await replica.ready()
    while not enough():
        aim = rng.choice(list(AIMS))
        await AIMS[aim](world, replica, rng)
        await kill(world, replica, aim)
        await world.workspace.delete("/faults")
        await passes(rng.uniform(0, 0.3))
        await replica.start()
        while rng.random() < TWICE and not enough():
            await passes(rng.uniform(0, START_LASTS))
            await kill(world, replica, "start")
            await replica.start()
        await replica.ready()
