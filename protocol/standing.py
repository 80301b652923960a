"""A standing plan: one low visit, every week on the same days at the same hour, confirmed at once.

It is confirmed by somebody else, for 30 days at most. Each of its visits is made a day ahead and is
a visit like any other. It is confirmed by the standing plan only while all is as it was when
somebody said yes; else the standing plan ends, and that visit waits for an answer like any plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from protocol import approval
from protocol.decision import Decision, Reason
from protocol.effects import Surface
from protocol.events import PlanVisit
from protocol.ids import PersonId, ProgramId
from protocol.people import APPROVER_ROLES, Cover
from protocol.plan import Plan, Purpose
from protocol.planning import new_visit, rate, stopped
from protocol.rating import Factor, Rating
from protocol.records import Approval, Matter, Visit, VisitState
from protocol.situation import Situation
from protocol.telling import refresh

LASTS_MAX_DAYS = 30  # product 1.4
# Ours, as are the other two: time to read a plan that turned out to need an answer.
AHEAD = timedelta(hours=24)
TOLD_BEFORE = timedelta(days=3)
ANSWERED_WITHIN = timedelta(days=3)
WEEK = 7


class StandingState(StrEnum):
    """This is where a standing plan stands."""

    ASKED = "asked"
    ACTIVE = "active"
    ENDED = "ended"


class Why(StrEnum):
    """This is why a standing plan ended, or why it cannot be confirmed; nobody's fault is in it."""

    DECLINED = "declined"
    UNANSWERED = "unanswered"
    BY_WORKER = "by_worker"
    BY_APPROVER = "by_approver"
    EXPIRED = "expired"
    PERSON_GONE = "person_gone"
    APPROVER_GONE = "approver_gone"
    PLACE_GONE = "place_gone"
    NEW_FLAG = "new_flag"
    NEW_FACTOR = "new_factor"
    NOT_LOW = "not_low"
    RULE = "rule"
    NO_COVER = "no_cover"
    FAULT = "fault"


class No(StrEnum):
    """This is why somebody's word on a standing plan is not taken."""

    OVER = "over"
    YOUR_OWN = "your_own"
    NOT_AN_APPROVER = "not_an_approver"
    TOO_OFTEN = "too_often"
    TOO_LONG = "too_long"
    NO_DAYS = "no_days"
    NOT_LIKE_THIS = "not_like_this"


# For these no visit is made: nobody could answer its clock, or a hard rule stops the plan.
MAKES_NONE = frozenset({Why.PERSON_GONE, Why.PLACE_GONE, Why.RULE})


