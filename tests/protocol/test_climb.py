"""A climb cannot end in silence: undeliverable pages, empty rotas, exhausted ladders, and keys."""

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page
from protocol.people import Cover, Role
from tests.protocol.seen import (
    after_noon,
    covered,
    helped,
    open_one,
    paged_at,
    pages,
    posts,
    said,
    watch,
)
from tests.protocol.world import (
    HELD_ROLES,
    INES,
    JO,
    LIN,
    MAYA,
    OMAR,
    ON_DUTY,
    PAT,
    ROSA,
    SAM,
    THEO,
    cover,
    missed,
    underway,
)

EVERYONE = {ROSA, MAYA, LIN, INES}


def lost(life, *people):
    """The pages to these people of the present rung can never arrive."""
    escalation = open_one(life)
    return [
        life.do(e.Undeliverable(life.now, escalation.episode, escalation.rung, person))
        for person in people
    ]


def test_an_undeliverable_page_climbs_at_once():
    life = missed()
    since = len(life.effects)
    lost(life, ROSA)
    assert set(pages(life, since)) == {LIN, MAYA}
    assert open_one(life).rung == 1


def test_when_all_pages_of_a_rung_are_undeliverable_the_next_is_reached_at_once():
    life = missed().at(165)
    since = len(life.effects)
    lost(life, LIN, MAYA)
    assert set(pages(life, since)) == EVERYONE


def test_after_an_undeliverable_page_the_next_rung_comes_no_later_than_it_would_have():
    life = missed()
    lost(life, ROSA)
    assert [at for at, _ in paged_at(life, 190)] == [175, 190]


def test_the_same_page_reported_twice_climbs_once():
    life = missed()
    first = open_one(life)
    for _ in range(3):
        life.do(e.Undeliverable(life.now, first.episode, first.rung, ROSA))
    assert open_one(life).rung == 1


def test_a_page_of_an_earlier_climb_or_rung_moves_nothing():
    life = missed().at(165)
    decision = life.do(e.Undeliverable(life.now, open_one(life).episode, 0, ROSA))
    assert not decision.changed
    decision = life.do(e.Undeliverable(life.now, "1.7", 1, LIN))
    assert not decision.changed


def test_an_undeliverable_page_of_what_somebody_has_taken_on_moves_nothing():
    life = missed().at(165)
    life.do(e.Acknowledge(life.now, LIN))
    assert not lost(life, MAYA)[0].changed


def test_with_every_page_undeliverable_it_does_not_spin():
    life = missed()
    for _ in range(50):
        for person in open_one(life).waiting:
            lost(life, person)
    assert open_one(life).rung <= 4
    assert after_noon(open_one(life).due_at) > 160
    since = len(life.effects)
    life.at(after_noon(open_one(life).due_at))
    assert set(pages(life, since)) == EVERYONE, "and it goes on trying"


def test_an_exhausted_ladder_repeats_every_ten_to_everyone_and_one_executive():
    life = missed()
    found = paged_at(life, 190 + 60)[3:]
    assert [at for at, _ in found] == [200, 210, 220, 230, 240, 250]
    assert all(set(people) == EVERYONE for _, people in found)


def test_an_exhausted_ladder_never_stops_by_itself():
    life = missed()
    life.at(24 * 60)
    since = len(life.effects)
    life.at(24 * 60 + 10)
    assert set(pages(life, since)) == EVERYONE


def test_each_repeat_is_a_page_that_asks_to_decide_on_help():
    life = missed()
    assert all(page.decide_on_help for _, page in watch(life, 230, Page)[-12:])


def test_one_executive_is_reached_and_not_all_of_them():
    held = (*HELD_ROLES, (Role.EXECUTIVE, PAT))
    life = covered(missed(), cover(held=held)).at(300)
    assert {INES, PAT} & set(pages(life)) == {INES}


def test_people_who_are_not_on_the_rota_are_not_paged_while_somebody_is():
    life = missed().at(300)
    assert not {THEO, OMAR, PAT} & set(pages(life))


def test_a_rung_with_nobody_on_duty_is_skipped_at_once_and_those_who_keep_the_rota_hear_of_it():
    no_coordinator = tuple(pair for pair in ON_DUTY if pair[1] != ROSA)
    life = covered(underway(), cover(on_duty=no_coordinator))
    assert paged_at(life, 160) == [(160, (LIN, MAYA))]
    assert (PAT, "nobody_on_rung") in said(life)
    assert [at for at, _ in paged_at(life, 190)] == [175, 190]


