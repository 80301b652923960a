"""The offer that hands something over from one named person to another, and what people do to it.

Nobody is let go before somebody holds it: until the other has said yes, nothing changes hands.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from protocol.ids import PersonId


class Handed(StrEnum):
    """This names what is handed over: an open escalation, or the watching of a visit."""

    ESCALATION = "escalation"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Offer:
    """This is an open question to one named person, until `until_at`.

    `giver` has it until `to` says yes; `by` asked, which may be somebody else on duty.
    """

    by: PersonId
    giver: PersonId
    to: PersonId
    at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class OfferHandover:
    """Whoever has it, or for an escalation somebody on duty, asks a named person to take it."""

    at: datetime
    by: PersonId
    to: PersonId
    what: Handed


@dataclass(frozen=True, slots=True)
class TakeHandover:
    """The person who was asked takes it."""

    at: datetime
    by: PersonId
    what: Handed


@dataclass(frozen=True, slots=True)
class DeclineHandover:
    """The person who was asked can't take it."""

    at: datetime
    by: PersonId
    what: Handed


HandoverEvent = OfferHandover | TakeHandover | DeclineHandover
