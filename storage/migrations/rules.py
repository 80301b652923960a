"""This lets a rule take more than before: all that older code writes still passes it."""

from collections.abc import Sequence
from typing import Any


def widen(
    op: Any, table: str, rule: str, column: str, before: Sequence[str], now: Sequence[str]
) -> None:
    """Let a column hold more values. ValueError where one that was allowed no longer is."""
    if not set(before) < set(now):
        raise ValueError(f"{rule}: what was allowed stays allowed")
    values = ", ".join(f"'{value}'" for value in sorted(now))
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(rule, type_="check")
        batch.create_check_constraint(rule, f"{column} IN ({values})")
