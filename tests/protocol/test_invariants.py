"""What holds in every life of a matter, whatever happens in it and in whatever order."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import events as e
from protocol.calls import MayCall
from protocol.effects import Page, PostPage
from protocol.matter import decide, next_deadline
from protocol.offers import TakeHandover
from protocol.people import Role
from protocol.policy import ChannelRole
from protocol.rating import Rating
from protocol.records import HELD, SILENT, EscalationKind, EscalationState, VisitState
from protocol.trigger import NotSorted
from tests.protocol.seen import PUSHED, RATED, helped, open_one
from tests.protocol.walk import Step, steps
from tests.protocol.world import (
    HELD_ROLES,
    NOON,
    ON_DUTY,
    POLICY,
    SAM,
    Life,
    confirmed,
    cover,
    events,
    minutes,
    missed,
    planned,
    underway,
)

# Drawn once, and used by all of these.
pytestmark = pytest.mark.xdist_group("walk")

KINDS = 33  # how many events `world.events` makes
STARTS: dict[str, Callable[[], Life]] = {
    "nothing": Life,
    "planned": planned,
    "confirmed": confirmed,
    "underway": underway,
    "pair": lambda: underway(partner=SAM),
    "high": lambda: underway(**RATED["high"]),
    "missed": missed,
    "elevated missed": lambda: missed(**RATED["elevated"]),
    "pair missed": lambda: missed(partner=SAM),
    "help": helped,
    "quiet help": lambda: helped(e.HelpForm.QUIET),
}
# Which event, after how many minutes (None: at the next deadline, as the sweep would), which of
# its variants. The clock is drawn more often than the rest, as in life.
STEP = st.tuples(
    st.one_of(st.just(0), st.integers(0, KINDS - 1)),
    st.one_of(st.none(), st.sampled_from([0, 0.1, 1, 4, 10, 90])),
    st.integers(0, 500),
)
LIFE = st.tuples(st.sampled_from(sorted(STARTS)), st.lists(STEP, max_size=40))
GIVEN = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def live(life: Life, course) -> list[Step]:
    """Live through these steps; what each of them did."""
    lived = []
    for kind, gap, seed in course:
        due = next_deadline(life.matter) or life.now
        life.now = max(life.now, due) if gap is None else life.now + minutes(gap)
        event = events(life.now, life.matter, random.Random(seed))[kind]
        if isinstance(event, e.OpenSilent):
            continue
        before = life.matter
        lived.append(Step(0, before, event, life.do(event), life.matter))
    return lived


def fired(step: Step) -> bool:
    """Whether a rung fired in this step."""
    before, after = step.before.open_escalation, step.after.open_escalation
    if after is None or after.rung < 0:
        return False
    old = (before.no, before.cycle, before.rung) if before else (0, 0, -1)
    return (after.no, after.cycle, after.rung) != old


def check_open_records_have_deadlines(step: Step) -> None:
    visit = step.after.visit
    if visit is not None:
        assert (visit.due_at is None) == (visit.state is VisitState.CLOSED)
    for escalation in step.after.escalations:
        assert (escalation.due_at is None) == (escalation.state is EscalationState.CLOSED)
    if step.after.is_active:
        assert next_deadline(step.after) is not None


def check_closed_is_complete(step: Step) -> None:
    for escalation in step.after.escalations:
        if escalation.state is not EscalationState.CLOSED:
            continue
        if escalation.kind is EscalationKind.TRIGGER:
            assert step.after.trigger is not None
            assert step.after.trigger.settled_by
            continue
        closing = escalation.closing
        assert closing is not None
        assert closing.by
        assert closing.accounted
        assert closing.by not in step.after.members
        needs_second = escalation.kind not in (EscalationKind.MISSED, EscalationKind.UNEASY)
        assert (escalation.second is not None) == needs_second
        assert escalation.second != closing.by


def check_rungs_have_no_gap(step: Step) -> None:
    before, after = step.before.open_escalation, step.after.open_escalation
    if after is None:
        return
    if before is None or before.no != after.no:
        assert (after.cycle, after.rung) in ((1, 0), (1, -1))
    elif after.cycle == before.cycle:
        assert after.rung in (before.rung, before.rung + 1)
    else:
        assert (after.cycle, after.rung) == (before.cycle + 1, 0)


def check_pages_reach_the_right_people(step: Step) -> None:
    escalation = step.after.open_escalation
    kept = {*step.after.members, *(escalation.excluded if escalation else ())}
    pages = [effect for effect in step.decision.effects if isinstance(effect, Page)]
    assert not kept & {page.to for page in pages}
    besides = escalation.also if escalation and isinstance(step.event, e.OpenSilent) else ()
    if isinstance(step.event, TakeHandover):
        besides = (step.event.by,)
    if isinstance(step.event, MayCall):
        besides = step.event.people
    assert bool([page for page in pages if page.to not in besides]) <= fired(step)
    assert bool(pages) >= fired(step)
    for page in pages:
        assert escalation is not None
        assert (page.episode, page.rung) == (escalation.episode, escalation.rung)
        assert page.key.endswith(f"{step.after.id}/{page.episode}/page/{page.rung}/{page.to}")


def check_rungs_keep_their_distance(step: Step) -> None:
    before, after = step.before.open_escalation, step.after.open_escalation
    if before is None or after is None or not isinstance(step.event, e.DeadlinePassed):
        return
    if not fired(step) or after.cycle != before.cycle or before.fired_at is None:
        return
    rungs = after.ladder.rungs
    if after.rung < len(rungs):
        least = rungs[after.rung].after - rungs[before.rung].after
        assert step.event.at >= after.base_at + rungs[after.rung].after
    else:
        least = after.ladder.repeat_every
    assert step.event.at - before.fired_at >= least


def check_a_hold_is_kept(step: Step) -> None:
    before = step.before.open_escalation
    if before is None or before.state not in (*HELD, EscalationState.AWAITING_SECOND):
        return
    if not fired(step):
        return
    by_person = isinstance(
        step.event, e.CannotTake | e.Escalate | e.Help | e.OpenSilent | NotSorted
    )
    ended = (
        isinstance(step.event, e.DeadlinePassed)
        and before.until_at is not None
        and step.event.at >= before.until_at
    )
    assert by_person or ended, step.event


def check_time_closes_nothing(step: Step) -> None:
    if not isinstance(step.event, e.DeadlinePassed | e.Undeliverable):
        return
    before, after = step.before.open_escalation, step.after.open_escalation
    assert before is None or (after is not None and after.no == before.no)
    if step.before.visit is not None and step.before.visit.state is not VisitState.CLOSED:
        assert step.after.visit is not None
        assert step.after.visit.state is not VisitState.CLOSED


def check_quiet_is_quiet(step: Step) -> None:
    before, after = step.before.open_escalation, step.after.open_escalation
    if before is None or after is None or not {before.kind, after.kind} <= SILENT:
        return
    pushed = [effect for effect in step.decision.effects if isinstance(effect, PUSHED)]
    assert not {effect.to for effect in pushed} & set(step.after.members), step.event


def check_nobody_goes_unasked(step: Step) -> None:
    """From any moment on, whoever is out is due within what their rating allows."""
    visit = step.after.visit
    if visit is None or visit.due_at is None or visit.started_at is None:
        return
    if visit.state is VisitState.ESCALATED:
        return  # the escalation has the clock now
    row = POLICY.ratings[Rating.HIGH if visit.rating is Rating.PROHIBITED else visit.rating]
    longest = max(row.check_in_every, row.no_signal_max, POLICY.windows.transit_max)
    if visit.expecting == "arrival" and visit.stop_no == 0:
        return
    assert visit.due_at - step.event.at <= longest, step.event


CHECKS = (
    check_open_records_have_deadlines,
    check_closed_is_complete,
    check_rungs_have_no_gap,
    check_pages_reach_the_right_people,
    check_rungs_keep_their_distance,
    check_a_hold_is_kept,
    check_time_closes_nothing,
    check_nobody_goes_unasked,
)


@GIVEN
@given(LIFE)
def test_every_invariant_holds_in_every_life(drawn):
    start, course = drawn
    for step in live(STARTS[start](), course):
        for check in CHECKS:
            check(step)


def test_every_invariant_holds_in_the_thousand_lives_of_the_walk():
    for step in steps():
        for check in CHECKS:
            check(step)


@GIVEN
@given(LIFE)
def test_whoever_asked_to_stay_quiet_is_left_in_quiet_in_every_life(drawn):
    start, course = drawn
    for step in live(STARTS[start](), course):
        check_quiet_is_quiet(step)


def test_whoever_asked_to_stay_quiet_is_left_in_quiet_in_the_lives_of_the_walk():
    for step in steps():
        check_quiet_is_quiet(step)


@GIVEN
@given(LIFE)
def test_a_decision_is_a_pure_function_of_what_it_is_given(drawn):
    start, course = drawn
    life = STARTS[start]()
    for step in live(life, course):
        assert decide(step.before, step.event, life.world) == step.decision


@GIVEN
@given(LIFE)
def test_no_page_is_asked_for_twice_in_a_life(drawn):
    start, course = drawn
    life = STARTS[start]()
    live(life, course)
    keys = [effect.key for effect in life.effects]
    assert len(keys) == len(set(keys))


@GIVEN
@given(LIFE)
def test_the_clock_never_spins_and_an_open_escalation_is_never_silent_for_long(drawn):
    """However a life went, from its end on people hear of it again and again, at a human pace."""
    start, course = drawn
    life = STARTS[start]()
    live(life, course)
    if life.matter.open_escalation is None:
        return
    quiet_until = life.now + timedelta(hours=2)
    since, looks = len(life.effects), 0
    while (due := next_deadline(life.matter)) is not None and due <= quiet_until:
        life.now = max(life.now, due)
        assert life.do(e.DeadlinePassed(life.now)).changed
        looks += 1
    assert looks < 40
    heard = [
        x for x in life.effects[since:] if isinstance(x, PUSHED) and x.to != life.matter.worker
    ]
    assert heard, "nobody heard anything for two hours"


ROTA = st.tuples(
    st.sets(st.sampled_from(ON_DUTY)),
    st.sets(st.sampled_from(HELD_ROLES)),
    st.sampled_from(["underway", "pair", "high"]),
)


@GIVEN
@given(ROTA, st.lists(st.sampled_from([0, 1, 30]), max_size=6))
def test_no_hole_in_the_rota_makes_a_climb_silent(drawn, delays):
    on_duty, held, start = drawn
    life = STARTS[start]()
    rota = cover(on_duty=tuple(sorted(on_duty)), held=tuple(sorted(held)))
    life.world = replace(life.world, cover=rota)
    while life.matter.open_escalation is None:
        life.sweep(next_deadline(life.matter))
    reachable = {p for _, p in (*on_duty, *held)} - set(life.matter.members)
    roles = {Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD, Role.EXECUTIVE}
    reachable &= {p for role, p in (*on_duty, *held) if role in roles}
    assert life.of(Page) or life.of(PostPage) or not reachable
    for delay in delays:
        since = len(life.effects)
        due_at = next_deadline(life.matter)
        assert due_at is not None
        life.now = max(life.now, due_at) + minutes(delay)
        life.do(e.DeadlinePassed(life.now))
        reached = {page.to for page in life.of(Page, since)}
        posted = {post.channel for post in life.of(PostPage, since)}
        assert reached or ChannelRole.CLINICAL in posted
        assert reached or not reachable
        next_at = open_one(life).due_at
        assert next_at is not None
        assert next_at <= life.now + minutes(40)
    assert life.now >= NOON
