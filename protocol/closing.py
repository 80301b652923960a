"""How an escalation closes: only when the worker is accounted for, only by a named person.

Help and duress need a second person. A worker's tap alone closes nothing once people were paged. No
passage of time closes anything.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from protocol.climb import kept_from
from protocol.decision import Decision, Reason, refuse
from protocol.effects import (
    Asked,
    Effect,
    Noted,
    PostStandDown,
    Said,
    StandDown,
    Surface,
)
from protocol.escalation import one_tap_is_enough, second_people, with_last
from protocol.events import Close, ConfirmClosing, ConfirmTap, ProxyCheckIn, RejectClosing
from protocol.ids import PersonId
from protocol.incident import ending
from protocol.people import APPROVER_ROLES, RESPONDER_ROLES, Role
from protocol.records import (
    NEEDS_SECOND,
    SILENT,
    Accounted,
    Closing,
    Escalation,
    EscalationState,
    Expecting,
    Finding,
    Matter,
    Visit,
    VisitOutcome,
    VisitState,
)
from protocol.situation import Situation
from protocol.telling import ask, note, refresh, tell
from protocol.watch import arrival_due, clear_within, next_check_in, resting_state, set_due

_MAY_CLOSE = (*RESPONDER_ROLES, Role.EXECUTIVE, Role.PROGRAM_MANAGER)


def decide(
    matter: Matter,
    escalation: Escalation,
    event: Close | ConfirmTap | ConfirmClosing | RejectClosing,
    s: Situation,
) -> Decision:
    """Apply a person's word that the worker is accounted for, or a second's yes or no to it."""
    match event:
        case Close():
            return _close(matter, escalation, event, s)
        case ConfirmTap():
            return _confirm_tap(matter, escalation, event)
        case ConfirmClosing():
            return _confirm_closing(matter, escalation, event, s)
        case RejectClosing():
            return _reject_closing(matter, escalation, event)
        case _:
            assert_never(event)


def _close(matter: Matter, escalation: Escalation, event: Close, s: Situation) -> Decision:
    """One person says that the worker is accounted for; help and duress then wait for a second."""
    if event.by not in escalation.paged and not s.cover.holds(event.by, _MAY_CLOSE):
        return refuse(matter, Reason.NOT_A_RESPONDER)
    if event.mark != escalation.mark:
        return refuse(matter, Reason.CHANGED_SINCE)
    if escalation.state is EscalationState.AWAITING_SECOND:
        return refuse(matter, Reason.TAKEN_BY_ANOTHER)
    if event.accounted is Accounted.CONFIRMED_TAP:
        return refuse(matter, Reason.ONE_TAP_NOT_ENOUGH)
    if event.accounted is not Accounted.SPOKEN and not event.witness.strip():
        return refuse(matter, Reason.WITNESS_MISSING)
    if event.finding is Finding.DRILL and not escalation.drill:
        return refuse(matter, Reason.NOT_A_DRILL)
    closing = Closing(
        event.by, event.at, event.accounted, event.witness, event.finding, event.continues
    )
    if escalation.kind in NEEDS_SECOND:
        return _await_second(matter, escalation, closing, s)
    return _settle(matter, escalation, closing, event.at, Reason.CLOSED)


def _confirm_tap(matter: Matter, escalation: Escalation, event: ConfirmTap) -> Decision:
    """A person who was paged confirms a late tap on a low visit that nobody had taken on yet."""
    if event.by not in escalation.paged:
        return refuse(matter, Reason.NOT_PAGED)
    if not one_tap_is_enough(matter, escalation):
        return refuse(matter, Reason.ONE_TAP_NOT_ENOUGH)
    if event.mark != escalation.mark:
        return refuse(matter, Reason.CHANGED_SINCE)
    closing = Closing(event.by, event.at, Accounted.CONFIRMED_TAP, "", Finding.LATE, continues=True)
    return _settle(matter, escalation, closing, event.at, Reason.TAP_CONFIRMED)


def proxy_check_in(matter: Matter, event: ProxyCheckIn, s: Situation) -> Decision:
    """A supervisor spoke to the worker. It never closes help or duress."""
    if not s.cover.holds(event.by, (*APPROVER_ROLES, *_MAY_CLOSE)):
        return refuse(matter, Reason.NOT_A_RESPONDER)
    if not event.challenge_right:
        return refuse(matter, Reason.CHALLENGE_MISSING)
    escalation, visit = matter.open_escalation, matter.visit
    if escalation is not None and escalation.kind in NEEDS_SECOND:
        return refuse(matter, Reason.PROXY_NOT_ENOUGH)
    if escalation is not None:
        closing = Closing(event.by, event.at, Accounted.SPOKEN, "", Finding.LATE, continues=True)
        return _settle(matter, escalation, closing, event.at, Reason.PROXY_CHECKED_IN)
    if visit is None or visit.state is VisitState.CLOSED:
        return refuse(matter, Reason.NO_OPEN_VISIT)
    heard = replace(visit, last_heard_at=event.at)
    effects = refresh(matter, Surface.WORKER_CARD)
    return Decision(
        replace(matter, visit=_go_on(heard, event.at)), Reason.PROXY_CHECKED_IN, effects
    )


def _confirm_closing(
    matter: Matter, escalation: Escalation, event: ConfirmClosing, s: Situation
) -> Decision:
    """A second person confirms, and only then is a call for help closed."""
    closing = escalation.closing
    if escalation.state is not EscalationState.AWAITING_SECOND or closing is None:
        return refuse(matter, Reason.NOTHING_TO_CONFIRM)
    if event.by == closing.by:
        return refuse(matter, Reason.SECOND_IS_FIRST)
    if event.by not in escalation.paged and not s.cover.holds(event.by, _MAY_CLOSE):
        return refuse(matter, Reason.NOT_A_RESPONDER)
    if event.mark != escalation.mark:
        return refuse(matter, Reason.CHANGED_SINCE)
    seconded = replace(escalation, second=event.by)
    return _settle(matter, seconded, closing, event.at, Reason.CLOSING_CONFIRMED)


def _reject_closing(matter: Matter, escalation: Escalation, event: RejectClosing) -> Decision:
    """A second person does not agree, and has it from now on."""
    closing = escalation.closing
    if escalation.state is not EscalationState.AWAITING_SECOND or closing is None:
        return refuse(matter, Reason.NOTHING_TO_CONFIRM)
    if event.by == closing.by:
        return refuse(matter, Reason.SECOND_IS_FIRST)
    ladder = escalation.ladder
    reopened = replace(
        escalation,
        state=EscalationState.ACKNOWLEDGED,
        owner=event.by,
        owned_at=event.at,
        closing=None,
        mark=escalation.mark + 1,
        asked=False,
        due_at=event.at + ladder.hold - ladder.ask_before,
        until_at=event.at + ladder.hold,
    )
    effects = (
        *tell(matter, Said.CLOSING_REJECTED, (closing.by,), event.at, about=event.by),
        *note(matter, reopened, Noted.CLOSING_REJECTED, event.at, by=event.by),
        *refresh(matter, Surface.PAGES),
    )
    return Decision(with_last(matter, reopened), Reason.CLOSING_REJECTED, effects)


def _await_second(
    matter: Matter, escalation: Escalation, closing: Closing, s: Situation
) -> Decision:
    at = closing.at
    waiting = replace(
        escalation,
        state=EscalationState.AWAITING_SECOND,
        owner=closing.by,
        owned_at=at,
        closing=closing,
        waiting=(),
        until_at=None,
        asked=False,
        due_at=at + s.policy.windows.second_within,
    )
    people = second_people(matter, waiting, at, s)
    effects = (
        *ask(matter, Asked.CONFIRM_CLOSING, people, at, mark=waiting.mark, about=closing.by),
        *note(matter, waiting, Noted.CLOSED_BY_ONE, at, by=closing.by),
        *refresh(matter, Surface.PAGES),
    )
    return Decision(with_last(matter, waiting), Reason.CLOSED_BY_ONE, effects)


def _settle(
    matter: Matter, escalation: Escalation, closing: Closing, at: datetime, reason: Reason
) -> Decision:
    """Close it: the visit goes on or ends, and everybody who was paged is stood down."""
    closed = replace(
        escalation,
        state=EscalationState.CLOSED,
        closing=closing,
        closed_at=at,
        due_at=None,
        until_at=None,
        waiting=(),
    )
    visit = matter.visit
    if visit is not None and visit.state is VisitState.ESCALATED:
        going_on = closing.continues and visit.ended_at is None
        visit = _go_on(visit, at) if going_on else _end(visit, at)
    settled = with_last(replace(matter, visit=visit), closed)
    effects = (
        *_stand_down(matter, closed, closing.by, at),
        *_worker_told(matter, closed, at),
        *note(matter, closed, Noted.CLOSED, at, by=closing.by, text=ending(settled, closed)),
        *refresh(matter, Surface.PAGES, *((Surface.THREAD,) if closed.incident else ())),
    )
    return Decision(settled, reason, effects)


def _go_on(visit: Visit, at: datetime) -> Visit:
    """The visit's clock runs again, from what was expected when people were called in.

    A roll call is answered with it: a named person has accounted for them.
    """
    visit = replace(visit, called=None, grace=None)
    arriving = visit.expecting is Expecting.ARRIVAL and visit.started_at is None
    if arriving:
        due_at = max(arrival_due(visit), at + visit.timings.windows.arrive_within)
        moved = set_due(visit, Expecting.ARRIVAL, due_at, at)
    elif visit.expecting is Expecting.CLEAR:
        moved = set_due(visit, Expecting.CLEAR, at + clear_within(visit), at)
    else:
        moved = next_check_in(visit, at)
    return replace(moved, state=resting_state(moved), last_heard_at=at)


def _end(visit: Visit, at: datetime) -> Visit:
    return replace(
        visit,
        state=VisitState.CLOSED,
        due_at=None,
        approval_due_at=None,
        ended_at=visit.ended_at or at,
        outcome=VisitOutcome.ACCOUNTED_FOR,
    )


def _stand_down(
    matter: Matter, escalation: Escalation, by: PersonId, at: datetime
) -> tuple[Effect, ...]:
    stem = f"{matter.id}/{escalation.no}/stand-down"
    avoid = kept_from(matter, escalation) if matter.silent else ()
    return (
        *(StandDown(f"{stem}/{p}", p, at, by) for p in escalation.paged),
        *(PostStandDown(f"{stem}/{c}", c, at, by, avoid) for c in escalation.posted),
    )


def _worker_told(matter: Matter, escalation: Escalation, at: datetime) -> tuple[Effect, ...]:
    if matter.silent:
        return ()
    told = () if escalation.kind in SILENT else tell(matter, Said.ACCOUNTED_FOR, matter.members, at)
    return (*told, *refresh(matter, Surface.WORKER_CARD))
