"""`make soak`: simulate a county for weeks while everything fails, on two cores, and print a table.

Environment: SEED=7 runs that seed alone. SOAK_DAYS (7) says how many seeds, each of SOAK_HOURS (24)
with SOAK_WORKERS (200); SOAK_FIRST (1) is the first of them; SOAK_CORES (2) run at once.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.report import table
from tests.simulation import soak
from tests.simulation.soak import Result


def main() -> int:
    if {"-h", "--help"} & set(sys.argv):
        soak.say(str(__doc__))
        return 0
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of a set must be the same when a seed is replayed.
        env = {**os.environ, "PYTHONHASHSEED": "0"}
        os.execve(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]], env)
    results = sorted(_results(), key=lambda one: one.seed)
    soak.say("")
    soak.say(table("A county for weeks, while everything fails", soak.rows_of(results, _cores())))
    return 1 if any(one.wrong for one in results) else 0


def _results() -> Iterator[Result]:
    seeds, hours, workers = _seeds(), _number("SOAK_HOURS", 24.0), int(_number("SOAK_WORKERS", 200))
    soak.say(f"Seeds {seeds[0]} to {seeds[-1]}, {hours:g} h each, {workers} workers.")
    # Each in a process of its own: a run leaves nothing behind for the next.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_cores(), mp_context=spawned, max_tasks_per_child=1) as pool:
        running = [pool.submit(soak.run_aloud, seed, hours, workers) for seed in seeds]
        for done in as_completed(running):
            result = done.result()
            soak.say(soak.told(result))
            yield result


def _seeds() -> list[int]:
    if chosen := os.environ.get("SEED"):
        return [int(chosen)]
    first, count = int(_number("SOAK_FIRST", 1)), int(_number("SOAK_DAYS", 7))
    return list(range(first, first + max(1, count)))


def _cores() -> int:
    return int(_number("SOAK_CORES", 2))


def _number(name: str, default: float) -> float:
    return float(os.environ.get(name) or default)


if __name__ == "__main__":
    sys.exit(main())
