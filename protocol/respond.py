"""What responders do with an escalation short of closing it: take it, pass it on, send somebody.

The first to acknowledge owns it. Whoever was paged or serves in the program may take it on, in
whatever role; only the worker, a partner and those whom the worker excluded cannot.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from protocol import closing
from protocol.climb import fire_next, kept_from
from protocol.decision import Decision, Follow, Reason, idle, refuse
from protocol.effects import Effect, Noted, Said, Surface
from protocol.escalation import with_last
from protocol.events import (
    Acknowledge,
    CallEmergency,
    CannotTake,
    Close,
    ConfirmClosing,
    ConfirmTap,
    Escalate,
    LogAttempt,
    PlanVisit,
    ProxyCheckIn,
    RejectClosing,
    ResponderEvent,
    SendSupport,
    StillOnIt,
)
from protocol.ids import MatterId, PersonId
from protocol.plan import Plan, Purpose, StartNow, Stop
from protocol.rating import Rating
from protocol.records import (
    HELD,
    SILENT,
    Escalation,
    EscalationState,
    Matter,
)
from protocol.situation import Situation
from protocol.telling import note, refresh, tell


def respond(matter: Matter, event: ResponderEvent, s: Situation) -> Decision:
    """Apply what a responder did; not for the worker, a partner, or whom the worker excluded."""
    if event.by in matter.members:
        return refuse(matter, Reason.ABOUT_YOURSELF)
    if isinstance(event, ProxyCheckIn):
        return closing.proxy_check_in(matter, event, s)
    escalation = matter.open_escalation
    if escalation is None and matter.escalations:
        return idle(matter, Reason.ALREADY_CLOSED)
    if escalation is None:
        return refuse(matter, Reason.NOTHING_OPEN)
    private = matter.trigger is not None and matter.trigger.private
    unasked = private and event.by not in escalation.paged
    if unasked or event.by in kept_from(matter, escalation):
        return refuse(matter, Reason.NOT_PAGED)
    # Somebody who left, or of another program, may have a message of ours: they stop no climb.
    if event.by not in escalation.paged and not s.cover.serves(event.by):
        return refuse(matter, Reason.NOT_A_RESPONDER)
    if isinstance(event, Close | ConfirmTap | ConfirmClosing | RejectClosing):
        return closing.decide(matter, escalation, event, s)
    return _handle(matter, escalation, event, s)


def _handle(
    matter: Matter,
    escalation: Escalation,
    event: Acknowledge
    | StillOnIt
    | CannotTake
    | Escalate
    | LogAttempt
    | SendSupport
    | CallEmergency,
    s: Situation,
) -> Decision:
    match event:
        case Acknowledge():
            return _acknowledge(matter, escalation, event)
        case StillOnIt():
            return _still_on_it(matter, escalation, event)
        case CannotTake():
            return _cannot_take(matter, escalation, event, s)
        case Escalate():
            climbed, effects = fire_next(matter, escalation, event.at, s)
            return Decision(with_last(matter, climbed), Reason.ESCALATED, effects)
        case LogAttempt():
            return _log_attempt(matter, escalation, event)
        case SendSupport():
            return _send_support(matter, escalation, event, s)
        case CallEmergency():
            return _call_emergency(matter, escalation, event, s)
        case _:
            assert_never(event)


def hold(
    escalation: Escalation, by: PersonId, state: EscalationState, at: datetime, ask_in: timedelta
) -> Escalation:
    """Let a person hold it: they are asked about it after `ask_in`, and it ends `ask_before` later.

    No hold is without an end: whoever holds it may be in trouble, too.
    """
    owned_at = escalation.owned_at if escalation.owner == by else at
    return replace(
        escalation,
        state=state,
        owner=by,
        owned_at=owned_at,
        acknowledged=True,
        waiting=(),
        asked=False,
        due_at=at + ask_in,
        until_at=at + ask_in + escalation.ladder.ask_before,
        closing=None,
    )


def _hold_as_acknowledged(escalation: Escalation, by: PersonId, at: datetime) -> Escalation:
    ladder = escalation.ladder
    ask_in = ladder.hold - ladder.ask_before
    return hold(escalation, by, EscalationState.ACKNOWLEDGED, at, ask_in)


def _acknowledge(matter: Matter, escalation: Escalation, event: Acknowledge) -> Decision:
    if escalation.state is not EscalationState.CLIMBING:
        if escalation.owner == event.by:
            return idle(matter, Reason.ALREADY_YOURS)
        return refuse(matter, Reason.TAKEN_BY_ANOTHER)
    held = _hold_as_acknowledged(escalation, event.by, event.at)
    told = (
        ()
        if escalation.kind in SILENT
        else tell(matter, Said.SEEN, matter.members, event.at, about=event.by)
    )
    effects = (
        *told,
        *note(matter, held, Noted.ACKNOWLEDGED, event.at, by=event.by),
        *_shown(matter),
    )
    return Decision(with_last(matter, held), Reason.ACKNOWLEDGED, effects)


def _still_on_it(matter: Matter, escalation: Escalation, event: StillOnIt) -> Decision:
    if escalation.owner != event.by:
        return refuse(matter, Reason.NOT_THE_OWNER)
    if escalation.state is EscalationState.ACKNOWLEDGED:
        held = _hold_as_acknowledged(escalation, event.by, event.at)
    elif escalation.state in HELD:
        ask_in = escalation.ladder.hold - escalation.ladder.ask_before
        held = hold(escalation, event.by, escalation.state, event.at, ask_in)
    else:
        return refuse(matter, Reason.NOT_THE_OWNER)
    return Decision(with_last(matter, held), Reason.STILL_ON_IT, _shown(matter))


def _cannot_take(
    matter: Matter, escalation: Escalation, event: CannotTake, s: Situation
) -> Decision:
    owns = escalation.owner == event.by and escalation.state in HELD
    if not owns and event.by not in escalation.paged:
        return refuse(matter, Reason.NOT_PAGED)
    noted = note(matter, escalation, Noted.CANNOT_TAKE, event.at, by=event.by)
    left = tuple(p for p in escalation.waiting if p != event.by)
    climbing = escalation.state is EscalationState.CLIMBING
    if owns or (climbing and event.by in escalation.waiting and not left):
        freed = replace(escalation, waiting=())
        climbed, effects = fire_next(matter, freed, event.at, s)
        return Decision(with_last(matter, climbed), Reason.CANNOT_TAKE, (*noted, *effects))
    waiting = replace(escalation, waiting=left)
    return Decision(with_last(matter, waiting), Reason.CANNOT_TAKE, noted)


def _log_attempt(matter: Matter, escalation: Escalation, event: LogAttempt) -> Decision:
    logged = replace(escalation, attempts=escalation.attempts + 1)
    if escalation.owner == event.by and escalation.state is EscalationState.ACKNOWLEDGED:
        # Whoever is trying is still on it.
        logged = _hold_as_acknowledged(logged, event.by, event.at)
    text = f"{event.method.value}: {event.outcome.value}"
    noted = note(matter, logged, Noted.ATTEMPT, event.at, by=event.by, text=text)
    effects = (*noted, *refresh(matter, Surface.PAGES))
    return Decision(with_last(matter, logged), Reason.ATTEMPT_LOGGED, effects)


def _look_in(escalation: Escalation, asked: timedelta | None, s: Situation) -> timedelta:
    """When to look again: as asked, but never later than an acknowledgement would hold."""
    look_in = asked if asked and asked > timedelta(0) else s.policy.windows.look_again
    return min(look_in, escalation.ladder.hold)


def _send_support(
    matter: Matter, escalation: Escalation, event: SendSupport, s: Situation
) -> Decision:
    if event.person is None and not event.service.strip():
        return refuse(matter, Reason.WITNESS_MISSING)
    if event.person in kept_from(matter, escalation):
        return refuse(matter, Reason.ABOUT_YOURSELF)
    look_in = _look_in(escalation, event.look_in, s)
    held = hold(escalation, event.by, EscalationState.SUPPORT_SENT, event.at, look_in)
    noted = note(matter, held, Noted.SUPPORT_SENT, event.at, by=event.by, text=event.service)
    told = _told_worker(matter, escalation, Said.SUPPORT_SENT, event.by, event.at, event.service)
    follow = () if event.person is None else (_watched(matter, event, s),)
    effects = (*told, *noted, *_shown(matter))
    return Decision(with_last(matter, held), Reason.SUPPORT_SENT, effects, follow)


def _call_emergency(
    matter: Matter, escalation: Escalation, event: CallEmergency, s: Situation
) -> Decision:
    look_in = _look_in(escalation, event.look_in, s)
    held = hold(escalation, event.by, EscalationState.EMERGENCY_CALLED, event.at, look_in)
    noted = note(matter, held, Noted.EMERGENCY_CALLED, event.at, by=event.by)
    told = _told_worker(matter, escalation, Said.EMERGENCY_CALLED, event.by, event.at)
    effects = (*told, *noted, *_shown(matter))
    return Decision(with_last(matter, held), Reason.EMERGENCY_CALLED, effects)


def _told_worker(
    matter: Matter,
    escalation: Escalation,
    said: Said,
    by: PersonId,
    at: datetime,
    text: str = "",
) -> tuple[Effect, ...]:
    # "Help is coming" is shown only here, after a person said so, and never where it is heard.
    if escalation.kind in SILENT:
        return ()
    return tell(matter, said, matter.members, at, about=by, text=text)


def _watched(matter: Matter, event: SendSupport, s: Situation) -> Follow:
    """The watched visit of the colleague who is sent to look."""
    if event.person is None:
        raise ValueError("only a person gets a visit of their own")
    visit, escalation = matter.visit, matter.open_escalation
    stop = visit.stop if visit else (escalation and escalation.stop) or Stop(label="")
    rating = visit.rating if visit else escalation.rating if escalation else None
    plan = Plan(
        stops=(replace(stop, arrived_at=None, left_at=None),),
        factors=visit.plan.factors if visit else frozenset(),
        # Watched at least as closely as the worker was.
        raised=Rating.HIGH if rating is Rating.PROHIBITED else rating,
        start_at=event.at,
        expected=s.policy.windows.transit_max,
        zone=s.zone,
        purpose=Purpose.SENT_TO_LOOK,
    )
    look = PlanVisit(event.at, event.person, plan, StartNow.SENT_TO_LOOK, sent_by=event.by)
    return Follow(MatterId(f"{matter.id}.look.v{matter.version + 1}"), look)


def _shown(matter: Matter) -> tuple[Effect, ...]:
    surfaces = (Surface.PAGES,) if matter.silent else (Surface.PAGES, Surface.WORKER_CARD)
    return refresh(matter, *surfaces)
