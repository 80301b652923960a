"""Which rows of a matrix may be asked about, and when what is learnt of a row has changed."""

import hashlib
import json
from typing import Final

from bot.matrix.model import Matrix, Row, TierKey
from protocol.quiz import Item

# What nobody learns a row by: its keepers' dates, and what may be typed for it.
NOT_LEARNT: Final = frozenset({"reviewed_on", "review_by", "row_owner", "aliases", "authority"})
_RANKS: Final = {tier: rank for rank, tier in enumerate(TierKey)}


def items(matrix: Matrix) -> tuple[Item, ...]:
    """Every wide row that may be asked. What is about one's own life is never asked."""
    return tuple(
        Item(
            row.key,
            digest(row),
            row.urgent,
            row.quiz.answer,
            rank=_RANKS[row.tier],
            kind=row.kind.value,
        )
        for row in matrix.wide_rows()
        if not row.private
    )


def present(matrix: Matrix) -> dict[str, str]:
    """The digests of all rows that may be asked, by key."""
    return {one.key: one.digest for one in items(matrix)}


def digest(row: Row) -> str:
    """A digest of what somebody learns of a row, its question included."""
    canonical = json.dumps(
        row.model_dump(mode="json", exclude=set(NOT_LEARNT)),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
