"""Slack's limits, with the worst texts that people can type and every state that can come up."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.request import Request
from bot.slack import render
from bot.slack.modals import approver, plan, responder, worker
from bot.slack.render.view import Directory, MatterView
from protocol.effects import Effect, Refresh, Surface, Tell, ThreadNote
from protocol.events import DeadlinePassed, OpenSilent, RevisePlan
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.matter import next_deadline
from protocol.plan import Place, Stop
from protocol.rating import Factor
from sandbox.limits import VIEW_BYTES
from tests.protocol.world import (
    HELD_ROLES,
    NOON,
    SAM,
    SHELTER,
    ZONE,
    Life,
    events,
    flagged,
    missed,
)
from tests.protocol.world import plan as some_plan
from tests.slack.examples import silent
from tests.slack.examples import view as view_of
from tests.slack.payloads import submission
from tests.slack.readable import assert_slack_opens, assert_slack_takes

WORST = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&*_~`|!@#\n")), max_size=4000
)
PEOPLE = list(dict.fromkeys(person for _, person in HELD_ROLES))
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def life_of(seed: int, label: str) -> Life:
    """A matter after a random life, at a place with this label."""
    rng = random.Random(seed)
    life = Life()
    stops = tuple(Stop(label, SHELTER.id if rng.random() < 0.5 else None) for _ in range(8))
    given_plan = some_plan(stops=stops, partner=rng.choice([None, SAM]), note=label)
    life.do(next(e for e in events(NOON, life.matter, rng) if type(e).__name__ == "PlanVisit"))
    if life.matter.visit is not None:
        risky = frozenset(Factor) - {Factor.ACTIVE_VIOLENCE}
        new = replace(given_plan, factors=risky, start_at=life.matter.visit.plan.start_at)
        life.matter = replace(life.matter, visit=replace(life.matter.visit, plan=new))
    for _ in range(rng.randrange(12)):
        # A duress answer opens a matter of its own; it is drawn below.
        told = [e for e in events(life.now, life.matter, rng) if not isinstance(e, OpenSilent)]
        life.do(rng.choice(told))
        due = next_deadline(life.matter)
        if due is not None and rng.random() < 0.4:
            life.now = max(due, life.now)
            life.do(DeadlinePassed(life.now))
    return life


def seen(life: Life, text: str) -> MatterView:
    directory = Directory(ZONE, text, text, dict.fromkeys(PEOPLE, text))
    place = replace(flagged(Place(SHELTER.id, text, send=text), times=3))
    return MatterView(life.matter, directory, None, {SHELTER.id: place})


@SLOW
@given(st.integers(0, 2**32), WORST)
def test_every_message_of_every_life_is_taken_by_slack(seed, text):
    life = life_of(seed, text)
    view = seen(life, text)
    for effect in life.effects:
        if not isinstance(effect, Refresh):
            assert_slack_takes(drawn(effect, view, text).blocks)
    for surface in Surface:
        if _stands(surface, life):
            assert_slack_takes(render.surface(surface, view).blocks)


def drawn(effect: Effect, view: MatterView, text: str):
    typed = replace(effect, text=text) if isinstance(effect, Tell | ThreadNote) else effect
    return render.message(typed, view)


def _stands(surface: Surface, life: Life) -> bool:
    matter = life.matter
    if surface is Surface.WORKER_CARD:
        return not matter.silent
    if surface is Surface.APPROVAL:
        return matter.visit is not None
    if surface is Surface.ROLL_CALL:
        return matter.roll_call is not None
    return bool(matter.escalations)


@SLOW
@given(st.integers(0, 2**32), WORST, st.integers(0, 350))
def test_every_form_is_opened_by_slack(seed, text, count):
    label = text or "x"
    places = [(PlaceId(f"county/{number}"), f"{number} {label}") for number in range(count)]
    people = [(PersonId(f"p{number}"), f"{number} {label}") for number in range(count)]
    choices = plan.Choices(ZONE, places, people)
    matter = MatterId("m" * 100)
    life = life_of(seed, text)
    forms = [
        plan.plan_form(choices, matter, NOON),
        plan.here_now_form(choices, matter),
        worker.running_late_form(matter),
        worker.extend_form(matter),
        worker.no_signal_form(matter),
        approver.ask_changes_form(matter, 3),
        approver.decline_form(matter, 3),
        responder.attempt_form(matter),
        responder.support_form(matter, people),
        responder.emergency_form(matter),
        responder.proxy_form(matter),
        responder.close_form(matter, 3, drill=True),
        responder.close_form(matter, 3, drill=False),
    ]
    if life.matter.visit is not None:
        forms.append(plan.revise_form(choices, matter, life.matter.visit.plan))
        forms.append(approver.confirm_form(seen(life, text)))
    for form in forms:
        assert_slack_opens(form)


LABELS = ["x" * 120, "&" * 120, "👍🏽" * 60, " ", "", "\n\n", "Home 17"]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(("places", "people"), [(100, 60), (3000, 600)])
def test_a_large_county_with_long_odd_or_empty_names_can_plan(label, places, people):
    choices = plan.Choices(
        ZONE,
        [(PlaceId(f"river-county/place-{number}"), label) for number in range(places)],
        [(PersonId(f"person-{number}"), label) for number in range(people)],
    )
    # The last of them all, which is in no list that was cut, is chosen already.
    last = Stop(label, PlaceId(f"river-county/place-{places - 1}"))
    someone = PersonId(f"person-{people - 1}")
    old = some_plan(stops=(last,) * 3, partner=someone, backup=someone, note="n" * 3000)
    matter = MatterId("m" * 24)
    for form in (
        plan.plan_form(choices, matter, NOON),
        plan.revise_form(choices, matter, old),
        plan.here_now_form(choices, matter),
        responder.support_form(matter, choices.people),
    ):
        assert_slack_opens(form)
        assert len(json.dumps(form)) < VIEW_BYTES
    again = plan.read_revised(submission(plan.revise_form(choices, matter, old)), NOON)
    assert isinstance(again, Request), again
    event = again.event(SAM)
    assert isinstance(event, RevisePlan)
    assert event.plan.partner == event.plan.backup == someone
    assert event.plan.stops[0].place == last.place


def test_the_order_of_a_route_is_kept_when_its_plan_is_changed():
    places = [(PlaceId(f"p{number}"), f"Home {number}") for number in range(9)]
    route = ("p5", "p8", "p1", "p3")
    old = some_plan(stops=tuple(Stop("x", PlaceId(one)) for one in route))
    form = plan.revise_form(plan.Choices(ZONE, places), MatterId("m1"), old)
    request = plan.read_revised(submission(form), NOON)
    assert isinstance(request, Request), request
    event = request.event(SAM)
    assert isinstance(event, RevisePlan)
    assert [stop.place for stop in event.plan.stops] == list(route)


def test_a_place_whose_name_a_menu_had_to_cut_stands_whole_on_a_page():
    life, name = missed(), "y" * 100
    assert life.matter.visit is not None
    cut_off = replace(life.matter.visit.plan, stops=(Stop(f"{name[:74]}…", SHELTER.id),))
    matter = replace(life.matter, visit=replace(life.matter.visit, plan=cut_off))
    shown = render.surface(Surface.PAGES, view_of(matter, place=Place(SHELTER.id, name)))
    assert str(shown.blocks).count(name) == 2, "where they are, and what to read out"


def test_a_silent_matter_is_taken_by_slack_at_every_rung():
    life, about = silent()
    while life.matter.open_escalation.rung < 5:
        due = next_deadline(life.matter)
        assert due is not None
        life.sweep(due)
    for effect in life.effects:
        if not isinstance(effect, Refresh):
            assert_slack_takes(render.message(effect, view_of(life, about)).blocks)


def test_the_lives_above_reach_pages():
    lives = [life_of(seed, "x") for seed in range(60)]
    assert sum(bool(life.matter.escalations) for life in lives) > 10
