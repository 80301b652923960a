"""The phrasings from which the matcher learns: how people really ask, row by row.

A pack belongs to a wide row. `live` has a section for it and for each row under it; `not_live`
holds the same topic where nobody needs a page now; `denied` holds texts that mention the topic,
credibly deny it, and ask for something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{1,49}$")]
Text = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=600)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Phrase(_Part):
    """This is one phrasing; `also` names other rows that it needs as well."""

    text: Text
    also: tuple[Key, ...] = ()


def _phrase(value: Any) -> Any:
    return value if isinstance(value, dict | Phrase) else {"text": value}


One = Annotated[Phrase, BeforeValidator(_phrase)]


class Phrases(_Part):
    """This is phrasings by language; `any` is for what has none, such as emoji."""

    en: tuple[One, ...] = ()
    es: tuple[One, ...] = ()
    any: tuple[One, ...] = ()

    def all(self) -> Iterator[tuple[str, Phrase]]:
        """Every phrasing with its language."""
        for language in ("en", "es", "any"):
            for phrase in getattr(self, language):
                yield language, phrase


class Calm(StrEnum):
    """This is why a topic is asked about although nobody needs a page."""

    HYPOTHETICAL = "hypothetical"
    TRAINING = "training"
    POLICY = "policy"
    PAST = "past"
    STOOD_DOWN = "stood_down"


class Denied(_Part):
    """This is a text that mentions the topic, denies it, and asks for the row `asks`."""

    text: Text
    asks: Key


class Pack(_Part):
    """This is all phrasings of one wide row."""

    row: Key
    live: dict[Key, Phrases]
    not_live: dict[Calm, Phrases] = {}
    denied: tuple[Denied, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """This is one phrasing as it is learnt from: `live` False where it asks for no page.

    `row` is None for talk that is outside the matrix.
    """

    text: str
    row: str | None
    live: bool
    kind: str
    language: str
    also: tuple[str, ...] = ()


def examples(pack: Pack) -> Iterator[Example]:
    """Every phrasing of a pack, in its order."""
    for row, phrases in pack.live.items():
        for language, phrase in phrases.all():
            yield Example(phrase.text, row, True, "live", language, phrase.also)
    for calm, phrases in pack.not_live.items():
        for language, phrase in phrases.all():
            yield Example(phrase.text, pack.row, False, calm.value, language, phrase.also)
    for denied in pack.denied:
        yield Example(denied.text, denied.asks, True, "denied", "any")
