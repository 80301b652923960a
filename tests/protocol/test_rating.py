"""The safety rating: computed from factors and flags, raised by the worker, never lowered."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest

from protocol.ids import PlaceId
from protocol.plan import Place, Stop
from protocol.planning import rate
from protocol.rating import Factor, Flag, FlagKind, Rating, assess, highest
from tests.protocol.world import NOON, ROSA, SHELTER, flagged, plan, situation

F, R = Factor, Rating
# Product, "Derived". "Weapons" and "violence" are one sentence; so are the elevated ones.
ELEVATED = {
    *(F.DRUG_MARKET, F.UNSAFE_HOUSING, F.ISOLATED, F.NO_SIGNAL, F.ENCAMPMENT, F.UNKNOWN_HOME),
    *(F.RELEASE_DAY, F.POLICE_PRESENT, F.KNOWS_PERSON, F.EVENING),
}
HIGH = {F.RECENT_VIOLENCE, F.WEAPONS}
DARK_ALONE_OR_UNKNOWN = {F.EVENING, F.ISOLATED, F.UNKNOWN_HOME}
PAIRS = list(combinations(sorted(ELEVATED), 2))


def flag(kind=FlagKind.CONCERN, days=90, disputed=False):
    return Flag(kind, ROSA, NOON - timedelta(days=1), NOON + timedelta(days=days), disputed)


def rated(*factors, flags=()):
    return assess(frozenset(factors), tuple(flags), NOON).rating


def planned_rating(place=SHELTER, **more):
    stops = (Stop("there", place.id),)
    return rate(plan(stops=stops, **more), situation(place)).rating


def test_nothing_known_is_low():
    assert rated() is R.LOW


def test_every_factor_has_a_rating():
    assert set(F) == ELEVATED | HIGH | {F.ACTIVE_VIOLENCE}


@pytest.mark.parametrize("factor", sorted(ELEVATED))
def test_one_of_these_makes_a_visit_elevated(factor):
    assert rated(factor) is R.ELEVATED


@pytest.mark.parametrize("factor", sorted(HIGH))
def test_recent_violence_and_weapons_each_make_a_visit_high(factor):
    assert rated(factor) is R.HIGH


def test_active_violence_prohibits_a_visit():
    assert rated(F.ACTIVE_VIOLENCE) is R.PROHIBITED


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_elevated_factors_compound_where_one_is_dark_isolated_or_unknown(one, other):
    compounds = {one, other} & DARK_ALONE_OR_UNKNOWN
    assert rated(one, other) is (R.HIGH if compounds else R.ELEVATED)


@pytest.mark.parametrize("factor", sorted(ELEVATED - DARK_ALONE_OR_UNKNOWN))
def test_no_factor_lowers_what_another_made(factor):
    assert rated(factor, F.WEAPONS) is R.HIGH
    assert rated(factor, F.ACTIVE_VIOLENCE) is R.PROHIBITED


def test_all_elevated_factors_without_a_compounding_one_stay_elevated():
    assert rated(*(ELEVATED - DARK_ALONE_OR_UNKNOWN)) is R.ELEVATED


def test_one_flag_makes_a_visit_elevated_and_two_make_it_high():
    assert rated(flags=[flag()]) is R.ELEVATED
    assert rated(flags=[flag(), flag()]) is R.HIGH


@pytest.mark.parametrize("factor", sorted(DARK_ALONE_OR_UNKNOWN))
def test_one_flag_counts_as_an_elevated_factor_beside_dark_isolated_or_unknown(factor):
    assert rated(factor, flags=[flag()]) is R.HIGH


@pytest.mark.parametrize("factor", sorted(ELEVATED - DARK_ALONE_OR_UNKNOWN))
def test_one_flag_beside_any_other_elevated_factor_stays_elevated(factor):
    assert rated(factor, flags=[flag()]) is R.ELEVATED


def test_a_no_entry_flag_prohibits_a_visit():
    assert rated(flags=[flag(FlagKind.NO_ENTRY)]) is R.PROHIBITED


def test_an_expired_flag_counts_no_more_and_a_disputed_one_still_does():
    assert rated(flags=[flag(days=0), flag(days=-1)]) is R.LOW
    assert rated(flags=[flag(FlagKind.NO_ENTRY, days=0)]) is R.LOW
    assert rated(flags=[flag(disputed=True)]) is R.ELEVATED


def test_a_flag_that_expires_before_the_visit_does_not_count_for_it():
    short = Flag(FlagKind.CONCERN, ROSA, NOON - timedelta(days=1), NOON + timedelta(minutes=30))
    place = replace(SHELTER, flags=(short,))
    assert planned_rating(place, start_in=60) is R.LOW
    assert planned_rating(place, start_in=10) is R.ELEVATED


@pytest.mark.parametrize("rating", [R.ELEVATED, R.HIGH, R.PROHIBITED])
def test_a_worker_may_raise_the_rating(rating):
    assert planned_rating(raised=rating) is rating


@pytest.mark.parametrize("raised", [R.LOW, R.ELEVATED, R.HIGH])
def test_a_worker_never_lowers_the_rating(raised):
    assert planned_rating(raised=raised, factors=frozenset({F.WEAPONS})) is R.HIGH
    assert planned_rating(flagged(SHELTER, FlagKind.NO_ENTRY), raised=raised) is R.PROHIBITED


def test_the_highest_rating_of_a_route_applies_wherever_it_stands():
    risky = flagged(Place(PlaceId("gate"), "Jail gate"), times=2)
    for order in ((SHELTER, risky), (risky, SHELTER)):
        stops = tuple(Stop(place.label, place.id) for place in order)
        assert rate(plan(stops=stops), situation(risky)).rating is R.HIGH


def test_flags_of_two_stops_are_not_added_up():
    one, other = flagged(Place(PlaceId("a"), "A")), flagged(Place(PlaceId("b"), "B"))
    stops = (Stop("A", one.id), Stop("B", other.id))
    assert rate(plan(stops=stops), situation(one, other)).rating is R.ELEVATED


@pytest.mark.parametrize(
    ("start_in", "lasts", "rating"),
    [
        (60, 90, R.LOW),  # one o'clock in the afternoon
        (5 * 60, 90, R.ELEVATED),  # into the evening
        (7 * 60, 60, R.ELEVATED),  # in the evening
        (17 * 60, 60, R.ELEVATED),  # five in the morning
        (19 * 60, 60, R.LOW),  # seven in the morning
    ],
)
def test_a_visit_after_dark_is_an_evening_visit_whether_or_not_anyone_said_so(
    start_in, lasts, rating
):
    assert planned_rating(start_in=start_in, lasts=lasts) is rating


def test_after_dark_and_an_encampment_together_are_high():
    assert planned_rating(start_in=7 * 60, factors=frozenset({F.ENCAMPMENT})) is R.HIGH


def test_the_evening_is_the_one_of_the_visits_own_zone():
    assert planned_rating(start_in=60, zone="America/New_York") is R.LOW  # four o'clock there
    assert planned_rating(start_in=60, zone="Europe/Berlin") is R.ELEVATED  # nine there


def test_the_strictest_rating_is_the_highest():
    assert highest(R.LOW, R.PROHIBITED, R.HIGH) is R.PROHIBITED
    assert [r.rank for r in (R.LOW, R.ELEVATED, R.HIGH, R.PROHIBITED)] == [0, 1, 2, 3]


def test_a_rating_says_which_factors_and_how_many_flags_made_it():
    found = assess(frozenset({F.WEAPONS, F.ENCAMPMENT}), (flag(), flag(days=-1)), NOON)
    assert set(found.because) == {F.WEAPONS, F.ENCAMPMENT}
    assert found.flags == 1
