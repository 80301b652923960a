"""The whole bot with 100,000 visits open and nothing due: what it costs, and whether it grows.

The process is the real one, its workspace beside it. Growth is looked for on a virtual clock.
"""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from protocol.policy import ChannelRole
from tests.bench import month, seeding
from tests.bench.burst import seed
from tests.kills import world
from tests.kills.world import World
from tests.protocol.world import NOON
from tests.report import Row

MEMORY = 150  # MB
IDLE = 0.005  # of a core


@dataclass(frozen=True)
class Size:
    """How many are open, how long the bot is let settle and then watched (s), simulated days."""

    visits: int = 100_000
    settles: float = 45.0
    watched: float = 60.0
    days: int = 30


QUICK = Size(visits=2_000, settles=5.0, watched=5.0, days=2)


async def measure(quick: bool) -> list[Row]:
    """The rows about memory and idling."""
    size = QUICK if quick else Size()
    memory, peak, share = await _idle(size)
    return [
        Row(f"The whole bot, {size.visits:,} visits open, nothing due (SQLite)"),
        Row(
            "memory (RSS), and its peak",
            f"{memory:.0f}, {peak:.0f} MB",
            f"< {MEMORY} MB",
            peak < MEMORY,
        ),
        Row("idle", f"{share:.2%} of a core", f"< {IDLE:.1%}", share < IDLE),
        *await asyncio.to_thread(month.measure, size.days),
    ]


async def _idle(size: Size) -> tuple[float, float, float]:
    """Memory now and at most (MB), and the share of a core that it takes."""
    with tempfile.TemporaryDirectory(prefix="belay-bench-") as made:
        folder = Path(made)
        url = f"sqlite:///{folder / 'belay.db'}"
        await asyncio.to_thread(seed, url, size.visits, [])
        async with world.world("idle", folder, url) as one:
            await _furnish(one)
            bot = one.replicas[0]
            await bot.start()
            await bot.ready()
            await asyncio.sleep(size.settles)
            before = _cpu(bot.pid)
            await asyncio.sleep(size.watched)
            share = (_cpu(bot.pid) - before) / size.watched
            return _status(bot.pid, "VmRSS"), _status(bot.pid, "VmHWM"), share


async def _furnish(made: World) -> None:
    """Set the workspace's clock to the visits, and give it the programs' channels."""
    at = (NOON + seeding.SOON).timestamp()
    await made.workspace.post("/clock", {"set": at})
    channels = [
        {
            "id": seeding.channel_of(seeding.program_of(n), role),
            "members": ["app"],
            "name": f"{role}-{n}",
        }
        for n in range(seeding.PROGRAMS)
        for role in ChannelRole
    ]
    await made.workspace.post("/setup", {"channels": channels})


def _cpu(pid: int) -> float:
    """The processor time of a process so far (s)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, what: str) -> float:
    """A line of a process's memory (MB)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024
