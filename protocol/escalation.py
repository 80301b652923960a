"""One escalation: how it opens, who holds it and for how long, and what the clock does to it.

Who answers it is in `respond.py`, how it closes in `closing.py`, how it climbs in `climb.py`.
"""

from dataclasses import replace
from datetime import datetime

from protocol.climb import climb_anew, fire_next, kept_from, open_climb, page_besides
from protocol.decision import Decision, Reason, idle, refuse
from protocol.effects import Asked, Effect, Noted, Said, Surface
from protocol.events import (
    Arrive,
    CheckIn,
    Clear,
    Help,
    HelpForm,
    Leave,
    MoveOn,
    OpenSilent,
    Uneasy,
)
from protocol.ids import PersonId
from protocol.policy import Ladder
from protocol.rating import Rating
from protocol.records import (
    HELD,
    SILENT,
    Escalation,
    EscalationKind,
    EscalationState,
    Matter,
    VisitState,
)
from protocol.situation import Situation
from protocol.telling import ask, note, refresh, tell
from protocol.watch import all_heard, escalates_at, keep_answer

Tap = Arrive | CheckIn | MoveOn | Leave | Clear


def with_last(matter: Matter, escalation: Escalation) -> Matter:
    """The matter with its open escalation replaced."""
    return replace(matter, escalations=(*matter.escalations[:-1], escalation))


def open_missed(matter: Matter, at: datetime, s: Situation) -> Decision:
    """A check-in was missed: the first human is reached, and the worker is told so."""
    if matter.visit is None or matter.visit.due_at is None:
        raise ValueError("only an open visit has a check-in to miss")
    ladder = matter.visit.timings.ladder
    # Asked for at once or late: the rungs keep the distances that the ladder gives them.
    base_at = escalates_at(matter.visit) - ladder.rungs[0].after
    opened, effects = _open(matter, EscalationKind.MISSED, ladder, base_at, at, s)
    told = tell(matter, Said.PEOPLE_TOLD, matter.members, at)
    return Decision(opened, Reason.MISSED, (*effects, *told, *_cards(matter)))


def call_for_help(matter: Matter, event: Help, s: Situation) -> Decision:
    """A worker asks for help: always accepted, also while something is open."""
    if event.by not in matter.members:
        return refuse(matter, Reason.NOT_YOUR_VISIT)
    quiet = event.form is HelpForm.QUIET
    kind = EscalationKind.HELP_QUIET if quiet else EscalationKind.HELP_CALL
    ladder = (matter.visit.timings.ladders if matter.visit else s.policy.ladders).help
    escalation = matter.open_escalation
    if escalation is None:
        opened, effects = _open(matter, kind, ladder, event.at, event.at, s)
        return Decision(opened, Reason.HELP, (*effects, *_help_heard(matter, kind, event.at)))
    if escalation.kind in (EscalationKind.HELP_CALL, EscalationKind.HELP_QUIET):
        return _help_again(matter, escalation, kind, event, s)
    raised = replace(escalation, kind=kind, ladder=ladder, mark=escalation.mark + 1)
    raised, effects = climb_anew(matter, raised, event.at, s)
    noted = (
        *_earlier_told(matter, escalation, raised, event),
        *note(matter, raised, Noted.RAISED, event.at, by=event.by),
        *_renamed(matter, escalation, kind),
    )
    heard = _help_heard(matter, kind, event.at)
    return Decision(with_last(matter, raised), Reason.HELP_RAISED, (*effects, *noted, *heard))


def _earlier_told(
    matter: Matter, before: Escalation, after: Escalation, event: Help
) -> tuple[Effect, ...]:
    """Tell whoever was at it before and is not paged again now: an edited page does not push.

    Who was told to ring the worker must hear at once that they must not any more.
    """
    quiet = after.kind in SILENT
    owner = (before.owner,) if before.owner else ()
    earlier = (*before.paged, *owner) if quiet else owner
    people = [p for p in earlier if p not in after.waiting]
    said = Said.HELP_STAY_QUIET if quiet else Said.HELP_AGAIN
    return tell(matter, said, people, event.at, about=event.by)


