"""The unit of consistency: one event, one decision about a whole matter, one next deadline."""

from datetime import datetime
from typing import assert_never

from protocol import (
    approval,
    duress,
    escalation,
    flags,
    handover,
    raised,
    respond,
    roll_call,
    visit,
)
from protocol.calls import AskAccount, CallRoll, MayCall
from protocol.decision import Decision, Reason, idle
from protocol.events import (
    ApproverEvent,
    DeadlinePassed,
    Event,
    FieldEvent,
    OpenSilent,
    ResponderEvent,
    TriggerEvent,
    Undeliverable,
    WorkerEvent,
)
from protocol.flagged import PlaceFlagged
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.offers import HandoverEvent
from protocol.records import EscalationState, Matter
from protocol.situation import Situation
from protocol.watch import next_look


def blank(matter_id: MatterId, program: ProgramId, worker: PersonId) -> Matter:
    """A matter that is not stored yet, for an event that may open it."""
    return Matter(id=matter_id, program=program, worker=worker)


def decide(matter: Matter, event: Event, s: Situation) -> Decision:
    """Apply one event. Same inputs, same decision; a refusal or an idle answer changes nothing."""
    if matter.trigger is not None or isinstance(event, TriggerEvent):
        return _of_trigger(matter, event, s)
    return duress.warn_whoever_may_call(matter, event, _decide(matter, event, s))


def _of_trigger(matter: Matter, event: Event, s: Situation) -> Decision:
    match event:
        case DeadlinePassed():
            return _on_deadline(matter, event.at, s)
        case Undeliverable():
            return _undeliverable(matter, event, s)
        case _ if isinstance(event, TriggerEvent):
            return raised.decide(matter, event, s)
        case _:
            return raised.others(matter, event, s)


def _undeliverable(matter: Matter, event: Undeliverable, s: Situation) -> Decision:
    return escalation.page_undeliverable(
        matter, event.at, event.episode, event.rung, event.person, s
    )


def _decide(matter: Matter, event: FieldEvent, s: Situation) -> Decision:
    match event:
        case DeadlinePassed():
            return _on_deadline(matter, event.at, s)
        case Undeliverable():
            return _undeliverable(matter, event, s)
        case OpenSilent():
            return escalation.open_silent(matter, event, s)
        case CallRoll():
            return roll_call.call(matter, event, s)
        case AskAccount():
            return roll_call.ask_account(matter, event, s)
        case MayCall():
            return duress.may_call(matter, event)
        case _ if isinstance(event, HandoverEvent):
            return handover.decide(matter, event, s)
        case PlaceFlagged():
            return flags.decide(matter, event, s)
        case _ if isinstance(event, ApproverEvent):
            return approval.decide(matter, event, s)
        case _ if isinstance(event, ResponderEvent):
            return respond.respond(matter, event, s)
        case _ if isinstance(event, WorkerEvent):
            return visit.decide(matter, event, s)
        case _:
            assert_never(event)


def _on_deadline(matter: Matter, at: datetime, s: Situation) -> Decision:
    """Do the one thing that is most overdue; the sweep comes back until nothing is due.

    Answers are read first: what they say may be graver than what the clock says.
    """
    due_at = next_deadline(matter)
    if due_at is None or at < due_at:
        return idle(matter, Reason.NOT_DUE)
    answers_due_at = matter.visit.answers_due_at if matter.visit else None
    if answers_due_at is not None and answers_due_at <= at:
        return duress.read_answers(matter, at, s)
    climbing, look = matter.open_escalation, next_look(matter.visit) if matter.visit else None
    if climbing is not None and climbing.due_at is not None and climbing.due_at <= at:
        if climbing.state is EscalationState.CONSULTED:
            return raised.ask_again(matter, at)
        return escalation.on_deadline(matter, at, s)
    if climbing is None and look is not None and look <= at:
        return visit.on_deadline(matter, at, s)
    if matter.roll_call is not None:
        return roll_call.look(matter, at, s)
    # Last: whoever was asked to take something over never delays a clock.
    return handover.on_deadline(matter, at)


def next_deadline(matter: Matter) -> datetime | None:
    """When this matter next needs looking at (aware UTC); None if nothing of it is open."""
    looks: list[datetime] = []
    if matter.visit is not None:
        if matter.visit.answers_due_at is not None:
            looks.append(matter.visit.answers_due_at)
        look = next_look(matter.visit)
        if look is not None:
            looks.append(look)
    escalation_open = matter.open_escalation
    if escalation_open is not None and escalation_open.due_at is not None:
        looks.append(escalation_open.due_at)
    if matter.roll_call is not None and matter.roll_call.due_at is not None:
        looks.append(matter.roll_call.due_at)
    offer_ends_at = handover.next_end(matter)
    if offer_ends_at is not None:
        looks.append(offer_ends_at)
    return min(looks, default=None)
