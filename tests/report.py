"""This lays out what a long run saw beside what was wanted: one table that fits on a page."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

WIDTH = 100
_SEEN, _WANTED, _VERDICT = 26, 22, 6  # columns; what was measured has the rest of the line
_WHAT = WIDTH - _SEEN - _WANTED - _VERDICT - 3
_WIDTHS = (_WHAT, _SEEN, _WANTED, _VERDICT)


@dataclass(frozen=True)
class Row:
    """This is one figure. `met` is None where there is no target, and a heading has only `what`."""

    what: str
    seen: str = ""
    wanted: str = ""
    met: bool | None = None


def table(title: str, rows: Sequence[Row]) -> str:
    """This is the text to print, at most WIDTH columns wide; it ends with how many were missed."""
    lines = [title, "", *_lines(("", "seen", "wanted", "")), "-" * WIDTH]
    for row in rows:
        lines += _lines((row.what, row.seen, row.wanted, _verdict(row)))
    return "\n".join([*lines, "-" * WIDTH, _sum(rows)])


def _lines(cells: Sequence[str]) -> Iterator[str]:
    wrapped = [
        textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, _WIDTHS, strict=True)
    ]
    for parts in zip_longest(*wrapped, fillvalue=""):
        line = " ".join(f"{part:<{width}}" for part, width in zip(parts, _WIDTHS, strict=True))
        yield line.rstrip()


def _verdict(row: Row) -> str:
    if row.met is None:
        return ""
    return "met" if row.met else "MISSED"


def _sum(rows: Sequence[Row]) -> str:
    judged = [row.met for row in rows if row.met is not None]
    missed = judged.count(False)
    end = f", {missed} MISSED." if missed else "."
    return f"{judged.count(True)} of {len(judged)} targets met{end}"
