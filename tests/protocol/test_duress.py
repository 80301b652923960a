"""Duress: nothing tells it from an ordinary OK, and it starts the silent climb."""

from dataclasses import fields, is_dataclass, replace

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page, Tell
from protocol.ids import MatterId, ProgramId
from protocol.matter import blank
from protocol.people import Role
from protocol.plan import Stop
from protocol.records import Accounted, Answer, EscalationKind, EscalationState, Finding
from tests.protocol.seen import PUSHED, RATED, covered, open_one, pages, posts
from tests.protocol.world import (
    HELD_ROLES,
    INES,
    JO,
    LIN,
    MAYA,
    NOON,
    ON_DUTY,
    PAT,
    ROSA,
    SAM,
    SHELTER,
    THEO,
    Life,
    confirmed,
    cover,
    minutes,
    missed,
    underway,
)

BUTTON, PHRASE = "b", "ok all good here"
ORDINARY = "a"
TAPS = {
    "arrive": (lambda: confirmed().at(60), e.Arrive),
    "check in": (underway, e.CheckIn),
    "leave": (underway, e.Leave),
    "clear": (lambda: left(underway()), e.Clear),
    "while overdue": (lambda: underway().at(155), e.CheckIn),
    "while missed": (missed, e.CheckIn),
    "while held": (lambda: held(missed()), e.CheckIn),
    "while help is open": (lambda: asked_help(underway()), e.CheckIn),
    "refused: not started": (confirmed, e.Leave),
    "refused: already leaving": (lambda: left(underway()), e.Leave),
    "just closed": (lambda: cleared(underway()), e.CheckIn),
    "called off": (lambda: off(confirmed()), e.CheckIn),
}


def left(life):
    life.do(e.Leave(life.now, JO, ORDINARY))
    return life


def cleared(life):
    left(life).do(e.Clear(life.now, JO, ORDINARY))
    return life


def off(life):
    life.do(e.CallOff(life.now, JO))
    return life


def held(life):
    life.do(e.Acknowledge(life.now, ROSA))
    return life


def asked_help(life):
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    return life


