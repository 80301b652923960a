"""`make kills`, `python -m tests.kills [SCENARIO ...]`: real processes die, and nobody is lost.

Knobs are variables of the environment: KILLS (how many kill -9 in all, 1000), SEED (of the order
of things; printed). Scenarios: sqlite postgresql crash disk wedge sleep pause; all without a name.
The exit code is 1 where anything was lost, or accepted more often than a scenario allows.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests import postgres, report
from tests.kills import figures, scenarios, world
from tests.kills.judge import Verdict
from tests.kills.scenarios import Ground

Scenario = Callable[[Ground, str, int], Awaitable[Verdict]]

KILLS = 1000
# A world's workspace remembers everything, and gets slower with it.
BATCH = 40
# On two cores: more bots at once would only start more slowly.
LANES: dict[str, tuple[Scenario, int]] = {
    "sqlite": (scenarios.killed_on_sqlite, 2),
    "postgresql": (scenarios.killed_on_postgresql, 1),
}
# What is mostly waiting runs side by side; how often each.
BESIDE: dict[str, tuple[Scenario, int]] = {
    "crash": (scenarios.postgresql_crashes, 12),
    "disk": (scenarios.disk_is_full, 8),
    "wedge": (scenarios.line_is_wedged, 6),
    "sleep": (scenarios.all_sleep, 3),
    "pause": (scenarios.bots_sleep, 4),
}


class Progress:
    """This says every ten seconds how far each world is."""

    def __init__(self) -> None:
        self.began = self.said = time.monotonic()
        self._newest: dict[str, str] = {}

    def __call__(self, where: str) -> None:
        self._newest[where.partition(":")[0]] = where
        if time.monotonic() - self.said > 10:
            self.say(" · ".join(self._newest.values()))
            self._newest.clear()

    def say(self, what: str) -> None:
        """One line, at once."""
        self.said = time.monotonic()
        sys.stdout.write(f"{(self.said - self.began) / 60:5.1f} min  {what}\n")
        sys.stdout.flush()


async def all_of(names: list[str], kills: int, ground: Ground) -> dict[str, Verdict]:
    """Run these scenarios: first the kills, which take all of the machine, then the others."""
    verdicts = {name: Verdict() for name in names}
    killed = [name for name in LANES if name in verdicts]
    async with asyncio.TaskGroup() as group:
        for name in killed:
            run, lanes = LANES[name]
            left = kills // len(killed)
            batches = [
                (number, min(BATCH, left - at)) for number, at in enumerate(range(0, left, BATCH))
            ]
            for lane in range(lanes):
                mine = batches[lane::lanes]
                group.create_task(_lane(run, name, mine, ground, verdicts[name]))
    async with asyncio.TaskGroup() as group:
        for name, (run, times) in BESIDE.items():
            if name in verdicts:
                group.create_task(_lane(run, name, [(0, times)], ground, verdicts[name]))
    return verdicts


async def _lane(
    run: Scenario, name: str, batches: list[tuple[int, int]], ground: Ground, sum_: Verdict
) -> None:
    for number, times in batches:
        verdict = await run(ground, f"{name}-{number}", times)
        sum_.add(verdict)
        for finding in figures.findings(f"{name}-{number}", verdict):
            sys.stdout.write(f"  {finding}\n")


def main(names: list[str]) -> int:
    """Run it all and print the table."""
    known = [*LANES, *BESIDE]
    if unknown := [name for name in names if name not in known]:
        sys.stdout.write(f"{__doc__}\n")
        return 0 if unknown[0] in ("-h", "--help") else 2
    kills = int(os.environ.get("KILLS", KILLS))
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
    progress = Progress()
    progress.say(f"KILLS={kills} SEED={seed}")
    home = postgres.reserve_home()
    try:
        with tempfile.TemporaryDirectory(prefix="belay-kills-") as made:
            folder = Path(made)
            template = folder / "template.db"
            world.prepare(f"sqlite:///{template}", folder)
            postgres.ensure_running(home, postgres.DURABLE)
            ground = Ground(folder, template, home, seed, progress)
            verdicts = asyncio.run(all_of(names or known, kills, ground))
    finally:
        postgres.remove(home)
    rows = [row for name, verdict in verdicts.items() for row in figures.rows_of(name, verdict)]
    rows += figures.beside(verdicts)
    minutes = (time.monotonic() - progress.began) / 60
    title = f"make kills: KILLS={kills} SEED={seed}, {minutes:.0f} minutes"
    sys.stdout.write(f"\n{report.table(title, rows)}\n")
    return int(not all(figures.is_safe(name, verdict) for name, verdict in verdicts.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
