"""A visit, from plan to safe return: everything the worker can say, and what the clock does.

Read this file first. Each answer is one function that takes the matter as it is and returns the
matter as it is from now on, with what to ask of the world. Nothing here reads a clock or does I/O.
While people are looking for the worker, `escalation.py` decides, and a tap only tells them.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from protocol import approval, before, escalation, lowering
from protocol.before import approver_told
from protocol.calls import OnTheWay
from protocol.decision import Decision, Reason, idle, refuse
from protocol.effects import Effect, Remind, Said, Surface
from protocol.events import (
    Arrive,
    CallOff,
    CheckIn,
    Clear,
    Extend,
    Help,
    Leave,
    MoveOn,
    NoSignal,
    PlanVisit,
    RevisePlan,
    RunningLate,
    Split,
    Uneasy,
    WorkerEvent,
)
from protocol.plan import Stop
from protocol.records import (
    Expecting,
    Matter,
    Visit,
    VisitOutcome,
    VisitState,
)
from protocol.situation import Situation
from protocol.telling import refresh, tell
from protocol.watch import (
    all_heard,
    clear_within,
    escalates_at,
    hear,
    keep_answer,
    next_check_in,
    nudges_passed,
    put_off,
    resting_state,
    set_due,
)

Tap = Arrive | CheckIn | MoveOn | Leave | Clear | OnTheWay


def decide(matter: Matter, event: WorkerEvent, s: Situation) -> Decision:
    """Apply what a worker said. Help is always taken; the rest only from the visit's own people."""
    if isinstance(event, Help):
        return escalation.call_for_help(matter, event, s)
    if isinstance(event, Uneasy):
        return escalation.call_me(matter, event, s)
    if isinstance(event, PlanVisit):
        return before.plan(matter, event, s)
    visit = matter.visit
    if visit is None:
        return refuse(matter, Reason.NO_OPEN_VISIT)
    if event.by not in matter.members:
        return refuse(matter, Reason.NOT_YOUR_VISIT)
    if isinstance(event, Tap):
        return _tap(matter, visit, event, s)
    if visit.state is VisitState.CLOSED:
        return idle(matter, Reason.ALREADY_CLOSED)
    if isinstance(event, Split):
        return _split(matter, visit, event, s)
    if visit.state is VisitState.ESCALATED:
        return refuse(matter, Reason.PEOPLE_ALREADY_PAGED)
    return _change(matter, visit, event, s)


def _change(
    matter: Matter,
    visit: Visit,
    event: RevisePlan | CallOff | RunningLate | NoSignal | Extend,
    s: Situation,
) -> Decision:
    match event:
        case RevisePlan():
            return before.revise(matter, visit, event, s)
        case CallOff():
            return before.call_off(matter, visit, event, s)
        case RunningLate():
            return before.running_late(matter, visit, event, s)
        case NoSignal():
            return _no_signal(matter, visit, event)
        case Extend():
            return _extend(matter, visit, event, s)
        case _:
            assert_never(event)


# --- check-in and check-out ------------------------------------------------------------------


def _tap(matter: Matter, visit: Visit, event: Tap, s: Situation) -> Decision:
    """Apply a tap to the visit's present state, from whatever message it was made.

    What was said with it is kept for the sweep to read even where the tap itself does not apply.
    """
    said = "" if isinstance(event, MoveOn) else event.said
    if visit.state is VisitState.ESCALATED:
        where = replace(matter, visit=_whereabouts(matter, visit, event))
        return escalation.tapped(where, event.at, event.by, said, s)
    read_at = event.at + s.answers_read_after
    kept = keep_answer(visit, event.by, event.at, said, read_at)
    for_both = not isinstance(event, MoveOn | Leave | OnTheWay) and event.for_both
    heard = hear(matter, replace(kept, last_heard_at=event.at), event.by, for_both=for_both)
    decision = _answer(matter, heard, event, s)
    if decision.changed:
        return decision
    shown = refresh(matter, Surface.WORKER_CARD)
    return replace(decision, matter=replace(matter, visit=kept), effects=shown)


