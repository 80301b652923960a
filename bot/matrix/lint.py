"""What is weak in a matrix that could be read: what its keepers should mend, or know."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.matrix import reading
from bot.matrix.engine import Engine
from bot.matrix.learn import Learned
from bot.matrix.model import Kind, Matrix, Row
from bot.matrix.packs import Calm, Pack
from bot.matrix.weigh import Weighed, weigh

GRADE_MAX: Final = 8.0
GRADE_SLACK: Final = 0.5  # a single line is short, and the formula jumps
EASE_MIN: Final = 60.0  # where "normal" begins in Spanish, read in eighth grade
# How many phrasings a wide row needs before it is recognised in words that nobody wrote down.
ENOUGH_URGENT, ENOUGH = 40, 20
CONFUSED_SHARE: Final = 0.25  # of a row's own examples, taken for one other row
CONFUSED_FROM: Final = 3  # examples


@dataclass(frozen=True, slots=True)
class Weakness:
    """This is one thing to mend (`serious`) or to know."""

    row: str
    what: str
    serious: bool

    def __str__(self) -> str:
        return f"{'!' if self.serious else ' '} {self.row}: {self.what}"


def rows(matrix: Matrix, today: date) -> Iterator[Weakness]:
    """What is weak in the rows themselves."""
    for row in matrix.rows:
        if row.review_by < today:
            yield Weakness(row.key, f"its review was due on {row.review_by}", True)
        if row.urgent and not row.call_first:
            yield Weakness(row.key, "urgent, and nothing is called first", True)
        if row.kind is Kind.TRIGGER and row.urgent and row.route.channel == "none":
            if not row.private:
                yield Weakness(row.key, "urgent, and its route has no channel", True)
        elif row.private and row.route.channel != "none":
            yield Weakness(row.key, "private, and its route has a channel", True)
        yield from _words(row)
        unchecked = sum(one.check_locally for one in row.authority)
        unchecked += sum(matrix.lines[one].check_locally for one in row.call_first)
        if unchecked:
            yield Weakness(row.key, f"{unchecked} things to check locally", False)


def packs(matrix: Matrix) -> Iterator[Weakness]:
    """Which rows have too few phrasings to be recognised."""
    for wide in matrix.wide_rows():
        pack = matrix.packs.get(wide.key)
        if pack is None:
            yield Weakness(wide.key, "no phrasings: it is never recognised", True)
            continue
        urgent = any(row.urgent for row in (wide, *matrix.narrower(wide.key)))
        needed = ENOUGH_URGENT if urgent else ENOUGH
        english, spanish = _count(pack, "en"), _count(pack, "es")
        if english < needed:
            yield Weakness(wide.key, f"{english} live phrasings of {needed} in English", urgent)
        if spanish < needed // 2:
            yield Weakness(
                wide.key, f"{spanish} live phrasings of {needed // 2} in Spanish", urgent
            )
        for row in matrix.narrower(wide.key):
            if row.key not in pack.live:
                yield Weakness(row.key, "no phrasings: it is never told from its wide row", False)
        if urgent and not set(pack.not_live) >= set(Calm):
            yield Weakness(wide.key, "urgent, and not every calm kind has phrasings", False)


def confusable(engine: Engine) -> Iterator[Weakness]:
    """Which rows the matcher takes for another, on their own phrasings as if not seen before."""
    wide_of = {key: no for no, group in enumerate(engine.layout.rows) for key in group}
    taken: dict[int, Counter[int]] = defaultdict(Counter)
    for example, weighed in zip(engine.examples, _unseen(engine), strict=False):
        if example.row is not None and example.kind == "live" and not example.also:
            taken[wide_of[example.row]][_top(weighed)] += 1
    for own, counts in sorted(taken.items()):
        total = counts.total()
        for other, count in counts.most_common():
            if other != own and count >= CONFUSED_FROM and count / total >= CONFUSED_SHARE:
                name = engine.layout.wide[other] if other >= 0 else "outside"
                yield Weakness(
                    engine.layout.wide[own],
                    f"{count} of its {total} phrasings are taken for {name}",
                    False,
                )


def _unseen(engine: Engine) -> Iterator[Weighed]:
    # Only where everything was learnt at once is it known how an example would score unseen.
    unseen = engine.learned.unseen if isinstance(engine.learned, Learned) else ()
    return (weigh(scores, engine.layout, engine.scale) for scores in unseen)


def _top(weighed: Weighed) -> int:
    top = int(weighed.chance.argmax())
    return top if weighed.chance[top] >= weighed.outside else -1


def _count(pack: Pack, language: str) -> int:
    return sum(len(getattr(phrases, language)) for phrases in pack.live.values())


def _words(row: Row) -> Iterator[Weakness]:
    if (grade := reading.grade(row.wording.en)) > GRADE_MAX + GRADE_SLACK:
        yield Weakness(
            row.key, f"its wording reads at grade {grade:.1f}, not {GRADE_MAX:.0f}", False
        )
    if (ease := reading.ease_in_spanish(row.wording.es)) < EASE_MIN:
        yield Weakness(
            row.key, f"its Spanish wording reads at {ease:.0f}, not {EASE_MIN:.0f}", False
        )
    actions = ". ".join(line.rstrip(".") for line in row.first_actions.en)
    if (grade := reading.grade(actions)) > GRADE_MAX + GRADE_SLACK:
        yield Weakness(row.key, f"its first actions read at grade {grade:.1f}", False)
    for name, english, spanish in (
        ("wording", row.wording.en, row.wording.es),
        ("title", row.title.en, row.title.es),
    ):
        if english == spanish and len(english.split()) > 1:
            yield Weakness(row.key, f"its Spanish {name} is the English one", True)
