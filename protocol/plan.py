"""A visit plan: what a worker says before going, and what the place is known for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.ids import PersonId, PlaceId
from protocol.rating import Factor, Flag, Rating

STOPS_MAX = 8  # product 1.1: a route holds up to eight stops


class Purpose(StrEnum):
    """This is why the visit is made; a category, so that nobody writes about a client."""

    OUTREACH = "outreach"
    ENGAGEMENT = "engagement"
    ACCOMPANIMENT = "accompaniment"
    RELEASE_DAY = "release_day"
    EMERGENCY_DEPARTMENT = "emergency_department"
    FOLLOW_UP = "follow_up"
    SUPPLIES = "supplies"
    SENT_TO_LOOK = "sent_to_look"
    OTHER = "other"


class VisitKind(StrEnum):
    """This is a kind of visit that a template stands for: what it fills in is in the policy."""

    SHELTER = "shelter"
    ENCAMPMENT = "encampment"
    EMERGENCY_DEPARTMENT = "emergency_department"
    GATE = "gate"
    HOME = "home"


class Transport(StrEnum):
    """This is how the worker gets there and back; by bus there is more time to get clear."""

    WALK = "walk"
    BUS = "bus"
    AGENCY_CAR = "agency_car"
    OWN_CAR = "own_car"
    RIDE = "ride"


class StartNow(StrEnum):
    """This says that the worker is there already, so the clock starts at once."""

    HERE_NOW = "here_now"
    WATCH_ME = "watch_me"
    SENT_TO_LOOK = "sent_to_look"


@dataclass(frozen=True, slots=True)
class Stop:
    """This is one place of a visit; `place` is None where it is not in the registry.

    `label` is what Slack may show ("Home 17", "Main St shelter"), never an exact private address.
    """

    label: str
    place: PlaceId | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """This is what the worker fills in. `start_at` is an aware instant; `zone` an IANA name.

    `raised` is a rating the worker asks for above the computed one. `note` is sealed in storage and
    read only on an event. `transporting` says that somebody else rides along alone with the worker.
    """

    stops: tuple[Stop, ...]
    start_at: datetime
    expected: timedelta
    zone: str
    purpose: Purpose = Purpose.OUTREACH
    factors: frozenset[Factor] = frozenset()
    partner: PersonId | None = None
    backup: PersonId | None = None
    transport: Transport = Transport.WALK
    transporting: bool = False
    cash: bool = False
    raised: Rating | None = None
    note: str = ""

    @property
    def end_at(self) -> datetime:
        """When the worker expects to be done (aware)."""
        return self.start_at + self.expected


@dataclass(frozen=True, slots=True)
class Place:
    """This is a registered place with its flags. Its exact address is sealed and not part of this.

    `send` is whom to send there, agreed with the peers; None where nobody has said.
    """

    id: PlaceId
    label: str
    flags: tuple[Flag, ...] = ()
    solo_transport_prohibited: bool = False
    send: str | None = None
    retired: bool = False
