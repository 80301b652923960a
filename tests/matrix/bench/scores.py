"""Figures of answers to questions whose answers are known, each with its interval.

`expected` names the rows that the asker needs (none: it is outside the matrix). Notes may say
`also_ok: row` for rows neither required nor punished, and `urgent_either` for a close call.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.matrix.answer import Answer
from bot.matrix.model import URGENT
from tests.report import Row

_ALSO = re.compile(r"also_ok:\s*([a-z_, ]+)")
# Labels of questions that sound alarming and are not meant.
TRAPS = ("trap",)


@dataclass(frozen=True)
class Question:
    """This is a question and what it needs."""

    id: str
    text: str
    expected: tuple[str, ...]
    urgent: bool
    kind: str
    notes: str = ""

    @property
    def also_ok(self):
        """The rows that are neither required nor punished."""
        found = _ALSO.search(self.notes or "")
        return {part.strip() for part in found[1].split(",")} if found else set()


@dataclass
class Share:
    """This is how many of how many, and by id those that were not."""

    good: int = 0
    of: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, question: Question, *, good: bool) -> None:
        self.of += 1
        self.good += good
        if not good:
            self.failed.append(question.id)

    @property
    def value(self) -> float:
        return self.good / self.of if self.of else math.nan

    def __str__(self) -> str:
        if not self.of:
            return "none"
        low, high = wilson(self.good, self.of)
        return f"{100 * self.value:.1f} ({100 * low:.0f}-{100 * high:.0f}) of {self.of}"


def wilson(good: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share, square = good / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def paged(answer: Answer) -> bool:
    """Whether the first row offers a page at once."""
    return bool(answer.rows) and answer.rows[0].tier in URGENT


class Tally:
    """This is the figures of one way of matching."""

    def __init__(self) -> None:
        self.urgent, self.urgent_paged = Share(), Share()
        self.first, self.three = Share(), Share()
        self.outside, self.traps, self.calm = Share(), Share(), Share()
        self.kinds: dict[str, Share] = {}

    def add(self, question: Question, answer: Answer, urgent_rows: Iterable[str]) -> None:
        """Count one answer."""
        keys = [hit.key for hit in answer.rows]
        right = set(question.expected) | question.also_ok
        close = "urgent_either" in (question.notes or "")
        kind = self.kinds.setdefault(question.kind, Share())
        if not question.expected:
            self.outside.add(question, good=answer.outside)
            if question.kind in TRAPS:
                self.traps.add(question, good=not paged(answer))
            kind.add(question, good=answer.outside)
            return
        self.first.add(question, good=bool(keys) and keys[0] in right)
        self.three.add(question, good=any(key in right for key in keys[:3]))
        if question.urgent and not close:
            wanted = [key for key in question.expected if key in set(urgent_rows)]
            shown = any(key in (wanted or question.expected) for key in keys)
            offered = any(hit.tier in URGENT for hit in answer.rows)
            self.urgent.add(question, good=shown)
            self.urgent_paged.add(question, good=shown and offered)
            kind.add(question, good=shown)
        else:
            kind.add(question, good=bool(keys) and keys[0] in right)
        if not question.urgent and not close:
            if question.kind in TRAPS:
                self.traps.add(question, good=not paged(answer))
            else:
                self.calm.add(question, good=not paged(answer))

    def rows(self, name: str) -> list[Row]:
        """The figures beside their targets, then the errors by id."""
        lines = [
            ("an urgent row is on the list", self.urgent, 0.97, ">= 97 (aim 99)"),
            ("... and a page is offered", self.urgent_paged, None, ""),
            ("first row right", self.first, 0.80, ">= 80 (aim 90)"),
            ("among three", self.three, 0.92, ">= 92 (aim 97)"),
            ("outside is left alone", self.outside, 0.90, ">= 90"),
            ("figures of speech without a page", self.traps, 0.95, ">= 95 (aim 97)"),
            ("calm questions without a page", self.calm, 0.92, ">= 92"),
        ]
        found = [Row(name)]
        for what, share, limit, target in lines:
            met = None if limit is None or not share.of else share.value >= limit
            found.append(Row(f"  {what}", str(share), target, met))
        return found

    def detail(self) -> list[str]:
        """Right answers by kind, and the errors by id."""
        lines = [f"  {kind}: {share}" for kind, share in sorted(self.kinds.items())]
        for what, share in (
            ("urgent missed", self.urgent),
            ("urgent without a page", self.urgent_paged),
            ("not among three", self.three),
            ("outside, but answered", self.outside),
            ("figure of speech paged", self.traps),
            ("calm, but paged", self.calm),
        ):
            lines.append(f"  {what}: {' '.join(share.failed) or 'none'}")
        return lines


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often something inside scores higher than something outside; ties count half."""
    both = sorted([(score, 1) for score in inside] + [(score, 0) for score in outside])
    total, below, at = 0.0, 0, 0
    while at < len(both):
        end = at
        while end < len(both) and both[end][0] == both[at][0]:
            end += 1
        own = sum(part for _, part in both[at:end])
        other = end - at - own
        total += own * (below + other / 2)
        below += other
        at = end
    return total / (len(inside) * len(outside))
