"""Everyone accounts for themselves: all who are out are asked at once, and whoever asked sees it.

What is due becomes due now, with a short grace. Whoever does not answer has missed a check-in,
and the ordinary ladder of their rating is climbed: sooner than it would have been, never later.

An agreed no-signal time does not count: it was agreed for a quiet day, and this is not one. The
page says when they were last heard. Whoever people are looking for already is not asked again, so
that no phone rings while a quiet call is open; they are counted with all whom responders have.
A silent matter is not looked at: its worker is asked, reminded and counted as any other.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from protocol.calls import AskAccount, Called, CallRoll, OnRoll, RollCall, Standing
from protocol.decision import Decision, Follow, Reason, idle, refuse
from protocol.effects import Effect, Remind, Said, Surface
from protocol.ids import MatterId
from protocol.people import RESPONDER_ROLES
from protocol.records import EscalationKind, Matter, Visit, VisitState
from protocol.situation import Situation
from protocol.telling import refresh, tell
from protocol.watch import escalates_at, nudges_passed

# Ours: short enough for whoever waits for it, long enough not to keep Slack busy with edits.
LOOK_EVERY: Final = timedelta(seconds=15)
# Ours: a visit that cannot be read after this long is called so, and does not keep a call open.
UNREADABLE_AFTER: Final = timedelta(minutes=1)
_BEFORE_START = (VisitState.PLANNED, VisitState.CONFIRMED)


def is_out(visit: Visit, at: datetime) -> bool:
    """Whether these people are out: the visit is open, and has begun or should have."""
    waits = visit.state in _BEFORE_START and visit.started_at is None
    return visit.state is not VisitState.CLOSED and not (waits and at < visit.plan.start_at)


def call(matter: Matter, event: CallRoll, s: Situation) -> Decision:
    """Ask everybody who is out, in one transaction: nobody is half asked. One call at a time."""
    if matter.version or matter.visit or matter.escalations or matter.roll_call:
        return idle(matter, Reason.ALREADY_CALLED)
    if not s.cover.holds(event.by, RESPONDER_ROLES):
        return refuse(matter, Reason.NOT_A_RESPONDER)
    if s.calling:
        return idle(matter, Reason.ALREADY_CALLED)
    out = {id_: one for id_, one in s.out.items() if one.visit and is_out(one.visit, event.at)}
    unread = tuple(OnRoll(id_, who, Standing.UNREADABLE) for id_, who in s.unread)
    people = (*(each for one in out.values() for each in _on_roll(one)), *unread)
    if not people:
        return refuse(matter, Reason.NOBODY_OUT)
    called = RollCall(
        by=event.by,
        at=event.at,
        missing_at=event.at + s.policy.account_within,
        due_at=event.at + LOOK_EVERY,
        people=people,
    )
    ask = AskAccount(event.at, event.by, matter.id)
    follow = tuple(Follow(id_, ask) for id_, one in out.items() if _is_asked(one))
    told = tell(matter, Said.ROLL_CALL, (event.by,), event.at)
    return Decision(replace(matter, roll_call=called), Reason.ROLL_CALLED, told, follow)


def ask_account(matter: Matter, event: AskAccount, s: Situation) -> Decision:
    """Ask the people of one visit to check in now, all of them, each in a new message."""
    visit = matter.visit
    if visit is None:
        return refuse(matter, Reason.NO_OPEN_VISIT)
    if visit.state is VisitState.CLOSED or visit.due_at is None:
        return idle(matter, Reason.ALREADY_CLOSED)
    if visit.state is VisitState.ESCALATED:
        return refuse(matter, Reason.PEOPLE_ALREADY_PAGED)
    if not is_out(visit, event.at):
        return refuse(matter, Reason.NOT_STARTED)
    if visit.called is not None and visit.called.roll_call == event.roll_call:
        return idle(matter, Reason.ALREADY_CALLED)
    timings, due_at = visit.timings, min(visit.due_at, event.at)
    grace = min(s.policy.account_within, timings.ladder.rungs[0].after)
    missing_at = min(escalates_at(visit), event.at + grace)
    # A call that is still open on this visit knows what was due before either.
    before = visit.called if visit.called and visit.grace is not None else None
    was_due_at = before.was_due_at if before else visit.due_at
    asked = replace(
        visit,
        state=VisitState.OVERDUE,
        due_at=due_at,
        due_no=visit.due_no + 1,
        nudge_no=nudges_passed(timings, due_at, event.at),
        heard=(),
        grace=missing_at - due_at,
        called=Called(event.roll_call, event.by, event.at, was_due_at, matter.members),
    )
    reminders = tuple(
        Remind(
            f"{matter.id}/due/{asked.due_no}/call/{person}", person, visit.expecting, event.at, 0
        )
        for person in matter.members
    )
    shown = refresh(matter, Surface.WORKER_CARD)
    return Decision(replace(matter, visit=asked), Reason.ASKED_TO_ACCOUNT, (*reminders, *shown))


def look(matter: Matter, at: datetime, s: Situation) -> Decision:
    """See who has answered; whoever asked hears at once of who is missed, and when it is over."""
    called = matter.roll_call
    if called is None or called.due_at is None or at < called.due_at:
        return idle(matter, Reason.NOT_DUE)
    people = tuple(
        _as_now(one, s.out.get(one.matter), matter.id, called, at) for one in called.people
    )
    over = all(one.standing is not Standing.WAITING for one in people)
    seen = replace(called, people=people, due_at=None if over else at + LOOK_EVERY)
    lost = (Standing.MISSED, Standing.UNREADABLE)
    newly = [
        now
        for was, now in zip(called.people, people, strict=True)
        if now.standing in lost and was.standing not in lost
    ]
    told: tuple[Effect, ...] = ()
    if newly:
        told = tell(matter, Said.ROLL_CALL_MISSED, (called.by,), at)
    elif over:
        told = tell(matter, Said.ROLL_CALL_OVER, (called.by,), at)
    shown = refresh(matter, Surface.ROLL_CALL) if people != called.people or over else ()
    reason = Reason.ROLL_CALL_OVER if over else Reason.ROLL_CALL_LOOKED
    return Decision(replace(matter, roll_call=seen), reason, (*told, *shown))


def _is_asked(matter: Matter) -> bool:
    return matter.visit is not None and matter.visit.state is not VisitState.ESCALATED


def _on_roll(matter: Matter) -> tuple[OnRoll, ...]:
    standing = Standing.WAITING if _is_asked(matter) else Standing.RESPONDERS
    return tuple(OnRoll(matter.id, person, standing) for person in matter.members)


def _as_now(
    one: OnRoll, matter: Matter | None, roll_call: MatterId, called: RollCall, at: datetime
) -> OnRoll:
    if matter is not None and matter.visit is not None:
        return replace(one, standing=_standing(one, matter, matter.visit, roll_call))
    if one.standing is Standing.WAITING and at >= called.missing_at + UNREADABLE_AFTER:
        return replace(one, standing=Standing.UNREADABLE)
    return one


def _standing(one: OnRoll, matter: Matter, visit: Visit, roll_call: MatterId) -> Standing:
    called = visit.called
    mine = called is not None and called.roll_call == roll_call
    if called is not None and mine and one.person in called.heard:
        return Standing.ANSWERED
    escalation = matter.open_escalation
    if escalation is not None:
        missed = mine and escalation.kind is EscalationKind.MISSED
        return Standing.MISSED if missed else Standing.RESPONDERS
    if mine and visit.state is not VisitState.CLOSED:
        return Standing.WAITING
    # A named person has accounted for them, or the visit ended by their own word.
    return Standing.ANSWERED
