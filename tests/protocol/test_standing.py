"""Standing plans: when their visits begin, who may say yes, and what ends a yes."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scheduler.timetable import next_daily
from protocol import standing as rules
from protocol.decision import Reason
from protocol.effects import Ask, PostApproval, Refresh
from protocol.people import Duty, Role
from protocol.plan import Purpose, Stop
from protocol.rating import Factor, Flag, FlagKind, Rating
from protocol.records import Approval, Lowering, VisitState
from protocol.standing import (
    AHEAD,
    ANSWERED_WITHIN,
    MAKES_NONE,
    TOLD_BEFORE,
    No,
    Pattern,
    PlanStanding,
    Standing,
    StandingState,
    Why,
)
from tests.protocol.world import (
    HELD_ROLES,
    JO,
    LIN,
    MAYA,
    NOON,
    ON_DUTY,
    ROSA,
    SAM,
    SHELTER,
    ZONE,
    Life,
    cover,
    flagged,
    minutes,
    plan,
    planned,
    situation,
)

DAY = timedelta(days=1)
# Two years, with each change of the clocks four times.
MOMENTS = st.integers(0, 730 * 24 * 60).map(lambda count: NOON + timedelta(minutes=count))
LOCAL = ZoneInfo(ZONE)
TUESDAY = 1  # NOON is one


def asked(days=30, weekdays=(TUESDAY,), **more):
    found = rules.ask("s1", planned(**more).matter, plan(**more), weekdays, days, NOON)
    assert isinstance(found, Standing)
    return found


def confirmed(at=NOON, **more):
    found = rules.confirm(asked(**more), ROSA, at, more.get("days", 30), None, situation())
    assert isinstance(found, Standing), found
    return found


def visit_of(life):
    return life.matter.visit


def local(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


# --- when ------------------------------------------------------------------------------------


def test_a_visit_begins_at_the_same_time_on_the_clock_on_both_sides_of_a_change():
    every_day = Pattern(tuple(range(7)), time(9, 15), ZONE)
    spring = every_day.next_after(local(2026, 3, 7, 10))
    assert spring == local(2026, 3, 8, 9, 15)
    assert spring - local(2026, 3, 7, 9, 15) == timedelta(hours=23)
    autumn = every_day.next_after(local(2026, 10, 31, 10))
    assert autumn == local(2026, 11, 1, 9, 15)
    assert autumn - local(2026, 10, 31, 9, 15) == timedelta(hours=25)


def test_a_time_that_is_skipped_comes_later_and_one_that_comes_twice_counts_once():
    night = Pattern(tuple(range(7)), time(2, 30), ZONE)
    skipped = night.next_after(local(2026, 3, 8, 0))
    assert skipped.astimezone(LOCAL).time() == time(3, 30)
    twice = Pattern(tuple(range(7)), time(1, 30), ZONE)
    first = twice.next_after(local(2026, 11, 1, 0))
    assert first == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert twice.next_after(first) == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@given(
    MOMENTS,
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_every_day_is_when_the_timetable_says(moment, at):
    found = Pattern(tuple(range(7)), at, ZONE).next_after(moment)
    assert found == next_daily(moment, at, ZONE)


@given(
    MOMENTS,
    st.sets(st.integers(0, 6), min_size=1),
)
def test_the_next_visit_is_on_one_of_the_days_and_none_is_left_out(moment, weekdays):
    pattern = Pattern(tuple(sorted(weekdays)), time(13, 15), ZONE)
    found = pattern.next_after(moment)
    assert found.astimezone(LOCAL).weekday() in weekdays
    assert timedelta(0) < found - moment <= 7 * DAY + timedelta(hours=1)
    between = Pattern(tuple(range(7)), time(13, 15), ZONE).next_after(moment)
    while between < found:
        assert between.astimezone(LOCAL).weekday() not in weekdays
        between = Pattern(tuple(range(7)), time(13, 15), ZONE).next_after(between)


# --- asking and confirming -------------------------------------------------------------------


def test_what_is_asked_for_keeps_place_people_and_hour_and_takes_no_note_along():
    life = planned(note="sealed", partner=SAM)
    template = rules.template_of(visit_of(life))
    assert (template.note, template.partner, template.stops) == (
        "",
        SAM,
        life.matter.visit.plan.stops,
    )
    found = rules.ask("s1", life.matter, template, (4, 0, 0), 14, NOON)
    assert (found.pattern, found.days) == (Pattern((0, 4), time(13, 0), ZONE), 14)
    assert (found.state, found.due_at) == (StandingState.ASKED, NOON + ANSWERED_WITHIN)


@pytest.mark.parametrize(
    "changed",
    [
        {"rating": Rating.ELEVATED},
        {"lowered": Lowering(ROSA, NOON, Rating.LOW, "calm", second=MAYA)},
    ],
)
def test_only_a_low_visit_to_a_listed_place_may_come_again(changed):
    visit = visit_of(planned())
    assert rules.suits(visit)
    assert not rules.suits(replace(visit, **changed))
    unlisted = replace(visit.plan, stops=(Stop("behind the mill"),))
    assert not rules.suits(replace(visit, plan=unlisted))
    sent = replace(visit.plan, purpose=Purpose.SENT_TO_LOOK)
    assert not rules.suits(replace(visit, plan=sent))


@pytest.mark.parametrize(("weekdays", "days", "no"), [((), 7, No.NO_DAYS), ((9,), 7, No.NO_DAYS)])
def test_days_that_do_not_exist_are_refused(weekdays, days, no):
    assert rules.ask("s1", planned().matter, plan(), weekdays, days, NOON) is no


@pytest.mark.parametrize("days", [0, -1, 31])
def test_thirty_days_is_the_longest(days):
    assert rules.ask("s1", planned().matter, plan(), (1,), days, NOON) is No.TOO_LONG
    assert rules.confirm(asked(), ROSA, NOON, days, None, situation()) is No.TOO_LONG


def test_a_yes_has_an_end_and_knows_its_first_visit():
    found = confirmed()
    assert (found.state, found.approver, found.until_at) == (
        StandingState.ACTIVE,
        ROSA,
        NOON + 30 * DAY,
    )
    assert found.next_at == NOON + minutes(60)
    assert found.due_at == found.next_at - AHEAD


def test_nobody_says_yes_for_longer_than_was_asked():
    assert rules.confirm(asked(days=7), ROSA, NOON, 14, None, situation()) is No.TOO_LONG


@pytest.mark.parametrize(
    ("by", "more", "no"),
    [
        (JO, {}, No.YOUR_OWN),
        (MAYA, {"partner": MAYA}, No.YOUR_OWN),
        (MAYA, {"backup": MAYA}, No.YOUR_OWN),
        (LIN, {}, No.NOT_AN_APPROVER),
        (SAM, {}, No.NOT_AN_APPROVER),
    ],
)
def test_somebody_else_says_yes_and_may_approve(by, more, no):
    assert rules.confirm(asked(**more), by, NOON, 30, None, situation()) is no


def test_check_ins_are_five_minutes_apart_at_the_closest():
    found = rules.confirm(asked(), ROSA, NOON, 30, minutes(4), situation())
    assert found is No.TOO_OFTEN
    assert rules.confirm(asked(), ROSA, NOON, 30, minutes(30), situation()).every == minutes(30)


@pytest.mark.parametrize("state", [StandingState.ACTIVE, StandingState.ENDED])
def test_what_was_answered_is_not_confirmed_again(state):
    answered = replace(asked(), state=state)
    assert rules.confirm(answered, ROSA, NOON, 30, None, situation()) is No.OVER


# --- whether the yes still counts ------------------------------------------------------------


def why(found, world=None, seen=frozenset(), at=NOON, **changed):
    where = replace(found.plan_at(found.next_at), **changed)
    return rules.why_not(found, where, at, world or situation(), seen)


def test_as_it_was_when_somebody_said_yes_it_counts():
    assert why(confirmed()) is None


def test_a_flag_that_is_newer_than_the_yes_ends_it_while_it_counts():
    later = replace(
        SHELTER, flags=(Flag(FlagKind.CONCERN, SAM, NOON + minutes(1), NOON + 90 * DAY),)
    )
    assert why(confirmed(), situation(later), at=NOON + minutes(2)) is Why.NEW_FLAG
    expired = replace(SHELTER, flags=(Flag(FlagKind.CONCERN, SAM, NOON - DAY, NOON - minutes(1)),))
    assert why(confirmed(), situation(expired)) is None


def test_a_no_entry_flag_makes_no_visit_at_all():
    closed = flagged(SHELTER, FlagKind.NO_ENTRY)
    assert why(confirmed(), situation(closed)) is Why.RULE
    assert Why.RULE in MAKES_NONE


def test_a_factor_that_a_visit_turned_out_to_have_ends_it():
    assert why(confirmed(), seen=frozenset({Factor.POLICE_PRESENT})) is Why.NEW_FACTOR
    assert why(confirmed(), seen=frozenset()) is None


def test_what_does_not_rate_low_any_more_ends_it():
    assert why(confirmed(), situation(flagged(SHELTER))) is Why.NOT_LOW
    found = confirmed()
    assert why(found, start_at=found.next_at + timedelta(hours=6)) is Why.NOT_LOW, "in the evening"


def test_a_gap_in_cover_ends_it():
    found = confirmed()
    until = found.next_at + minutes(30)
    duties = tuple(Duty(who, role, NOON - DAY, until) for role, who in ON_DUTY)
    assert why(found, situation(covered=replace(cover(), duties=duties))) is Why.NO_COVER


def test_training_that_runs_out_before_the_visit_ends_makes_no_visit():
    world = situation()
    old = replace(world.workers[JO], trained_until=NOON + minutes(61))
    world = replace(world, workers={**world.workers, JO: old})
    assert why(confirmed(), world) is Why.RULE


@pytest.mark.parametrize("who", [JO, SAM])
def test_a_worker_or_partner_who_left_or_cannot_be_reached_makes_no_visit(who):
    found = confirmed(partner=SAM)
    gone = tuple((role, one) for role, one in HELD_ROLES if one != who)
    assert why(found, situation(covered=cover(held=gone))) is Why.PERSON_GONE
    unreachable = cover(unreachable=frozenset({who}))
    assert why(found, situation(covered=unreachable)) is Why.PERSON_GONE
    assert Why.PERSON_GONE in MAKES_NONE


def test_an_approver_who_left_or_approves_no_more_ends_it():
    gone = tuple((role, one) for role, one in HELD_ROLES if one != ROSA)
    peer = (*gone, (Role.PEER, ROSA))
    for held in (gone, peer):
        assert why(confirmed(), situation(covered=cover(held=held))) is Why.APPROVER_GONE


def test_a_place_that_was_taken_off_the_list_makes_no_visit():
    assert why(confirmed(), situation(replace(SHELTER, retired=True))) is Why.PLACE_GONE


# --- skip, end, expire -----------------------------------------------------------------------


def test_a_skipped_visit_is_left_out_once_however_often_it_is_tapped():
    found = confirmed()
    skipped = rules.skip(found, found.next_no)
    assert isinstance(skipped, Standing)
    assert (skipped.next_no, skipped.next_at) == (2, found.next_at + 7 * DAY)
    assert rules.skip(skipped, found.next_no) == skipped


def test_no_visit_begins_after_the_end():
    found = confirmed(days=7)
    assert found.next_at is not None
    last = rules.passed(found)
    assert (last.next_at, last.next_no) == (None, 2)
    assert rules.passed(last) == last
    assert rules.skip(last, 2) is No.OVER


def test_both_are_told_before_it_ends_and_then_it_ends():
    found = rules.passed(confirmed(days=7))
    assert found.until_at is not None
    assert found.due_at == found.until_at - TOLD_BEFORE
    told = rules.told(found, found.until_at - TOLD_BEFORE)
    assert told.due_at == found.until_at
    over = rules.ended(told, Why.EXPIRED, found.until_at)
    assert (over.due_at, over.next_at, over.state) == (None, None, StandingState.ENDED)


def test_whoever_confirmed_a_few_days_is_not_told_of_the_end_before_it_began():
    found = rules.confirm(asked(days=3), ROSA, NOON, 3, None, situation())
    assert found.told_at == NOON


@pytest.mark.parametrize(
    ("state", "by", "why_"),
    [
        (StandingState.ASKED, JO, Why.BY_WORKER),
        (StandingState.ASKED, MAYA, Why.DECLINED),
        (StandingState.ACTIVE, JO, Why.BY_WORKER),
        (StandingState.ACTIVE, MAYA, Why.BY_APPROVER),
        (StandingState.ASKED, LIN, No.NOT_AN_APPROVER),
        (StandingState.ACTIVE, SAM, No.NOT_AN_APPROVER),
        (StandingState.ENDED, JO, No.OVER),
    ],
)
def test_who_is_on_it_or_may_approve_ends_it_with_one_tap(state, by, why_):
    found = rules.end(replace(confirmed(), state=state), by, NOON, cover())
    assert (found if isinstance(found, No) else found.why) is why_


def test_every_state_has_something_due_but_the_end():
    for found in (asked(), confirmed(), rules.passed(confirmed(days=7))):
        assert found.due_at is not None
    assert rules.ended(confirmed(), Why.EXPIRED, NOON).due_at is None


# --- the visit that is made ------------------------------------------------------------------


def made(found, why_=None, world=None, at=NOON):
    life = Life(world=world or situation())
    event = PlanStanding(
        at,
        JO,
        found.plan_at(found.next_at),
        standing=found.id,
        approver=found.approver,
        every=found.every,
        why=why_,
    )
    return life, life.do(event)


def test_it_is_confirmed_by_whoever_confirmed_the_standing_plan():
    found = replace(confirmed(), every=minutes(30))
    life, decision = made(found)
    visit = life.matter.visit
    assert (decision.reason, visit.state) == (Reason.CONFIRMED, VisitState.CONFIRMED)
    assert (visit.approval, visit.approver, visit.approved_at) == (Approval.CONFIRMED, ROSA, NOON)
    assert (visit.approval_due_at, visit.timings.check_in_every) == (None, minutes(30))
    assert visit.due_at == found.next_at + minutes(15)
    assert {type(effect) for effect in decision.effects} == {Refresh}


@pytest.mark.parametrize("why_", sorted(set(Why) - MAKES_NONE))
def test_a_yes_that_no_longer_counts_asks_like_any_plan_and_its_clock_runs_all_the_same(why_):
    found = confirmed()
    life, decision = made(found, why_, situation(flagged(SHELTER)))
    visit = life.matter.visit
    assert (visit.state, visit.approval, visit.approver) == (
        VisitState.PLANNED,
        Approval.ASKED,
        None,
    )
    assert (visit.rating, visit.due_at) == (Rating.ELEVATED, found.next_at + minutes(15))
    assert {PostApproval, Ask} <= {type(effect) for effect in decision.effects}


def test_a_visit_that_is_there_already_is_not_made_again():
    found = confirmed()
    life, _ = made(found)
    before = life.matter
    again = life.do(
        PlanStanding(NOON, JO, found.plan_at(found.next_at), standing="s1", approver=ROSA)
    )
    assert (again.reason, again.changed, life.matter) == (Reason.ALREADY_PLANNED, False, before)


def test_a_visit_that_is_made_late_is_watched_at_once():
    found = confirmed()
    life, _ = made(found, at=found.next_at + minutes(40))
    life.late(60 + 40)
    assert life.matter.visit.state is VisitState.ESCALATED
