"""What stands against adopting a matrix: what nobody has held against local law and numbers yet."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class _Checked(Protocol):
    @property
    def check_locally(self) -> bool: ...


class _Row(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def authority(self) -> Sequence[_Checked]: ...


class _Matrix(Protocol):
    @property
    def rows(self) -> Sequence[_Row]: ...
    @property
    def lines(self) -> Mapping[str, _Checked]: ...


def unsettled(matrix: _Matrix, _partners: Sequence[object]) -> list[str]:
    """These are sentences, one for each thing that is not settled; none where all is."""
    lines = [key for key, line in matrix.lines.items() if line.check_locally]
    rows = [row.key for row in matrix.rows if any(one.check_locally for one in row.authority)]
    return [
        *(f"Line {key}: the number is to be checked locally." for key in lines),
        *(f"Row {key}: its rule is to be checked locally." for key in rows),
    ]
