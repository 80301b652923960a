"""Slack's limits, with the worst texts that people can type and every state that can come up."""

import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack import render
from bot.slack.modals import approver, plan, responder, worker
from bot.slack.render.view import Directory, MatterView
from protocol.effects import Effect, Refresh, Surface, Tell, ThreadNote
from protocol.events import DeadlinePassed, OpenSilent
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.matter import next_deadline
from protocol.plan import Place, Stop
from protocol.rating import Factor
from tests.protocol.world import HELD_ROLES, NOON, SAM, SHELTER, ZONE, Life, events, flagged
from tests.protocol.world import plan as some_plan
from tests.slack.examples import silent
from tests.slack.examples import view as view_of
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
        forms.append(plan.revise_form(choices, matter, life.matter.visit.plan, NOON))
        forms.append(approver.confirm_form(seen(life, text)))
    for form in forms:
        assert_slack_opens(form)


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
