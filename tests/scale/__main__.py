"""`python -m tests.scale`: what docs/scale.md says was measured. SCALE_DEADLINES=2000 by default.

SCALE_REPLICAS=1,2,4 says how many processes share one PostgreSQL, run after run.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.report import Row, table
from tests.scale import replicas, visits

DEADLINES = int(os.environ.get("SCALE_DEADLINES", "2000"))
REPLICAS = [int(one) for one in os.environ.get("SCALE_REPLICAS", "1,2,4").split(",")]


def main() -> None:
    """This counts, measures, and prints one table."""
    if sys.argv[1:]:
        sys.stdout.write(f"{__doc__}\n")
        return
    rows = [Row("Calls of Slack that a visit takes")]
    for name, story in visits.STORIES.items():
        say(f"{name} ...")
        with tempfile.TemporaryDirectory() as folder:
            counted = asyncio.run(visits.count(story, Path(folder)))
        listed = ", ".join(f"{method} {number}" for method, number in counted.items())
        rows.append(Row(name, f"{sum(counted.values())} calls"))
        rows.append(Row(f"of them {listed}"))
    rows.append(Row(f"{DEADLINES} deadlines due at once, PostgreSQL, {os.cpu_count()} cores"))
    for number in REPLICAS:
        say(f"{number} replicas ...")
        run = asyncio.run(replicas.measure(number, DEADLINES))
        rows.append(Row(f"{number} replicas: decided a second", f"{run.rate:,.0f}"))
        late = f"{run.quantile(0.5):.2f} s / {run.quantile(0.99):.2f} s"
        rows.append(Row(f"{number} replicas: late, half / 99 of 100", late))
        shares = " + ".join(map(str, run.shares))
        rows.append(Row(f"{number} replicas: who decided; faults", f"{shares}; {run.faults}"))
    sys.stdout.write(table("Belay on more than one machine", rows) + "\n")


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main()
