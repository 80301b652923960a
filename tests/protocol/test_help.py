"""Help is always taken, in every state; quiet help makes nothing ring, buzz or light up."""

from collections.abc import Callable

import pytest

from protocol import events as e
from protocol.effects import Page, Said, Tell
from protocol.plan import StartNow, Stop
from protocol.records import Accounted, EscalationKind, EscalationState, Finding, VisitState
from tests.protocol.seen import RATED, helped, open_one, pages, said, taken, to, visit, watch
from tests.protocol.world import (
    INES,
    JO,
    LIN,
    MAYA,
    NOON,
    OUTSIDER,
    ROSA,
    SAM,
    SHELTER,
    Life,
    confirmed,
    missed,
    plan,
    planned,
    underway,
)

FORMS = list(e.HelpForm)
KIND = {
    e.HelpForm.CALL: EscalationKind.HELP_CALL,
    e.HelpForm.QUIET: EscalationKind.HELP_QUIET,
}


def leaving():
    life = underway()
    life.do(e.Leave(life.now, JO))
    return life


def done():
    life = leaving()
    life.do(e.Clear(life.now, JO))
    return life


def after(life, *events):
    for event in events:
        life.do(event)
    return life


def closing(life, by=ROSA, accounted=Accounted.SPOKEN, witness="", continues=True):
    mark, finding = open_one(life).mark, Finding.REAL
    life.do(e.Close(life.now, by, mark, accounted, finding, witness, continues))
    return life


def here_now():
    return after(Life(), e.PlanVisit(NOON, JO, plan(start_in=0), StartNow.HERE_NOW))