def call_me(matter: Matter, event: Uneasy, s: Situation) -> Decision:
    """A worker is uneasy and wants a call; if nobody calls, the ladder goes on."""
    visit = matter.visit
    if visit is None or visit.state is VisitState.CLOSED:
        return refuse(matter, Reason.NO_OPEN_VISIT)
    if event.by not in matter.members:
        return refuse(matter, Reason.NOT_YOUR_VISIT)
    if matter.open_escalation is not None:
        return _uneasy_while_open(matter, matter.open_escalation, event)
    ladder = visit.timings.ladders.uneasy
    opened, effects = _open(matter, EscalationKind.UNEASY, ladder, event.at, event.at, s)
    told = tell(matter, Said.HELP_RAISED, (event.by,), event.at)
    return Decision(opened, Reason.UNEASY, (*effects, *told, *_cards(matter)))


def open_silent(matter: Matter, event: OpenSilent, s: Situation) -> Decision:
    """A duress answer was read: open the silent matter, or tell its people that it came again.

    The first rung fires at the next sweep, so that the transaction that read the answer writes as
    little as possible more than for an ordinary one.
    """
    escalation = matter.open_escalation
    if escalation is not None:
        excluded = tuple(dict.fromkeys((*escalation.excluded, *event.excluded)))
        again = replace(escalation, mark=escalation.mark + 1, excluded=excluded)
        if escalation.state is EscalationState.AWAITING_SECOND:
            # Whoever may call is reached by the new climb, not by the one that is over.
            also = tuple(dict.fromkeys((*again.also, *event.told)))
            climbed, effects = climb_anew(matter, replace(again, also=also), event.at, s)
            return Decision(with_last(matter, climbed), Reason.SILENT_AGAIN, effects)
        again, warned = page_besides(matter, again, event.told)
        told = tell(matter, Said.HELP_AGAIN, _who_has_it(again), event.at)
        noted = note(matter, again, Noted.RAISED, event.at)
        effects = (*warned, *told, *noted, *refresh(matter, Surface.PAGES))
        return Decision(with_last(matter, again), Reason.SILENT_AGAIN, effects)
    silent = Escalation(
        no=len(matter.escalations) + 1,
        kind=EscalationKind.DURESS,
        state=EscalationState.CLIMBING,
        ladder=s.policy.ladders.duress,
        opened_at=event.at,
        base_at=event.at,
        due_at=event.at,
        excluded=event.excluded,
        stop=event.stop,
        rating=event.rating,
        also=event.told,
    )
    opened = replace(
        matter, about=event.about, silent=True, escalations=(*matter.escalations, silent)
    )
    return Decision(opened, Reason.SILENT_OPENED)


def tapped(matter: Matter, at: datetime, by: PersonId, said: str, s: Situation) -> Decision:
    """The worker answered while people look for them: recorded, told, and not an all-clear."""
    escalation, visit = matter.open_escalation, matter.visit
    if escalation is None or visit is None:
        return refuse(matter, Reason.NOTHING_OPEN)
    kept = keep_answer(visit, by, at, said, at + s.answers_read_after)
    noticed = replace(escalation, tapped_at=at, mark=escalation.mark + 1)
    people = _who_has_it(escalation)
    if one_tap_is_enough(matter, noticed):
        told = ask(matter, Asked.CONFIRM_TAP, people, at, mark=noticed.mark, about=by)
    else:
        told = tell(matter, Said.WORKER_TAPPED, people, at, about=by)
    quiet = escalation.kind in SILENT
    answered = () if quiet else tell(matter, Said.TAPPED_WHILE_OPEN, (by,), at)
    effects = (
        *told,
        *answered,
        *note(matter, noticed, Noted.WORKER_TAPPED, at, by=by),
        *_cards(matter),
        *refresh(matter, Surface.PAGES),
    )
    moved = with_last(replace(matter, visit=kept), noticed)
    return Decision(moved, Reason.TAPPED_WHILE_OPEN, effects)


