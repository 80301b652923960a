"""The arithmetic of the audit: what is hashed, and how. Pure, so that a stranger can redo it.

Every record has a chain of lines. A line's digest covers the line, the digest of its body and the
digest of the line before; an anchor's covers the newest line of every chain and the anchor before.
Bodies are salted, so that a body that was shredded cannot be guessed from its digest.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

GENESIS = "0" * 64
# The chain in which retention writes down what it shredded; verification reads it.
SHREDDINGS = "shreddings"

# What an anchor vouches for: chain, number of its newest line, that line's digest.
Head = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Line:
    """This is one line of the history of one record; `at` is aware UTC."""

    chain: str
    seq: int
    program: str | None
    at: datetime
    actor: str | None
    event: str
    reason: str
    body_digest: str
    previous: str

    @property
    def digest(self) -> str:
        """What the next line carries as `previous`."""
        return _digest(
            "line",
            self.chain,
            self.seq,
            self.program,
            instant(self.at),
            self.actor,
            self.event,
            self.reason,
            self.body_digest,
            self.previous,
        )


def instant(at: datetime) -> str:
    """This writes an aware instant in the one way in which it is hashed: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(body: Mapping[str, object]) -> str:
    """This writes a body in the one way in which it is hashed: JSON, sorted, without spaces."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def body_digest(salt: str, text: str) -> str:
    """This digests a body as it is stored, with its salt."""
    return _digest("body", salt, text)


def heads_text(heads: Iterable[Head]) -> str:
    """This writes an anchor's heads in the one way in which they are hashed."""
    return json.dumps(sorted(heads), separators=(",", ":"), ensure_ascii=False)


def anchor_digest(no: int, at: datetime, heads: str, previous: str) -> str:
    """This digests an anchor; it is what is meant to leave the database."""
    return _digest("anchor", no, instant(at), heads, previous)


def _digest(*parts: str | int | None) -> str:
    # A JSON list keeps the parts apart: no two lists of parts are written alike.
    return sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
