"""This keeps what the app asked for and what it was refused, for tests and for people."""

from dataclasses import dataclass, field

from sandbox.model import Json

KEPT = 20_000
"""Older records are forgotten, so that a long demo does not grow without end."""


@dataclass
class Records:
    """This is a numbered list that forgets its oldest entries."""

    rows: list[Json] = field(default_factory=list)
    last: int = 0

    def append(self, row: Json) -> Json:
        """This numbers and keeps a record."""
        self.last += 1
        row["n"] = self.last
        self.rows.append(row)
        del self.rows[:-KEPT]
        return row

    def since(self, number: int) -> list[Json]:
        """This is every kept record after a number."""
        return [row for row in self.rows if row["n"] > number]


class Refusals(Records):
    """This is what was refused, and why."""

    def add(self, where: str, code: str, why: str) -> None:
        """This notes a refusal."""
        self.append({"where": where, "error": code, "why": why})
