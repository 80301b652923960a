"""A visit before it starts: planned, changed, moved or called off; or watched from the start."""

from dataclasses import replace
from datetime import datetime

from protocol import approval, lowering, standing
from protocol.decision import Decision, Reason, idle, refuse
from protocol.effects import Effect, Said, Surface
from protocol.events import CallOff, PlanVisit, RevisePlan, RunningLate
from protocol.ids import PersonId
from protocol.plan import StartNow
from protocol.planning import new_visit, refusal
from protocol.records import Approval, Expecting, Matter, Visit, VisitOutcome, VisitState
from protocol.situation import Situation
from protocol.telling import refresh, tell
from protocol.watch import hear, is_called, resting_state, set_due, watcher_of

BEFORE = (VisitState.PLANNED, VisitState.CONFIRMED)


def plan(matter: Matter, event: PlanVisit, s: Situation) -> Decision:
    """This makes a plan, or starts the clock at once where the worker is there already."""
    if matter.visit is not None or matter.escalations or matter.roll_call is not None:
        return idle(matter, Reason.ALREADY_PLANNED)
    if isinstance(event, standing.PlanStanding):
        return standing.plan_visit(matter, event, s)
    rule = refusal(event.plan, event.by, event.at, s)
    if rule is not None and event.start_now is None:
        return refuse(matter, rule)
    visit = new_visit(event, s)
    planned = replace(matter, visit=visit)
    asked_of = approval.approvers(planned, s, event.at)[:1]
    visit = replace(visit, asked_of=asked_of)
    planned = replace(planned, visit=visit)
    confirmed = visit.approval is Approval.CONFIRMED
    asked = () if confirmed else approval.ask_first(planned, visit, event.at, s)
    # The card says that the plan was sent. Whoever has a plan can call it off, run late, ask for
    # help or say that they are there, whether or not somebody has confirmed it.
    shown = refresh(planned, Surface.WORKER_CARD)
    if event.start_now is StartNow.SENT_TO_LOOK:
        told = tell(matter, Said.SENT_TO_LOOK, planned.members, event.at, about=event.sent_by)
        return Decision(planned, Reason.WATCHING, (*told, *asked, *shown))
    if event.start_now is None:
        return Decision(planned, Reason.PLANNED, (*asked, *shown))
    supervisors = approval.approvers(planned, s, event.at)
    rule_name = rule.value if rule else ""
    told = tell(
        matter,
        Said.WATCHED_UNPLANNED,
        supervisors[:2],
        event.at,
        about=event.by,
        text=rule_name,
    )
    return Decision(planned, Reason.WATCHING, (*told, *asked, *shown))


def revise(matter: Matter, visit: Visit, event: RevisePlan, s: Situation) -> Decision:
    """This replaces a plan that has not started; it is asked for again as a new revision."""
    if visit.state not in BEFORE or is_called(visit):
        return refuse(matter, Reason.ALREADY_STARTED)
    rule = refusal(event.plan, matter.worker, event.at, s)
    if rule is not None:
        return refuse(matter, rule)
    fresh = new_visit(PlanVisit(event.at, matter.worker, event.plan), s)
    asked_of = approval.approvers(matter, s, event.at)[:1]
    revised = replace(
        fresh,
        asked_of=asked_of,
        revision=visit.revision + 1,
        due_no=visit.due_no + 1,
        asked_at=visit.asked_at,
        answers=visit.answers,
        answers_due_at=visit.answers_due_at,
    )
    moved = replace(matter, visit=revised)
    # Whoever was taken off it has a card of it still.
    off = [person for person in matter.members if person not in moved.members]
    effects = (
        *approval.ask_first(moved, revised, event.at, s),
        *tell(moved, Said.TAKEN_OFF, off, event.at, about=matter.worker),
        *refresh(matter, Surface.WORKER_CARD),
    )
    return Decision(moved, Reason.REVISED, effects)


def call_off(matter: Matter, visit: Visit, event: CallOff, s: Situation) -> Decision:
    """This ends a visit that has not started: one tap, no reason asked, nothing counted."""
    if visit.started_at is not None:
        return refuse(matter, Reason.ALREADY_STARTED)
    spoken = hear(matter, visit, event.by, for_both=False)
    if is_called(spoken):
        # Nobody is answered for by a partner: it stays open until they say where they are.
        shown = refresh(matter, Surface.WORKER_CARD)
        return Decision(replace(matter, visit=spoken), Reason.HEARD_ONE_OF_TWO, shown)
    off = replace(
        visit,
        state=VisitState.CLOSED,
        due_at=None,
        approval_due_at=None,
        ended_at=event.at,
        outcome=VisitOutcome.CALLED_OFF,
    )
    told = approver_told(matter, visit, Said.CALLED_OFF, event.by, event.at, s)
    shown = refresh(matter, Surface.WORKER_CARD, Surface.APPROVAL)
    return Decision(replace(matter, visit=off), Reason.CALLED_OFF, (*told, *shown))


def running_late(matter: Matter, visit: Visit, event: RunningLate, s: Situation) -> Decision:
    """This moves the start, by an hour in all at most, if there is cover for the new time."""
    if visit.started_at is not None:
        return refuse(matter, Reason.ALREADY_STARTED)
    minutes = int(event.later.total_seconds() // 60)
    late = visit.late_minutes + minutes
    if minutes <= 0 or late * 60 > visit.timings.windows.running_late_max.total_seconds():
        return refuse(matter, Reason.LATE_TOO_LONG)
    later = replace(visit.plan, start_at=visit.plan.start_at + event.later)
    if not approval.has_cover(
        approval.along(matter, later),
        later.start_at,
        later.end_at,
        visit.timings,
        s.cover,
        event.at,
    ):
        return refuse(matter, Reason.NO_COVER)
    spoken = hear(matter, visit, event.by, for_both=False)
    moved = lowering.rated_anew(replace(spoken, plan=later, late_minutes=late), s, event.at)
    due_at = later.start_at + visit.timings.windows.arrive_within
    moved = set_due(moved, Expecting.ARRIVAL, due_at, event.at)
    moved = replace(moved, state=resting_state(moved))
    told = approver_told(matter, visit, Said.RUNNING_LATE, event.by, event.at, s, str(minutes))
    asked = lowering.asked_anew(matter, visit, moved, event.at)
    shown = refresh(matter, Surface.WORKER_CARD, Surface.APPROVAL)
    return Decision(replace(matter, visit=moved), Reason.START_MOVED, (*told, *asked, *shown))


def approver_told(
    matter: Matter,
    visit: Visit,
    said: Said,
    about: PersonId,
    at: datetime,
    s: Situation,
    text: str = "",
) -> tuple[Effect, ...]:
    """Tell whoever confirmed it or took it over, or whoever would be asked."""
    watcher = watcher_of(visit)
    people = (watcher,) if watcher is not None else approval.approvers(matter, s, at)[:1]
    return tell(matter, said, people, at, about=about, text=text)
