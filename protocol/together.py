"""Low plans that an approver read one by one and confirms together.

Each is a decision of its own about the revision that was shown: what holds one up holds up no
other. Elevated and high plans, and one that two people lowered, are always answered singly.
"""

from dataclasses import dataclass
from datetime import datetime

from protocol.effects import Said, Tell
from protocol.events import ConfirmPlan
from protocol.ids import PersonId
from protocol.rating import Rating
from protocol.records import Approval, Matter, VisitState


@dataclass(frozen=True, slots=True)
class ConfirmTogether(ConfirmPlan):
    """An approver confirms a low plan that they opened among others, as the revision shown."""


def fits(matter: Matter, by: PersonId) -> bool:
    """Whether this approver may confirm this plan together with others.

    It is low as computed, was planned ahead, waits for its yes, and they have no part in it.
    """
    visit = matter.visit
    if visit is None or by in (*matter.members, visit.plan.backup):
        return False
    low = visit.rating is Rating.LOW and visit.lowered is None and visit.lowering is None
    waits = visit.approval is Approval.ASKED and visit.state is VisitState.PLANNED
    return low and waits and visit.unplanned is None


def not_confirmed(request: str, no: int, to: PersonId, at: datetime, outcome: str) -> Tell:
    """Tell the approver of one plan that was not confirmed; `outcome` is the rule's answer."""
    key = f"{request}/{no}/not-confirmed"
    return Tell(key, to, Said.NOT_CONFIRMED_TOGETHER, at, text=outcome)


def all_answered(request: str, to: PersonId, at: datetime, yes: int, count: int) -> Tell:
    """Tell the approver how many were confirmed, once each plan has its answer."""
    return Tell(f"{request}/done", to, Said.CONFIRMED_TOGETHER, at, text=f"{yes}/{count}")
