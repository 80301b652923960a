"""The words of the calendar: kept in a file, and still what CLDR says."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.render.times import clock, day, day_and_clock
from bot.slack.words.calendar import Calendar, path_of
from bot.slack.words.speech import LANGUAGES, speaking
from tests import catalogue

PATTERNS = {"en": "EEE MMM d", "es": "EEE d 'de' MMM"}
# Seven hours and 13 minutes on, 1,300 times: each hour, minute, day and month of a year, in turn.
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = [NEW_YEAR + count * timedelta(hours=7, minutes=13) for count in range(1300)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_are_kept_are_those_of_cldr(language):
    kept = Calendar.model_validate_json(path_of(language).read_bytes())
    assert kept == catalogue.calendar_of(language), "Run `make words`."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_and_hour_of_a_year_is_said_as_cldr_says_it(language):
    with speaking(language):
        for at in INSTANTS:
            on = catalogue.said_by_cldr(language, PATTERNS[language], at)
            when = catalogue.said_by_cldr(language, "h:mm a", at)
            assert (day(at, "UTC"), clock(at, "UTC")) == (on, when)
            assert day_and_clock(at, "UTC") == f"{on}, {when}"
