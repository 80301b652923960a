"""The two events by which two people lower a rating: one proposes it with a reason, one agrees."""

from dataclasses import dataclass
from datetime import datetime

from protocol.ids import PersonId
from protocol.rating import Rating


@dataclass(frozen=True, slots=True)
class LowerRating:
    """An approver proposes a rating one step lower than the one shown, and says why."""

    at: datetime
    by: PersonId
    revision: int
    rating: Rating
    reason: str


@dataclass(frozen=True, slots=True)
class AgreeLowering:
    """A second approver agrees to the lower rating of the revision shown; that makes it so."""

    at: datetime
    by: PersonId
    revision: int
