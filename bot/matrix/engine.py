"""The engine: a matrix, what was learnt from it, and the encoders; a question in, an answer out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.matrix import extend
from bot.matrix.answer import BY_WORDS, LIMITS, Answer, Hit, Limits, decide, placed, why
from bot.matrix.clauses import clauses, without_denials
from bot.matrix.learn import Encoder, Features, Fitted, Floats
from bot.matrix.model import Matrix
from bot.matrix.packs import Example
from bot.matrix.weigh import Layout, Scale, Weighed, layout, weigh
from bot.matrix.words import Reader

_MENTIONED = 0.2  # a chance from which on a denied row was mentioned


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """This answers questions. `degraded` says why it goes on with less than it should have."""

    matrix: Matrix
    examples: tuple[Example, ...]
    reader: Reader
    learned: Fitted
    layout: Layout
    scale: Scale
    encoders: tuple[Encoder, ...]
    degraded: str | None = None
    limits: Limits = LIMITS

    def ask(self, text: str) -> Answer:
        """The answer to a question in English, Spanish or both; nothing of it is kept."""
        read = self.reader.read(text)
        if read.empty:
            return Answer(True, (), (), read, self.matrix.version, self.degraded)
        rest, parts = without_denials(read.text), clauses(read.text)
        if rest is not None:
            parts = clauses(rest)
        asked = [read.text, *([rest] if rest else []), *parts]
        likenesses = self._alike(asked)
        weighed = [weigh(self.learned.scores(one), self.layout, self.scale) for one in likenesses]
        whole, alike = weighed[0], likenesses[0]
        denied: tuple[str, ...] = ()
        limits = BY_WORDS if self.degraded else self.limits
        if rest is not None and weighed[1].outside < limits.outside:
            whole, alike = weighed[1], likenesses[1]
            denied = self._denied(weighed[0], whole)
        outside, rows = decide(
            whole, weighed[len(asked) - len(parts) :], self.matrix, self.layout, limits
        )
        if denied and not outside:
            rows += self._still(weighed[0], denied, rows)
        hits = tuple(
            replace(hit, why=why(hit, alike, self.learned, self.examples, read.text))
            for hit in rows
        )
        return Answer(outside, hits, denied, read, self.matrix.version, self.degraded)

    def grown(self, matrix: Matrix, encoders: Sequence[Encoder] | None = None) -> "Engine":
        """An engine for another matrix that is much like this one, without learning it anew.

        `encoders` stand in for this one's own while it is made. Raises extend.TooMuchError.
        """
        reader = extend.reader(self.reader, matrix)
        before = extend.Before(self.matrix, self.examples, self.learned)
        using = self.encoders if encoders is None else encoders
        learned, examples = extend.extended(before, matrix, reader, using)
        lay = layout(matrix, learned.columns)
        return replace(
            self, matrix=matrix, examples=examples, reader=reader, learned=learned, layout=lay
        )

    def _alike(self, texts: Sequence[str]) -> list[Floats]:
        # The last takes most memory while it is loaded: first, that is free again for the others.
        vectors = {one.name: one.encode(texts) for one in reversed(self.encoders)}
        return self.learned.alike(
            [
                Features(text, {name: v[no] for name, v in vectors.items()})
                for no, text in enumerate(texts)
            ]
        )

    def _still(
        self, before: Weighed, denied: Sequence[str], rows: Sequence[Hit]
    ) -> tuple[Hit, ...]:
        """The urgent row that was denied, for the end of the list: a denial is not always true."""
        wide = self.layout.wide
        there = {hit.key for hit in rows}
        left = [no for no, key in enumerate(wide) if key in denied and key not in there]
        worst = max(left, key=lambda no: float(before.urgent[no]), default=None)
        if worst is None or before.urgent[worst] < _MENTIONED:
            return ()
        share = float(before.urgent[worst])
        return (placed(worst, share, before, self.matrix, self.layout, self.limits),)

    def _denied(self, before: Weighed, after: Weighed) -> tuple[str, ...]:
        gone = (before.chance >= _MENTIONED) & (after.chance < _MENTIONED)
        return tuple(self.layout.wide[no] for no in np.flatnonzero(gone))
