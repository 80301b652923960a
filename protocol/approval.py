"""Who may confirm a plan, whether there is cover for it, and what happens while nobody answers."""

from dataclasses import replace
from datetime import datetime, timedelta

from protocol import lowering, together
from protocol.decision import Decision, Reason, idle, refuse
from protocol.effects import Asked, Effect, PostApproval, Said, Surface
from protocol.events import ApproverEvent, AskChanges, ConfirmPlan, DeclinePlan
from protocol.ids import PersonId
from protocol.override import AgreeLowering, LowerRating
from protocol.people import APPROVER_ROLES, RESPONDER_ROLES, Cover, Role
from protocol.plan import Plan
from protocol.planning import stopped
from protocol.policy import Timings
from protocol.records import Approval, Matter, Visit, VisitOutcome, VisitState
from protocol.situation import Situation
from protocol.telling import ask, refresh, tell
from protocol.watch import resting_state, set_due

# Below this, reminders and first human would come before the worker could have answered.
SHORTEST_INTERVAL = timedelta(minutes=5)
OUT_NOW_COUNTS_FOR = timedelta(hours=1)
# A shorter interval, set while the worker is out, makes nobody late at once.
SHORTENED_LEAVES = timedelta(minutes=5)
MAY_APPROVE = (*APPROVER_ROLES, Role.PROGRAM_MANAGER)


def approvers(matter: Matter, s: Situation, at: datetime) -> tuple[PersonId, ...]:
    """Whom to ask, in order: on duty first, then whoever holds the role; never the visit's own."""
    on_duty = [p for role in APPROVER_ROLES for p in s.cover.on_duty(role, at)]
    holders = [p for role in APPROVER_ROLES for p in s.cover.holding(role)]
    people = dict.fromkeys((*on_duty, *holders))
    return tuple(p for p in people if p not in matter.members)


def along(matter: Matter, plan: Plan) -> tuple[PersonId, ...]:
    """Everybody who is on the visit: the worker, a partner, and the backup on site."""
    return matter.members if plan.backup is None else (*matter.members, plan.backup)


def has_cover(
    along: tuple[PersonId, ...],
    start_at: datetime,
    end_at: datetime,
    timings: Timings,
    cover: Cover,
    now: datetime,
) -> bool:
    """Whether a responder exists at every instant of the visit and of the tail of its ladder.

    A responder counts who is on duty, not in the field, reachable, and not along on the visit.
    Cover can only change where a duty begins or ends, so those instants are the ones to look at.
    Who is out now says nothing about a visit that starts later than `OUT_NOW_COUNTS_FOR`.
    """
    tail = timings.ladder.rungs[-1].after + timings.windows.clear_within_by_bus
    until = end_at + tail
    edges = {edge for duty in cover.duties for edge in (duty.from_at, duty.until_at)}
    moments = [start_at, *(edge for edge in edges if start_at < edge <= until)]
    out = cover.in_field if start_at <= now + OUT_NOW_COUNTS_FOR else frozenset()
    away = {*along, *out, *cover.unreachable}
    return all(
        any(p not in away for role in RESPONDER_ROLES for p in cover.on_duty(role, moment))
        for moment in moments
    )


def decide(matter: Matter, event: ApproverEvent, s: Situation) -> Decision:
    """Apply an approver's answer to the plan that they were shown."""
    visit = matter.visit
    if visit is None:
        return refuse(matter, Reason.NO_OPEN_VISIT)
    if visit.state is VisitState.CLOSED:
        return idle(matter, Reason.ALREADY_CLOSED)
    if event.by in matter.members:
        return refuse(matter, Reason.OWN_PLAN)
    if not s.cover.holds(event.by, MAY_APPROVE):
        return refuse(matter, Reason.NOT_AN_APPROVER)
    if event.revision != visit.revision:
        return refuse(matter, Reason.PLAN_CHANGED)
    match event:
        case ConfirmPlan():
            return _confirm(matter, visit, event, s)
        case AskChanges():
            return _ask_changes(matter, visit, event)
        case DeclinePlan():
            return _decline(matter, visit, event)
        case LowerRating() | AgreeLowering():
            return lowering.decide(matter, visit, event, s)


