"""Making a plan: its rating, the hard rules that stop it, and the clock that nobody is refused.

The hard rules stop a plan, never a clock: a worker who is there already is watched at once, and
what the rule would have said goes to the supervisor instead.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from protocol.decision import Reason
from protocol.events import PlanVisit
from protocol.ids import PersonId, PlaceId
from protocol.plan import STOPS_MAX, Plan, StartNow, Stop
from protocol.rating import Assessment, Flag, FlagKind, Rating, assess, highest, with_evening
from protocol.records import Approval, Expecting, Unplanned, Visit, VisitState
from protocol.situation import Situation
from protocol.watch import arrival_due, next_check_in, set_due

# A form that was opened a moment ago is not "in the past".
START_TOLERANCE = timedelta(minutes=5)


def rate(plan: Plan, s: Situation) -> Assessment:
    """Rate a plan: the highest of its stops, and never below what the worker asked for."""
    factors = with_evening(plan.factors, plan.start_at, plan.end_at, plan.zone)
    each = [
        assess(factors, s.places[stop.place].flags if stop.place in s.places else (), plan.start_at)
        for stop in plan.stops
    ] or [assess(factors, (), plan.start_at)]
    strictest = max(each, key=lambda found: found.rating.rank)
    raised = plan.raised or Rating.LOW
    return replace(strictest, rating=highest(strictest.rating, raised))


def standing_flags(plan: Plan, s: Situation) -> tuple[datetime, ...]:
    """When each flag that stands on the plan's places was raised, in order."""
    return tuple(sorted(flag.raised_at for flag in _flags(plan, s)))


def _flags(plan: Plan, s: Situation) -> list[Flag]:
    places = {stop.place for stop in plan.stops if stop.place in s.places}
    return [f for place in places for f in s.places[place].flags if f.counts(plan.start_at)]


def refusal(plan: Plan, worker: PersonId, at: datetime, s: Situation) -> Reason | None:
    """The rule that stops this plan, or None. The first that applies, the gravest first."""
    return _malformed(plan, worker, at, s) or stopped(plan, worker, s)


def _malformed(plan: Plan, worker: PersonId, at: datetime, s: Situation) -> Reason | None:
    windows = s.policy.windows
    checks = (
        (not plan.stops, Reason.NO_STOPS),
        (len(plan.stops) > STOPS_MAX, Reason.TOO_MANY_STOPS),
        (plan.start_at < at - START_TOLERANCE, Reason.START_IN_PAST),
        (plan.start_at > at + windows.plan_ahead_max, Reason.START_TOO_FAR),
        (plan.expected > windows.duration_max, Reason.TOO_LONG),
        (worker in (plan.partner, plan.backup), Reason.PARTNER_IS_WORKER),
        (any(_gone(stop.place, s) for stop in plan.stops), Reason.PLACE_GONE),
    )
    return next((reason for applies, reason in checks if applies), None)


def _gone(place: PlaceId | None, s: Situation) -> bool:
    if place is None:
        return False
    found = s.places.get(place)
    return found is None or found.retired


def stopped(
    plan: Plan, worker: PersonId, s: Situation, rating: Rating | None = None
) -> Reason | None:
    """The hard rule that stops this plan as things are now, or None.

    `rating` is the one in force, where it is not the computed one.
    """
    rating = rating or rate(plan, s).rating
    places = [s.places[stop.place] for stop in plan.stops if stop.place in s.places]
    solo_barred = s.policy.solo_transport_prohibited or any(
        place.solo_transport_prohibited for place in places
    )
    alone = plan.partner is None and plan.backup is None
    row = s.policy.ratings.get(rating)
    checks = (
        (any(f.kind is FlagKind.NO_ENTRY for f in _flags(plan, s)), Reason.NO_ENTRY),
        (rating is Rating.PROHIBITED, Reason.VISIT_PROHIBITED),
        (row is not None and row.needs_pair_or_backup and alone, Reason.NEEDS_PAIR),
        (plan.transporting and solo_barred and plan.partner is None, Reason.SOLO_TRANSPORT),
        (plan.cash and s.policy.cash_prohibited, Reason.CARRYING_CASH),
        (not _trained(worker, plan, s), Reason.TRAINING_MISSING),
    )
    return next((reason for applies, reason in checks if applies), None)


def _trained(worker: PersonId, plan: Plan, s: Situation) -> bool:
    members = [p for p in (worker, plan.partner) if p is not None]
    for person in members:
        found = s.workers.get(person)
        if found is None or found.trained_until is None or found.trained_until < plan.end_at:
            return False
    return True


def new_visit(event: PlanVisit, s: Situation) -> Visit:
    """The visit as it stands right after planning; its clock is set whatever anybody says to it."""
    plan = event.plan
    if event.start_now is not None:
        # The clock starts now, whatever a plan that was refused had said, and even at no place.
        plan = replace(plan, start_at=event.at, stops=plan.stops or (Stop(label=""),))
    rating = rate(plan, s).rating
    timings = s.policy.timings(rating)
    asking_at = max(
        plan.start_at - timings.windows.approve_before,
        event.at + timings.windows.approve_unplanned_within,
    )
    visit = Visit(
        plan=plan,
        rating=rating,
        timings=timings,
        state=VisitState.PLANNED,
        approval=Approval.ASKED,
        expecting=Expecting.ARRIVAL,
        due_at=plan.start_at + timings.windows.arrive_within,
        asked_at=event.at,
        approval_due_at=asking_at,
        together=plan.partner is not None,
    )
    if event.start_now is None:
        return set_due(visit, Expecting.ARRIVAL, arrival_due(visit), event.at)
    return _started(visit, event, event.start_now)


def _sent(visit: Visit, event: PlanVisit) -> Visit:
    """The visit of whoever was sent to look; who goes without being sent is confirmed by others."""
    at = event.at
    visit = replace(visit, unplanned=Unplanned.SENT_TO_LOOK)
    visit = set_due(visit, Expecting.ARRIVAL, at + visit.timings.windows.transit_within, at)
    if event.sent_by is None or event.sent_by == event.by:
        within = visit.timings.windows.approve_unplanned_within
        return replace(visit, approval_due_at=at + within)
    return replace(
        visit,
        approval=Approval.CONFIRMED,
        approver=event.sent_by,
        approved_at=at,
        approval_due_at=None,
        state=VisitState.CONFIRMED,
    )


def _started(visit: Visit, event: PlanVisit, how: StartNow) -> Visit:
    at, windows = event.at, visit.timings.windows
    if how is StartNow.SENT_TO_LOOK:
        return _sent(visit, event)
    stop = replace(visit.plan.stops[0], arrived_at=at)
    there = replace(
        visit,
        plan=replace(visit.plan, stops=(stop, *visit.plan.stops[1:])),
        unplanned=Unplanned(how.value),
        state=VisitState.UNDERWAY,
        started_at=at,
        last_heard_at=at,
        approval_due_at=at + windows.approve_unplanned_within,
    )
    return next_check_in(there, at)