def _answer(matter: Matter, visit: Visit, event: Tap, s: Situation) -> Decision:
    if visit.state is VisitState.CLOSED:
        return idle(matter, Reason.ALREADY_CLOSED)
    awaited = visit.expecting is Expecting.ARRIVAL
    match event:
        case MoveOn():
            return _move_on(matter, visit, event)
        case OnTheWay() if awaited:
            return _on_the_way(matter, visit, event.at)
        case Leave():
            return _leave(matter, visit, event, s)
        case Clear() if visit.expecting is Expecting.CLEAR:
            return _clear(matter, visit, event.at)
        case Clear():
            return _leave(matter, visit, Leave(event.at, event.by), s)
        case Arrive() | CheckIn() if awaited:
            return _arrive(matter, visit, event.at)
        case Arrive() | CheckIn() | OnTheWay():
            return _check_in(matter, visit, event.at, s)
        case _:
            assert_never(event)


def _whereabouts(matter: Matter, visit: Visit, event: Tap) -> Visit:
    """Keep what a tap says of where the worker is, though it closes nothing now.

    One of a pair says it of themselves; it counts for the visit when both have said so. To a roll
    call it is no answer: people look for them, and one of those says that they are accounted for.
    """
    for_both = not isinstance(event, MoveOn | Leave | OnTheWay) and event.for_both
    visit = replace(hear(matter, visit, event.by, for_both=for_both), called=visit.called)
    if not all_heard(matter, visit):
        return visit
    if isinstance(event, Arrive | CheckIn) and visit.started_at is None:
        return replace(visit, started_at=event.at, expecting=Expecting.CHECK_IN)
    if isinstance(event, Leave):
        started_at = visit.started_at or event.at
        return replace(visit, started_at=started_at, left_at=event.at, expecting=Expecting.CLEAR)
    if isinstance(event, Clear) and visit.expecting is Expecting.CLEAR:
        return replace(visit, ended_at=event.at)
    return visit


def _arrive(matter: Matter, visit: Visit, at: datetime) -> Decision:
    stop = replace(visit.stop, arrived_at=visit.stop.arrived_at or at)
    there = replace(_with_stop(visit, stop), started_at=visit.started_at or at)
    if not all_heard(matter, there):
        overdue = there.state is VisitState.OVERDUE
        there = replace(there, state=there.state if overdue else VisitState.UNDERWAY)
        return _one_of_two(matter, there, at)
    return _go_on(matter, there, at, Reason.ARRIVED)


def _check_in(matter: Matter, visit: Visit, at: datetime, s: Situation) -> Decision:
    if not all_heard(matter, visit):
        return _one_of_two(matter, visit, at)
    if visit.expecting is Expecting.CLEAR:
        later = set_due(visit, Expecting.CLEAR, at + clear_within(visit), at)
        moved = replace(matter, visit=replace(later, state=VisitState.LEAVING))
        return Decision(moved, Reason.CHECKED_IN, refresh(matter, Surface.WORKER_CARD))
    over_time = visit.expecting is Expecting.EXIT and at >= visit.plan.end_at
    told: tuple[Effect, ...] = ()
    if over_time:
        told = approver_told(matter, visit, Said.OVER_TIME, matter.worker, at, s)
    decision = _go_on(matter, visit, at, Reason.CHECKED_IN)
    return replace(decision, effects=(*told, *decision.effects))


def _on_the_way(matter: Matter, visit: Visit, at: datetime) -> Decision:
    """Whoever was called is OK and not there yet: the arrival is due as before the call."""
    called = visit.called
    if called is None or visit.grace is None:
        return refuse(matter, Reason.NOT_CALLED)
    if not all_heard(matter, visit):
        return _one_of_two(matter, visit, at)
    moved = set_due(visit, Expecting.ARRIVAL, called.was_due_at, at)
    late = at >= called.was_due_at
    moved = replace(moved, state=VisitState.OVERDUE if late else resting_state(moved))
    shown = refresh(matter, Surface.WORKER_CARD)
    return Decision(replace(matter, visit=moved), Reason.ON_THE_WAY, shown)


def _go_on(matter: Matter, visit: Visit, at: datetime, reason: Reason) -> Decision:
    moved = replace(next_check_in(visit, at), state=VisitState.UNDERWAY)
    return Decision(replace(matter, visit=moved), reason, refresh(matter, Surface.WORKER_CARD))