@dataclass(frozen=True, slots=True)
class Pattern:
    """This is when the visits begin: on these weekdays (Monday is 0) at `at`, in an IANA zone."""

    weekdays: tuple[int, ...]
    at: time
    zone: str

    def next_after(self, moment: datetime) -> datetime:
        """The first start after an instant (both aware UTC).

        It is the same time on the clock all year. One that the clock skips in spring comes as much
        later as the clock was moved; of one that comes twice in autumn it is the first.
        """
        local = ZoneInfo(self.zone)
        today = moment.astimezone(local).date()
        days = (today + timedelta(days=ahead) for ahead in range(-1, WEEK + 2))
        starts = (self._on(day, local) for day in days if day.weekday() in self.weekdays)
        return next(start for start in starts if start > moment)

    def _on(self, day: date, local: ZoneInfo) -> datetime:
        return datetime.combine(day, self.at, local).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """This is a standing plan. `plan` is what each visit is like; its times are of the first.

    `next_at` is the start of the visit that is made next, `next_no` its number. `every` is the
    approver's shorter check-in interval. `told_at` says that both were told of its end.
    """

    id: str
    program: ProgramId
    worker: PersonId
    plan: Plan
    pattern: Pattern
    days: int
    asked_at: datetime
    state: StandingState = StandingState.ASKED
    approver: PersonId | None = None
    confirmed_at: datetime | None = None
    until_at: datetime | None = None
    every: timedelta | None = None
    next_no: int = 1
    next_at: datetime | None = None
    told_at: datetime | None = None
    ended_at: datetime | None = None
    why: Why | None = None

    @property
    def along(self) -> tuple[PersonId, ...]:
        """Everybody who is on its visits."""
        others = (self.plan.partner, self.plan.backup)
        return (self.worker, *(one for one in others if one is not None))

    @property
    def due_at(self) -> datetime | None:
        """When there is something to do about it; None once it is over."""
        if self.state is StandingState.ASKED:
            return self.asked_at + ANSWERED_WITHIN
        looks: list[datetime] = []
        if self.state is StandingState.ACTIVE and self.until_at is not None:
            looks.append(self.until_at)
            if self.told_at is None:
                looks.append(self.until_at - TOLD_BEFORE)
            if self.next_at is not None:
                looks.append(self.next_at - AHEAD)
        return min(looks, default=None)

    def plan_at(self, start_at: datetime) -> Plan:
        """The plan of the visit that starts then."""
        return replace(self.plan, start_at=start_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStanding(PlanVisit):
    """A visit of a standing plan is made; `why` says what keeps the standing yes from counting."""

    standing: str
    approver: PersonId
    every: timedelta | None = None
    why: Why | None = None


# --- asking, confirming, skipping, ending ----------------------------------------------------


def suits(visit: Visit) -> bool:
    """Whether a visit like this may come again every week: low as computed, to a listed place."""
    low = visit.rating is Rating.LOW and visit.lowered is None
    listed = all(stop.place is not None for stop in visit.plan.stops)
    return low and listed and visit.plan.purpose is not Purpose.SENT_TO_LOOK


def template_of(visit: Visit) -> Plan:
    """What each visit will be like. A sealed note is for one visit, and is not taken along."""
    stops = tuple(replace(stop, arrived_at=None, left_at=None) for stop in visit.plan.stops)
    return replace(visit.plan, stops=stops, note="")


def weekday_of(plan: Plan) -> int:
    """The day on which a plan starts where it takes place; Monday is 0."""
    return plan.start_at.astimezone(ZoneInfo(plan.zone)).weekday()


def ask(
    which: str,
    matter: Matter,
    plan: Plan,
    weekdays: Iterable[int],
    days: int,
    at: datetime,
) -> Standing | No:
    """A worker asks for it; nothing is confirmed by that."""
    on = tuple(sorted(set(weekdays) & set(range(WEEK))))
    if not on:
        return No.NO_DAYS
    if not 1 <= days <= LASTS_MAX_DAYS:
        return No.TOO_LONG
    local = plan.start_at.astimezone(ZoneInfo(plan.zone))
    pattern = Pattern(on, local.time().replace(fold=0), plan.zone)
    return Standing(which, matter.program, matter.worker, plan, pattern, days, at)


def confirm(
    standing: Standing,
    by: PersonId,
    at: datetime,
    days: int,
    every: timedelta | None,
    s: Situation,
) -> Standing | No | Why:
    """Somebody else says yes, for these days at most."""
    if standing.state is not StandingState.ASKED:
        return No.OVER
    if by in standing.along:
        return No.YOUR_OWN
    if not s.cover.holds(by, approval.MAY_APPROVE):
        return No.NOT_AN_APPROVER
    if every is not None and every < approval.SHORTEST_INTERVAL:
        return No.TOO_OFTEN
    if not 1 <= days <= standing.days:
        return No.TOO_LONG
    first = standing.pattern.next_after(at)
    lasts = timedelta(days=days)
    confirmed = replace(
        standing,
        state=StandingState.ACTIVE,
        approver=by,
        confirmed_at=at,
        days=days,
        until_at=at + lasts,
        every=every,
        # Whoever asked for a few days only knows when they end.
        told_at=at if lasts <= TOLD_BEFORE else None,
    )
    why = why_not(confirmed, confirmed.plan_at(first), at, s)
    return why or _with_next(confirmed, first)


def skip(standing: Standing, no: int) -> Standing | No:
    """The worker leaves out one visit: one tap, no reason. Said twice, it is left out once."""
    if standing.state is not StandingState.ACTIVE or standing.next_at is None:
        return No.OVER
    return standing if no != standing.next_no else passed(standing)


def end(standing: Standing, by: PersonId, at: datetime, s: Cover) -> Standing | No:
    """Whoever is on it, or may approve, ends it: one tap, no reason."""
    if standing.state is StandingState.ENDED:
        return No.OVER
    if by in standing.along:
        return ended(standing, Why.BY_WORKER, at)
    if not s.holds(by, approval.MAY_APPROVE):
        return No.NOT_AN_APPROVER
    asked = standing.state is StandingState.ASKED
    return ended(standing, Why.DECLINED if asked else Why.BY_APPROVER, at)


def ended(standing: Standing, why: Why, at: datetime) -> Standing:
    """It is over. A visit that is made already stays, and is called off on its card."""
    return replace(standing, state=StandingState.ENDED, why=why, ended_at=at, next_at=None)


def told(standing: Standing, at: datetime) -> Standing:
    """Both were told that it ends soon."""
    return replace(standing, told_at=at)


def passed(standing: Standing) -> Standing:
    """The next visit is made or left out: the one after it is next, if it starts before the end."""
    if standing.next_at is None:
        return standing
    following = replace(standing, next_no=standing.next_no + 1)
    return _with_next(following, standing.pattern.next_after(standing.next_at))


def _with_next(standing: Standing, start_at: datetime) -> Standing:
    within = standing.until_at is not None and start_at < standing.until_at
    return replace(standing, next_at=start_at if within else None)


# --- whether its yes still counts -----------------------------------------------------------


def why_not(
    standing: Standing,
    plan: Plan,
    at: datetime,
    s: Situation,
    seen: frozenset[Factor] = frozenset(),
) -> Why | None:
    """What keeps the standing yes from counting for this visit, or None; the gravest first.

    `seen` are the factors that its visits so far have turned out to have.
    """
    since = standing.confirmed_at or at
    places = [s.places.get(stop.place) for stop in plan.stops if stop.place is not None]
    flags = [flag for place in places if place for flag in place.flags]
    checks = (
        (not all(_serves(who, s) for who in standing.along), Why.PERSON_GONE),
        (any(place is None or place.retired for place in places), Why.PLACE_GONE),
        (stopped(plan, standing.worker, s) is not None, Why.RULE),
        (not _still_approves(standing, s), Why.APPROVER_GONE),
        (any(flag.raised_at >= since and flag.counts(at) for flag in flags), Why.NEW_FLAG),
        (not seen <= plan.factors, Why.NEW_FACTOR),
        (rate(plan, s).rating is not Rating.LOW, Why.NOT_LOW),
        (not _covered(standing, plan, at, s), Why.NO_COVER),
    )
    return next((why for applies, why in checks if applies), None)


def _still_approves(standing: Standing, s: Situation) -> bool:
    by = standing.approver
    return by is not None and _serves(by, s) and s.cover.holds(by, approval.MAY_APPROVE)


def _serves(who: PersonId, s: Situation) -> bool:
    held = any(holder == who for _role, holder in s.cover.holders)
    return held and who not in s.cover.unreachable


def _covered(standing: Standing, plan: Plan, at: datetime, s: Situation) -> bool:
    timings = s.policy.timings(Rating.LOW, standing.every)
    start_at = max(plan.start_at, at)
    return approval.has_cover(standing.along, start_at, plan.end_at, timings, s.cover, at)


def plan_visit(matter: Matter, event: PlanStanding, s: Situation) -> Decision:
    """This makes one visit: confirmed by the standing plan, or asked for like any other plan."""
    visit = new_visit(event, s)
    shown = refresh(matter, Surface.WORKER_CARD)
    if event.why is None:
        confirmed = replace(
            visit,
            timings=s.policy.timings(visit.rating, event.every),
            approval=Approval.CONFIRMED,
            approver=event.approver,
            approved_at=event.at,
            approval_due_at=None,
            state=VisitState.CONFIRMED,
        )
        return Decision(replace(matter, visit=confirmed), Reason.CONFIRMED, shown)
    planned = replace(matter, visit=visit)
    asked_of = approval.approvers(planned, s, event.at)[:1]
    planned = replace(planned, visit=replace(visit, asked_of=asked_of))
    asked = approval.ask_first(planned, replace(visit, asked_of=asked_of), event.at, s)
    return Decision(planned, Reason.PLANNED, (*asked, *shown))


def approvers(standing: Standing, s: Cover, at: datetime) -> tuple[PersonId, ...]:
    """Whom to ask, in order: on duty first, then whoever holds the role; nobody who is on it."""
    on_duty = [p for role in APPROVER_ROLES for p in s.on_duty(role, at)]
    holders = [p for role in APPROVER_ROLES for p in s.holding(role)]
    return tuple(p for p in dict.fromkeys((*on_duty, *holders)) if p not in standing.along)