def one_tap_is_enough(matter: Matter, escalation: Escalation) -> bool:
    """Whether a late tap may be confirmed by one tap of somebody who was paged.

    On a low visit that was missed, while no human has acknowledged, and when everybody of the visit
    has answered: one of a pair says nothing about the other.
    """
    visit = matter.visit
    return (
        visit is not None
        and visit.rating is Rating.LOW
        and escalation.kind is EscalationKind.MISSED
        and escalation.state is EscalationState.CLIMBING
        and not escalation.acknowledged
        and escalation.tapped_at is not None
        and all_heard(matter, visit)
    )


def _who_has_it(escalation: Escalation) -> tuple[PersonId, ...]:
    return (escalation.owner,) if escalation.owner else escalation.paged


def _uneasy_while_open(matter: Matter, escalation: Escalation, event: Uneasy) -> Decision:
    """Whoever looks for the worker hears that they are uneasy; that is not an OK."""
    raised = replace(escalation, mark=escalation.mark + 1)
    effects = (
        *tell(matter, Said.UNEASY, _who_has_it(escalation), event.at, about=event.by),
        *note(matter, raised, Noted.RAISED, event.at, by=event.by),
        *_cards(matter),
        *refresh(matter, Surface.PAGES),
    )
    return Decision(with_last(matter, raised), Reason.UNEASY, effects)


def on_deadline(matter: Matter, at: datetime, s: Situation) -> Decision:
    """The escalation's deadline has come: the next rung, a question to its owner, a new climb."""
    escalation = matter.open_escalation
    if escalation is None or escalation.due_at is None or at < escalation.due_at:
        return idle(matter, Reason.NOT_DUE)
    if escalation.state is EscalationState.CLIMBING:
        climbed, effects = fire_next(matter, escalation, at, s)
        return Decision(with_last(matter, climbed), Reason.CLIMBED, effects)
    if escalation.state is EscalationState.AWAITING_SECOND:
        return _ask_for_second(matter, escalation, at, s)
    return _on_hold_ending(matter, escalation, at, s)


def page_undeliverable(
    matter: Matter, at: datetime, episode: str, rung: int, person: PersonId, s: Situation
) -> Decision:
    """A page can never arrive. When nobody of the rung is left to answer, the climb goes on.

    Past the top the next rung waits its time: it would reach the same people, again and again.
    """
    escalation = matter.open_escalation
    current = escalation and escalation.state is EscalationState.CLIMBING
    if not escalation or not current or (escalation.episode, escalation.rung) != (episode, rung):
        return idle(matter, Reason.NOT_DUE)
    left = tuple(p for p in escalation.waiting if p != person)
    waiting = replace(escalation, waiting=left)
    if left or rung >= len(escalation.ladder.rungs) - 1:
        return Decision(with_last(matter, waiting), Reason.PAGE_UNDELIVERABLE)
    climbed, effects = fire_next(matter, waiting, at, s)
    return Decision(with_last(matter, climbed), Reason.PAGE_UNDELIVERABLE, effects)


def second_people(
    matter: Matter, escalation: Escalation, at: datetime, s: Situation
) -> tuple[PersonId, ...]:
    """Who is asked to be the second to confirm: everybody paged and on duty but the closer."""
    closer = escalation.closing.by if escalation.closing else None
    kept = (*kept_from(matter, escalation), *((closer,) if closer else ()))
    people = dict.fromkeys((*escalation.paged, *s.cover.everyone(at, kept)))
    asked = tuple(p for p in people if p not in kept)
    return asked or tuple(p for p in s.cover.anyone() if p not in kept)


def _open(
    matter: Matter,
    kind: EscalationKind,
    ladder: Ladder,
    base_at: datetime,
    at: datetime,
    s: Situation,
) -> tuple[Matter, tuple[Effect, ...]]:
    fresh = Escalation(
        no=len(matter.escalations) + 1,
        kind=kind,
        state=EscalationState.CLIMBING,
        ladder=ladder,
        opened_at=at,
        base_at=base_at,
        due_at=at,
    )
    climbed, effects = open_climb(matter, fresh, at, s)
    visit = matter.visit
    if visit is not None and visit.state is not VisitState.CLOSED:
        visit = replace(visit, state=VisitState.ESCALATED)
    return replace(matter, visit=visit, escalations=(*matter.escalations, climbed)), effects


