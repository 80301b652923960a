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

    Overwrites `gram`, which is the largest thing in the process while this runs.
    """
    gram[np.diag_indices_from(gram)] += RIDGE * (1 if ease is None else ease)
    inverse = np.linalg.inv(gram)
    alpha = inverse @ wanted
    return Solved(alpha, wanted - alpha / np.diagonal(inverse)[:, None])