STATES: dict[str, Callable[[], Life]] = {
    "no visit at all": Life,
    "planned": planned,
    "confirmed": confirmed,
    "here now": here_now,
    "underway": underway,
    "overdue": lambda: underway().at(152),
    "leaving": leaving,
    "closed": done,
    "called off": lambda: after(planned(), e.CallOff(NOON, JO)),
    "declined": lambda: after(planned(), e.DeclinePlan(NOON, ROSA, 1, "no")),
    "missed": missed,
    "missed and acknowledged": lambda: taken(ROSA),
    "uneasy": lambda: after(underway(), e.Uneasy(underway().now, JO)),
    "help open": helped,
    "quiet help open": lambda: helped(e.HelpForm.QUIET),
    "help acknowledged": lambda: after(helped(), e.Acknowledge(underway().now, ROSA)),
    "support sent": lambda: after(helped(), e.SendSupport(underway().now, ROSA, "mobile crisis")),
    "emergency called": lambda: after(helped(), e.CallEmergency(underway().now, ROSA)),
    "closed by one": lambda: closing(helped()),
    "ladder exhausted": lambda: missed().at(260),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", STATES)
def test_never_2_help_is_taken_in_every_state(state, form):
    life = STATES[state]()
    decision = life.do(e.Help(life.now, JO, form))
    assert not decision.refused
    assert decision.changed
    assert open_one(life).kind is KIND[form]
    assert open_one(life).due_at is not None


@pytest.mark.parametrize("form", FORMS)
def test_never_2_a_new_call_reaches_people_though_one_is_open(form):
    for state in ("help open", "help acknowledged", "support sent", "closed by one"):
        life = STATES[state]()
        since = len(life.effects)
        life.do(e.Help(life.now, JO, form))
        heard = {effect.to for kind in (Page, Tell) for effect in life.of(kind, since)}
        assert ROSA in heard, state


@pytest.mark.parametrize("form", FORMS)
def test_help_pages_the_first_rung_at_once(form):
    assert set(pages(helped(form))) == {ROSA, LIN}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rating", RATED)
def test_help_has_one_ladder_whatever_the_rating(rating, form):
    life = helped(form, **RATED[rating])
    assert next(at for at, _ in watch(life, 65, Page)) == 62


@pytest.mark.parametrize("form", FORMS)
def test_help_raises_a_miss_that_is_open_and_climbs_anew(form):
    life = missed().at(168)
    since = len(life.effects)
    life.do(e.Help(life.now, JO, form))
    assert len(life.matter.escalations) == 1
    assert open_one(life).kind is KIND[form]
    assert set(pages(life, since)) == {ROSA, LIN}
    assert [at for at, _ in watch(life, 170, Page)] == [170]


@pytest.mark.parametrize("form", FORMS)
def test_help_raises_a_miss_that_somebody_holds_for_an_hour(form):
    life = taken(ROSA)
    since = len(life.effects)
    life.do(e.Help(life.now, JO, form))
    assert open_one(life).state is EscalationState.CLIMBING
    assert set(pages(life, since)) == {ROSA, LIN}


def test_help_after_one_person_closed_it_climbs_again():
    life = closing(helped())
    since = len(life.effects)
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    assert open_one(life).state is EscalationState.CLIMBING
    assert set(pages(life, since)) == {ROSA, LIN}
    assert open_one(life).closing is None


def test_either_of_a_pair_may_ask_for_help():
    for by in (JO, SAM):
        life = underway(partner=SAM)
        life.do(e.Help(life.now, by, e.HelpForm.CALL))
        assert open_one(life).kind is EscalationKind.HELP_CALL


def test_help_for_a_visit_of_others_is_not_theirs_to_ask():
    life = underway()
    assert life.do(e.Help(life.now, OUTSIDER, e.HelpForm.CALL)).refused


def test_who_calls_for_help_is_told_that_it_was_heard():
    assert (JO, "help_raised") in said(helped())


def test_a_tap_after_a_call_for_help_closes_nothing():
    for form in FORMS:
        life = helped(form)
        for tap in (e.CheckIn, e.Leave, e.Clear, e.Arrive):
            life.do(tap(life.now, JO))
        assert open_one(life).kind is KIND[form]
        assert visit(life).state is VisitState.ESCALATED


def test_help_on_a_closed_visit_leaves_it_closed_and_looks_for_the_worker():
    life = done()
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    assert visit(life).state is VisitState.CLOSED
    assert life.matter.is_active
    assert set(pages(life)) == {ROSA, LIN}


# --- quiet -----------------------------------------------------------------------------------


def silent_life(*events, **more):
    """Quiet help, then these events; what was pushed to the visit's own people since."""
    life = helped(e.HelpForm.QUIET, **more)
    for event in events:
        life.do(event(life))
    first = next(
        n for n, effect in enumerate(life.effects) if getattr(effect, "kind", "") == "help_quiet"
    )
    return [push for who in life.matter.members for push in to(who, life.effects[first:])]


QUIET: dict[str, list[Callable[[Life], e.Event]]] = {
    "nothing more": [],
    "a tap": [lambda x: e.CheckIn(x.now, JO)],
    "uneasy": [lambda x: e.Uneasy(x.now, JO)],
    "help again": [lambda x: e.Help(x.now, JO, e.HelpForm.QUIET)],
    "acknowledged": [lambda x: e.Acknowledge(x.now, ROSA)],
    "escalated": [lambda x: e.Escalate(x.now, ROSA)],
    "support sent": [lambda x: e.SendSupport(x.now, ROSA, "mobile crisis")],
    "emergency called": [lambda x: e.CallEmergency(x.now, ROSA)],
    "a refused change": [lambda x: e.CallOff(x.now, JO)],
}


@pytest.mark.parametrize("case", QUIET)
def test_quiet_help_pushes_nothing_to_the_worker(case):
    assert silent_life(*QUIET[case]) == []


@pytest.mark.parametrize("case", QUIET)
def test_quiet_help_pushes_nothing_to_the_partner_beside_them(case):
    assert silent_life(*QUIET[case], partner=SAM) == []


@pytest.mark.parametrize("minutes_on", [5, 60, 300])
def test_quiet_help_stays_quiet_while_it_climbs(minutes_on):
    life = helped(e.HelpForm.QUIET, partner=SAM)
    since = len(life.effects)
    life.at(60 + minutes_on)
    assert to(JO, life.effects[since:]) == to(SAM, life.effects[since:]) == []


def test_quiet_help_is_closed_without_a_sound():
    life = helped(e.HelpForm.QUIET)
    since = len(life.effects)
    closing(life)
    life.do(e.ConfirmClosing(life.now, MAYA, open_one(life).mark))
    assert life.matter.open_escalation is None
    assert to(JO, life.effects[since:]) == []


@pytest.mark.parametrize(
    "event",
    [
        lambda at: e.ConfirmPlan(at, ROSA, 1),
        lambda at: e.AskChanges(at, ROSA, 1, "go with Sam"),
        lambda at: e.DeclinePlan(at, ROSA, 1, "not there"),
    ],
    ids=["confirm", "ask for changes", "decline"],
)
def test_an_answer_of_the_approver_does_not_light_up_the_phone_of_who_must_stay_quiet(event):
    life = here_now()
    life.do(e.Help(life.now, JO, e.HelpForm.QUIET))
    since = len(life.effects)
    life.do(event(life.now))
    assert to(JO, life.effects[since:]) == []


def test_a_partner_who_separates_does_not_light_up_the_phone_of_who_must_stay_quiet():
    life = helped(e.HelpForm.QUIET, partner=SAM)
    since = len(life.effects)
    life.do(e.Split(life.now, SAM))
    assert to(JO, life.effects[since:]) == []


def test_a_loud_call_after_a_quiet_one_may_ring_again_and_a_quiet_one_after_a_loud_may_not():
    life = helped(e.HelpForm.QUIET)
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    life.do(e.Acknowledge(life.now, ROSA))
    assert (JO, "seen") in said(life)
    other = helped(e.HelpForm.CALL)
    other.do(e.Help(other.now, JO, e.HelpForm.QUIET))
    since = len(other.effects)
    other.do(e.Acknowledge(other.now, ROSA))
    assert to(JO, other.effects[since:]) == []


def test_quiet_help_still_reaches_everyone_on_duty():
    life = helped(e.HelpForm.QUIET).at(65)
    assert set(pages(life)) == {ROSA, LIN, MAYA, INES}


def test_a_route_of_stops_does_not_keep_help_away():
    route = tuple(Stop(f"stop {n}", SHELTER.id) for n in range(3))
    life = underway(stops=route)
    life.do(e.MoveOn(life.now, JO))
    assert not life.do(e.Help(life.now, JO, e.HelpForm.CALL)).refused


def test_whoever_had_a_miss_hears_at_once_that_they_must_not_ring_any_more():
    """An edited page does not push, and the page they hold says: call the worker."""
    life = missed()
    life.do(e.Acknowledge(life.now, MAYA))
    since = len(life.effects)
    life.do(e.Help(life.now, JO, e.HelpForm.QUIET))
    told = {tell.to for tell in life.of(Tell, since) if tell.said is Said.HELP_STAY_QUIET}
    paged = {page.to for page in life.of(Page, since)}
    assert MAYA in told
    assert ROSA in told | paged
    assert JO not in told


def test_whoever_had_a_miss_hears_of_a_call_for_help_though_others_are_paged_first():
    life = missed()
    life.do(e.Acknowledge(life.now, MAYA))
    since = len(life.effects)
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    assert [t.to for t in life.of(Tell, since) if t.said is Said.HELP_AGAIN] == [MAYA]