def _one_of_two(matter: Matter, visit: Visit, at: datetime) -> Decision:
    """One of a pair answered: recorded for them; the other is still expected by the same time."""
    waiting = tuple(p for p in matter.members if p not in visit.heard)
    effects = (
        *tell(matter, Said.PARTNER_WAITING, waiting, at),
        *refresh(matter, Surface.WORKER_CARD),
    )
    return Decision(replace(matter, visit=visit), Reason.HEARD_ONE_OF_TWO, effects)


def _move_on(matter: Matter, visit: Visit, event: MoveOn) -> Decision:
    if visit.started_at is None:
        return refuse(matter, Reason.NOT_STARTED)
    if visit.stop_no + 1 >= len(visit.plan.stops):
        return refuse(matter, Reason.NO_NEXT_STOP)
    windows = visit.timings.windows
    within = event.within or windows.transit_within
    if within > windows.transit_max:
        return refuse(matter, Reason.WINDOW_TOO_LONG)
    left = _with_stop(visit, replace(visit.stop, left_at=event.at))
    moving = replace(left, stop_no=visit.stop_no + 1, state=VisitState.UNDERWAY)
    moving = put_off(matter, moving, Expecting.ARRIVAL, event.at + within, event.at)
    shown = refresh(matter, Surface.WORKER_CARD)
    return Decision(replace(matter, visit=moving), Reason.MOVED_ON, shown)


def _leave(matter: Matter, visit: Visit, event: Leave, s: Situation) -> Decision:
    if visit.started_at is None:
        return refuse(matter, Reason.NOT_STARTED)
    if visit.expecting is Expecting.CLEAR and not event.early:
        return idle(matter, Reason.ALREADY_LEAVING)
    leaving = replace(
        _with_stop(visit, replace(visit.stop, left_at=event.at)),
        left_at=event.at,
        ended_early=visit.ended_early or event.early,
        state=VisitState.LEAVING,
    )
    clear_at = event.at + clear_within(visit)
    leaving = put_off(matter, leaving, Expecting.CLEAR, clear_at, event.at)
    told: tuple[Effect, ...] = ()
    if event.early:
        told = approver_told(matter, visit, Said.ENDED_EARLY, event.by, event.at, s)
    reason = Reason.ENDED_EARLY if event.early else Reason.LEAVING
    shown = refresh(matter, Surface.WORKER_CARD)
    return Decision(replace(matter, visit=leaving), reason, (*told, *shown))


def _clear(matter: Matter, visit: Visit, at: datetime) -> Decision:
    if not all_heard(matter, visit):
        return _one_of_two(matter, visit, at)
    early = VisitOutcome.ENDED_EARLY if visit.ended_early else VisitOutcome.COMPLETED
    done = replace(
        visit,
        state=VisitState.CLOSED,
        due_at=None,
        approval_due_at=None,
        ended_at=at,
        outcome=early,
    )
    shown = refresh(matter, Surface.WORKER_CARD, Surface.APPROVAL)
    return Decision(replace(matter, visit=done), Reason.CLEARED, shown)


# --- what else can be said while out ---------------------------------------------------------


def _no_signal(matter: Matter, visit: Visit, event: NoSignal) -> Decision:
    if visit.started_at is None or visit.expecting is Expecting.ARRIVAL:
        return refuse(matter, Reason.NOT_STARTED)
    if visit.expecting is Expecting.CLEAR:
        return refuse(matter, Reason.ALREADY_LEAVING)
    backed = visit.plan.partner is not None or visit.plan.backup is not None
    if visit.timings.no_signal_needs_backup and not backed:
        return refuse(matter, Reason.WINDOW_NEEDS_BACKUP)
    if event.until <= event.at:
        return refuse(matter, Reason.WINDOW_IN_PAST)
    if event.until - event.at > visit.timings.no_signal_max:
        return refuse(matter, Reason.WINDOW_TOO_LONG)
    quiet = hear(matter, replace(visit, last_heard_at=event.at), event.by, for_both=False)
    quiet = put_off(matter, quiet, visit.expecting, event.until, event.at)
    quiet = replace(quiet, state=resting_state(quiet))
    shown = refresh(matter, Surface.WORKER_CARD)
    return Decision(replace(matter, visit=quiet), Reason.NO_SIGNAL_SET, shown)


