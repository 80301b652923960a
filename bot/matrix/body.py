"""This writes a whole matrix as the body of a version, and reads it back.

As JSON, which is YAML too: `load.py` takes it like any file, and `belay matrix export` gives it as
people edit it. The longer form would hold a transaction up for a second; this takes a tenth.
"""

from pydantic import ValidationError

from bot.matrix.change import unfit
from bot.matrix.model import Matrix
from bot.matrix.problems import BadMatrixError, Problem


def written(matrix: Matrix) -> str:
    """The matrix as text; reading it again gives the same matrix."""
    # Row and phrases write only what is said; the whole has no optional part that matters.
    return matrix.model_dump_json(exclude_defaults=True)


def read(text: str, name: str = "version") -> Matrix:
    """The matrix of a body. Raises BadMatrixError."""
    try:
        matrix = Matrix.model_validate_json(text)
    except ValidationError as error:
        found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
        raise BadMatrixError(
            Problem(name, 1, where, what, "export it, mend it, and propose it")
            for where, what in found
        ) from None
    if problems := [Problem(name, 1, "", one, "See belay matrix lint") for one in unfit(matrix)]:
        raise BadMatrixError(problems)
    return matrix
