"""The clock of one visit: what is due, when it is next looked at, what reminding comes first."""

from dataclasses import replace
from datetime import datetime, timedelta

from protocol.ids import PersonId
from protocol.plan import Transport
from protocol.policy import Timings
from protocol.records import Answer, Approval, Expecting, Matter, Visit, VisitState


def nudges_passed(timings: Timings, due_at: datetime | None, at: datetime) -> int:
    """How many reminders of this due time have had their time."""
    return sum(1 for nudge in timings.nudges if due_at is not None and due_at + nudge <= at)


def set_due(visit: Visit, expecting: Expecting, due_at: datetime, at: datetime) -> Visit:
    """Expect something new by `due_at`; reminders whose time has passed already are left out.

    While somebody of a pair who was called has not answered, what they were asked stands.
    """
    if is_called(visit) and visit.called is not None and visit.due_at is not None:
        called = replace(visit.called, was_due_at=due_at)
        earlier = min(due_at, visit.due_at)
        return replace(visit, expecting=expecting, due_at=earlier, called=called)
    return replace(
        visit,
        expecting=expecting,
        due_at=due_at,
        due_no=visit.due_no + 1,
        nudge_no=nudges_passed(visit.timings, due_at, at),
        heard=(),
        grace=None,
    )


def is_called(visit: Visit) -> bool:
    """Whether a roll call has asked these people, and one of them has not answered yet."""
    return visit.grace is not None and visit.called is not None and visit.called.waits


def put_off(
    matter: Matter, visit: Visit, expecting: Expecting, due_at: datetime, at: datetime
) -> Visit:
    """Expect something new, for everybody of the visit; who is apart speaks only for themselves.

    While a partner who has separated still owes an answer, the earlier due time stands for both.
    """
    for_all = visit.together or is_called(visit) or all_heard(matter, visit)
    if for_all or visit.due_at is None:
        return set_due(visit, expecting, due_at, at)
    return replace(visit, expecting=expecting, due_at=min(due_at, visit.due_at))


def next_check_in(visit: Visit, at: datetime) -> Visit:
    """Expect the next check-in: after the interval, and at the planned end at the latest.

    Past the planned end a check-in is asked for more often: the plan no longer says what to expect.
    """
    every = visit.timings.check_in_every
    end = visit.plan.end_at
    if at >= end:
        over = min(every, visit.timings.windows.over_time_every)
        return set_due(visit, Expecting.EXIT, at + over, at)
    if at + every >= end:
        return set_due(visit, Expecting.EXIT, end, at)
    return set_due(visit, Expecting.CHECK_IN, at + every, at)


def arrival_due(visit: Visit) -> datetime:
    """When the arrival at the first stop is due."""
    return visit.plan.start_at + visit.timings.windows.arrive_within


def clear_within(visit: Visit) -> timedelta:
    """How long there is between leaving and being clear."""
    windows = visit.timings.windows
    by_bus = visit.plan.transport is Transport.BUS
    return windows.clear_within_by_bus if by_bus else windows.clear_within


def escalates_at(visit: Visit) -> datetime:
    """When the first human is reached if nobody hears from the worker."""
    if visit.due_at is None:
        raise ValueError("a closed visit does not escalate")
    after = visit.timings.ladder.rungs[0].after
    return visit.due_at + (after if visit.grace is None else min(visit.grace, after))


def next_look(visit: Visit) -> datetime | None:
    """When the clock of this visit next has something to do; None once it is closed.

    While the visit is escalated the escalation has the deadline, and the visit keeps what was due.
    """
    if visit.due_at is None or visit.state is VisitState.ESCALATED:
        return None
    looks = [escalates_at(visit)]
    if visit.nudge_no < len(visit.timings.nudges):
        looks.append(visit.due_at + visit.timings.nudges[visit.nudge_no])
    if visit.approval_due_at is not None:
        looks.append(visit.approval_due_at)
    return min(looks)


def keep_answer(visit: Visit, by: PersonId, at: datetime, said: str, read_at: datetime) -> Visit:
    """Keep an OK until the next sweep reads it; done for every OK alike."""
    first = visit.answers_due_at or read_at
    return replace(
        visit,
        answers=(*visit.answers, Answer(by, at, said)),
        answers_due_at=min(first, read_at),
    )


def hear(matter: Matter, visit: Visit, by: PersonId, *, for_both: bool) -> Visit:
    """Note who of the pair has answered; one answers for both only by saying so."""
    speaking_for = matter.members if for_both and visit.together else (by,)
    called = visit.called
    if called is not None:
        called = replace(called, heard=tuple(dict.fromkeys((*called.heard, *speaking_for))))
    heard = tuple(dict.fromkeys((*visit.heard, *speaking_for)))
    return replace(visit, heard=heard, called=called)


def all_heard(matter: Matter, visit: Visit) -> bool:
    """Whether everybody of this visit has answered."""
    return set(matter.members) <= set(visit.heard)


def watcher_of(visit: Visit) -> PersonId | None:
    """Who hears how this visit goes: its approver, or who took that over; None until confirmed."""
    confirmed = visit.approval is Approval.CONFIRMED
    return (visit.watcher or visit.approver) if confirmed else None


def resting_state(visit: Visit) -> VisitState:
    """The state of a visit whose clock is not overdue, from what it expects next."""
    if visit.expecting is Expecting.CLEAR:
        return VisitState.LEAVING
    if visit.started_at is not None:
        return VisitState.UNDERWAY
    confirmed = visit.approval is Approval.CONFIRMED
    return VisitState.CONFIRMED if confirmed else VisitState.PLANNED
