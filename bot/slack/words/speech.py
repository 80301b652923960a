"""This speaks one catalogue of sentences in the language of whoever reads.

English sentences are the keys. Other languages are compiled gettext catalogues under bot/locale.
The language is entered by the caller (`speaking`), so that everything that renders stays pure.
"""

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from protocol.people import Language

LANGUAGES = tuple(language.value for language in Language)

_SOURCE = "en"
_LOCALE = Path(__file__).resolve().parents[2] / "locale"
_spoken: ContextVar[str] = ContextVar("spoken_language", default=_SOURCE)
_HOUR = re.compile(r"\blas (?=\*?\{(\w+)\})")


def _(text: str, /, **named: object) -> str:
    """Say a sentence in the language now spoken, with "{name}" filled in from `named`.

    A sentence nobody translated is said in English rather than not at all.
    """
    said = catalogue(_spoken.get()).gettext(text)
    return _filled(said, named) if named else said


def N_(text: str) -> str:  # noqa: N802
    """Mark a sentence of a table for the catalogue; whoever reads the table says `_` to it."""
    return text


def n_(one: str, many: str, count: int, /, **named: object) -> str:
    """Say a sentence that counts something; "{count}" is filled in too."""
    said = catalogue(_spoken.get()).ngettext(one, many, count)
    return _filled(said, {**named, "count": count})


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block, and what was spoken before after it."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def speak(language: str) -> None:
    """Speak `language` from here on, in the task of one delivery: who answers it knows no other."""
    _spoken.set(language)


def spoken() -> str:
    """Give the code of the language now spoken: "en" where nobody said."""
    return _spoken.get()


def _filled(said: str, named: dict[str, object]) -> str:
    # In Spanish one o'clock alone is singular: "a la 1:32 p.m.", "a las 2:32 p.m."
    said = _HOUR.sub(lambda at: "la " if str(named[at[1]]).startswith("1:") else at[0], said)
    # It writes "1:32 p.m." at the end of a sentence with that one full stop.
    return said.format(**named).replace(".m..", ".m.").replace(".m.*.", ".m.*")


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Give the sentences of a language; one without a file answers in English."""
    return gettext.translation("belay", _LOCALE, languages=[language], fallback=True)