def test_who_is_on_duty_is_looked_up_at_each_rung():
    life = missed()
    relieved = ((Role.COORDINATOR, ROSA), (Role.PEER_SUPERVISOR, MAYA), (Role.CLINICAL_LEAD, OMAR))
    covered(life, cover(on_duty=relieved))
    assert set(paged_at(life, 165)[0][1]) == {OMAR, MAYA}


def test_an_empty_rota_is_never_silent():
    life = covered(underway(), cover(on_duty=()))
    first = paged_at(life, 160)
    assert first
    assert first[0][0] == 160


def test_an_empty_rota_without_an_executive_reaches_whoever_holds_a_role():
    held = tuple(pair for pair in HELD_ROLES if pair[0] is not Role.EXECUTIVE)
    life = covered(underway(), cover(on_duty=(), held=held)).at(160)
    assert {ROSA, THEO, MAYA, LIN, OMAR} <= set(pages(life))


def test_with_nobody_in_any_role_the_channel_is_still_told_again_and_again():
    life = covered(underway(), Cover()).at(160)
    assert posts(life)
    since = len(life.effects)
    life.at(after_noon(open_one(life).due_at))
    assert posts(life, since)


def test_the_only_responder_on_duty_being_the_worker_does_not_silence_the_climb():
    life = covered(underway(), cover(on_duty=((Role.COORDINATOR, JO),))).at(160)
    assert pages(life)
    assert JO not in pages(life)


def test_an_executive_who_is_in_the_pair_is_replaced_by_another():
    held = (*HELD_ROLES, (Role.EXECUTIVE, PAT))
    duty = (*ON_DUTY, (Role.EXECUTIVE, SAM))
    life = underway(partner=SAM)
    covered(life, cover(on_duty=duty, held=held)).at(200)
    assert {INES, PAT} & set(pages(life)), "one executive is reached, and not the one who is out"


def test_a_person_with_two_roles_is_paged_once_per_rung():
    both = ((Role.COORDINATOR, ROSA), (Role.PEER_SUPERVISOR, LIN), (Role.CLINICAL_LEAD, LIN))
    life = covered(missed(), cover(on_duty=both))
    assert paged_at(life, 165) == [(165, (LIN,))]


# --- keys ------------------------------------------------------------------------------------


def test_a_pages_key_names_matter_episode_rung_and_person():
    life = missed()
    assert life.of(Page)[0].key.endswith("m1/1.1/page/0/rosa")


@pytest.mark.parametrize("climbs", [1, 2, 3])
def test_keys_stay_unique_over_climbs_of_the_same_escalation(climbs):
    life = missed()
    for _ in range(climbs):
        life.do(e.Acknowledge(life.now, ROSA))
        life.sweep(open_one(life).until_at)
    life.at(after_noon(life.now) + 60)
    found = life.of(Page)
    assert len({page.key for page in found}) == len(found)
    assert all(page.key.endswith(f"m1/{page.episode}/page/{page.rung}/{page.to}") for page in found)
    assert {page.episode for page in found} == {f"1.{n + 1}" for n in range(climbs + 1)}


def test_a_second_escalation_of_the_same_visit_has_keys_of_its_own():
    life = missed()
    life.do(e.ProxyCheckIn(life.now, ROSA, True))
    life.do(e.Uneasy(life.now, JO))
    keys = [page.key for page in life.of(Page)]
    assert len(keys) == len(set(keys)) == 2
    assert keys[-1].endswith("m1/2.1/page/0/rosa")


def test_raising_a_miss_to_a_call_for_help_does_not_use_a_key_again():
    life = missed()
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    keys = [page.key for page in life.of(Page)]
    assert len(keys) == len(set(keys))


# --- the spacing of rungs --------------------------------------------------------------------


def test_help_rings_at_once_then_after_two_five_and_every_ten():
    life = helped()
    assert set(pages(life)) == {ROSA, LIN}
    found = paged_at(life, 60 + 26)
    assert [at - 60 for at, _ in found] == [2, 5, 15, 25]
    assert [set(people) for _, people in found] == [{MAYA}, EVERYONE, EVERYONE, EVERYONE]


def test_a_call_for_help_that_nobody_looked_at_keeps_its_distances():
    life = helped()
    life.late(100)
    assert [at for at, _ in paged_at(life, 103)] == [103]
    assert open_one(life).rung == 2


def test_a_rung_brought_forward_by_a_person_does_not_bring_the_others_forward():
    life = missed()
    life.do(e.Escalate(life.now, ROSA))
    assert life.decisions[-1].reason is Reason.ESCALATED
    assert [at for at, _ in paged_at(life, 190)] == [175, 190]
