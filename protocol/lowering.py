"""The rating of a plan that waits for its yes: how it rises by itself, and how two people lower it.

A rating goes down by one step, before the start, with a reason, when one approver proposes it and
another agrees. That holds against what was known then: a new flag or factor ends it.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from protocol.decision import Decision, Reason, refuse
from protocol.effects import Asked, Effect, Said, Surface
from protocol.ids import PersonId
from protocol.override import AgreeLowering, LowerRating
from protocol.people import APPROVER_ROLES
from protocol.plan import Plan
from protocol.planning import rate, standing_flags
from protocol.rating import Rating, highest
from protocol.records import Approval, Lowering, Matter, Visit, VisitState
from protocol.situation import Situation
from protocol.telling import ask, refresh, tell
from protocol.watch import nudges_passed


def rating_now(visit: Visit, s: Situation) -> Rating:
    """The rating this plan has as things are now; lowered only against what was known then."""
    found, lowered = rate(visit.plan, s).rating, visit.lowered
    if lowered is None or found is Rating.PROHIBITED or _news(lowered, visit.plan, s):
        return found
    return min(found, lowered.rating, key=lambda rating: rating.rank)


def rated_anew(visit: Visit, s: Situation, at: datetime) -> Visit:
    """The visit with the rating of its new times, and watched by it: never below the one in force.

    Whoever is out already is not stopped by it, and the approver's interval stays if it is shorter.
    A plan that still waits is a new revision: nobody confirms a rating that they were not shown.
    """
    rating = rating_now(visit, s)
    if rating.rank <= visit.rating.rank:
        return visit
    timings = s.policy.timings(rating, visit.timings.check_in_every)
    nudge_no = nudges_passed(timings, visit.due_at, at)
    rated = replace(visit, rating=rating, timings=timings, nudge_no=nudge_no)
    if visit.approval is Approval.CONFIRMED:
        return rated
    return replace(rated, revision=visit.revision + 1, lowering=None, lowered=None)


def asked_anew(matter: Matter, before: Visit, after: Visit, at: datetime) -> tuple[Effect, ...]:
    """Show a plan again that was rated anew while it waited, to whoever it was put to."""
    waits = after.approval is Approval.ASKED and after.revision != before.revision
    return ask(matter, Asked.APPROVE, before.asked_of, at) if waits else ()


def risen(matter: Matter, visit: Visit, by: PersonId, at: datetime, s: Situation) -> Decision:
    """What became known makes the plan stricter than the one that was shown: it is shown again."""
    rating = highest(rate(visit.plan, s).rating, visit.rating)
    return _shown_again(matter, visit, rating, Reason.RATING_ROSE, by, at, s)


def decide(
    matter: Matter, visit: Visit, event: LowerRating | AgreeLowering, s: Situation
) -> Decision:
    """Apply an approver's word on a lower rating; `approval.decide` has looked at who it is."""
    if event.by == visit.plan.backup:
        return refuse(matter, Reason.OWN_PLAN)
    if visit.approval is Approval.CONFIRMED:
        return refuse(matter, Reason.ALREADY_CONFIRMED)
    if visit.state is not VisitState.PLANNED or event.at >= visit.plan.start_at:
        return refuse(matter, Reason.LOWERED_TOO_LATE)
    if isinstance(event, LowerRating):
        return _propose(matter, visit, event, s)
    return _agree(matter, visit, event, s)


def _propose(matter: Matter, visit: Visit, event: LowerRating, s: Situation) -> Decision:
    if visit.lowering is not None:
        return refuse(matter, Reason.ALREADY_PROPOSED)
    found = rate(visit.plan, s)
    if found.rating is Rating.PROHIBITED:
        return refuse(matter, Reason.NEVER_LOWERED)
    if rating_now(visit, s).rank > visit.rating.rank:
        return risen(matter, visit, event.by, event.at, s)
    if visit.lowered is not None or event.rating.rank != visit.rating.rank - 1:
        return refuse(matter, Reason.NOT_ONE_STEP)
    lowering = Lowering(
        by=event.by,
        at=event.at,
        rating=event.rating,
        reason=event.reason,
        factors=found.because,
        flags=standing_flags(visit.plan, s),
    )
    proposed = replace(matter, visit=replace(visit, lowering=lowering))
    others = _others(matter, visit, event, s)
    effects = (
        *ask(matter, Asked.AGREE_LOWERING, others, event.at, mark=visit.revision, about=event.by),
        *refresh(matter, Surface.APPROVAL),
    )
    return Decision(proposed, Reason.RATING_PROPOSED, effects)


def _agree(matter: Matter, visit: Visit, event: AgreeLowering, s: Situation) -> Decision:
    lowering = visit.lowering
    if lowering is None:
        return refuse(matter, Reason.NOTHING_PROPOSED)
    if lowering.by == event.by:
        return refuse(matter, Reason.PROPOSED_BY_YOU)
    if rate(visit.plan, s).rating is Rating.PROHIBITED or _news(lowering, visit.plan, s):
        return risen(matter, visit, event.by, event.at, s)
    agreed = replace(visit, lowered=replace(lowering, second=event.by))
    decision = _shown_again(
        matter, agreed, lowering.rating, Reason.RATING_LOWERED, event.by, event.at, s
    )
    told = tell(
        matter, Said.RATING_LOWERED, (lowering.by, *matter.members), event.at, about=event.by
    )
    return replace(decision, effects=(*told, *decision.effects))


def _shown_again(
    matter: Matter,
    visit: Visit,
    rating: Rating,
    reason: Reason,
    by: PersonId,
    at: datetime,
    s: Situation,
) -> Decision:
    """Give the plan this rating and its timings, as a new revision that is asked for anew."""
    timings = s.policy.timings(rating)
    rated = replace(
        visit,
        rating=rating,
        timings=timings,
        revision=visit.revision + 1,
        nudge_no=nudges_passed(timings, visit.due_at, at),
        lowering=None,
        lowered=visit.lowered if reason is Reason.RATING_LOWERED else None,
    )
    effects = (
        *ask(matter, Asked.APPROVE, (by,), at),
        *refresh(matter, Surface.APPROVAL, Surface.WORKER_CARD),
    )
    return Decision(replace(matter, visit=rated), reason, effects)


def _news(lowering: Lowering, plan: Plan, s: Situation) -> bool:
    """Whether there is a factor or a flag that was not known when the lower rating was proposed."""
    factors = set(rate(plan, s).because) - set(lowering.factors)
    flags = Counter(standing_flags(plan, s)) - Counter(lowering.flags)
    return bool(factors or flags)


def _others(matter: Matter, visit: Visit, event: LowerRating, s: Situation) -> tuple[PersonId, ...]:
    """The other approvers on duty; where there is none, whoever else holds the role."""
    along = {*matter.members, visit.plan.backup, event.by}
    on_duty = [p for role in APPROVER_ROLES for p in s.cover.on_duty(role, event.at)]
    holders = [p for role in APPROVER_ROLES for p in s.cover.holding(role)]
    return tuple(p for p in on_duty if p not in along) or tuple(
        p for p in holders if p not in along
    )
