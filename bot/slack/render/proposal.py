"""This draws what a proposal changes, row by row in plain words, and what it does to the answers.

Pure. Both languages are shown, whatever is spoken: whoever signs, signs both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError

from bot.matrix.change import (
    Change,
    DropRow,
    Outside,
    Phrase,
    PutPack,
    PutRow,
    UnfitError,
    parse,
)
from bot.matrix.model import Matrix, Row, TierKey, WordLines, Words
from bot.matrix.told import whole
from bot.slack.render.blocks import escape, lines, section, typed
from bot.slack.render.times import length
from bot.slack.render.view import Block
from bot.slack.words import matrix as row_words
from bot.slack.words import proposals as words
from bot.slack.words.speech import _
from protocol.people import Language, Role

CHUNK_MAX: Final = 2800
# Slack opens no form that is larger than 250 kB; the rest stands on further pages.
CHUNKS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Otherwise:
    """This is one known question that would be answered otherwise.

    `before` and `after` are the row that comes first and its tier, where it asks for a page. One
    that `falls` is urgent now, and would be so less or not at all.
    """

    text: str
    before: tuple[str | None, str | None]
    after: tuple[str | None, str | None]
    falls: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """This is what a proposal does to the known questions: how many were asked, which change.

    `lost` counts those that would lose an urgent row, `less` those that would stay urgent and be
    so less, and `seen` are those who signed that. `against` is the version it was tried on; `unfit`
    says why it could not be tried.
    """

    asked: int
    changed: int
    lost: int
    less: int = 0
    against: str = ""
    unfit: str = ""
    seen: tuple[str, ...] = ()
    examples: tuple[Otherwise, ...] = ()


def effect_of(kept: Mapping[str, Any] | None, version: str = "") -> Effect | None:
    """What was worked out and kept; None where it was not yet, or not against this version."""
    if kept is None or (version and kept.get("against", version) != version):
        return None
    found = tuple(
        Otherwise(
            str(one["text"]),
            _first(one["before"]),
            _first(one["after"]),
            bool(one.get("lost") or one.get("less")),
        )
        for one in kept.get("examples", ())
    )
    asked, changed, lost, less = (
        int(kept.get(name, 0)) for name in ("asked", "changed", "lost", "less")
    )
    against, unfit = str(kept.get("against", "")), str(kept.get("unfit", ""))
    seen = tuple(map(str, kept.get("seen", ())))
    return Effect(asked, changed, lost, less, against, unfit, seen, found)


def _first(seen: Sequence[str | None]) -> tuple[str | None, str | None]:
    row, tier = seen
    return row, tier


def changes_of(kept: Sequence[object]) -> tuple[Change, ...] | None:
    """The changes of a proposal; None where they cannot be read any more."""
    try:
        return parse(kept)
    except (ValidationError, UnfitError):
        return None


def pages(
    matrix: Matrix, kept: Sequence[object], worked_out: Mapping[str, Any] | None, language: Language
) -> list[list[Block]]:
    """All that would change and what it does to the answers, on as many pages as it takes.

    Where it takes several, what it does to the answers comes first.
    """
    what, does = difference(matrix, kept, language), effect(matrix, worked_out, language)
    if len(what) + len(does) <= CHUNKS_SHOWN:
        return [[*what, *does]]
    every = [*does, *what]
    return [every[at : at + CHUNKS_SHOWN] for at in range(0, len(every), CHUNKS_SHOWN)]


def difference(matrix: Matrix, kept: Sequence[object], language: Language) -> list[Block]:
    """What would change, in plain words, and all of it."""
    changes = changes_of(kept)
    if changes is None:
        return [section(_(words.CANNOT_SHOW))]
    told = [text for one in changes for text in _told(matrix, one, language)]
    if not told:
        return [section(lines(_(words.DIFFERENCE), _(words.NOTHING_DIFFERS)))]
    return [section("\n".join(chunk)) for chunk in _chunks([_(words.DIFFERENCE), *told])]


def effect(matrix: Matrix, kept: Mapping[str, Any] | None, language: Language) -> list[Block]:
    """Which known questions would be answered otherwise."""
    found = effect_of(kept, matrix.version)
    head = _(words.EFFECT)
    if found is None:
        return [section(lines(head, _(words.EFFECT_UNKNOWN)))]
    fallen = [one for one in found.examples if one.falls]
    others = [one for one in found.examples if not one.falls]
    left = found.changed - len(fallen) - len(others)
    told = [
        lines(head, words.otherwise(found.asked, found.changed)),
        _(words.LOSES_URGENT) if found.lost else None,
        words.less_urgent(found.less) if found.less else None,
        # Each is named, however many they are.
        *(_otherwise(matrix, one, language) for one in fallen),
        _(words.UNFIT, why=typed(_(found.unfit), 300)) if found.unfit else None,
        _(words.ALSO_OTHERWISE) if fallen and others else None,
        *(_otherwise(matrix, one, language) for one in others),
        words.changes_more(left) if left > 0 else None,
    ]
    return [section("\n".join(chunk)) for chunk in _chunks(text for text in told if text)]


def _otherwise(matrix: Matrix, one: Otherwise, language: Language) -> str:
    return "• " + _(
        words.EFFECT_BEFORE_AFTER,
        text=typed(one.text, 120),
        before=_titled(matrix, one.before, language),
        after=_titled(matrix, one.after, language),
    )


def _chunks(told: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for text in (part for one in told for part in _parts(one)):
        if chunk and len("\n".join([*chunk, text])) > CHUNK_MAX:
            yield chunk
            chunk = []
        chunk.append(text)
    if chunk:
        yield chunk


def _parts(text: str) -> Iterator[str]:
    """A text as pieces that a block holds, parted where there is room between words."""
    while len(text) > CHUNK_MAX:
        at = max(text.rfind("\n", 1, CHUNK_MAX), text.rfind(" ", 1, CHUNK_MAX))
        at = at if at > 0 else CHUNK_MAX
        yield text[:at]
        text = text[at:].lstrip()
    yield text


def _titled(matrix: Matrix, seen: tuple[str | None, str | None], language: Language) -> str:
    key, tier = seen
    if key is None:
        return f"_{_(words.NO_ROW)}_"
    row = matrix.by_key.get(key)
    title = typed(row.title.in_(language), 80) if row else typed(key, 60)
    known = next((one for one in TierKey if one.value == tier), None)
    return f"_{title}_ ({_(row_words.TIER[known])})" if known else f"_{title}_"


def _told(matrix: Matrix, change: Change, language: Language) -> list[str]:
    match change:
        case Phrase():
            row = matrix.by_key.get(change.row)
            name = typed(row.title.in_(language) if row else change.row, 120)
            return [_(words.PHRASE_ADDED, row=name, text=typed(change.text, 600))]
        case Outside():
            return [_(words.OUTSIDE_ADDED, text=typed(change.text, 600))]
        case DropRow():
            row = matrix.by_key.get(change.key)
            name = typed(row.title.in_(language) if row else change.key, 120)
            return [_(words.ROW_DROPPED, row=name)]
        case PutRow():
            return _row_told(matrix, change.row, language)
        case _:  # what an import may need beyond these: line by line, as it is written
            return _whole_told(matrix, change, language)


def _whole_told(matrix: Matrix, change: Change, language: Language) -> list[str]:
    what = _(words.WHOLE.get(change.kind, words.SOMETHING))
    if isinstance(change, PutPack) and (row := matrix.by_key.get(change.row)):
        what = f"{what}: {typed(row.title.in_(language), 120)}"
    changed = [escape(line) for line in whole(matrix, change)]
    return [_(words.WHOLE_CHANGED, what=what), *changed] if changed else []


def _row_told(matrix: Matrix, row: Row, language: Language) -> list[str]:
    before, then = matrix.by_key.get(row.key), dict(parts_of(matrix, row, language))
    name = typed((before or row).title.in_(language), 120)
    if before is None:
        fields = [
            _(words.FIELD_NEW, field=field, after=value) for field, value in then.items() if value
        ]
        return [_(words.ROW_NEW, row=name), *fields]
    now = dict(parts_of(matrix, before, language))
    changed = [
        _(
            words.FIELD_CHANGED,
            field=field,
            before=now.get(field) or _(words.NOTHING),
            after=value or _(words.NOTHING),
        )
        for field, value in then.items()
        if now.get(field) != value
    ]
    return [_(words.ROW_CHANGED, row=name), *changed] if changed else []


def parts_of(matrix: Matrix, row: Row, language: Language) -> Iterator[tuple[str, str]]:
    """Each part of a row as (what it is called, what it says), escaped."""
    spoken: dict[str, Words | WordLines | None] = {
        "title": row.title,
        "wording": row.wording,
        "first_actions": row.first_actions,
        "do_not": row.do_not,
        "jurisdiction": row.jurisdiction,
    }
    for name, text in spoken.items():
        for each in Language:
            yield _named(name, each), _said(text.in_(each)) if text else ""
    for each in Language:
        owed = row.owed.es if each is Language.ES else row.owed.en
        within = length(timedelta(minutes=row.owed.within))
        yield _named("owed", each), _(words.MINUTES, text=_said(owed), time=within)
        yield _named("aliases", each), _said(getattr(row.aliases, each.value))
        yield _named("quiz", each), _quiz(row, each)
    yield from ((_(words.PART[name]), _said(text)) for name, text in _plain(matrix, row, language))


def _plain(
    matrix: Matrix, row: Row, language: Language
) -> Iterator[tuple[str, str | Sequence[str]]]:
    def role(which: Role) -> str:
        return matrix.roles[which].in_(language) if which in matrix.roles else which.value

    def line(key: str) -> str:
        return matrix.lines[key].text.in_(language) if key in matrix.lines else key

    yield "kind", _(words.KIND[row.kind])
    yield "private", _(words.YES if row.private else words.NO)
    yield "under", row.under or ""
    yield "tier", _(row_words.TIER[row.tier])
    owner = matrix.owners.get(row.owner)
    yield "owner", owner.title.in_(language) if owner else row.owner
    route = (role(row.route.role), role(row.route.backup), f"#{row.route.channel}")
    yield "route", ", ".join(route)
    yield "call_first", ", ".join(map(line, row.call_first))
    yield "needs", ", ".join(_(row_words.NEED[need]) for need in row.needs)
    yield (
        "authority",
        [
            _(words.CHECK, text=text) if one.check_locally else text
            for one in row.authority
            for text in (one.text.en, one.text.es)
        ],
    )
    yield "row_owner", role(row.row_owner)
    yield "reviewed_on", row.reviewed_on.isoformat()
    yield "review_by", row.review_by.isoformat()


def _named(name: str, language: Language) -> str:
    return f"{_(words.PART[name])} ({_(words.SPOKEN[language])})"


def _quiz(row: Row, language: Language) -> str:
    quiz = row.quiz
    choices = " / ".join(one.in_(language) for one in quiz.choices)
    said = f"{quiz.question.in_(language)} {choices} ({quiz.answer}) {quiz.because.in_(language)}"
    return _said(said)


def _said(text: str | Sequence[str]) -> str:
    """All of it: whoever signs, signs all of it."""
    if isinstance(text, str):
        return escape(" ".join(text.split()))
    if len(text) == 1:
        return escape(" ".join(text[0].split()))
    return escape("\n".join(f"{number}. {one}" for number, one in enumerate(text, 1)))
