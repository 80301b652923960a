"""The safety rating: computed from named factors and a place's flags, never picked from a menu."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from protocol.ids import PersonId


class Rating(StrEnum):
    """This is how much a visit needs watching; it sets the floor controls."""

    LOW = "low"
    ELEVATED = "elevated"
    HIGH = "high"
    PROHIBITED = "prohibited"

    @property
    def rank(self) -> int:
        """The rating's place in the order low to prohibited."""
        return _ORDER.index(self)


_ORDER = (Rating.LOW, Rating.ELEVATED, Rating.HIGH, Rating.PROHIBITED)


class Factor(StrEnum):
    """This is one thing known or seen about the visit; a yes on the plan."""

    RECENT_VIOLENCE = "recent_violence"
    WEAPONS = "weapons"
    ACTIVE_VIOLENCE = "active_violence"
    DRUG_MARKET = "drug_market"
    UNSAFE_HOUSING = "unsafe_housing"
    ISOLATED = "isolated"
    NO_SIGNAL = "no_signal"
    ENCAMPMENT = "encampment"
    UNKNOWN_HOME = "unknown_home"
    RELEASE_DAY = "release_day"
    POLICE_PRESENT = "police_present"
    KNOWS_PERSON = "knows_person"
    EVENING = "evening"


# Product defaults, "Derived": which factors make a visit elevated, high or prohibited.
PROHIBITING: Final = frozenset({Factor.ACTIVE_VIOLENCE})
MAKES_HIGH: Final = frozenset({Factor.RECENT_VIOLENCE, Factor.WEAPONS})
MAKES_ELEVATED: Final = frozenset(Factor) - PROHIBITING - MAKES_HIGH
# Any two elevated factors, a flag being one, are high when one of them is after dark, isolated or
# an unknown person.
COMPOUNDING: Final = frozenset({Factor.EVENING, Factor.ISOLATED, Factor.UNKNOWN_HOME})

# Between these local times a visit counts as an evening visit whether or not anyone said so.
EVENING_FROM: Final = time(18, 0)
MORNING_FROM: Final = time(6, 0)


class FlagKind(StrEnum):
    """This is what a flag says of a place."""

    CONCERN = "concern"
    NO_ENTRY = "no_entry"


@dataclass(frozen=True, slots=True)
class Flag:
    """This marks a place, never a person: what was seen, by whom, and until when it counts."""

    kind: FlagKind
    author: PersonId
    raised_at: datetime
    expires_at: datetime
    disputed: bool = False

    def counts(self, at: datetime) -> bool:
        """Whether the flag still stands at this instant; a disputed flag stands until settled."""
        return at < self.expires_at


@dataclass(frozen=True, slots=True)
class Assessment:
    """This is a computed rating with the factors and flags that made it so."""

    rating: Rating
    because: tuple[Factor, ...]
    flags: int = 0


def assess(factors: frozenset[Factor], flags: tuple[Flag, ...], at: datetime) -> Assessment:
    """Compute the rating of a visit that takes place at `at` (aware)."""
    standing = [flag for flag in flags if flag.counts(at)]
    named = tuple(factor for factor in Factor if factor in factors)
    rating = Rating.LOW
    if factors & MAKES_ELEVATED or standing:
        rating = Rating.ELEVATED
    elevated = factors & MAKES_ELEVATED
    if factors & MAKES_HIGH or len(standing) >= 2:
        rating = Rating.HIGH
    if len(elevated) + bool(standing) >= 2 and elevated & COMPOUNDING:
        rating = Rating.HIGH
    if factors & PROHIBITING or any(f.kind is FlagKind.NO_ENTRY for f in standing):
        rating = Rating.PROHIBITED
    return Assessment(rating, named, len(standing))


def highest(*ratings: Rating) -> Rating:
    """The strictest of these ratings: of a route's stops, or of computed and raised."""
    return max(ratings, key=lambda rating: rating.rank)


def with_evening(
    factors: frozenset[Factor], start_at: datetime, end_at: datetime, zone: str
) -> frozenset[Factor]:
    """Add the evening factor where any part of the visit is in the evening or at night there."""
    local = ZoneInfo(zone)
    start, end = start_at.astimezone(local), end_at.astimezone(local)
    dark = any(not MORNING_FROM <= moment.time() < EVENING_FROM for moment in (start, end))
    return factors | {Factor.EVENING} if dark or end.date() > start.date() else factors
