"""A new flag on a place, as an event of every open visit that goes there."""

from dataclasses import dataclass
from datetime import datetime

from protocol.ids import PersonId, PlaceId
from protocol.rating import FlagKind


@dataclass(frozen=True, slots=True)
class PlaceFlagged:
    """Somebody flagged a place, or made its flag stricter. `label` is what Slack calls the place.

    A stop that is not in the registry is known by its label alone.
    """

    at: datetime
    by: PersonId
    place: PlaceId
    label: str
    kind: FlagKind
