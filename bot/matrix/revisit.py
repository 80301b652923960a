"""Which row a huddle looks at again. Pure; nothing of a worker's own life is ever chosen."""

from collections.abc import Collection, Mapping

from bot.matrix.model import Matrix, Row


def choose(matrix: Matrix, asked: Mapping[str, int], revisited: Collection[str]) -> Row | None:
    """The row that was asked for most and not looked at lately, else the one reviewed longest ago.

    `asked` counts answers of late, by row; `revisited` are the rows of the last huddles. Where all
    were looked at lately, the one reviewed longest ago comes again.
    """
    public = [row for row in matrix.rows if not row.private]
    fresh = [row for row in public if row.key not in revisited]
    often = [row for row in fresh if asked.get(row.key)]
    if often:
        return max(often, key=lambda row: (asked[row.key], row.key))
    return min(fresh or public, key=lambda row: (row.reviewed_on, row.key), default=None)
