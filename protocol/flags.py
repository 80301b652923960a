"""What a new flag means for a visit to that place, and who is reminded to review it.

A flag counts at once. A plan that waits for its yes is rated again; whoever is confirmed or out is
told, and decides: nobody's visit is changed or ended over their head.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from protocol import approval, lowering
from protocol.decision import Decision, Reason, refuse
from protocol.effects import Ask, Asked, Said, Surface, Tell
from protocol.flagged import PlaceFlagged
from protocol.ids import PersonId
from protocol.plan import Stop
from protocol.rating import FlagKind
from protocol.records import Approval, Matter, Visit, VisitState
from protocol.situation import Situation
from protocol.telling import ask, refresh, tell


def decide(matter: Matter, event: PlaceFlagged, s: Situation) -> Decision:
    """Tell whoever is to go there, or is there; a plan that is not confirmed yet is rated again."""
    visit = matter.visit
    if visit is None or visit.state is VisitState.CLOSED or not _goes_there(visit, event):
        return refuse(matter, Reason.NOTHING_OPEN)
    approver = visit.approver if visit.approval is Approval.CONFIRMED else None
    people = [p for p in (*matter.members, approver) if p is not None and p != event.by]
    said = Said.NEW_NO_ENTRY if event.kind is FlagKind.NO_ENTRY else Said.NEW_FLAG
    told = tell(matter, said, people, event.at, about=matter.worker, text=event.label)
    waits = visit.state is VisitState.PLANNED and visit.approval is Approval.ASKED
    if not waits or lowering.rating_now(visit, s).rank <= visit.rating.rank:
        shown = refresh(matter, Surface.APPROVAL)
        return Decision(matter, Reason.PLACE_FLAGGED, (*told, *shown))
    risen = lowering.risen(matter, visit, event.by, event.at, s)
    # It goes back to whoever was asked, and not to whoever flagged the place.
    others = tuple(effect for effect in risen.effects if not isinstance(effect, Ask))
    who = visit.asked_of or approval.approvers(matter, s, event.at)[:1]
    return replace(risen, effects=(*told, *ask(matter, Asked.APPROVE, who, event.at), *others))


def _goes_there(visit: Visit, event: PlaceFlagged) -> bool:
    """Whether the worker is at the place or has it ahead; a stop that is behind them is over."""
    return any(_is_it(stop, event) for stop in visit.plan.stops[visit.stop_no :])


def _is_it(stop: Stop, event: PlaceFlagged) -> bool:
    if stop.place is not None:
        return stop.place == event.place
    return stop.label.casefold() == event.label.casefold()


def review_due(
    flag: str, label: str, due_at: datetime, people: Iterable[PersonId], at: datetime
) -> tuple[Tell, ...]:
    """Remind these people of a review, once for each time that one is due.

    The text carries the flag's id, which has no space in it, and then the place's label.
    """
    return tuple(
        Tell(
            f"flag/{flag}/review/{due_at:%Y%m%dT%H%M%S}/{to}",
            to,
            Said.FLAG_REVIEW_DUE,
            at,
            text=f"{flag} {label}",
        )
        for to in dict.fromkeys(people)
    )
