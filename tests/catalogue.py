"""The catalogue of sentences: taken from the code, brought up to date, compiled. `make words`.

Babel does the work, and knows the words of the calendar. What it writes is the same whenever it is
written: no dates, no line numbers, sorted. A sentence that is new stands in each language's .po
without a translation.
"""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import parse_pattern
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.slack.words.calendar import LOCALE, Calendar, path_of
from bot.slack.words.speech import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = LOCALE / "belay.pot"
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
REGION = "US"
A_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2)}
HEADER = "# Made by `make words` from the sentences in the code; translate in the .po files."


class Sentences(Catalog):
    """This is a catalogue whose header says only what is needed to read it."""

    @property
    def mime_headers(self):
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]
        if self.locale is not None:
            headers += [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)]
        return headers


def extracted(language: str | None = None) -> Sentences:
    """Every sentence in the code, without its translation."""
    found = Sentences(locale=language, header_comment=HEADER, fuzzy=False)
    for _file, _line, message, _comments, _context in extract_from_dir(
        ROOT / "bot", method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(message)
    return found


def translations(language: str) -> Catalog:
    """The .po file of a language as it stands; an empty one where there is none."""
    path = po_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up_to_date(language: str) -> Sentences:
    """The sentences of the code with the translations that there are."""
    known, found = translations(language), extracted(language)
    for message in found:
        before = known.get(message.id) if message.id else None
        if before is not None and isinstance(before.string, tuple) == bool(message.pluralizable):
            message.string = before.string
    return found


def as_text(catalogue: Catalog) -> bytes:
    """A catalogue as a .po or .pot file."""
    out = BytesIO()
    write_po(out, catalogue, width=100, no_location=True, sort_output=True)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def said_by_cldr(language: str, pattern: str, at: datetime) -> str:
    """One instant in a pattern of CLDR's, such as "EEE d", as it is said in the United States."""
    return parse_pattern(pattern).apply(at, Locale(language, REGION))


def calendar_of(language: str) -> Calendar:
    """The words of days, months and halves of a day in a language."""
    week = [A_MONDAY + timedelta(days=days) for days in range(7)]
    year = [A_MONDAY.replace(month=month) for month in range(1, 13)]
    noon = A_MONDAY.replace(hour=12)
    return Calendar(
        days=tuple(said_by_cldr(language, "EEEE", day) for day in week),
        short_days=tuple(said_by_cldr(language, "EEE", day) for day in week),
        short_months=tuple(said_by_cldr(language, "MMM", month) for month in year),
        halves=(said_by_cldr(language, "a", A_MONDAY), said_by_cldr(language, "a", noon)),
    )


def po_of(language: str) -> Path:
    """Where people translate."""
    return LOCALE / language / "LC_MESSAGES" / "belay.po"


def mo_of(language: str) -> Path:
    """What is read while Belay runs."""
    return po_of(language).with_suffix(".mo")


def main() -> None:
    """Write the template, and bring each language up to date."""
    for language in LANGUAGES:
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_text(calendar_of(language).model_dump_json(indent=2) + "\n")
    TEMPLATE.write_bytes(as_text(extracted()))
    for language in TRANSLATED:
        po_of(language).parent.mkdir(parents=True, exist_ok=True)
        catalogue = brought_up_to_date(language)
        po_of(language).write_bytes(as_text(catalogue))
        mo_of(language).write_bytes(compiled(catalogue))


if __name__ == "__main__":
    main()
