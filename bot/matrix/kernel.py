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
# Rows that are inverted at once, by numpy itself. Each halving costs three digits of the result.
BLOCK: Final = 5000


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
    invert(square)
    alpha = square @ wanted
    unseen = wanted - alpha / np.diagonal(square)[:, None]
    return Solved(alpha.astype(np.float32), unseen.astype(np.float32))


def invert(square: Floats, block: int = BLOCK) -> None:
    """Invert a symmetric positive definite matrix in its own place, half by half.

    numpy's own inverse works on copies, and takes four times the memory of this one. Single
    precision does not do: errors of the halves multiply until nothing is left of the result.
    """
    if len(square) <= block:
        square[:] = np.linalg.inv(square)
        return
    at = len(square) // 2
    top, side, low = square[:at, :at], square[at:, :at], square[at:, at:]
    invert(top, block)
    share = side @ top
    low -= share @ side.T
    invert(low, block)
    cross = low @ share
    top += share.T @ cross
    square[at:, :at], square[:at, at:] = -cross, -cross.T
