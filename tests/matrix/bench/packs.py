"""What the packs say of themselves: each phrasing as if not seen, and parts of them held out."""

from collections.abc import Sequence
from pathlib import Path

from bot.encoders import build
from bot.matrix.answer import decide
from bot.matrix.engine import Engine
from bot.matrix.learn import NAMES, Learned, all_examples
from bot.matrix.model import URGENT, Matrix
from bot.matrix.packs import Example, Pack, Phrases
from bot.matrix.weigh import weigh
from tests.matrix.bench.scores import Share
from tests.report import Row

PARTS = 5  # every fifth phrasing of each list is held out, once


class _Counts:
    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.shares: dict[str, Share] = {}

    def add(self, example: Example, outside: bool, hits: Sequence) -> None:
        """Count what became of one phrasing."""
        first = bool(hits) and hits[0].tier in URGENT
        if example.row is None:
            self._count("background left alone", outside)
            self._count("background without a page", not first)
            return
        right = {self.matrix.wide(row).key for row in (example.row, *example.also)}
        keys = [hit.key for hit in hits]
        self._count("first row right", keys[:1] and keys[0] in right)
        self._count("among three", any(key in right for key in keys[:3]))
        if example.kind == "live" and self.matrix.by_key[example.row].tier in URGENT:
            self._count("an urgent row is on the list", any(key in right for key in keys))
            self._count("a page is offered for it", any(hit.tier in URGENT for hit in hits))
            if example.language == "es":
                self._count("... of those in Spanish", any(key in right for key in keys))
        else:
            self._count("not urgent, without a page", not first)

    def _count(self, what: str, good: object) -> None:
        share = self.shares.setdefault(what, Share())
        share.of += 1
        share.good += bool(good)

    def rows(self, name: str) -> list[Row]:
        return [Row(name), *(Row(f"  {what}", str(one)) for what, one in self.shares.items())]


def unseen(way: str, engine: Engine) -> list[Row]:
    """Every phrasing, scored as if it were not among the examples (in closed form)."""
    counts = _Counts(engine.matrix)
    learned = engine.learned
    assert isinstance(learned, Learned), "only what was learnt in full knows them"
    for example, scores in zip(engine.examples, learned.unseen, strict=True):
        if example.kind not in NAMES:
            weighed = weigh(scores, engine.layout, engine.scale)
            counts.add(example, *decide(weighed, (), engine.matrix, engine.layout, engine.limits))
    return counts.rows(f"packs, each as if not seen, {way}")


def held_out(matrix: Matrix, cache: Path) -> list[Row]:
    """Every fifth phrasing taken out, the rest learnt, and those asked as questions are."""
    engine = build.engine(without(matrix, 0), cache)
    known = set(engine.examples)
    counts = _Counts(matrix)
    for example in all_examples(matrix):
        if example not in known:
            answer = engine.ask(example.text)
            counts.add(example, answer.outside, answer.rows)
    return counts.rows(f"packs, one in {PARTS} held out and asked")


def without(matrix: Matrix, part: int) -> Matrix:
    """The matrix without every fifth phrasing of each list."""

    def thinned(phrases: Phrases) -> Phrases:
        kept = {
            language: tuple(
                one for no, one in enumerate(getattr(phrases, language)) if no % PARTS != part
            )
            for language in ("en", "es", "any")
        }
        return Phrases(**kept)

    def pack(whole: Pack) -> Pack:
        return whole.model_copy(
            update={
                "live": {key: thinned(one) for key, one in whole.live.items()},
                "not_live": {key: thinned(one) for key, one in whole.not_live.items()},
                "denied": tuple(one for no, one in enumerate(whole.denied) if no % PARTS != part),
            }
        )

    return matrix.model_copy(
        update={
            "packs": {key: pack(one) for key, one in matrix.packs.items()},
            "background": {key: thinned(one) for key, one in matrix.background.items()},
        }
    )
