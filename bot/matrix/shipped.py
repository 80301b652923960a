"""This is where the matrix that comes with Belay stands: config/matrix.yml and config/packs/."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.matrix.load import load
from bot.matrix.model import Matrix

_ROWS, _PACKS = "matrix.yml", "packs"


def texts(folder: Path | Traversable | None = None) -> dict[str, str]:
    """The files of a matrix by their names: those in this folder, or those that are shipped."""
    base = resources.files("config") if folder is None else folder
    found = {_ROWS: base.joinpath(_ROWS).read_text(encoding="utf-8")}
    packs = base.joinpath(_PACKS)
    if packs.is_dir():
        for file in packs.iterdir():
            if file.name.endswith(".yml"):
                found[f"{_PACKS}/{file.name}"] = file.read_text(encoding="utf-8")
    return found


def matrix(path: Path | None = None) -> Matrix:
    """The matrix of a folder or of one exported file; the shipped one without either.

    Raises BadMatrixError, and OSError where there is nothing to read.
    """
    if path is not None and path.is_file():
        return load({path.name: path.read_text(encoding="utf-8")})
    return load(texts(path))


@cache
def ours() -> Matrix:
    """The shipped matrix, read once by each process."""
    return matrix()
