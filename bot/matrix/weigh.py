"""This turns scores into chances: of each wide row, of what is outside, and of each being live.

How scores become chances is fitted on the examples' own scores as if each had not been seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.matrix.learn import NAMES, OUTSIDE, Column
from bot.matrix.model import URGENT, Matrix
from bot.matrix.packs import Example

Floats = NDArray[np.floating[Any]]

_SHARPEST: Final = 40.0
_STEPS: Final = 25  # of Newton's method; it settles in about ten


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """This is which columns belong to which wide row."""

    wide: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # of each wide row: itself and those under it
    live: tuple[NDArray[np.int64], ...]  # their columns, in the same order
    calm: NDArray[np.int64]
    outside: int
    urgent: tuple[NDArray[np.bool_], ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """This is how scores become chances."""

    sharpness: float
    outside: float
    inner: float
    live: tuple[float, float, float]  # weight of the row's own difference, of all rows', constant


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """This is one text's chances: by wide row, then of each row inside it, and of being live."""

    chance: Floats
    outside: float
    live: Floats
    inner: tuple[Floats, ...]
    urgent: Floats  # of the row being meant, live, and urgent at once


def layout(matrix: Matrix, columns: Sequence[Column]) -> Layout:
    """The columns of each wide row."""
    at = {column: number for number, column in enumerate(columns)}
    wide = tuple(row.key for row in matrix.wide_rows())
    rows = tuple((key, *(row.key for row in matrix.narrower(key))) for key in wide)
    return Layout(
        wide,
        rows,
        tuple(np.array([at[Column(key, True)] for key in group]) for group in rows),
        np.array([at[Column(key, False)] for key in wide]),
        at[Column(OUTSIDE, False)],
        tuple(np.array([matrix.by_key[key].tier in URGENT for key in group]) for group in rows),
    )


def weigh(scores: Floats, lay: Layout, scale: Scale) -> Weighed:
    """The chances of one text."""
    scores = scores.astype(np.float32, copy=False)  # those as if unseen are kept in half of it
    live = np.array([scores[group].sum() for group in lay.live])
    calm = scores[lay.calm]
    whole = np.append(live + calm, scores[lay.outside] + scale.outside) * scale.sharpness
    chances = _shares(whole)
    own, everywhere, constant = scale.live
    total = float(live.sum() - calm.sum())
    is_live = 1 / (1 + np.exp(-(own * (live - calm) + everywhere * total + constant)))
    inner = tuple(_shares(scores[group] * scale.inner) for group in lay.live)
    urgent_inside = np.array([(i * u).sum() for i, u in zip(inner, lay.urgent, strict=True)])
    return Weighed(
        chances[:-1], float(chances[-1]), is_live, inner, chances[:-1] * is_live * urgent_inside
    )


def fit(unseen: Floats, examples: Sequence[Example], lay: Layout) -> Scale:
    """The scale on which the examples, each as if not seen, come out as likely as they can."""
    wide_of = {key: no for no, group in enumerate(lay.rows) for key in group}
    live = np.stack([unseen[:, group].sum(axis=1) for group in lay.live], axis=1)
    calm = unseen[:, lay.calm]
    kept = [no for no, one in enumerate(examples) if one.kind not in NAMES]
    right = np.array(
        [len(lay.wide) if (row := examples[no].row) is None else wide_of[row] for no in kept]
    )
    sharpness, outside = _sharpest(live[kept] + calm[kept], unseen[kept, lay.outside], right)
    inside = [no for no in kept if examples[no].row is not None]
    mine = np.array([wide_of[examples[no].row or ""] for no in inside])
    own = live[inside, mine] - calm[inside, mine]
    total = live[inside].sum(axis=1) - calm[inside].sum(axis=1)
    goal = np.array([examples[no].live for no in inside], dtype=np.float64)
    return Scale(
        sharpness, outside, _inner(unseen, examples, lay, wide_of), _logistic(own, total, goal)
    )


def _shares(values: Floats) -> Floats:
    values = np.exp(values - values.max())
    return np.asarray(values / values.sum(), dtype=np.float32)


def _loss(values: Floats, right: NDArray[np.int64]) -> float:
    top = values.max(axis=1)
    whole = np.log(np.exp(values - top[:, None]).sum(axis=1)) + top
    return float((whole - values[np.arange(len(right)), right]).mean())


def _sharpest(inside: Floats, outside: Floats, right: NDArray[np.int64]) -> tuple[float, float]:
    best = (np.inf, 1.0, 0.0)
    for sharpness in np.geomspace(2, _SHARPEST, 16):
        for bias in np.linspace(-0.3, 0.3, 13):
            values = np.column_stack([inside, outside + bias]) * sharpness
            best = min(best, (_loss(values, right), float(sharpness), float(bias)))
    return best[1], best[2]


def _inner(
    unseen: Floats, examples: Sequence[Example], lay: Layout, wide_of: Mapping[str, int]
) -> float:
    """How sharply the rows inside a wide row are told apart; the same for all of them."""
    best = (np.inf, 1.0)
    groups = []
    for number, group in enumerate(lay.rows):
        mine = [
            no
            for no, one in enumerate(examples)
            if one.live and one.kind == "live" and wide_of.get(one.row or "") == number
        ]
        if len(group) > 1 and mine:
            right = np.array([group.index(examples[no].row or "") for no in mine])
            groups.append((unseen[np.ix_(np.array(mine), lay.live[number])], right))
    for sharpness in np.geomspace(1, _SHARPEST, 20):
        loss = sum(_loss(values * sharpness, right) * len(right) for values, right in groups)
        best = min(best, (loss, float(sharpness)))
    return best[1]


def _logistic(own: Floats, total: Floats, goal: NDArray[np.float64]) -> tuple[float, float, float]:
    x = np.column_stack([own, total, np.ones(len(goal))]).astype(np.float64)
    weights = np.zeros(3)
    for _ in range(_STEPS if len(goal) else 0):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (goal - chance) - 1e-2 * weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + 1e-2 * np.eye(3)
        weights += np.linalg.solve(bend, slope)
    return float(weights[0]), float(weights[1]), float(weights[2])
