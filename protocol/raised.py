"""What becomes of a trigger that was raised: it is paged, answered in writing, and sorted.

It climbs like any escalation (`climb.py`, `respond.py`). Instead of an all-clear there is a written
answer with an owner and a time, and a named person who says that it is sorted. Until then it stays
open, and is asked about again.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from protocol import handover, respond
from protocol.calls import MayCall
from protocol.climb import chosen_people, climb_anew, fire_next, open_climb
from protocol.decision import Decision, Follow, Reason, idle, refuse
from protocol.effects import Asked, Effect, PostStandDown, Said, StandDown, Surface
from protocol.escalation import with_last
from protocol.events import Acknowledge, CannotTake, Escalate, Event, Help, LogAttempt, StillOnIt
from protocol.ids import MatterId, PersonId
from protocol.offers import Handed, HandoverEvent
from protocol.people import RESPONDER_ROLES, Role
from protocol.policy import Ladder
from protocol.records import Escalation, EscalationKind, EscalationState, Matter
from protocol.situation import Situation
from protocol.telling import ask, refresh, tell
from protocol.trigger import (
    Consult,
    NightClose,
    NotSorted,
    Pageable,
    RaiseTrigger,
    Sorted,
    Tier,
    Tried,
    Trigger,
    TriggerEvent,
    WriteConsult,
    on_call,
    quiet,
    reopened,
)

# Ours: soon at first, and then not so often that nobody reads it any more.
ASK_AGAIN: Final = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
# Product section 3: put down in the night, written up by ten.
WRITE_UP_BY: Final = time(10)
NIGHT_ENDS: Final = 6
BY_WHEN_MAX: Final = timedelta(days=30)
# So many contact attempts are kept with it; all are counted.
TRIED_MAX: Final = 10
# A decision is never asked of a peer, unless one took it on.
MAY_WRITE: Final = (
    *RESPONDER_ROLES,
    Role.EXECUTIVE,
    Role.PROGRAM_MANAGER,
    Role.MAT_COORDINATOR,
    Role.CASE_MANAGER,
    Role.HUMAN_RESOURCES,
)
_Answer = Acknowledge | StillOnIt | CannotTake | Escalate | LogAttempt


def decide(matter: Matter, event: TriggerEvent, s: Situation) -> Decision:
    """Apply what is said about a trigger."""
    if isinstance(event, RaiseTrigger):
        return _raise(matter, event, s)
    trigger, escalation = matter.trigger, matter.open_escalation
    if trigger is None:
        return refuse(matter, Reason.NOTHING_OPEN)
    if escalation is None:
        return idle(matter, Reason.ALREADY_CLOSED)
    match event:
        case WriteConsult():
            return _write(matter, trigger, escalation, event, s)
        case NightClose():
            return _until_morning(matter, trigger, escalation, event, s)
        case Sorted():
            return _sorted(matter, trigger, escalation, event, s)
        case NotSorted():
            return _not_sorted(matter, trigger, escalation, event, s)
        case _:
            assert_never(event)


def others(matter: Matter, event: Event, s: Situation) -> Decision:
    """Apply what is not about triggers alone: pages are answered as all are; the rest has no use.

    Nothing here is about a worker's safety, so nobody is accounted for and no clock is changed.
    """
    if isinstance(event, Help) and event.by == matter.worker:
        # It is never refused: what is about their own safety gets a matter of its own.
        own = MatterId(f"{matter.id}.help")
        return Decision(matter, Reason.HELP, follow=(Follow(own, event),))
    if isinstance(event, MayCall):
        return idle(matter, Reason.NOT_DUE)
    if isinstance(event, HandoverEvent) and event.what is Handed.ESCALATION:
        private = matter.trigger is not None and matter.trigger.private
        return refuse(matter, Reason.PRIVATE) if private else handover.decide(matter, event, s)
    if not isinstance(event, _Answer):
        return refuse(matter, Reason.NOT_ABOUT_A_VISIT)
    if event.by == matter.worker:
        return refuse(matter, Reason.RAISED_BY_YOU)
    escalation = matter.open_escalation
    written = escalation is not None and escalation.state is EscalationState.CONSULTED
    if escalation is not None and written and isinstance(event, CannotTake):
        if event.by != escalation.owner:
            return idle(matter, Reason.ALREADY_TAKEN)
        climbed, effects = fire_next(matter, escalation, event.at, s)
        return Decision(with_last(matter, climbed), Reason.CANNOT_TAKE, effects)
    decided = respond.respond(matter, event, s)
    if isinstance(event, LogAttempt) and decided.reason is Reason.ATTEMPT_LOGGED:
        return replace(decided, matter=_tried(decided.matter, event))
    return decided


def _tried(matter: Matter, event: LogAttempt) -> Matter:
    """Keep what was tried and what came of it: whoever takes it over reads it on the page."""
    trigger = matter.trigger
    if trigger is None:
        return matter
    one = Tried(event.by, event.at, f"{event.method.value}: {event.outcome.value}")
    return replace(matter, trigger=replace(trigger, tried=(*trigger.tried, one)[-TRIED_MAX:]))


def ask_again(matter: Matter, at: datetime) -> Decision:
    """The time that was promised has passed: whoever raised it and whoever has it are asked."""
    trigger, escalation = matter.trigger, matter.open_escalation
    if trigger is None or escalation is None or escalation.due_at is None or at < escalation.due_at:
        return idle(matter, Reason.NOT_DUE)
    consult = trigger.last
    if consult is None:
        raise ValueError("a trigger that was answered has an answer")
    every = ASK_AGAIN[min(trigger.asked_again, len(ASK_AGAIN) - 1)]
    later = replace(escalation, due_at=at + every)
    asked = replace(trigger, asked_again=trigger.asked_again + 1)
    mark, has_it = escalation.mark, escalation.owner or consult.by
    owners = (has_it,) if trigger.private or consult.owner is None else (has_it, consult.owner)
    to_write = consult.now is not None
    effects = (
        *(() if to_write else ask(matter, Asked.SORTED, (trigger.by,), at, mark=mark)),
        *ask(
            matter,
            Asked.WRITE_UP if to_write else Asked.BY_WHEN_PASSED,
            tuple(one for one in owners if one != trigger.by),
            at,
            mark=mark,
        ),
    )
    return Decision(_with(matter, asked, later), Reason.ASKED_SORTED, effects)


def _raise(matter: Matter, event: RaiseTrigger, s: Situation) -> Decision:
    if matter.version or matter.visit or matter.escalations or matter.roll_call:
        return idle(matter, Reason.ALREADY_RAISED)
    page = event.page
    if page.row.tier is Tier.U4:
        return refuse(matter, Reason.NO_PAGE_FOR_THIS)
    danger = page.private and (page.danger or event.danger)
    chosen = event.chosen if page.private and not danger else None
    if page.private and not danger and chosen is None:
        return refuse(matter, Reason.NEEDS_CHOICE)
    channel = None if page.private else page.channel
    trigger = Trigger(
        by=event.by,
        at=event.at,
        # A phone's clock may be ahead; nothing was heard after it was told.
        heard_at=min(event.heard_at, event.at),
        row=page.row,
        backup=page.backup,
        heard=event.heard,
        call_back=event.call_back,
        channel=channel,
        private=page.private,
        chosen=chosen,
    )
    raised = replace(matter, trigger=trigger)
    if chosen is not None and not chosen_people(raised, event.at, s):
        return refuse(matter, Reason.NOBODY_CHOSEN)
    fresh = Escalation(
        no=1,
        kind=EscalationKind.TRIGGER,
        state=EscalationState.CLIMBING,
        ladder=_ladder(page, danger=danger),
        opened_at=event.at,
        base_at=trigger.heard_at,
        due_at=event.at,
    )
    climbed, effects = open_climb(raised, fresh, event.at, s)
    told = tell(raised, Said.PAGED_FOR_YOU, (event.by,), event.at)
    opened = replace(raised, escalations=(climbed,))
    return Decision(opened, Reason.RAISED, (*effects, *told))


def _ladder(page: Pageable, *, danger: bool) -> Ladder:
    reached = on_call(page.ladder) if danger else page.ladder
    return quiet(reached) if page.private else reached


def _write(
    matter: Matter, trigger: Trigger, escalation: Escalation, event: WriteConsult, s: Situation
) -> Decision:
    why_not = _may_write(matter, trigger, escalation, event.by, s) or _readable(event)
    if why_not is not None:
        return refuse(matter, why_not)
    nobody = event.owner is None and event.role is None
    consult = Consult(
        by=event.by,
        at=event.at,
        by_when=event.by_when,
        decision=event.decision,
        owner=event.by if nobody else event.owner,
        role=event.role,
    )
    written, moved = _written(trigger, escalation, consult)
    decided = _with(matter, written, moved)
    named = () if trigger.private else _who_does_it(consult, event.at, s)
    told = tuple(p for p in named if p not in (event.by, trigger.by))
    effects = (
        *ask(matter, Asked.SORTED, (trigger.by,), event.at, mark=moved.mark, about=event.by),
        *tell(matter, Said.YOURS_TO_DO, told, event.at, about=event.by),
        *refresh(matter, Surface.PAGES),
    )
    return Decision(decided, Reason.CONSULT_WRITTEN, effects)


def _until_morning(
    matter: Matter, trigger: Trigger, escalation: Escalation, event: NightClose, s: Situation
) -> Decision:
    """It is put down for the night: what happens now is told, and it must be written up by then."""
    why_not = _may_write(matter, trigger, escalation, event.by, s)
    if why_not is not None:
        return refuse(matter, why_not)
    by_when = _ten(event.at, s.zone)
    consult = Consult(event.by, event.at, by_when, owner=event.by, now=event.now)
    written, moved = _written(trigger, escalation, consult)
    effects = (
        *tell(matter, Said.UNTIL_MORNING, (trigger.by,), event.at, about=event.by),
        *refresh(matter, Surface.PAGES),
    )
    return Decision(_with(matter, written, moved), Reason.UNTIL_MORNING, effects)


def _ten(at: datetime, zone: str) -> datetime:
    """Ten the next morning, local time; what is put down before six is of the night before."""
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() if local.hour < NIGHT_ENDS else local.date() + timedelta(days=1)
    return datetime.combine(day, WRITE_UP_BY, ZoneInfo(zone)).astimezone(UTC)


def _written(
    trigger: Trigger, escalation: Escalation, consult: Consult
) -> tuple[Trigger, Escalation]:
    owned_at = escalation.owned_at if escalation.owner == consult.by else consult.at
    moved = replace(
        escalation,
        state=EscalationState.CONSULTED,
        owner=consult.by,
        owned_at=owned_at,
        acknowledged=True,
        waiting=(),
        until_at=None,
        asked=False,
        offer=None,
        mark=escalation.mark + 1,
        due_at=consult.by_when,
    )
    return replace(trigger, consults=(*trigger.consults, consult), asked_again=0), moved


def _may_write(
    matter: Matter, trigger: Trigger, escalation: Escalation, by: PersonId, s: Situation
) -> Reason | None:
    """Why this person may not write back. While nobody has it, whoever writes takes it on."""
    if by == matter.worker:
        return Reason.RAISED_BY_YOU
    asked = by == escalation.owner or by in escalation.paged
    if not asked and (trigger.private or not s.cover.holds(by, MAY_WRITE)):
        return Reason.NOT_PAGED
    taken = escalation.state is not EscalationState.CLIMBING
    return Reason.TAKEN_BY_ANOTHER if taken and escalation.owner != by else None


def _readable(event: WriteConsult) -> Reason | None:
    if not event.decision.strip():
        return Reason.NEEDS_DECISION
    in_time = timedelta(0) < event.by_when - event.at <= BY_WHEN_MAX
    return None if in_time else Reason.BY_WHEN_WRONG


def _who_does_it(consult: Consult, at: datetime, s: Situation) -> tuple[PersonId, ...]:
    if consult.owner is not None:
        return (consult.owner,)
    if consult.role is None:
        return ()
    return s.cover.on_duty(consult.role, at) or s.cover.holding(consult.role)


def _sorted(
    matter: Matter, trigger: Trigger, escalation: Escalation, event: Sorted, s: Situation
) -> Decision:
    """A named person closes it: whoever raised it, or, once its time has passed, a lead for them.

    What is about a worker's own life is theirs to take back at any time.
    """
    raiser, consult = event.by == trigger.by, trigger.last
    if not (raiser and trigger.private):
        written = escalation.state is EscalationState.CONSULTED
        if consult is None or consult.now is not None or not written:
            return refuse(matter, Reason.NOTHING_WRITTEN)
        if not raiser and (why_not := _may_sort(trigger, escalation, consult, event, s)):
            return refuse(matter, why_not)
        if event.mark != escalation.mark:
            return refuse(matter, Reason.CHANGED_SINCE)
    closed = replace(
        escalation,
        state=EscalationState.CLOSED,
        closed_at=event.at,
        due_at=None,
        until_at=None,
        waiting=(),
        offer=None,
    )
    settled = replace(trigger, settled_by=event.by)
    effects = (
        *_stand_down(matter, closed, event),
        *(
            ()
            if raiser
            else tell(matter, Said.SORTED_FOR_YOU, (trigger.by,), event.at, about=event.by)
        ),
        *refresh(matter, Surface.PAGES),
    )
    return Decision(_with(matter, settled, closed), Reason.SORTED, effects)


def _may_sort(
    trigger: Trigger, escalation: Escalation, consult: Consult, event: Sorted, s: Situation
) -> Reason | None:
    """Why somebody else may not close it: they were not asked, or the raiser still has time."""
    paged = event.by in escalation.paged
    if not paged and (trigger.private or not s.cover.holds(event.by, RESPONDER_ROLES)):
        return Reason.NOT_PAGED
    return Reason.ASKER_FIRST if event.at < consult.by_when else None


def _not_sorted(
    matter: Matter, trigger: Trigger, escalation: Escalation, event: NotSorted, s: Situation
) -> Decision:
    """It is not sorted: the backup and the peer supervisor are paged, as if nobody had had it."""
    if event.by != trigger.by:
        return refuse(matter, Reason.ASKER_FIRST)
    if escalation.state is EscalationState.CLIMBING:
        return idle(matter, Reason.ALREADY_RAISED)
    if escalation.state is not EscalationState.CONSULTED:
        return refuse(matter, Reason.NOTHING_WRITTEN)
    open_again = replace(trigger, not_sorted=trigger.not_sorted + 1, asked_again=0)
    back = reopened(escalation.ladder, trigger.backup, trigger.channel)
    before = replace(matter, trigger=open_again)
    anew = replace(escalation, ladder=back, mark=escalation.mark + 1)
    climbed, effects = climb_anew(before, anew, event.at, s)
    had_it = (escalation.owner,) if escalation.owner else ()
    told = (
        *tell(matter, Said.NOT_SORTED, had_it, event.at, about=event.by),
        *tell(matter, Said.REOPENED, (trigger.by,), event.at),
    )
    return Decision(with_last(before, climbed), Reason.REOPENED, (*effects, *told))


def _stand_down(matter: Matter, closed: Escalation, event: Sorted) -> tuple[Effect, ...]:
    stem = f"{matter.id}/{closed.no}/stand-down"
    return (
        *(StandDown(f"{stem}/{p}", p, event.at, event.by) for p in closed.paged if p != event.by),
        *(PostStandDown(f"{stem}/{c}", c, event.at, event.by) for c in closed.posted),
    )


def _with(matter: Matter, trigger: Trigger, escalation: Escalation) -> Matter:
    return with_last(replace(matter, trigger=trigger), escalation)
