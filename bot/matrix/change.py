"""Changes of a matrix as values: what is proposed, what an import differs in. Pure."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, Union

from pydantic import Field, TypeAdapter

from bot.matrix.model import Key, Matrix, Part, Row, Text
from bot.matrix.packs import Pack, Phrases, examples
from bot.matrix.packs import Phrase as Phrasing
from protocol.people import Language


class UnfitError(Exception):
    """This says in one sentence why a change can't be made."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Phrase(Part):
    """This is a live phrasing that belongs to a row."""

    kind: Literal["phrase"] = "phrase"
    row: Key
    language: Language
    text: Text


class Outside(Part):
    """This is a text that belongs to no row."""

    kind: Literal["outside"] = "outside"
    language: Language
    text: Text


class PutRow(Part):
    """This is a row as it shall be: a new one, or in the place of the one with this key."""

    kind: Literal["row"] = "row"
    row: Row


class DropRow(Part):
    """This takes a row out."""

    kind: Literal["drop"] = "drop"
    key: Key


Change = Annotated[Union[Phrase, Outside, PutRow, DropRow], Field(discriminator="kind")]  # noqa: UP007
_READ: TypeAdapter[Change] = TypeAdapter(Change)


def dump(changes: Iterable[Change]) -> list[dict[str, object]]:
    """The changes as plain data."""
    return [one.model_dump(mode="json") for one in changes]


def parse(found: Sequence[object]) -> tuple[Change, ...]:
    """What `dump` wrote."""
    return tuple(_READ.validate_python(one) for one in found)


def apply(matrix: Matrix, changes: Iterable[Change]) -> Matrix:
    """The matrix with these changes; raises UnfitError."""
    rows, packs = dict(matrix.by_key), dict(matrix.packs)
    for one in changes:
        match one:
            case PutRow(row=row):
                rows[row.key] = row
            case DropRow(key=key):
                rows.pop(key, None)
            case Phrase():
                if one.row not in rows:
                    raise UnfitError("This row is not in the matrix any more.")
                wide = rows[one.row].under or one.row
                pack = packs.get(wide, Pack(row=wide, live={}))
                known = {e.text.casefold() for e in examples(pack) if e.row == one.row}
                if one.text.casefold() in known:
                    raise UnfitError("Belay knows these words already.")
                live = pack.live.get(one.row, Phrases())
                said = (*getattr(live, one.language.value), Phrasing(text=one.text))
                more = live.model_copy(update={one.language.value: said})
                packs[wide] = pack.model_copy(update={"live": {**pack.live, one.row: more}})
            case Outside():
                pass
    changed = {"rows": tuple(sorted(rows.values(), key=lambda row: row.key)), "packs": packs}
    data = {**{name: getattr(matrix, name) for name in Matrix.model_fields}, **changed}
    return Matrix.model_validate(data)


def touched(changes: Iterable[Change]) -> frozenset[str]:
    """The keys of the rows that these changes are about."""
    keys: set[str] = set()
    for one in changes:
        match one:
            case Phrase(row=key) | DropRow(key=key):
                keys.add(key)
            case PutRow(row=row):
                keys.add(row.key)
            case Outside():
                pass
    return frozenset(keys)
