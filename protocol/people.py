"""Roles, duty and cover: who may be reached at a given instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from protocol.ids import PersonId


class Role(StrEnum):
    """This is what a person may be in one program; a person may hold several."""

    PEER = "peer"
    COORDINATOR = "coordinator"
    PEER_SUPERVISOR = "peer_supervisor"
    CLINICAL_LEAD = "clinical_lead"
    EXECUTIVE = "executive"
    PROGRAM_MANAGER = "program_manager"
    PRIVACY_OFFICER = "privacy_officer"
    OVERSIGHT = "oversight"
    MAT_COORDINATOR = "mat_coordinator"
    CASE_MANAGER = "case_manager"
    HUMAN_RESOURCES = "human_resources"


class Language(StrEnum):
    """This is a language that Belay speaks."""

    EN = "en"
    ES = "es"


RESPONDER_ROLES = (Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD)
APPROVER_ROLES = (Role.COORDINATOR, Role.PEER_SUPERVISOR)
# Who settles a pattern of requests that are no peer's, in the order in which they are told of one.
PATTERN_ROLES = (Role.PROGRAM_MANAGER, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD)


@dataclass(frozen=True, slots=True)
class Duty:
    """This is one person on duty in one role from `from_at` up to, not including, `until_at`."""

    person: PersonId
    role: Role
    from_at: datetime
    until_at: datetime

    def covers(self, at: datetime) -> bool:
        """Whether the duty runs at this instant."""
        return self.from_at <= at < self.until_at


@dataclass(frozen=True, slots=True)
class Cover:
    """This is who stands behind a program's workers, as the database knows it at one instant.

    `duties` holds the duties that touch the window somebody asked about; `holders` the current
    holders of each role whether on duty or not, for the case that nobody is. Of the peers, only
    those are in it whom an event is about. `in_field` and `unreachable` are of all these people.
    """

    duties: tuple[Duty, ...] = ()
    holders: tuple[tuple[Role, PersonId], ...] = ()
    in_field: frozenset[PersonId] = frozenset()
    unreachable: frozenset[PersonId] = frozenset()

    def on_duty(self, role: Role, at: datetime) -> tuple[PersonId, ...]:
        """The people on duty in this role at this instant, each once, in rota order."""
        return _once(d.person for d in self.duties if d.role is role and d.covers(at))

    def holding(self, role: Role) -> tuple[PersonId, ...]:
        """Everybody who holds this role, on duty or not."""
        return _once(person for held, person in self.holders if held is role)

    def holds(self, person: PersonId, roles: Iterable[Role]) -> bool:
        """Whether this person holds one of these roles now."""
        wanted = frozenset(roles)
        return any(held in wanted and holder == person for held, holder in self.holders)

    def serves(self, person: PersonId) -> bool:
        """Whether this person holds any role of the program now."""
        return any(holder == person for _, holder in self.holders)

    def everyone(self, at: datetime, without: Iterable[PersonId] = ()) -> tuple[PersonId, ...]:
        """All responders on duty and one executive; with no executive on duty, a holder.

        Never a whole channel: people who were not on the rota are reached last, not first. Whoever
        is in `without` is left out, and does not stand for the one executive.
        """
        kept = frozenset(without)
        on_duty = [p for role in RESPONDER_ROLES for p in self.on_duty(role, at)]
        executives = (*self.on_duty(Role.EXECUTIVE, at), *self.holding(Role.EXECUTIVE))
        one = [p for p in executives if p not in kept][:1]
        return _once((*(p for p in on_duty if p not in kept), *one))

    def anyone(self) -> tuple[PersonId, ...]:
        """Every holder of a responder's or executive's role: the last resort against silence."""
        roles = (*RESPONDER_ROLES, Role.EXECUTIVE, Role.PROGRAM_MANAGER)
        return _once(p for role in roles for p in self.holding(role))


def _once(people: Iterable[PersonId]) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys(people))
