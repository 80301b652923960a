"""A change of the matrix as a value: stored with a proposal, applied, or found between two.

It can be stored and read back. Applying it checks the whole matrix anew, by the same rules as a
file: what does not fit is refused with one plain sentence, and nothing of it is taken over.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from bot.matrix import checks
from bot.matrix.model import Key, LineKey, Matrix, Owner, Part, Row, Text, Tier, TierKey, Words
from bot.matrix.model import Line as CalledLine
from bot.matrix.packs import Pack, Phrases, examples
from bot.matrix.packs import Phrase as Said
from protocol.people import Language, Role

# Where background that was added one by one stands.
HUDDLE: Final = "huddle"


class UnfitError(Exception):
    """This says in one plain sentence why a change does not fit."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class KnownError(UnfitError):
    """This says that the matrix knows these words already, in the same place."""


class Phrase(Part):
    """This adds a phrasing that asks for a row while it happens."""

    kind: Literal["phrase"] = "phrase"
    row: Key
    language: Language
    text: Text


class Outside(Part):
    """This adds a text that is outside the matrix."""

    kind: Literal["outside"] = "outside"
    language: Language
    text: Text


class PutRow(Part):
    """This adds a row, or puts it in the place of the one with its key."""

    kind: Literal["row"] = "row"
    row: Row


class DropRow(Part):
    """This takes a row out, with the phrasings that led to it."""

    kind: Literal["drop"] = "drop"
    key: Key


class PutPack(Part):
    """This puts all phrasings of a wide row in the place of those it has; None takes them out."""

    kind: Literal["pack"] = "pack"
    row: Key
    pack: Pack | None


class PutBackground(Part):
    """This puts a group of what is outside in the place of what it was; None takes it out."""

    kind: Literal["background"] = "background"
    name: Key
    phrases: Phrases | None


class PutTiers(Part):
    """This sets what the tiers promise."""

    kind: Literal["tiers"] = "tiers"
    tiers: dict[TierKey, Tier]


class PutNames(Part):
    """This sets titles of roles, owners, and what is called first."""

    kind: Literal["names"] = "names"
    roles: dict[Role, Words]
    owners: dict[Key, Owner]
    lines: dict[LineKey, CalledLine]


class PutSlang(Part):
    """This sets how slang is read."""

    kind: Literal["slang"] = "slang"
    slang: dict[Language, dict[str, str]]


Change = (
    Phrase | Outside | PutRow | DropRow | PutPack | PutBackground | PutTiers | PutNames | PutSlang
)
_ALL: Final = TypeAdapter[tuple[Change, ...]](
    tuple[Annotated[Change, Field(discriminator="kind")], ...]
)


