"""This makes a row of what a team says in a huddle, filled in from a row of the same owner. Pure.

A row needs more than can be asked on a phone. What was not asked is the owner's usual: the route,
whom to call, what is owed. It is marked to be checked locally, in one language, and due for review
in a month. Where the owner has no row as urgent, nothing may be filled in, and there is no row.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.matrix.model import (
    URGENT,
    Authority,
    Kind,
    Matrix,
    Names,
    Quiz,
    Row,
    TierKey,
    WordLines,
    Words,
)
from protocol.people import Language

REVIEW_WITHIN: Final = timedelta(days=30)
LINES_MAX: Final = 6
# An urgent row says at least so many things not to do.
DO_NOT_MIN: Final = 2
_TEXT_MAX: Final = 600
_KEY_MAX: Final = 40
# In front of words that nobody has translated yet, in the language that they are missing in.
_ONLY_IN: Final = {
    Language.EN: {"en": "", "es": "(Solo en inglés) "},
    Language.ES: {"en": "(Spanish only) ", "es": ""},
}
_WHY: Final = Words(
    en="Written in a huddle. Nobody has held it to law, contracts or numbers yet.",
    es="Escrito en una reunión del equipo. Nadie lo ha comparado con leyes, contratos ni números.",
)
_TIERS: Final = tuple(TierKey)


@dataclass(frozen=True, slots=True)
class Asked:
    """This is what was said of a new row, in one language."""

    title: str
    wording: str
    kind: Kind
    owner: str
    tier: TierKey
    first: tuple[str, ...]
    do_not: tuple[str, ...]
    language: Language


def frame(matrix: Matrix, owner: str, tier: TierKey, kind: Kind) -> Row | None:
    """The row from which the rest is filled in: the owner's that is most like it."""
    rows = [row for row in matrix.rows if row.owner == owner and not row.private]
    if tier in URGENT:
        rows = [row for row in rows if row.urgent and row.call_first]
    at = _TIERS.index(tier)
    return min(
        rows,
        key=lambda row: (abs(_TIERS.index(row.tier) - at), row.kind is not kind, row.key),
        default=None,
    )


def drafted(matrix: Matrix, asked: Asked, today: date) -> Row | None:
    """The row, to be signed; None where nothing of this owner is there to fill it in from."""
    like = frame(matrix, asked.owner, asked.tier, asked.kind)
    if like is None or (asked.tier in URGENT and len(asked.do_not) < DO_NOT_MIN):
        return None
    title, wording = _in_both(asked.title, asked.language), _in_both(asked.wording, asked.language)
    return Row(
        key=_key(asked.title, matrix.by_key),
        kind=asked.kind,
        title=title,
        wording=wording,
        tier=asked.tier,
        owner=asked.owner,
        route=like.route,
        call_first=like.call_first,
        first_actions=_lines(asked.first, asked.language),
        do_not=_lines(asked.do_not, asked.language),
        owed=like.owed,
        needs=like.needs,
        authority=(Authority(text=_WHY, check_locally=True),),
        row_owner=like.row_owner,
        reviewed_on=today,
        review_by=today + REVIEW_WITHIN,
        aliases=Names(**{asked.language.value: (asked.title,)}),
        quiz=_quiz(matrix, asked, title, wording),
    )


def _quiz(matrix: Matrix, asked: Asked, title: Words, wording: Words) -> Quiz:
    """Whose is it? The right owner among two others, in the order of their titles."""
    others = [owner for owner in matrix.owners if owner != asked.owner][:2]
    choices = sorted(
        (matrix.owners[owner].title for owner in (asked.owner, *others)), key=lambda one: one.en
    )
    right = matrix.owners[asked.owner].title
    return Quiz(
        question=Words(en=f"Who handles this? {title.en}", es=f"¿A quién le toca? {title.es}"),
        choices=(choices[0], choices[1], choices[2]),
        answer=choices.index(right) + 1,
        because=wording,
    )


def _in_both(text: str, language: Language) -> Words:
    marks = _ONLY_IN[language]
    return Words(en=(marks["en"] + text)[:_TEXT_MAX], es=(marks["es"] + text)[:_TEXT_MAX])


def _lines(texts: tuple[str, ...], language: Language) -> WordLines:
    both = [_in_both(text, language) for text in texts[:LINES_MAX]]
    return WordLines(en=tuple(one.en for one in both), es=tuple(one.es for one in both))


def _key(title: str, taken: Collection[str]) -> str:
    """A key of the title's own letters that no row has yet."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_KEY_MAX].strip("_")
    key = key if len(key) > 1 else "new_row"
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}_{number}"
    return found
