"""What applying a program's file did, or why it was refused; for people to read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """This is one thing that changed. It names what changed, never a number or an address."""

    what: str
    which: str
    did: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = f" ({', '.join(self.details)})" if self.details else ""
        return f"{self.what} {self.which}: {self.did}{more}"


class ApplyRefusedError(Exception):
    """This says what in the database stands against a file, and what to do; nothing was written."""