def unsealed(value):
    """The value with every sealed answer blanked: what anybody but the sweep may know of it."""
    if isinstance(value, Answer):
        return replace(value, said="sealed")
    if isinstance(value, tuple):
        return tuple(unsealed(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type) and hasattr(value, "__slots__"):
        return replace(value, **{f.name: unsealed(getattr(value, f.name)) for f in fields(value)})
    return value


def answered(case, said):
    start, tap = TAPS[case]
    life = start()
    return life, life.do(tap(life.now, JO, said))


def read(life):
    """The sweep reads what came in; the silent matters that follow, each as a life of its own."""
    before = len(life.decisions)
    life.sweep(life.now + minutes(0.05))
    found: dict[MatterId, Life] = {}
    for decision in life.decisions[before:]:
        for follow in decision.follow:
            silent = found.setdefault(
                follow.matter,
                Life(blank(follow.matter, ProgramId("county"), JO), life.world, life.now),
            )
            silent.do(follow.event)
    return list(found.values())


def silenced(**more):
    life = underway(**more)
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.sweep(silent.now)
    return silent


@pytest.mark.parametrize("said", [BUTTON, PHRASE])
@pytest.mark.parametrize("case", TAPS)
def test_never_8_a_duress_answer_is_answered_and_written_like_any_other(case, said):
    life, duress = answered(case, said)
    other, ordinary = answered(case, ORDINARY)
    assert duress.reason is ordinary.reason
    assert duress.refused == ordinary.refused
    assert duress.changed == ordinary.changed
    assert duress.effects == ordinary.effects
    assert duress.follow == ordinary.follow == ()
    assert unsealed(life.matter) == unsealed(other.matter)


@pytest.mark.parametrize("said", [BUTTON, PHRASE])
@pytest.mark.parametrize("case", TAPS)
def test_never_8_the_visit_after_the_sweep_is_the_same_too(case, said):
    (life, _), (other, _) = answered(case, said), answered(case, ORDINARY)
    silent, none = read(life), read(other)
    assert len(silent) == 1, "however the tap itself was answered, what was said is heard"
    assert none == []
    assert life.matter == other.matter
    assert life.effects == other.effects
    assert [d.reason for d in life.decisions] == [d.reason for d in other.decisions]


@pytest.mark.parametrize("case", TAPS)
def test_every_answer_is_kept_for_the_sweep_and_read_at_the_same_time(case):
    due = {answered(case, said)[0].matter.visit.answers_due_at for said in (BUTTON, ORDINARY, "")}
    assert len(due) == 1
    assert None not in due


@pytest.mark.parametrize("said", [PHRASE, "OK all good here", "  ok  ALL good\nhere. thanks"])
def test_the_phrase_is_heard_however_it_was_typed(said):
    life = underway()
    life.do(e.CheckIn(life.now, JO, said))
    assert len(read(life)) == 1


@pytest.mark.parametrize("said", ["", "ok", "OK", "all good", "a", "B here"])
def test_an_ordinary_answer_is_no_duress(said):
    life = underway()
    life.do(e.CheckIn(life.now, JO, said))
    assert read(life) == []


def test_a_worker_without_a_choice_cannot_say_it_by_accident():
    life = underway(partner=SAM)
    life.do(e.CheckIn(life.now, SAM, BUTTON))
    assert read(life) == []


@pytest.mark.parametrize("rating", RATED)
def test_the_card_goes_on_as_normal(rating):
    life, other = underway(**RATED[rating]), underway(**RATED[rating])
    life.do(e.CheckIn(life.now, JO, BUTTON))
    other.do(e.CheckIn(other.now, JO, ORDINARY))
    for each in (life, other):
        read(each)
        each.at(400)
    assert life.matter == other.matter
    assert life.effects == other.effects


def test_duress_starts_the_silent_climb_at_once():
    silent = silenced()
    assert silent.matter.silent
    assert silent.matter.about == MatterId("m1")
    assert open_one(silent).kind is EscalationKind.DURESS
    assert set(pages(silent)) == {ROSA, LIN}
    assert "clinical" in posts(silent)


def test_the_silent_climb_goes_on_after_two_and_five_minutes_and_every_ten():
    silent = silenced()
    base = open_one(silent).base_at
    when = []
    for _ in range(4):
        silent.sweep(open_one(silent).due_at)
        when.append((silent.now - base).total_seconds() / 60)
    # The first page leaves when the answer was read; those after keep their distances to it.
    first = when[0] - 2
    assert 0 <= first < 0.1
    assert [at - first for at in when] == [2, 5, 15, 25]


def test_the_silent_matter_says_nothing_to_the_worker_and_never_pages_them():
    silent = silenced(partner=SAM)
    held(silent)
    silent.do(e.SendSupport(silent.now, ROSA, "mobile crisis"))
    silent.at(600)
    reached = {effect.to for effect in silent.effects if isinstance(effect, PUSHED)}
    assert not {JO, SAM} & reached
    assert not any(getattr(x, "surface", "") == "worker_card" for x in silent.effects)


def test_the_silent_matter_leaves_out_the_companion_and_whom_the_worker_excluded():
    on_duty = (*ON_DUTY, (Role.COORDINATOR, THEO), (Role.PEER_SUPERVISOR, SAM))
    life = underway(partner=SAM)
    covered(life, cover(on_duty=on_duty))
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.at(600)
    assert not {SAM, THEO} & set(pages(silent))
    assert {ROSA, LIN, MAYA, INES} == set(pages(silent))
    avoided = [set(post.avoid) for post in silent.effects if hasattr(post, "avoid")]
    assert avoided
    assert all({JO, SAM, THEO} <= avoid for avoid in avoided)


def test_a_backup_on_site_is_a_companion_and_left_out_too():
    on_duty = (*ON_DUTY, (Role.CLINICAL_LEAD, PAT))
    life = underway(factors=RATED["high"]["factors"], backup=PAT)
    covered(life, cover(on_duty=on_duty))
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.at(600)
    assert PAT not in pages(silent)


def test_an_executive_whom_the_worker_excluded_is_replaced_by_another():
    life = underway()
    people = {**life.world.workers}
    people[JO] = replace(people[JO], excludes=(INES,))
    life.world = replace(
        life.world, workers=people, cover=cover(held=(*HELD_ROLES, (Role.EXECUTIVE, PAT)))
    )
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.at(600)
    assert INES not in pages(silent)
    assert PAT in pages(silent)


@pytest.mark.parametrize("by", [JO, THEO])
def test_whoever_must_not_know_cannot_act_on_it(by):
    silent = silenced()
    for event in (e.Acknowledge, e.Escalate, e.CannotTake, e.StillOnIt):
        assert silent.do(event(silent.now, by)).refused


def test_duress_never_dispatches_by_itself():
    silent = silenced().at(24 * 60)
    assert open_one(silent).state is EscalationState.CLIMBING
    assert not any(decision.follow for decision in silent.decisions)
    assert silent.of(Tell) == []


def test_duress_is_not_closed_by_one_nor_by_a_supervisor_who_spoke_to_the_worker():
    silent = silenced()
    assert silent.do(e.ProxyCheckIn(silent.now, MAYA, True)).reason is Reason.PROXY_NOT_ENOUGH
    assert open_one(silent).state is EscalationState.CLIMBING


def test_a_proxy_check_in_on_the_visit_leaves_the_silent_matter_open():
    life = missed()
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    life.do(e.ProxyCheckIn(life.now, MAYA, True))
    assert silent.matter.open_escalation is not None


def again(life, silent):
    life.now = silent.now
    life.do(e.CheckIn(life.now, JO, BUTTON))
    before = len(life.decisions)
    life.sweep(life.now + minutes(0.05))
    (follow,) = [f for decision in life.decisions[before:] for f in decision.follow]
    assert follow.matter == silent.matter.id, "one silent matter for a visit, however often said"
    silent.now = life.now
    return silent.do(follow.event)


def test_saying_it_again_adds_to_the_same_matter_and_its_owner_hears():
    life = underway()
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.sweep(silent.now)
    held(silent)
    since = len(silent.effects)
    assert again(life, silent).reason is Reason.SILENT_AGAIN
    assert len(silent.matter.escalations) == 1
    assert ROSA in {tell.to for tell in silent.of(Tell, since)}


def test_saying_it_again_after_one_person_closed_it_starts_the_climb_again():
    life = underway()
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.sweep(silent.now)
    silent.do(e.Close(silent.now, ROSA, open_one(silent).mark, Accounted.SPOKEN, Finding.REAL))
    assert open_one(silent).state is EscalationState.AWAITING_SECOND
    again(life, silent)
    silent.sweep(silent.now)
    assert open_one(silent).state is EscalationState.CLIMBING


def test_saying_it_again_after_it_was_closed_opens_it_again():
    life = underway()
    life.do(e.CheckIn(life.now, JO, BUTTON))
    (silent,) = read(life)
    silent.sweep(silent.now)
    silent.do(e.Close(silent.now, ROSA, open_one(silent).mark, Accounted.SPOKEN, Finding.REAL))
    silent.do(e.ConfirmClosing(silent.now, LIN, open_one(silent).mark))
    assert silent.matter.open_escalation is None
    since = len(silent.effects)
    again(life, silent)
    silent.sweep(silent.now)
    assert set(pages(silent, since)) == {ROSA, LIN}
    keys = [page.key for page in silent.of(Page)]
    assert len(keys) == len(set(keys))


def test_whom_the_worker_excludes_the_second_time_is_left_out_from_then_on():
    silent = silenced()
    silent.do(e.OpenSilent(silent.now, JO, MatterId("m1"), (THEO, MAYA)))
    since = len(silent.effects)
    silent.at(600)
    assert MAYA not in pages(silent, since)


def test_whoever_is_sent_to_look_about_duress_is_sent_to_a_place():
    silent = silenced()
    sent = silent.do(e.SendSupport(silent.now, ROSA, person=PAT))
    (follow,) = sent.follow
    assert follow.event.plan.stops[0].place == SHELTER.id


def test_a_route_is_as_silent_as_a_single_stop():
    route = tuple(Stop(f"stop {n}", SHELTER.id) for n in range(2))
    life = underway(stops=route)
    life.do(e.MoveOn(life.now, JO))
    life.do(e.Arrive(life.now, JO, BUTTON))
    assert len(read(life)) == 1
    assert life.now > NOON


def test_never_9_no_effect_and_no_reason_carries_what_was_said():
    life = missed()
    for event in (e.CheckIn, e.Arrive, e.Leave, e.Clear):
        life.do(event(life.now, JO, PHRASE))
    silent = read(life)
    said = [*life.effects, *silent[0].effects]
    assert not any(PHRASE in repr(effect) for effect in said)
    assert PHRASE not in repr(silent[0].matter)
    assert PHRASE not in repr(life.matter)
