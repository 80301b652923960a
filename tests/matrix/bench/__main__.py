"""`make bench-matrix`, `python -m tests.matrix.bench`: how well and how fast it answers.

QUESTIONS=file  JSON lines with id, text, expected, urgent, kind, notes: your own questions.
PUBLIC=folder   CLINC150 and HINT3, laid out as public.py says.
CACHE=folder    where vectors are kept from one run to the next (build/matrix).

Without any it prints what the packs say of themselves: each phrasing as if it had not been seen,
and whole parts of the packs held out. No question is printed, ever: errors are listed by id.
"""

import os
import platform
import sys
from pathlib import Path

from bot.encoders import build
from bot.matrix import shipped
from tests.matrix.bench import packs, public, questions, running
from tests.report import Row, table

WAYS = {
    "letters and words alone": ((), None),
    "encoders alone": (build.BOTH, {"minilm": 0.4, "multilingual": 1.0}),
    "both together": (build.BOTH, None),
}


def main() -> int:
    """Print every figure; the exit code is 1 where a target was missed."""
    cache = Path(os.environ.get("CACHE") or "build/matrix")
    asked, data = os.environ.get("QUESTIONS"), os.environ.get("PUBLIC")
    if not asked:
        _say("QUESTIONS=file: none given, so only the packs are measured.")
    if not data:
        _say("PUBLIC=folder: none given, so nothing is compared with published figures.")
    matrix = shipped.matrix()
    found: list[Row] = []
    details: list[str] = []
    for way, (names, shares) in WAYS.items():
        _say(f"{way} ...")
        engine = build.engine(matrix, cache, models=build.encoders(names), shares=shares)
        found += packs.unseen(way, engine)
        if asked:
            rows, errors = questions.measure(way, engine, Path(asked))
            found += rows
            details += errors
    if asked:
        found += questions.copies(matrix, Path(asked))
    _say("held out ...")
    found += packs.held_out(matrix, cache)
    if data:
        _say("public data ...")
        found += public.rows(Path(data), build.encoders()[0], cache / "public")
    _say("time and memory ...")
    found += running.rows(cache)
    title = f"make bench-matrix: matrix {matrix.version}, {len(matrix.rows)} rows"
    title += f", {os.cpu_count()} cores, Python {platform.python_version()}"
    sys.stdout.write("\n".join(["", table(title, found), *details]) + "\n")
    return int(any(row.met is False for row in found))


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
