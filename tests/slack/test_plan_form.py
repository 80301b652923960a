"""The plan form: five questions, read strictly; and who is there already is never refused."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.request import NewMatter, OfMatter
from bot.slack.ids import Field
from bot.slack.modals import plan
from bot.slack.modals.plan import Choices
from bot.slack.read.payload import BadInput
from protocol.events import PlanVisit, RevisePlan
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.plan import Plan, Purpose, StartNow, Stop, Transport
from protocol.rating import Factor, Rating
from tests.protocol.world import JO, NOON, SAM, SHELTER, ZONE
from tests.slack.payloads import submission
from tests.slack.readable import readable

CHOICES = Choices(
    ZONE,
    [(SHELTER.id, SHELTER.label), (PlaceId("county/home-17"), "Home 17 & yard")],
    [(SAM, "Sam"), (PersonId("theo"), "Theo")],
)
MATTER = MatterId("m7")
TYPED = {"place": SHELTER.id, "purpose": "outreach", "day": "2026-03-10", "time": "14:00"}


def form():
    return plan.plan_form(CHOICES, MATTER, NOON)


def read(typed, view=None):
    return plan.read_plan(submission(view or form(), typed), NOON)


def event_of(typed) -> PlanVisit:
    request = read(typed)
    assert not isinstance(request, BadInput), request
    event = request.event(JO)
    assert isinstance(event, PlanVisit)
    return event


def refused(typed) -> BadInput:
    found = read(typed)
    assert isinstance(found, BadInput)
    return found


def test_the_first_screen_asks_five_questions_and_the_rest_is_optional():
    shown = readable(form()["blocks"])
    first, _, rest = shown.partition("---")
    asked = [line for line in first.splitlines() if line]
    assert [line.split("  ")[0] for line in asked] == [
        "Where?",
        "Or a new place",
        "Which day? *",
        "What time? *",
        "How long? *",
        "What for?",
        "What do you know?",
        "Any of these?",
        "Are you there now?",
    ]
    assert " *" not in rest.replace("*The rest is optional.*", "")


def test_a_full_plan_is_read_as_it_was_typed():
    event = event_of(
        {
            **TYPED,
            "length": "90",
            "known": ["isolated"],
            "danger": ["weapons"],
            "partner": SAM,
            "backup": "theo",
            "stops": ["county/home-17"],
            "transport": "bus",
            "also": ["cash", "transporting"],
            "raised": "high",
            "note": "case code K7",
        }
    )
    assert event == PlanVisit(
        NOON,
        JO,
        Plan(
            stops=(
                Stop(SHELTER.label, SHELTER.id),
                Stop("Home 17 & yard", PlaceId("county/home-17")),
            ),
            start_at=datetime(2026, 3, 10, 21, 0, tzinfo=UTC),
            expected=timedelta(minutes=90),
            zone=ZONE,
            purpose=Purpose.OUTREACH,
            factors=frozenset({Factor.ISOLATED, Factor.WEAPONS}),
            partner=SAM,
            backup=PersonId("theo"),
            transport=Transport.BUS,
            transporting=True,
            cash=True,
            raised=Rating.HIGH,
            note="case code K7",
        ),
    )


def test_the_same_form_sent_twice_is_one_matter_and_a_corrected_one_another_delivery():
    first, retried = read(TYPED), read(TYPED)
    again = plan.read_plan(submission(form(), TYPED, trigger="9.9.v"), NOON)
    assert first.target == again.target == NewMatter(MATTER)
    assert first.key == retried.key
    assert first.key != again.key


def test_a_new_place_is_a_label_without_an_address():
    typed = {**TYPED, "place": None, "new_place": "Home 17"}
    assert event_of(typed).plan.stops == (Stop("Home 17"),)


@pytest.mark.parametrize(
    ("typed", "field", "word"),
    [
        ({"place": None}, Field.NEW_PLACE, "Pick a place"),
        ({"new_place": "Home 17"}, Field.NEW_PLACE, "not both"),
        ({"place": None, "new_place": "12 Main Street"}, Field.NEW_PLACE, "a street address"),
        ({"note": "call 555-867-5309"}, Field.NOTE, "a phone number"),
        ({"purpose": None}, Field.PURPOSE, "pick one"),
        ({"purpose": "burglary"}, Field.PURPOSE, "pick one"),
        ({"length": "9999"}, Field.LENGTH, "pick one"),
        ({"day": "soon"}, Field.TIME, "day and a time"),
        ({"time": "25:00"}, Field.TIME, "day and a time"),
        ({"day": "2026-03-08", "time": "02:30"}, Field.TIME, "The clocks skip 2:30 AM"),
        ({"day": "2026-11-01", "time": "01:30"}, Field.TIME, "show 1:30 AM twice"),
        ({"note": "x" * 1001}, Field.NOTE, "fewer words"),
        ({"known": ["telepathy"]}, Field.KNOWN, "pick one"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_question(typed, field, word):
    found = refused({**TYPED, **typed})
    assert found.field is field
    assert word in found.sentence


def test_an_identifier_is_not_repeated_in_the_answer():
    assert "867" not in refused({**TYPED, "note": "call 555-867-5309"}).sentence


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        ("2026-03-08", "01:59", datetime(2026, 3, 8, 9, 59, tzinfo=UTC)),
        ("2026-03-08", "03:00", datetime(2026, 3, 8, 10, 0, tzinfo=UTC)),
        ("2026-11-01", "00:59", datetime(2026, 11, 1, 7, 59, tzinfo=UTC)),
        ("2026-11-01", "02:00", datetime(2026, 11, 1, 10, 0, tzinfo=UTC)),
    ],
)
def test_times_around_a_clock_change_are_the_right_instants(day, clock, utc):
    assert event_of({**TYPED, "day": day, "time": clock}).plan.start_at == utc


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"place": None, "new_place": "12 Main Street"},
        {"place": None},
        {"day": "2020-01-01"},
        {"day": "2026-03-08", "time": "02:30"},
        {"note": "call 555-867-5309", "purpose": None, "length": "7"},
        {"place": SHELTER.id, "new_place": "and here"},
        {"note": "x" * 3000},
        {"known": ["isolated", "telepathy"]},
    ],
)
def test_whoever_is_there_already_is_watched_whatever_else_was_typed(typed):
    event = event_of({**TYPED, **typed, "already_there": ["watch_me"]})
    assert event.start_now is StartNow.WATCH_ME
    assert event.plan.start_at == NOON
    assert "Main Street 12" not in event.plan.stops[0].label
    assert "867" not in event.plan.note


def test_what_identifies_somebody_is_masked_for_who_is_there_already():
    typed = {**TYPED, "place": None, "new_place": "12 Oak Street", "already_there": ["watch_me"]}
    assert event_of(typed).plan.stops == (Stop("[removed]"),)


def test_im_here_now_asks_place_and_factors_only():
    view = plan.here_now_form(CHOICES, MATTER)
    asked = [block["block_id"] for block in view["blocks"]]
    assert asked == ["place", "new_place", "known", "danger"]
    request = plan.read_here_now(submission(view, {"new_place": "by the river"}), NOON)
    event = request.event(JO)
    assert event.start_now is StartNow.HERE_NOW
    assert event.plan.stops == (Stop("by the river"),)
    assert event.plan.expected == timedelta(minutes=60)


def test_im_here_now_with_nothing_filled_in_still_starts_the_clock():
    view = plan.here_now_form(Choices(ZONE), MATTER)
    event = plan.read_here_now(submission(view), NOON).event(JO)
    assert event.plan.stops == (Stop("Place not named"),)


def test_a_plan_to_be_changed_comes_back_as_it_is():
    old = event_of(
        {**TYPED, "partner": SAM, "note": "K7", "known": ["isolated"], "stops": ["county/home-17"]}
    ).plan
    view = plan.revise_form(CHOICES, MATTER, old, NOON)
    request = plan.read_revised(submission(view), NOON)
    assert request.target == OfMatter(MATTER)
    assert request.event(JO) == RevisePlan(NOON, JO, old)


@pytest.mark.parametrize("metadata", ["", "{}", "[]", "null", '{"matter": "m"}', "not json", "1"])
def test_a_form_with_strange_metadata_is_refused_with_a_sentence(metadata):
    body = submission({**form(), "private_metadata": metadata}, TYPED)
    for read_form in (plan.read_plan, plan.read_revised, plan.read_here_now):
        assert isinstance(read_form(body, NOON), BadInput)
