"""Planning: each hard rule stops a plan and says which it is; none of them stops a clock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Refresh, Said, Surface, Tell
from protocol.ids import PlaceId
from protocol.plan import Place, StartNow, Stop
from protocol.rating import Factor, FlagKind, Rating
from protocol.records import Approval, Unplanned, VisitState
from tests.protocol.seen import after_noon, asked, due, said, visit, watch, with_place
from tests.protocol.world import (
    JO,
    MAYA,
    NOON,
    ROSA,
    SAM,
    SHELTER,
    THEO,
    Life,
    flagged,
    minutes,
    plan,
    planned,
    situation,
)

NO_ENTRY = flagged(Place(PlaceId("noentry"), "Old mill"), FlagKind.NO_ENTRY)
GONE = Place(PlaceId("gone"), "Closed hall", retired=True)
WALKED = Place(PlaceId("walked"), "River camp", solo_transport_prohibited=True)
VIOLENT = frozenset({Factor.RECENT_VIOLENCE})


def stops(number, place=SHELTER):
    return tuple(Stop(place.label, place.id) for _ in range(number))


# Each: what is planned, and the rule that stops it.
STOPPED = {
    Reason.NO_STOPS: {"stops": ()},
    Reason.TOO_MANY_STOPS: {"stops": stops(9)},
    Reason.START_IN_PAST: {"start_in": -10},
    Reason.START_TOO_FAR: {"start_in": 60 * 24 * 31},
    Reason.TOO_LONG: {"lasts": 13 * 60},
    Reason.PARTNER_IS_WORKER: {"partner": JO},
    Reason.PLACE_GONE: {"stops": stops(1, GONE)},
    Reason.NO_ENTRY: {"stops": (*stops(1), *stops(1, NO_ENTRY)), "partner": SAM},
    Reason.VISIT_PROHIBITED: {"factors": frozenset({Factor.ACTIVE_VIOLENCE}), "partner": SAM},
    Reason.NEEDS_PAIR: {"factors": VIOLENT},
    Reason.SOLO_TRANSPORT: {"transporting": True},
    Reason.CARRYING_CASH: {"cash": True},
    Reason.TRAINING_MISSING: {},
}


def life_for(rule):
    life = Life()
    for place in (NO_ENTRY, GONE, WALKED):
        with_place(life, place)
    if rule is Reason.TRAINING_MISSING:
        people = {**life.world.workers}
        people[JO] = replace(people[JO], trained_until=NOON)
        life.world = replace(life.world, workers=people)
    return life


@pytest.mark.parametrize("rule", STOPPED)
def test_each_hard_rule_stops_the_plan_and_is_named(rule):
    life = life_for(rule)
    answer = life.do(e.PlanVisit(NOON, JO, plan(**STOPPED[rule])))
    assert answer.refused
    assert answer.reason is rule
    assert life.matter.visit is None


@pytest.mark.parametrize("how", [StartNow.HERE_NOW, StartNow.WATCH_ME])
@pytest.mark.parametrize("rule", STOPPED)
def test_never_11_whoever_is_there_is_watched_whatever_the_rule_says(rule, how):
    life = life_for(rule)
    answer = life.do(e.PlanVisit(NOON, JO, plan(**STOPPED[rule]), how))
    assert not answer.refused
    assert visit(life).state is VisitState.UNDERWAY
    assert visit(life).started_at == NOON
    assert visit(life).unplanned is Unplanned(how.value)


@pytest.mark.parametrize("rule", STOPPED)
def test_never_11_a_refusal_leaves_the_matter_open_for_watch_me(rule):
    life = life_for(rule)
    life.do(e.PlanVisit(NOON, JO, plan(**STOPPED[rule])))
    life.now = NOON + minutes(1)
    answer = life.do(e.PlanVisit(life.now, JO, plan(**STOPPED[rule]), StartNow.WATCH_ME))
    assert not answer.refused
    assert visit(life).started_at == life.now


def test_watch_me_tells_those_who_supervise_which_rule_it_was():
    life = life_for(None)
    life.do(e.PlanVisit(NOON, JO, plan(factors=VIOLENT), StartNow.WATCH_ME))
    told = [(t.to, t.text) for t in life.effects if getattr(t, "said", "") == "watched_unplanned"]
    assert (ROSA, "needs_pair") in told
    assert (MAYA, "needs_pair") in told
    assert JO not in [to for to, _ in told]


def test_an_unplanned_visit_asks_the_approver_and_after_three_minutes_the_backup():
    life = Life()
    life.do(e.PlanVisit(NOON, JO, plan(start_in=0), StartNow.HERE_NOW))
    assert asked(life) == [(ROSA, "approve")]
    since = len(life.effects)
    life.at(2.9)
    assert asked(life, since) == []
    life.at(3)
    assert (MAYA, "approve") in asked(life, since)


def test_a_prohibited_visit_that_is_watched_is_watched_as_closely_as_a_high_one():
    life = life_for(None)
    there = plan(start_in=0, stops=stops(1, NO_ENTRY))
    life.do(e.PlanVisit(NOON, JO, there, StartNow.WATCH_ME))
    assert visit(life).rating is Rating.PROHIBITED
    assert due(life) == 30


def test_a_clock_that_starts_now_counts_from_now_whatever_start_was_planned():
    life = Life()
    life.do(e.PlanVisit(NOON, JO, plan(start_in=240, lasts=90), StartNow.WATCH_ME))
    assert due(life) == 90, "exit is expected an hour and a half from now"


def test_a_clock_that_starts_now_is_rated_by_now_and_not_by_a_start_the_refused_plan_had():
    night = NOON + minutes(9 * 60)  # nine in the evening; the plan was for the next noon
    tomorrow = plan(start_in=24 * 60)
    life = Life(now=night)
    life.do(e.PlanVisit(night, JO, tomorrow, StartNow.HERE_NOW))
    assert visit(life).rating is Rating.ELEVATED


def test_a_route_of_eight_stops_is_taken_and_a_ninth_refused():
    life = Life()
    assert not life.do(e.PlanVisit(NOON, JO, plan(stops=stops(8)))).refused
    assert Life().do(e.PlanVisit(NOON, JO, plan(stops=stops(9)))).reason is Reason.TOO_MANY_STOPS


def test_a_pair_or_a_named_backup_makes_a_high_visit_possible():
    for company in ({"partner": SAM}, {"backup": THEO}):
        assert visit(planned(factors=VIOLENT, **company)).rating is Rating.HIGH


def test_the_worker_is_no_backup_for_themselves():
    answer = Life().do(e.PlanVisit(NOON, JO, plan(factors=VIOLENT, backup=JO)))
    assert answer.refused


def test_an_elevated_visit_needs_no_pair():
    assert visit(planned(factors=frozenset({Factor.ENCAMPMENT}))).rating is Rating.ELEVATED


def test_transporting_somebody_takes_a_partner_in_the_car_not_a_backup():
    assert Life().do(e.PlanVisit(NOON, JO, plan(transporting=True, backup=THEO))).refused
    assert visit(planned(transporting=True, partner=SAM)).state is VisitState.PLANNED


def test_a_place_may_prohibit_solo_transport_where_the_program_allows_it():
    life = life_for(None)
    life.world = replace(
        life.world, policy=life.world.policy.model_copy(update={"solo_transport_prohibited": False})
    )
    assert not life.do(e.PlanVisit(NOON, JO, plan(transporting=True))).refused
    again = life_for(None)
    again.world = replace(again.world, policy=life.world.policy)
    answer = again.do(e.PlanVisit(NOON, JO, plan(transporting=True, stops=stops(1, WALKED))))
    assert answer.reason is Reason.SOLO_TRANSPORT


def test_the_training_of_a_partner_counts_too_and_until_the_end_of_the_visit():
    life = Life()
    people = {**life.world.workers}
    people[SAM] = replace(people[SAM], trained_until=NOON + minutes(120))
    life.world = replace(life.world, workers=people)
    answer = life.do(e.PlanVisit(NOON, JO, plan(start_in=60, lasts=90, partner=SAM)))
    assert answer.reason is Reason.TRAINING_MISSING
    assert not life.do(e.PlanVisit(NOON, JO, plan(start_in=30, lasts=90, partner=SAM))).refused


def test_a_form_that_was_opened_a_moment_ago_is_not_in_the_past():
    assert visit(planned(start_in=-4)).state is VisitState.PLANNED


def test_a_place_that_is_not_in_the_registry_is_taken():
    assert visit(planned(stops=(Stop("Home 17"),))).rating is Rating.LOW


def test_a_plan_is_asked_for_once_though_the_form_is_sent_twice():
    life = planned()
    before = len(life.effects)
    answer = life.do(e.PlanVisit(NOON, JO, plan()))
    assert not answer.changed
    assert len(life.effects) == before


def test_an_arrival_is_due_fifteen_minutes_after_the_planned_start():
    assert due(planned(start_in=60)) == 75


def test_a_plan_that_nobody_answered_is_watched_from_its_start_all_the_same():
    life = planned()
    found = watch(life, 85)
    assert visit(life).state is VisitState.ESCALATED
    assert visit(life).approval is Approval.ASKED
    assert found == []
    assert [p.to for p in life.effects if type(p).__name__ == "Page"] == [ROSA]


def test_a_revised_plan_is_asked_for_again_under_a_new_revision():
    life = planned()
    life.do(e.ConfirmPlan(NOON, ROSA, 1))
    life.do(e.RevisePlan(NOON, JO, plan(start_in=120)))
    assert visit(life).revision == 2
    assert visit(life).approval is Approval.ASKED
    assert due(life) == 135


def test_a_revised_plan_meets_the_same_rules():
    life = planned()
    answer = life.do(e.RevisePlan(NOON, JO, plan(cash=True)))
    assert answer.reason is Reason.CARRYING_CASH
    assert visit(life).revision == 1


def test_the_worker_has_a_card_as_soon_as_the_plan_is_sent_and_no_message_besides():
    life = planned()
    assert [one.surface for one in life.of(Refresh)] == [Surface.WORKER_CARD]
    assert [one for one in said(life) if one[0] == JO] == []


def test_a_plan_can_be_made_thirty_days_ahead():
    life = Life()
    assert not life.do(e.PlanVisit(NOON, JO, plan(start_in=60 * 24 * 30))).refused
    assert after_noon(visit(life).plan.start_at) == timedelta(days=30).total_seconds() / 60


def test_a_route_is_rated_by_its_strictest_stop_wherever_on_the_way_that_is():
    bad = flagged(replace(SHELTER, id=PlaceId("gate"), label="Jail gate"), times=2)
    for order in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        route = (Stop(bad.label, bad.id), Stop(SHELTER.label, SHELTER.id))
        life = Life(world=situation(bad))
        event = e.PlanVisit(NOON, JO, plan(stops=tuple(route[n] for n in order), backup=THEO))
        life.do(event)
        assert visit(life).rating is Rating.HIGH


def test_a_partner_who_is_taken_off_the_plan_hears_so_and_nobody_else():
    life = planned(partner=SAM)
    since = len(life.effects)
    life.do(e.RevisePlan(life.now, JO, plan()))
    told = [one for one in life.of(Tell, since) if one.said is Said.TAKEN_OFF]
    assert [(one.to, one.about) for one in told] == [(SAM, JO)]
    life.do(e.RevisePlan(life.now, JO, plan(start_in=90)))
    life.do(e.RevisePlan(life.now, JO, plan(partner=SAM)))
    assert [one.to for one in life.of(Tell, since) if one.said is Said.TAKEN_OFF] == [SAM]