def _help_again(
    matter: Matter, escalation: Escalation, kind: EscalationKind, event: Help, s: Situation
) -> Decision:
    again = replace(escalation, kind=kind, mark=escalation.mark + 1)
    renamed = _renamed(matter, escalation, kind)
    matter = with_last(matter, again)  # a loud call after a quiet one may be heard
    heard = (*renamed, *_help_heard(matter, kind, event.at))
    if escalation.state is EscalationState.AWAITING_SECOND:
        # Somebody said that the worker is safe, and the worker says otherwise: climb again.
        climbed, effects = climb_anew(matter, again, event.at, s)
        told = _earlier_told(matter, escalation, climbed, event)
        return Decision(with_last(matter, climbed), Reason.HELP_AGAIN, (*effects, *told, *heard))
    hushed = kind in SILENT and escalation.kind not in SILENT
    said = Said.HELP_STAY_QUIET if hushed else Said.HELP_AGAIN
    effects = (
        *tell(matter, said, _who_has_it(escalation), event.at, about=event.by),
        *note(matter, again, Noted.RAISED, event.at, by=event.by),
        *refresh(matter, Surface.PAGES),
        *heard,
    )
    return Decision(with_last(matter, again), Reason.HELP_AGAIN, effects)


def _renamed(matter: Matter, before: Escalation, kind: EscalationKind) -> tuple[Effect, ...]:
    """The head of the incident thread says what kind it is, and follows when that changes."""
    stale = before.incident and before.kind is not kind
    return refresh(matter, Surface.THREAD) if stale else ()


def _help_heard(matter: Matter, kind: EscalationKind, at: datetime) -> tuple[Effect, ...]:
    # A quiet call must not make the phone buzz: the card is edited, and edits do not push.
    told = () if kind in SILENT else tell(matter, Said.HELP_RAISED, matter.members, at)
    return (*told, *_cards(matter))


def _on_hold_ending(matter: Matter, escalation: Escalation, at: datetime, s: Situation) -> Decision:
    owner, until_at = escalation.owner, escalation.until_at
    if escalation.state not in HELD or owner is None or until_at is None:
        raise ValueError("a held escalation has an owner and an end of the hold")
    if not escalation.asked and at < until_at:
        look = escalation.state is not EscalationState.ACKNOWLEDGED
        asked = Asked.NEXT_LOOK if look else Asked.STILL_ON_IT
        held = replace(escalation, asked=True, due_at=until_at)
        effects = ask(matter, asked, (owner,), at, mark=escalation.mark)
        return Decision(with_last(matter, held), Reason.ASKED_OWNER, effects)
    climbed, effects = climb_anew(matter, escalation, at, s)
    told = tell(matter, Said.HOLD_EXPIRED, (owner,), at)
    noted = note(matter, climbed, Noted.HOLD_EXPIRED, at, by=owner)
    return Decision(with_last(matter, climbed), Reason.HOLD_EXPIRED, (*effects, *told, *noted))


def _ask_for_second(matter: Matter, escalation: Escalation, at: datetime, s: Situation) -> Decision:
    closing = escalation.closing
    if closing is None:
        raise ValueError("an escalation that awaits a second has a first closing")
    within = s.policy.windows.second_within
    waiting = replace(escalation, due_at=at + within)
    people = second_people(matter, escalation, at, s)
    effects = ask(matter, Asked.CONFIRM_CLOSING, people, at, mark=escalation.mark, about=closing.by)
    return Decision(with_last(matter, waiting), Reason.ASKED_SECOND, effects)


def _cards(matter: Matter) -> tuple[Effect, ...]:
    return () if matter.silent else refresh(matter, Surface.WORKER_CARD)
