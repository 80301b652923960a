"""The rows of a model's table of word pieces, kept in a file: a question needs a dozen of 128,010.

In memory the table is the largest thing of the process (66 MB); what is read from the file is the
same to the byte (docs/decisions/0048).
"""

import os
import tempfile
import weakref
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint8]
_CHUNK = 1 << 20


class Pieces:
    """This stands in for such a table: numbers in, their rows out.

    Raises OSError where a row cannot be read.
    """

    def __init__(self, file: Path, shape: tuple[int, int]) -> None:
        self.shape = shape
        self._descriptor = os.open(file, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)

    def __getitem__(self, numbers: NDArray[np.integer[Any]]) -> Rows:
        """One row a number, in their order. Each read says where, so threads share the file."""
        width = self.shape[1]
        parts = [os.pread(self._descriptor, width, int(one) * width) for one in numbers]
        if any(len(part) != width for part in parts):
            raise OSError("the kept table of word pieces was cut: delete its file and start again")
        return np.frombuffer(b"".join(parts), dtype=np.uint8).reshape(len(parts), width)


def kept(file: Path, table: Rows) -> Pieces | Rows:
    """The table read from this file, which is written where it is missing or not the same.

    Where nothing can be written the table stays as it is: in memory.
    """
    try:
        if not _holds(file, table):
            _write(file, table)
        return Pieces(file, (table.shape[0], table.shape[1]))
    except OSError:
        return table


def _holds(file: Path, table: Rows) -> bool:
    whole = table.data.cast("B")
    try:
        with file.open("rb") as found:
            if os.fstat(found.fileno()).st_size != len(whole):
                return False
            return all(
                found.read(_CHUNK) == whole[at : at + _CHUNK] for at in range(0, len(whole), _CHUNK)
            )
    except FileNotFoundError:
        return False


def _write(file: Path, table: Rows) -> None:
    # Beside its place and then moved there: whoever reads the old one goes on with the old one.
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".pieces-", delete=False) as made:
        try:
            made.write(table.data.cast("B"))
            made.close()
            Path(made.name).replace(file)
        except OSError:
            Path(made.name).unlink(missing_ok=True)
            raise
