"""How long an answer takes, how much memory the process has, how long it takes to start."""

import json
import subprocess
import sys
from pathlib import Path

from tests.report import Row

ANSWER_P50, ANSWER_P99 = 40.0, 100.0  # ms
MEMORY = 350.0  # MB
START = 2.0  # s
WITHIN = 600.0  # s
# In a process of its own: what was measured before would be measured with it. Everything that the
# bot imports is imported, so that the memory is the whole process's.
_SCRIPT = """
import json, resource, sys, time
import bot.cli
from pathlib import Path
began = time.perf_counter()
from bot.encoders import build
from bot.matrix import shipped
engine = build.engine(shipped.matrix(), Path(sys.argv[1]))
ready = time.perf_counter() - began
engine.ask("who do i call")
first = time.perf_counter() - began
texts = [one.text for one in engine.examples if one.kind == "live"]
texts = texts[:: max(1, len(texts) // 300)]
spent = []
for text in texts:
    began = time.perf_counter()
    engine.ask(text + " who do i call")
    spent.append((time.perf_counter() - began) * 1000)
spent.sort()
began = time.perf_counter()
engine.ask("my client says he cant go on. " * 100)
longest = (time.perf_counter() - began) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
if sys.platform == "linux":  # there a child inherits the most that its parent ever took
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
at99 = spent[int(len(spent) * 0.99)]
print(json.dumps([ready, first, spent[len(spent) // 2], at99, longest, peak]))
"""


def rows(cache: Path) -> list[Row]:
    """Time and memory beside their targets."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(cache)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=WITHIN,
    )
    ready, first, half, slow, longest, peak = json.loads(done.stdout.splitlines()[-1])
    return [
        Row("time and memory, one process"),
        Row("  an answer, median", f"{half:.0f} ms", f"< {ANSWER_P50:.0f} ms", half < ANSWER_P50),
        Row("  an answer, p99", f"{slow:.0f} ms", f"< {ANSWER_P99:.0f} ms", slow < ANSWER_P99),
        Row("  3,000 letters", f"{longest:.0f} ms"),
        Row("  start, everything kept", f"{ready:.1f} s", f"< {START:.0f} s", ready < START),
        Row("  start and first answer", f"{first:.1f} s"),
        Row("  memory at its most", f"{peak:.0f} MB", f"<= {MEMORY:.0f} MB", peak <= MEMORY),
    ]
