"""The check-in clock: the worker is asked first, then people, at exactly the table's minutes."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page, Remind
from protocol.matter import decide, next_deadline
from protocol.records import Approval, EscalationKind, Expecting, VisitState
from tests.protocol.seen import RATED, after_noon, due, open_one, paged_at, said, visit, watch
from tests.protocol.world import (
    INES,
    JO,
    LIN,
    MAYA,
    NOON,
    ROSA,
    SAM,
    confirmed,
    minutes,
    planned,
    underway,
)

EVERYONE = (ROSA, MAYA, LIN, INES)
NUDGES = {"low": (-5, 0, 5), "elevated": (-5, 0, 3), "high": (-5, 0, 2)}
LADDER = {"low": (10, 15, 25, 40), "elevated": (5, 9, 15, 20), "high": (4, 7, 12, 15)}
# When the first check-in after an arrival at 60 is due: the exit of a low visit of 90 minutes.
FIRST_DUE = {"low": 150, "elevated": 120, "high": 90}


@pytest.mark.parametrize("rating", RATED)
def test_after_arrival_the_next_answer_is_due_after_the_ratings_interval(rating):
    assert due(underway(**RATED[rating])) == FIRST_DUE[rating]


@pytest.mark.parametrize("rating", RATED)
def test_the_worker_is_nudged_at_exactly_these_minutes(rating):
    life = underway(**RATED[rating])
    when = [at for at, _ in watch(life, FIRST_DUE[rating] + 60, Remind)]
    assert when == [FIRST_DUE[rating] + nudge for nudge in NUDGES[rating]]


@pytest.mark.parametrize("rating", RATED)
def test_the_arrival_is_nudged_and_climbs_like_any_answer(rating):
    life = confirmed(**RATED[rating])
    nudged = [at for at, _ in watch(life, 75, Remind)]
    assert nudged == [70, 75]
    assert paged_at(life, 130)[0][0] == 75 + LADDER[rating][0]


@pytest.mark.parametrize("rating", RATED)
def test_people_are_reached_at_exactly_these_minutes(rating):
    life = underway(**RATED[rating])
    start = FIRST_DUE[rating]
    paged = paged_at(life, start + LADDER[rating][-1])
    assert [at for at, _ in paged] == [start + after for after in LADDER[rating]]


@pytest.mark.parametrize("rating", RATED)
def test_a_miss_reaches_the_first_human_the_second_and_then_everybody(rating):
    life = underway(**RATED[rating])
    people = [set(who) for _, who in paged_at(life, FIRST_DUE[rating] + LADDER[rating][-1])]
    assert people == [{ROSA}, {MAYA, LIN}, set(EVERYONE), set(EVERYONE)]


@pytest.mark.parametrize("rating", RATED)
def test_the_fourth_rung_asks_to_decide_on_help_and_no_earlier_one_does(rating):
    life = underway(**RATED[rating])
    found = watch(life, FIRST_DUE[rating] + LADDER[rating][-1], Page)
    decided = {at for at, page in found if page.decide_on_help}
    assert decided == {FIRST_DUE[rating] + LADDER[rating][-1]}


@pytest.mark.parametrize("rating", RATED)
def test_nobody_is_paged_before_the_first_humans_minute(rating):
    life = underway(**RATED[rating])
    assert watch(life, FIRST_DUE[rating] + LADDER[rating][0] - 0.1, Page) == []
    assert visit(life).state is VisitState.OVERDUE


def test_a_visit_is_overdue_from_its_due_time_and_not_before():
    life = underway()
    life.at(149.9)
    assert visit(life).state is VisitState.UNDERWAY
    life.at(150)
    assert visit(life).state is VisitState.OVERDUE


@pytest.mark.parametrize("after", [0, 1, 5, 9.9])
def test_an_ok_before_the_first_human_is_an_ok(after):
    life = underway(lasts=290)
    life.at(180 + after)
    assert life.do(e.CheckIn(life.now, JO)).reason is Reason.CHECKED_IN
    assert visit(life).state is VisitState.UNDERWAY
    assert due(life) == 180 + after + 120


def test_a_check_in_cancels_the_reminders_and_the_climb_of_what_was_due():
    life = underway(**RATED["elevated"], lasts=290)
    life.at(119)
    life.do(e.CheckIn(life.now, JO))
    assert watch(life, 173, Remind, Page) == []
    assert [at for at, _ in watch(life, 174, Remind)] == [174]


def test_a_low_visit_is_asked_at_arrival_and_exit_and_every_two_hours_at_most():
    assert visit(underway(lasts=90)).expecting is Expecting.EXIT
    longer = underway(lasts=200)
    assert visit(longer).expecting is Expecting.CHECK_IN
    assert due(longer) == 180


def test_a_check_in_is_never_due_later_than_the_planned_end():
    life = underway(lasts=200)
    life.at(170)
    life.do(e.CheckIn(life.now, JO))
    assert due(life) == 260
    assert visit(life).expecting is Expecting.EXIT


def test_past_the_planned_end_a_worker_who_says_ok_is_still_watched():
    life = underway()
    life.at(150)
    life.do(e.CheckIn(life.now, JO))
    assert 150 < due(life) <= 270
    life.at(due(life) + 10)
    assert life.matter.open_escalation is not None


@pytest.mark.parametrize("rating", RATED)
def test_looked_at_an_hour_late_the_miss_is_late_and_not_skipped(rating):
    life = underway(**RATED[rating])
    late = FIRST_DUE[rating] + 60
    life.late(late)
    assert [page.to for page in life.of(Page)] == [ROSA]
    assert open_one(life).rung == 0
    assert after_noon(open_one(life).opened_at) == late


@pytest.mark.parametrize("rating", RATED)
def test_after_an_outage_the_rungs_keep_their_distance(rating):
    life = underway(**RATED[rating])
    late, ladder = FIRST_DUE[rating] + 60, LADDER[rating]
    life.late(late)
    found = [at for at, _ in paged_at(life, late + ladder[-1] - ladder[0])]
    assert found == [late + after - ladder[0] for after in ladder[1:]]


def test_a_rung_that_fired_late_does_not_bring_forward_the_one_after_next():
    life = underway()
    life.at(160)  # the first human, in time
    life.late(170)  # the second was due at 165
    assert open_one(life).rung == 1
    assert after_noon(open_one(life).due_at) == 180  # ten later, not at 175


def test_a_rung_that_fired_a_little_late_does_not_shift_the_ladder():
    # Rung k: the later of base + its offset, and the distance to k-1 after k-1 fired.
    life = underway()
    life.late(163)
    assert after_noon(open_one(life).due_at) == 168
    life.do(e.Escalate(life.now, ROSA))
    assert after_noon(open_one(life).due_at) == 175  # base + 25, and not 163 + 10


def test_an_arrival_that_nobody_looked_at_for_an_hour_is_still_missed():
    life = confirmed()
    life.late(135)
    assert open_one(life).kind is EscalationKind.MISSED
    assert [page.to for page in life.of(Page)] == [ROSA]


def test_reminders_that_nobody_sent_in_time_are_sent_late():
    life = underway()
    life.late(156)
    assert [r.to for r in life.of(Remind)] == [JO]
    assert visit(life).state is VisitState.OVERDUE


def test_the_worker_hears_that_people_were_told():
    life = underway().at(160)
    assert (JO, "people_told") in said(life)


def test_looking_more_often_changes_nothing():
    slow, fast = underway(), underway()
    slow.at(260)
    for minute in range(60, 261):
        fast.do(e.DeadlinePassed(NOON + minutes(minute)))
        fast.at(minute)
    assert fast.matter == slow.matter
    assert fast.effects == slow.effects


def test_a_clock_that_is_looked_at_too_early_does_nothing():
    life = underway().at(100)
    decision = life.do(e.DeadlinePassed(NOON + minutes(144)))
    assert not decision.changed
    assert decision.matter == life.matter


@pytest.mark.parametrize("rating", RATED)
def test_never_3_a_restart_between_any_two_steps_changes_nothing(rating):
    """The same matter and the same event give the same decision, whoever decides and how often."""
    life = underway(**RATED[rating])
    until = NOON + minutes(FIRST_DUE[rating] + 70)
    while (due_at := next_deadline(life.matter)) is not None and due_at <= until:
        event = e.DeadlinePassed(due_at)
        stored = replace(life.matter)
        first, second = (decide(stored, event, life.world) for _ in range(2))
        assert first == second
        life.do(event)
        again = decide(life.matter, event, life.world)
        assert not again.changed, "what was done for this instant is not done again"
    pages = [page.key for page in life.of(Page)]
    assert len(pages) == len(set(pages))


def test_a_plan_nobody_confirmed_climbs_at_the_same_minutes():
    life = planned()
    assert [at for at, _ in paged_at(life, 115)] == [85, 90, 100, 115]
    assert visit(life).approval is Approval.ASKED


def test_only_the_worker_is_nudged():
    life = underway()
    assert {remind.to for _, remind in watch(life, 200, Remind)} == {JO}


def test_both_of_a_pair_are_nudged():
    life = underway(partner=SAM)
    assert {remind.to for _, remind in watch(life, 150, Remind)} == {JO, SAM}
