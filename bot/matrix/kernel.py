"""This learns from examples: kernel ridge regression, one column for each thing to be told apart.

A text's score in a column is a sum over the examples, each times how alike the two are; so "it
matched because of this example" is the arithmetic itself. What a score would be for an example
that had not been seen comes in closed form from the same solution, and is what all thresholds are
fitted on: no question set is needed for that, and none is used.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

SOFTNESS: Final = 0.4  # how fast likeness falls off with the angle between two vectors
RIDGE: Final = 0.2
LETTERS_SHARE: Final = 0.25
WORDS_SHARE: Final = 0.25
BLOCK: Final = 1000  # rows at a time: what numpy copies of them is small beside the whole


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """This is the solution (`alpha`), and each example's scores as if it had not been seen."""

    alpha: Floats
    unseen: Floats


def likeness(cosines: Floats) -> Floats:
    """Cosines of two vectors as a kernel: 1 for the same, falling off exponentially."""
    return np.asarray(np.exp((cosines - 1) / np.float32(SOFTNESS)))


def solve(gram: Floats, wanted: Floats, ease: Floats | None = None) -> Solved:
    """Fit the columns of `wanted`. `ease` above 1 lets an example be missed, below 1 forbids it.

    Overwrites a `gram` of doubles, which is the largest thing in the process while this runs.
    """
    gram[np.diag_indices_from(gram)] += RIDGE * (1 if ease is None else ease)
    square = np.asarray(gram, dtype=np.float64)
    root(square)
    alpha, spread = against(square, np.asarray(wanted, dtype=np.float64))
    unseen = wanted - alpha / spread[:, None]
    return Solved(alpha.astype(np.float32), unseen.astype(np.float32))


def root(square: Floats, block: int = BLOCK) -> None:
    """Turn a symmetric positive definite matrix into the inverse of its Cholesky root, in place.

    What stands above the diagonal afterwards means nothing. A third of the work of an inverse, and
    no copy of the whole: numpy's own routines would take three times the memory.
    """
    size = len(square)
    for at in range(0, size, block):
        end = min(at + block, size)
        square[at:end, at:end] = np.tril(np.linalg.inv(np.linalg.cholesky(square[at:end, at:end])))
        square[end:, at:end] = square[end:, at:end] @ square[at:end, at:end].T
        for column in range(end, size, block):  # of what is left, below its diagonal
            to = min(column + block, size)
            square[column:, column:to] -= square[column:, at:end] @ square[column:to, at:end].T
    for at in reversed(range(0, size, block)):  # the diagonal blocks are inverted already
        end = min(at + block, size)
        for row in reversed(range(end, size, block)):
            to = min(row + block, size)
            below = square[row:to, end:to] @ square[end:to, at:end]
            square[row:to, at:end] = -below @ square[at:end, at:end]


def against(inverse_root: Floats, wanted: Floats, block: int = BLOCK) -> tuple[Floats, Floats]:
    """What solves for `wanted`, and the diagonal of the whole inverse, from what `root` left."""
    size = len(inverse_root)
    half, solved = np.empty_like(wanted), np.empty_like(wanted)
    spread = np.empty(size)
    starts = range(0, size, block)
    for at in starts:
        half[at : at + block] = inverse_root[at : at + block, : at + block] @ wanted[: at + block]
    for at in starts:
        column = inverse_root[at:, at : at + block]
        solved[at : at + block] = column.T @ half[at:]
        spread[at : at + block] = np.einsum("ij,ij->j", column, column)
    return solved, spread