def _extend(matter: Matter, visit: Visit, event: Extend, s: Situation) -> Decision:
    if visit.started_at is None:
        return refuse(matter, Reason.NOT_STARTED)
    if visit.expecting is Expecting.CLEAR:
        return refuse(matter, Reason.ALREADY_LEAVING)
    windows = visit.timings.windows
    if visit.extended_times >= windows.extend_times:
        return refuse(matter, Reason.NO_MORE_EXTENSIONS)
    minutes = int(event.longer.total_seconds() // 60)
    total = visit.extended_minutes + minutes
    planned = visit.plan.expected.total_seconds() / 60 - visit.extended_minutes
    if minutes <= 0 or total > planned * windows.extend_share:
        return refuse(matter, Reason.EXTENSION_TOO_LONG)
    longer = replace(
        visit,
        plan=replace(visit.plan, expected=visit.plan.expected + event.longer),
        extended_times=visit.extended_times + 1,
        extended_minutes=total,
        last_heard_at=event.at,
    )
    longer = lowering.rated_anew(longer, s, event.at)
    if visit.expecting is not Expecting.ARRIVAL:
        longer = hear(matter, longer, event.by, for_both=False)
        due = next_check_in(longer, event.at)
        longer = put_off(matter, longer, due.expecting, due.due_at or event.at, event.at)
    longer = replace(longer, state=resting_state(longer))
    told = approver_told(matter, visit, Said.EXTENDED, event.by, event.at, s, str(minutes))
    asked = lowering.asked_anew(matter, visit, longer, event.at)
    shown = refresh(matter, Surface.WORKER_CARD, Surface.APPROVAL)
    return Decision(replace(matter, visit=longer), Reason.EXTENDED, (*told, *asked, *shown))


def _split(matter: Matter, visit: Visit, event: Split, s: Situation) -> Decision:
    if visit.plan.partner is None:
        return refuse(matter, Reason.NOT_A_PAIR)
    if not visit.together:
        return idle(matter, Reason.ALREADY_SEPARATED)
    others = tuple(p for p in matter.members if p != event.by)
    effects = (
        *tell(matter, Said.SEPARATED, others, event.at, about=event.by),
        *approver_told(matter, visit, Said.SEPARATED, event.by, event.at, s),
        *refresh(matter, Surface.WORKER_CARD),
    )
    apart = replace(matter, visit=replace(visit, together=False))
    return Decision(apart, Reason.SEPARATED, effects)


# --- the clock -------------------------------------------------------------------------------


def on_deadline(matter: Matter, at: datetime, s: Situation) -> Decision:
    """The clock of the visit: ask the approver again, remind the worker, or reach a human.

    Reminders that passed while nobody was looking are sent as one; a human is never left out.
    """
    visit = matter.visit
    if visit is None or visit.due_at is None:
        return idle(matter, Reason.NOT_DUE)
    if at >= escalates_at(visit):
        return escalation.open_missed(matter, at, s)
    passed = nudges_passed(visit.timings, visit.due_at, at)
    if passed > visit.nudge_no:
        return _remind(matter, visit, passed, at)
    return approval.on_deadline(matter, at, s)


def _remind(matter: Matter, visit: Visit, passed: int, at: datetime) -> Decision:
    if visit.due_at is None:
        raise ValueError("only a visit with a due time is reminded of it")
    overdue = at >= visit.due_at
    reminded = replace(visit, nudge_no=passed, state=VisitState.OVERDUE if overdue else visit.state)
    people = tuple(p for p in matter.members if p not in visit.heard)
    reminders = tuple(
        Remind(
            f"{matter.id}/due/{visit.due_no}/nudge/{passed}/{person}",
            person,
            visit.expecting,
            visit.due_at,
            passed,
        )
        for person in people
    )
    shown = refresh(matter, Surface.WORKER_CARD)
    return Decision(replace(matter, visit=reminded), Reason.REMINDED, (*reminders, *shown))


def _with_stop(visit: Visit, stop: Stop) -> Visit:
    stops = tuple(
        stop if number == visit.stop_no else other for number, other in enumerate(visit.plan.stops)
    )
    return replace(visit, plan=replace(visit.plan, stops=stops))
