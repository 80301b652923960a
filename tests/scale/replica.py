"""`python -m tests.scale.replica URL`: one replica's sweep, for `tests.scale.replicas` alone.

It says `ready`, sweeps from a line on standard input to the next one, and prints what it committed
when: the monotonic clock is one for all processes of a machine.
"""

import asyncio
import json
import sys

from bot.clock import DatabaseClock
from bot.context import Context
from bot.scheduler.sweep import Sweep
from bot.settings import Settings
from storage import deadlines
from tests.bench.burst import Watched
from tests.bench.seeding import SEALER


async def main(url: str) -> None:
    """This sweeps between two lines."""
    database = Watched.open(url)
    ctx = Context(database, SEALER, DatabaseClock(), Settings())
    await database.run(deadlines.next_due)
    say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    sweep = Sweep(ctx)
    turning = asyncio.create_task(sweep.loop.run())
    await asyncio.to_thread(sys.stdin.readline)
    turning.cancel()
    await asyncio.gather(turning, return_exceptions=True)
    say(json.dumps({"committed": database.committed, "faults": sweep.loop.faults}))
    await asyncio.to_thread(database.dispose)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
