"""The words of the calendar in each language: days, months, and the halves of a day.

They are CLDR's, as said in the United States. `make words` takes them from Babel into
bot/locale/<language>/calendar.json, so that what runs need not carry every language of the world
(33 MB: docs/decisions/0050).
"""

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.slack.words.speech import spoken

LOCALE: Final = Path(__file__).resolve().parents[2] / "locale"


class Calendar(BaseModel):
    """The words of one language, as they stand within a date.

    Days run from Monday to Sunday, months from January to December, the halves of a day from the
    one before noon to the one after it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: tuple[str, ...]
    short_days: tuple[str, ...]
    short_months: tuple[str, ...]
    halves: tuple[str, str]


def calendar() -> Calendar:
    """The words of the language now spoken."""
    return _read(spoken())


def path_of(language: str) -> Path:
    """Where the words of a language are kept."""
    return LOCALE / language / "calendar.json"


@cache
def _read(language: str) -> Calendar:
    return Calendar.model_validate_json(path_of(language).read_bytes())
