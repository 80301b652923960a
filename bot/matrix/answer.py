"""The answer to "who handles this?": which rows, in which order, with which tier, and why.

Urgent first: that an urgent row is missed counts fifty times what a page offered for nothing does.
A low chance of a trigger therefore still brings its row onto the list; what a higher chance must be
for the page to come first is measured in docs/decisions/0039.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.matrix.learn import NAMES, Fitted
from bot.matrix.model import Matrix, TierKey
from bot.matrix.packs import Example
from bot.matrix.weigh import Layout, Weighed
from bot.matrix.words import Read

Floats = NDArray[np.floating[Any]]

MISS_COSTS: Final = 50  # pages offered for nothing, for one urgent row that is not on the list
MOST_ROWS: Final = 3
MOST_ROWS_OF_MANY: Final = 5  # where a question has several parts


@dataclass(frozen=True, slots=True)
class Limits:
    """This is from which chance on what is done. All were fitted on the packs (0039)."""

    outside: float = 0.35  # above it a text is outside the matrix
    urgent_keeps: float = 0.15  # an urgent chance that keeps a text from being outside
    page_first: float = 0.4  # an urgent chance that puts its row in front
    live: float = 0.5  # below it no page is offered
    urgent_inside: float = 0.4  # of a row's narrower rows: the urgent one is taken from here on
    narrower: float = 0.5  # a narrower row is named from here on
    urgent_counts: float = 2.0  # how much more an urgent chance weighs for the places after
    shown: float = 0.005  # rows with less are left out
    part: float = 0.7  # a row that one part of the question asks for


LIMITS: Final = Limits()
# Words alone tell calm from live badly: then rather a page that nobody needs.
BY_WORDS: Final = replace(LIMITS, live=0.2)


@dataclass(frozen=True, slots=True)
class Why:
    """This is why a row was found: the example that weighs most, and how alike it is (to 1)."""

    example: str
    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """This is one row of an answer. `tier` is None where no page is offered: it is not live."""

    key: str  # of the wide row
    narrower: str | None
    tier: TierKey | None
    score: float
    live: float
    why: Why | None = None

    @property
    def row(self) -> str:
        """The key of the row that applies: the narrower one where there is one."""
        return self.narrower or self.key


@dataclass(frozen=True, slots=True)
class Answer:
    """This is what is answered. `denied` are rows that the text mentions and credibly denies."""

    outside: bool
    rows: tuple[Hit, ...]
    denied: tuple[str, ...]
    read: Read
    version: str
    degraded: str | None = None


def decide(
    whole: Weighed, parts: Sequence[Weighed], matrix: Matrix, lay: Layout, limits: Limits = LIMITS
) -> tuple[bool, tuple[Hit, ...]]:
    """Whether a text is outside, and the rows in the order in which they are shown."""
    chance, urgent, source = _together(whole, parts, limits)
    if whole.outside > limits.outside and (
        float(urgent.max(initial=0)) < limits.urgent_keeps and chance.max(initial=0) < limits.part
    ):
        return True, ()
    first = [no for no in np.argsort(-urgent) if urgent[no] >= limits.page_first]
    found = [placed(int(no), float(chance[no]), source[no], matrix, lay, limits) for no in first]
    found.sort(key=lambda hit: (hit.tier or TierKey.U4, -hit.score))
    asked = {int(one.chance.argmax()) for one in parts if one.chance.max() >= limits.part}
    most = max(MOST_ROWS, min(MOST_ROWS_OF_MANY, len(asked | set(map(int, first)))))
    # The likeliest row stands in front; the places after it go to what would be worst to miss.
    ahead = int(chance.argmax())
    order = [ahead, *np.argsort(-(chance + limits.urgent_counts * urgent))]
    rest = [no for no in dict.fromkeys(map(int, order)) if no not in first]
    rest = [no for no in rest if chance[no] >= limits.shown]
    found += [placed(no, float(chance[no]), source[no], matrix, lay, limits) for no in rest]
    return False, tuple(found[:most])


def _together(
    whole: Weighed, parts: Sequence[Weighed], limits: Limits
) -> tuple[Floats, Floats, list[Weighed]]:
    """Each row's best chance in the whole or in a part that asks for it, and where it has it."""
    chance, urgent = whole.chance.copy(), whole.urgent.copy()
    source = [whole] * len(chance)
    for part in parts:
        for no in np.flatnonzero(part.chance >= limits.part):
            if part.chance[no] > chance[no]:
                chance[no], source[no] = part.chance[no], part
            urgent[no] = max(urgent[no], part.urgent[no])
    return chance, urgent, source


def placed(
    no: int, score: float, weighed: Weighed, matrix: Matrix, lay: Layout, limits: Limits
) -> Hit:
    """This row as it is shown: itself or the row under it that is meant, with its tier if live."""
    inner, group = weighed.inner[no], lay.rows[no]
    at = int(inner.argmax())
    urgent = lay.urgent[no]
    if inner[urgent].sum() >= limits.urgent_inside and not urgent[at]:
        at = int(np.where(urgent, inner, -1).argmax())
    if at and inner[at] < limits.narrower and urgent[0] == urgent[at]:
        at = 0
    live = float(weighed.live[no])
    tier = matrix.by_key[group[at]].tier if live >= limits.live else None
    return Hit(group[0], group[at] if at else None, tier, score, live)


def why(hit: Hit, alike: Floats, learned: Fitted, found: Sequence[Example], text: str) -> Why:
    """The example that weighs most in this row's score: a live one for what is taken as live."""
    rows = {hit.key, hit.row}  # what is outside has no row, and is no reason
    group = [no for no, one in enumerate(learned.columns) if one.row in rows]
    weights = alike * learned.weights(group)
    own = [one.row in rows and one.kind not in NAMES for one in found]
    alive = [
        mine and one.live == (hit.tier is not None) for mine, one in zip(own, found, strict=True)
    ]
    best = int(np.where(alive if any(alive) else own, weights, -np.inf).argmax())
    words = set(found[best].text.casefold().split())
    shared = (word for word in text.split() if word in words and len(word) > 2)
    common = tuple(word for word in dict.fromkeys(shared) if learned.tells(word))
    return Why(found[best].text, float(alike[best]) / sum(learned.shares.values()), common)
