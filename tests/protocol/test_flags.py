"""A new flag: what waits for its yes is rated again; who is confirmed or out is told."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol import flags
from protocol.decision import Reason
from protocol.effects import Ask, Asked, Refresh, Said, Surface, Tell
from protocol.flagged import PlaceFlagged
from protocol.ids import PlaceId
from protocol.plan import Place, Stop
from protocol.rating import FlagKind, Rating
from protocol.records import VisitState
from tests.protocol.world import (
    JO,
    NOON,
    ROSA,
    SAM,
    SHELTER,
    THEO,
    Life,
    confirmed,
    flagged,
    missed,
    planned,
    situation,
    underway,
)

MILL = Place(PlaceId("county/old-mill"), "old mill")


def flag(life: Life, by=THEO, kind=FlagKind.CONCERN, place=SHELTER):
    """The flag is stored first, so the rules see it on the place."""
    life.world = situation(flagged(SHELTER, kind))
    seen = len(life.effects)
    decision = life.do(PlaceFlagged(life.now, by, place.id, place.label, kind))
    return decision, life.effects[seen:]


def told(effects, said):
    return [one.to for one in effects if isinstance(one, Tell) and one.said is said]


def test_a_plan_that_waits_for_its_yes_is_rated_again_and_asked_for_anew():
    life = planned()
    assert life.matter.visit.rating is Rating.LOW
    decision, effects = flag(life)
    assert decision.reason is Reason.RATING_ROSE
    rated = life.matter.visit
    assert (rated.rating, rated.revision) == (Rating.ELEVATED, 2)
    asked = [one for one in effects if isinstance(one, Ask)]
    assert [(one.to, one.asked) for one in asked] == [(ROSA, Asked.APPROVE)]
    assert told(effects, Said.NEW_FLAG) == [JO]
    stale = life.do(e.ConfirmPlan(life.now, ROSA, 1))
    assert stale.reason is Reason.PLAN_CHANGED


@pytest.mark.parametrize("life", [confirmed, underway])
def test_whoever_is_confirmed_or_out_is_told_and_so_is_who_confirmed_it(life):
    lived = life()
    before = lived.matter.visit
    decision, effects = flag(lived)
    assert decision.reason is Reason.PLACE_FLAGGED
    assert told(effects, Said.NEW_FLAG) == [JO, ROSA]
    assert {one.text for one in effects if isinstance(one, Tell)} == {SHELTER.label}
    assert lived.matter.visit == before, "nobody's visit is changed over their head"


def test_no_entry_is_told_in_words_of_its_own():
    _, effects = flag(underway(), kind=FlagKind.NO_ENTRY)
    assert told(effects, Said.NEW_NO_ENTRY) == [JO, ROSA]


def test_both_of_a_pair_are_told_but_not_who_flagged_it():
    _, effects = flag(underway(partner=SAM), by=SAM)
    assert told(effects, Said.NEW_FLAG) == [JO, ROSA]


def test_a_plan_that_was_as_strict_before_is_told_and_not_asked_for_again():
    life = planned(raised=Rating.HIGH, partner=SAM)
    _, effects = flag(life)
    assert told(effects, Said.NEW_FLAG) == [JO, SAM]
    assert not [one for one in effects if isinstance(one, Ask)]
    assert [one.surface for one in effects if isinstance(one, Refresh)] == [Surface.APPROVAL]


def test_a_place_that_is_behind_the_worker_is_over():
    route = (Stop(SHELTER.label, SHELTER.id), Stop(MILL.label))
    life = underway(stops=route)
    life.do(e.MoveOn(life.now, JO))
    decision, effects = flag(life)
    assert decision.refused
    assert effects == []
    decision, effects = flag(life, place=MILL)
    assert told(effects, Said.NEW_FLAG) == [JO, ROSA]


def test_a_stop_outside_the_registry_is_known_by_its_label():
    life = underway(stops=(Stop("Old mill"),))
    _, effects = flag(life, place=MILL)
    assert told(effects, Said.NEW_FLAG) == [JO, ROSA]


def test_whoever_asked_for_quiet_is_not_rung_about_a_flag():
    life = underway()
    life.do(e.Help(life.now, JO, e.HelpForm.QUIET))
    _, effects = flag(life)
    assert told(effects, Said.NEW_FLAG) == [ROSA]


def test_a_flag_moves_no_deadline_and_ends_no_climb():
    life = missed()
    before = life.matter
    flag(life)
    assert replace(life.matter, version=0) == replace(before, version=0)
    assert life.matter.visit.state is VisitState.ESCALATED


def test_a_closed_visit_hears_nothing():
    life = underway()
    life.do(e.Leave(life.now, JO))
    life.do(e.Clear(life.now, JO))
    decision, effects = flag(life)
    assert decision.refused
    assert effects == []


def test_a_reminder_of_a_review_has_a_key_of_its_own_for_each_time_it_is_due():
    first = flags.review_due("f1", "Gate", NOON, [ROSA, ROSA, THEO], NOON)
    again = flags.review_due("f1", "Gate", NOON, [ROSA, THEO], NOON.replace(hour=20))
    later = flags.review_due("f1", "Gate", NOON.replace(day=11), [ROSA, THEO], NOON)
    assert [one.to for one in first] == [ROSA, THEO]
    assert [one.key for one in again] == [one.key for one in first]
    assert not {one.key for one in later} & {one.key for one in first}
    assert first[0].text == "f1 Gate"