def _confirm(matter: Matter, visit: Visit, event: ConfirmPlan, s: Situation) -> Decision:
    if visit.approval is Approval.CONFIRMED:
        return idle(matter, Reason.ALREADY_CONFIRMED)
    if isinstance(event, together.ConfirmTogether) and not together.fits(matter, event.by):
        return refuse(matter, Reason.NOT_TOGETHER)
    if event.check_in_every is not None and event.check_in_every < SHORTEST_INTERVAL:
        return refuse(matter, Reason.INTERVAL_TOO_SHORT)
    if visit.started_at is None:
        if any(stop.place and s.places[stop.place].retired for stop in visit.plan.stops):
            return refuse(matter, Reason.PLACE_GONE)
        rating = lowering.rating_now(visit, s)
        if rating.rank > visit.rating.rank:
            return lowering.risen(matter, visit, event.by, event.at, s)
        rule = stopped(visit.plan, matter.worker, s, rating)
        if rule is not None:
            return refuse(matter, rule)
        plan, start_at = visit.plan, max(visit.plan.start_at, event.at)
        if not has_cover(
            along(matter, plan), start_at, plan.end_at, visit.timings, s.cover, event.at
        ):
            return refuse(matter, Reason.NO_COVER)
    confirmed = replace(
        visit,
        approval=Approval.CONFIRMED,
        approver=event.by,
        approved_at=event.at,
        approval_due_at=None,
        lowering=None,
        watcher=None,
        timings=s.policy.timings(visit.rating, event.check_in_every),
    )
    shortened = confirmed.timings.check_in_every < visit.timings.check_in_every
    if shortened and visit.state is VisitState.UNDERWAY and visit.due_at is not None:
        since = visit.last_heard_at or event.at
        every = confirmed.timings.check_in_every
        sooner = min(visit.due_at, max(since + every, event.at + SHORTENED_LEAVES))
        if sooner != visit.due_at:
            confirmed = set_due(confirmed, visit.expecting, sooner, event.at)
    if visit.state is VisitState.PLANNED:
        confirmed = replace(confirmed, state=resting_state(confirmed))
    effects = (
        *tell(matter, Said.PLAN_CONFIRMED, matter.members, event.at, about=event.by),
        *refresh(matter, Surface.APPROVAL, Surface.WORKER_CARD),
    )
    return Decision(replace(matter, visit=confirmed), Reason.CONFIRMED, effects)


def _ask_changes(matter: Matter, visit: Visit, event: AskChanges) -> Decision:
    asked = replace(visit, approval=Approval.CHANGES_ASKED)
    if visit.state is VisitState.CONFIRMED:
        asked = replace(asked, state=VisitState.PLANNED)
    if visit.started_at is None:
        # It is the worker's turn. At the start everybody hears that it is not confirmed.
        asked = replace(asked, approval_step=1, approval_due_at=visit.plan.start_at)
    effects = (
        *tell(
            matter,
            Said.CHANGES_ASKED,
            matter.members,
            event.at,
            about=event.by,
            text=event.reason,
        ),
        *refresh(matter, Surface.APPROVAL, Surface.WORKER_CARD),
    )
    return Decision(replace(matter, visit=asked), Reason.CHANGES_ASKED, effects)


def _decline(matter: Matter, visit: Visit, event: DeclinePlan) -> Decision:
    """Decline: before the start that ends it; once the worker may be there, the clock runs on."""
    before = visit.state in (VisitState.PLANNED, VisitState.CONFIRMED)
    ends = before and event.at < visit.plan.start_at
    declined = replace(visit, approval=Approval.DECLINED, approver=event.by, approval_due_at=None)
    said, reason = Said.DECLINED_WHILE_OUT, Reason.DECLINED_WHILE_OUT
    if ends:
        said, reason = Said.PLAN_DECLINED, Reason.DECLINED
        declined = replace(
            declined,
            state=VisitState.CLOSED,
            due_at=None,
            ended_at=event.at,
            outcome=VisitOutcome.DECLINED,
        )
    elif visit.state is VisitState.CONFIRMED:
        declined = replace(declined, state=VisitState.PLANNED)
    effects = (
        *tell(matter, said, matter.members, event.at, about=event.by, text=event.reason),
        *refresh(matter, Surface.APPROVAL, Surface.WORKER_CARD),
    )
    return Decision(replace(matter, visit=declined), reason, effects)


def ask_first(matter: Matter, visit: Visit, at: datetime, s: Situation) -> tuple[Effect, ...]:
    """Ask the first approver by DM, and put the card where every approver sees it."""
    people = approvers(matter, s, at)
    key = f"{matter.id}/approval/{visit.revision}"
    return (
        PostApproval(key, visit.revision, people[:2]),
        *ask(matter, Asked.APPROVE, people[:1], at),
    )


def _others(people: tuple[PersonId, ...], asked: tuple[PersonId, ...]) -> tuple[PersonId, ...]:
    return tuple(p for p in people if p not in asked) or people


def on_deadline(matter: Matter, at: datetime, s: Situation) -> Decision:
    """Nobody has answered the plan: ask the backup; at the start say that it runs unconfirmed."""
    visit = matter.visit
    if visit is None or visit.approval_due_at is None or at < visit.approval_due_at:
        return idle(matter, Reason.NOT_DUE)
    windows, people = visit.timings.windows, approvers(matter, s, at)
    if visit.approval_step == 0:
        again_at = max(visit.plan.start_at, at + windows.approve_unplanned_within)
        asked = replace(visit, approval_step=1, approval_due_at=again_at)
        effects = (
            *ask(matter, Asked.APPROVE, _others(people, visit.asked_of), at),
            *tell(matter, Said.NOT_CONFIRMED_YET, (matter.worker,), at),
        )
    else:
        asked = replace(visit, approval_step=2, approval_due_at=None)
        told = (*people, *s.cover.everyone(at))
        others = tuple(p for p in told if p not in matter.members)
        effects = tell(matter, Said.STARTED_UNCONFIRMED, others, at, about=matter.worker)
    refreshed = refresh(matter, Surface.APPROVAL)
    return Decision(
        replace(matter, visit=asked), Reason.APPROVER_ASKED_AGAIN, (*effects, *refreshed)
    )
