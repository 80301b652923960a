"""Times as people say them, in the program's zone and in each language."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.render.times import clock, day_and_clock, length
from bot.slack.words.speech import _, speaking

ZONE = "America/Chicago"
AFTERNOON = datetime(2026, 3, 4, 19, 32, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 4, 6, 5, tzinfo=UTC)
# The first of two times at which the clocks show 1:30 that night.
TWICE = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["1:32 PM", "12:05 AM", "1:30 AM CDT", "Wed Mar 4, 1:32 PM"]),
        ("es", ["1:32 p.m.", "12:05 a.m.", "1:30 a.m. CDT", "mié 4 de mar, 1:32 p.m."]),
    ],
)
def test_times_are_local_and_in_the_language_of_who_reads(language, shown):
    with speaking(language):
        clocks = [clock(at, ZONE) for at in (AFTERNOON, MIDNIGHT, TWICE)]
        assert [*clocks, day_and_clock(AFTERNOON, ZONE)] == shown


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_length_is_in_hours_and_minutes(language):
    with speaking(language):
        spans = [length(timedelta(minutes=count)) for count in (0, 45, 60, 90)]
    assert spans == ["0 min", "45 min", "1 h", "1 h 30 min"]


def test_no_instant_is_a_dash():
    assert (clock(None, ZONE), day_and_clock(None, ZONE)) == ("-", "-")


def test_a_time_at_the_end_of_a_spanish_sentence_has_one_full_stop():
    with speaking("es"):
        assert _("Next look at {at}.", at=clock(AFTERNOON, ZONE)).endswith("1:32 p.m.")


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (19, "Repórtate antes de la *1:32 p.m.*"),
        (17, "Repórtate antes de las *11:32 a.m.*"),
        (20, "Repórtate antes de las *2:32 p.m.*"),
    ],
)
def test_one_o_clock_alone_is_singular_in_spanish(hour, said):
    with speaking("es"):
        at = clock(AFTERNOON.replace(hour=hour), ZONE)
        assert _("Check in by *{at}*.", at=at) == said


def test_a_spanish_hour_that_somebody_typed_stays_as_it_was_typed():
    with speaking("es"):
        told = _("{who}: contact attempt.{text}", who="Rosa", text=" Llamar a las 1:30.")
    assert told.endswith(" Llamar a las 1:30.")
