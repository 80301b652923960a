"""`python -m tests.security [--help]`: what takes too long for `make test`.

Types each of the 500 made-up identifiers into every input, and measures 1,000 answers, half of
them under duress. SECURITY_QUICK=1 types a twentieth and measures a tenth.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.report import Row, table
from tests.security.corpus import Planted, corpus
from tests.security.inputs import INPUTS, Input
from tests.security.planting import Found, plant
from tests.security.timing import Timed, Told, answers, told

ANSWERS = 1_000
# With 500 of each the figure of a coin strays by 0.018; four times that is no accident any more.
COIN_WITHIN = 0.075
SEED = 7


def main() -> int:
    """Run both parts and print the table; 1 where a target was missed."""
    argparse.ArgumentParser("python -m tests.security", description=__doc__).parse_args()
    quick = os.environ.get("SECURITY_QUICK") == "1"
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="belay-security-") as folder:
        found, typed = asyncio.run(_planted(Path(folder), every=20 if quick else 1))
        timed = asyncio.run(
            answers(Path(folder), ANSWERS // 10 if quick else ANSWERS, SEED, _shown("answers"))
        )
    rows = [*_planted_rows(found, typed), *_timing_rows(timed)]
    _say("\r" + " " * 60 + "\r")
    seconds = time.monotonic() - began
    title = f"What must not come out, and what must not be told apart ({seconds:.0f} s)"
    sys.stdout.write(table(title, rows) + "\n")
    return int(any(row.met is False for row in rows))


async def _planted(folder: Path, every: int) -> tuple[list[Found], int]:
    """Everything into everything; and once into each input with two hours of the clock after it."""
    some = corpus()[::every]
    name, other = corpus()[-1], corpus()[0]

    def all_of_it(_one: Input) -> Sequence[Planted]:
        return some

    (folder / "short").mkdir()
    (folder / "long").mkdir()
    found = await plant(folder / "short", all_of_it, whole=False, show=_shown("identifiers"))
    found += await plant(folder / "long", lambda _one: (name, other), show=_shown("with pages"))
    return found, (len(some) + 2) * len(INPUTS)


def _planted_rows(found: list[Found], typed: int) -> list[Row]:
    others = [one for one in found if one.kind != "name"]
    names = [one for one in found if one.kind == "name" and not one.known]
    places = sorted({f"{one.into}: {one.where}" for one in (*others, *names)})
    return [
        Row("Planted identifiers", f"{typed:,} typed"),
        Row(
            "  phones, SSNs, record numbers, addresses, birth dates, e-mails that came out",
            f"{len(others)}",
            "0",
            not others,
        ),
        Row(
            "  names that came out elsewhere than where people work with what was typed",
            f"{len(names)}",
            "0",
            not names,
        ),
        *(Row(f"    {place}") for place in places[:12]),
    ]


def _timing_rows(timed: list[Timed]) -> list[Row]:
    ordinary = [one for one in timed if not one.duress]
    duress = [one for one in timed if one.duress]
    acks = told([one.ack for one in ordinary], [one.ack for one in duress])
    ticks = told([one.tick for one in ordinary], [one.tick for one in duress])
    return [
        Row("Duress told from OK by time", f"{len(timed):,} answers"),
        _timing_row("  until it is acknowledged: chance to guess right (0.5 is a coin)", acks),
        _timing_row("  until the tick is drawn: chance to guess right", ticks),
    ]


def _timing_row(what: str, seen: Told) -> Row:
    said = f"{seen.guess:.3f} ({seen.apart * 1000:+.2f} ms)"
    near = abs(seen.guess - 0.5) <= COIN_WITHIN
    return Row(what, said, f"0.5 ± {COIN_WITHIN}", near)


def _shown(what: str):
    def show(done: int, every: int) -> None:
        if done % 20 == 0 or done == every:
            _say(f"\r{what}: {done:,} of {every:,}   ")

    return show


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