def dump(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as they are stored."""
    found: list[dict[str, Any]] = _ALL.dump_python(tuple(changes), mode="json")
    return found


def parse(stored: Sequence[object]) -> tuple[Change, ...]:
    """Changes as they were stored. Raises UnfitError for what this version does not know."""
    try:
        return _ALL.validate_python(list(stored))
    except ValidationError:
        raise UnfitError("This was written by another version and cannot be read here.") from None


def touched(changes: Iterable[Change]) -> frozenset[str]:
    """The keys of all rows that these change, or add words to."""
    return frozenset(key for change in changes if (key := _row_of(change)))


def _row_of(change: Change) -> str:
    match change:
        case Phrase(row=key) | PutPack(row=key) | DropRow(key=key):
            return key
        case PutRow(row=row):
            return row.key
        case _:
            return ""


def moved(before: Matrix, after: Matrix, changes: Iterable[Change]) -> bool:
    """Whether anything that these changes rest on is another in the one matrix than in the other.

    A phrasing rests on its row alone: words that others added to it meanwhile do not disturb it.
    """
    return any(_ground(before, change) != _ground(after, change) for change in changes)


def _ground(matrix: Matrix, change: Change) -> object:
    match change:
        case Phrase(row=key) | DropRow(key=key):
            return matrix.by_key.get(key)
        case PutRow(row=row):
            return matrix.by_key.get(row.key)
        case PutPack(row=key):
            return matrix.by_key.get(key), matrix.packs.get(key)
        case PutBackground(name=name):
            return matrix.background.get(name)
        case PutTiers():
            return matrix.tiers
        case PutNames():
            return matrix.roles, matrix.owners, matrix.lines
        case PutSlang():
            return matrix.slang
        case Outside():
            return None


def difference(before: Matrix, after: Matrix) -> tuple[Change, ...]:
    """What makes the second of the first; nothing where they say the same."""
    found: list[Change] = []
    if before.tiers != after.tiers:
        found.append(PutTiers(tiers=after.tiers))
    if (before.roles, before.owners, before.lines) != (after.roles, after.owners, after.lines):
        found.append(PutNames(roles=after.roles, owners=after.owners, lines=after.lines))
    if before.slang != after.slang:
        found.append(PutSlang(slang=after.slang))
    found += [DropRow(key=key) for key in before.by_key if key not in after.by_key]
    found += [PutRow(row=row) for row in after.rows if before.by_key.get(row.key) != row]
    for key in dict.fromkeys([*before.packs, *after.packs]):
        stays = key in after.packs or key in after.by_key
        if stays and before.packs.get(key) != after.packs.get(key):
            found.append(PutPack(row=key, pack=after.packs.get(key)))
    for name in dict.fromkeys([*before.background, *after.background]):
        if before.background.get(name) != after.background.get(name):
            found.append(PutBackground(name=name, phrases=after.background.get(name)))
    return tuple(found)


def apply(matrix: Matrix, changes: Iterable[Change]) -> Matrix:
    """The matrix with these changes. Raises UnfitError, and KnownError for words it has there."""
    made = _Made(matrix)
    for change in changes:
        made.take(change)
    return made.whole()


class _Made:
    """This is a matrix while it is being changed."""

    def __init__(self, matrix: Matrix) -> None:
        self.tiers, self.slang = matrix.tiers, matrix.slang
        self.roles, self.owners, self.lines = matrix.roles, matrix.owners, matrix.lines
        self.rows = dict(matrix.by_key)
        self.packs = dict(matrix.packs)
        self.background = dict(matrix.background)

    def take(self, change: Change) -> None:
        match change:
            case Phrase():
                self._phrase(change)
            case Outside():
                self._outside(change)
            case PutRow(row=row):
                self.rows[row.key] = row
            case DropRow(key=key):
                self._drop(key)
            case PutPack(row=key, pack=pack):
                _put(self.packs, key, pack)
            case PutBackground(name=name, phrases=phrases):
                _put(self.background, name, phrases)
            case PutTiers(tiers=tiers):
                self.tiers = tiers
            case PutNames(roles=roles, owners=owners, lines=lines):
                self.roles, self.owners, self.lines = roles, owners, lines
            case PutSlang(slang=slang):
                self.slang = slang

    def _phrase(self, change: Phrase) -> None:
        row = self.rows.get(change.row)
        if row is None:
            raise UnfitError(f"There is no row {change.row}.")
        wide = row.under or row.key
        pack = self.packs.get(wide, Pack(row=wide, live={}))
        own = pack.live.get(row.key, Phrases())
        if _has(own, change.text):
            raise KnownError(f"The row {row.key} knows these words already.")
        live = {**pack.live, row.key: _with(own, change.language, change.text)}
        self.packs[wide] = pack.model_copy(update={"live": live})

    def _outside(self, change: Outside) -> None:
        if any(_has(phrases, change.text) for phrases in self.background.values()):
            raise KnownError("The matrix knows already that these words are outside.")
        group = self.background.get(HUDDLE, Phrases())
        self.background[HUDDLE] = _with(group, change.language, change.text)

    def _drop(self, key: str) -> None:
        if key not in self.rows:
            raise UnfitError(f"There is no row {key}.")
        del self.rows[key]
        self.packs.pop(key, None)
        self.packs = {wide: _without(pack, key) for wide, pack in self.packs.items()}

    def whole(self) -> Matrix:
        try:
            made = Matrix(
                schema_version=1,
                tiers=self.tiers,
                roles=self.roles,
                owners=self.owners,
                lines=self.lines,
                rows=tuple(self.rows.values()),
                packs=self.packs,
                background=self.background,
                slang=self.slang,
            )
        except ValidationError as error:
            raise UnfitError(f"The matrix would not hold: {error.errors()[0]['msg']}.") from None
        for row in made.rows:
            if row.tier not in made.tiers:
                raise UnfitError(f"{row.key}: its tier {row.tier.value} is not in the matrix.")
        if (sentence := next(unfit(made), None)) is not None:
            raise UnfitError(sentence)
        return made


def where_known(matrix: Matrix, text: str) -> tuple[str, ...]:
    """The keys of rows to which these words lead already; "" for those that are outside."""
    wanted = checks.same_words(text)
    found = ["" for phrases in matrix.background.values() if _has(phrases, text)] + [
        example.row or ""
        for pack in matrix.packs.values()
        for example in examples(pack)
        if checks.same_words(example.text) == wanted
    ]
    return tuple(dict.fromkeys(found))


def unfit(matrix: Matrix) -> Iterator[str]:
    """Everything that must hold between the parts of a matrix and does not, in sentences."""
    places = {row.key: place for place, row in enumerate(matrix.rows)}
    for path, what, remedy in checks.errors(checks.Written(matrix, places)):
        where = str(path[1]) if len(path) > 1 else str(path[0])
        if path[0] == "rows" and isinstance(path[1], int):
            where = matrix.rows[path[1]].key
        yield f"{where}: {what}. {remedy[:1].upper()}{remedy[1:]}."


def _put(into: dict[str, Any], key: str, value: object) -> None:
    if value is None:
        into.pop(key, None)
    else:
        into[key] = value


def _has(phrases: Phrases, text: str) -> bool:
    wanted = checks.same_words(text)
    return any(checks.same_words(phrase.text) == wanted for _, phrase in phrases.all())


def _with(phrases: Phrases, language: Language, text: str) -> Phrases:
    own = (*getattr(phrases, language.value), Said(text=text))
    return phrases.model_copy(update={language.value: own})


def _without(pack: Pack, key: str) -> Pack:
    """A pack in which nothing leads to this row any more; the same one where nothing did."""
    live = {row: _unlinked(one, key) for row, one in pack.live.items() if row != key}
    calm = {why: _unlinked(one, key) for why, one in pack.not_live.items()}
    denied = tuple(one for one in pack.denied if one.asks != key)
    return pack.model_copy(update={"live": live, "not_live": calm, "denied": denied})


def _unlinked(phrases: Phrases, key: str) -> Phrases:
    def without(phrase: Said) -> Said:
        also = tuple(other for other in phrase.also if other != key)
        return phrase if also == phrase.also else phrase.model_copy(update={"also": also})

    return Phrases(**{name: tuple(map(without, getattr(phrases, name))) for name in _LANGUAGES})


_LANGUAGES: Final = ("en", "es", "any")
