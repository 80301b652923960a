"""What must hold between the parts of a matrix, beyond each part's own shape."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.matrix.model import Matrix, Row
from bot.matrix.packs import Pack, examples

Path = tuple[str | int, ...]
Found = tuple[Path, str, str]  # where, what, remedy

_ASIDE = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Written:
    """This is a matrix with each row's place in its file; `twice` are places of repeated keys."""

    matrix: Matrix
    places: Mapping[str, int]
    twice: tuple[int, ...] = ()

    def at(self, row: Row, *inside: str | int) -> Path:
        """Where something of this row stands."""
        return ("rows", self.places[row.key], *inside)


def errors(written: Written) -> Iterator[Found]:
    """Everything for which a matrix is refused."""
    for place in written.twice:
        yield ("rows", place, "key"), "a row with this key stands here already", "keep one of them"
    yield from _owners(written.matrix)
    for row in written.matrix.rows:
        yield from _names_of(written, row)
        yield from _under(written, row)
        yield from _content(written, row)
    yield from _pack_names(written.matrix)
    yield from _near_duplicates(written.matrix)


def _owners(matrix: Matrix) -> Iterator[Found]:
    for key, owner in matrix.owners.items():
        if (owner.role is None) == (owner.line is None):
            yield ("owners", key), "an owner is a role or a line", "give exactly one of the two"
        elif owner.line is not None and owner.line not in matrix.lines:
            yield ("owners", key, "line"), "this line is not known", "add it to lines:"


def _names_of(written: Written, row: Row) -> Iterator[Found]:
    matrix = written.matrix
    if row.owner not in matrix.owners:
        yield written.at(row, "owner"), "this owner is not known", "add it to owners:"
    for no, line in enumerate(row.call_first):
        if line not in matrix.lines:
            yield written.at(row, "call_first", no), "this line is not known", "add it to lines:"
    for name, role in (("role", row.route.role), ("backup", row.route.backup)):
        if role not in matrix.roles:
            yield written.at(row, "route", name), "this role has no title", "add it to roles:"
    if row.route.role is row.route.backup:
        yield (
            written.at(row, "route", "backup"),
            "the backup is the role itself",
            "name somebody else's role: a page that nobody takes goes there",
        )


def _under(written: Written, row: Row) -> Iterator[Found]:
    seen, above = {row.key}, row.under
    while above is not None:
        at = written.at(row, "under")
        if above not in written.matrix.by_key:
            yield at, "there is no row with this key", "name a row, or take the line out"
            return
        if above in seen:
            yield at, "these rows stand under each other in a circle", "let one stand under none"
            return
        seen.add(above)
        above = written.matrix.by_key[above].under
    if len(seen) > 2:
        yield (
            written.at(row, "under"),
            "this row stands under a row that stands under another",
            "name the wide row itself",
        )


def _content(written: Written, row: Row) -> Iterator[Found]:
    if row.urgent and not row.call_first:
        yield (
            written.at(row),
            "an urgent row has no call_first",
            "say what is called or done before anybody is paged, such as [911]",
        )
    if row.urgent and len(row.do_not.en) < 2:
        yield written.at(row, "do_not"), "an urgent row has fewer than two do-nots", "add one"
    for name in ("first_actions", "do_not"):
        lines = getattr(row, name)
        if len(lines.en) != len(lines.es):
            yield (
                written.at(row, name),
                "English and Spanish do not have the same number of lines",
                "translate each line, in the same order",
            )
    if row.review_by <= row.reviewed_on:
        yield (
            written.at(row, "review_by"),
            "the next review is not after the last",
            "write a later day",
        )


def _pack_names(matrix: Matrix) -> Iterator[Found]:
    for key, pack in matrix.packs.items():
        row = matrix.by_key.get(key)
        if pack.row != key or row is None or row.under is not None:
            yield ("packs", key), "a pack belongs to a wide row", "name one in row:"
            continue
        for section in pack.live:
            inside = matrix.by_key.get(section)
            if inside is None or key not in (section, inside.under):
                yield (
                    ("packs", key, "live", section),
                    "this is neither the pack's row nor one under it",
                    "move the phrasings to the pack of their wide row",
                )
        yield from _pack_asks(matrix, key, pack)


def _pack_asks(matrix: Matrix, key: str, pack: Pack) -> Iterator[Found]:
    for no, denied in enumerate(pack.denied):
        if denied.asks not in matrix.by_key:
            yield ("packs", key, "denied", no, "asks"), "there is no such row", "name a row's key"
    for part in ("live", "not_live"):
        for section, phrases in getattr(pack, part).items():
            for language in ("en", "es", "any"):
                for no, phrase in enumerate(getattr(phrases, language)):
                    if any(other not in matrix.by_key for other in phrase.also):
                        yield (
                            ("packs", key, part, str(section), language, no, "also"),
                            "there is no such row",
                            "name a row's key",
                        )


def _near_duplicates(matrix: Matrix) -> Iterator[Found]:
    """The same words in two rows, or in a row and outside: the matcher cannot learn both."""
    seen: dict[str, str] = {}
    for key, phrases in matrix.background.items():
        for _, phrase in phrases.all():
            seen[same_words(phrase.text)] = f"background {key}"
    for key, pack in matrix.packs.items():
        for example in examples(pack):
            words, row = same_words(example.text), example.row or ""
            if example.also or not words:
                continue
            before = seen.setdefault(words, row)
            if before != row:
                yield (
                    ("packs", key),
                    f"“{example.text[:60]}” stands under {before} and under {row}",
                    "keep it where it belongs, or say which rows it needs with also:",
                )


def same_words(text: str) -> str:
    """A text without case, accents and punctuation: equal for near-duplicates."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_ASIDE.sub(" ", kept).split())
