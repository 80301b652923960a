"""`make bench`, `python -m tests.bench [PART ...]`: how fast it is, beside what is wanted.

Parts: acknowledging burst rivals pages standing; all without a name. BENCH_QUICK=1 runs a small
version of everything, to see that it runs: its figures mean little. Each part is a process of its
own, so that none warms, fills or stalls another. The exit code is 1 where a part did not come
about; a missed target is said and fails nothing, because machines differ.
"""

import asyncio
import json
import logging
import os
import platform
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib import import_module

import structlog

from tests.bench.figures import failed
from tests.report import Row, table

PARTS = ("acknowledging", "burst", "rivals", "pages", "standing")
FLAG = "--part"
WITHIN = 1800.0  # s; a part that takes longer is broken


def main(names: list[str]) -> int:
    """Run the parts one after the other and print the table."""
    if names[:1] == [FLAG]:
        sys.stdout.write(json.dumps([asdict(row) for row in run(names[1])]) + "\n")
        return 0
    if unknown := [name for name in names if name not in PARTS]:
        sys.stdout.write(f"{__doc__}\n")
        return 0 if unknown[0] in ("-h", "--help") else 2
    quick = "BENCH_QUICK=1: " if _quick() else ""
    began, rows, broken = time.monotonic(), [], 0
    for name in names or PARTS:
        _say(began, f"{name} ...")
        found = _apart(name)
        broken += found is None
        rows += [failed(name, "did not come about: see above")] if found is None else found
    minutes = (time.monotonic() - began) / 60
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    title = f"make bench: {quick}{os.cpu_count()} cores, Python {platform.python_version()}, {load}"
    sys.stdout.write(f"\n{table(f'{title}, {minutes:.0f} minutes', rows)}\n")
    return int(broken > 0)


def run(name: str) -> list[Row]:
    """Measure one part in this process."""
    # What is logged would be measured with the rest.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    measure: Callable[[bool], Awaitable[list[Row]]] = import_module(f"tests.bench.{name}").measure
    return asyncio.run(_awaited(measure(_quick())))


async def _awaited(rows: Awaitable[list[Row]]) -> list[Row]:
    return await rows


def _apart(name: str) -> list[Row] | None:
    """Measure one part in a process of its own; None where that failed."""
    command = [sys.executable, "-m", "tests.bench", FLAG, name]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False, timeout=WITHIN)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0:
        return None
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def _say(began: float, what: str) -> None:
    sys.stdout.write(f"{(time.monotonic() - began) / 60:5.1f} min  {what}\n")
    sys.stdout.flush()


def _quick() -> bool:
    return os.environ.get("BENCH_QUICK", "") not in ("", "0")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
