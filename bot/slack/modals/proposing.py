"""This is the form that proposes a change: words that belong to a row, or what the row says.

What was not touched is no change. Phrasings and reasons are masked before they go on; of the row's
own lines, which hold numbers that must stay, those that may identify somebody come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from bot.matrix.change import Change, Phrase, PutRow, dump
from bot.matrix.model import Matrix, Row, WordLines, Words
from bot.slack.carried import INCIDENT, NO_MATTER, Carried, pack, pack_row, row_of
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.modals.proposals import REASON_MAX, reason_of
from bot.slack.read.payload import Body, Unreadable, carried_by_form, minted, strict, user_of
from bot.slack.render.blocks import context, section
from bot.slack.render.blocks import typed as shown
from bot.slack.render.view import Block
from bot.slack.words import labels, names
from bot.slack.words import matrix as row_words
from bot.slack.words import proposals as words
from bot.slack.words.speech import _
from protocol.identifiers import find
from protocol.masking import can_be_masked, masked, of_ones_own_life
from protocol.people import Language
from storage import incidents
from storage.revision_tables import Source

PHRASE_MAX: Final = 300
TEXT_MAX: Final = 600
LINES_MAX: Final = 6
AREA_MAX: Final = 3000  # Slack's Block Kit reference: what a text input holds
# An incident is no choice: the button in its thread says which one it was.
OFFERED: Final = (Source.GAP, Source.HUDDLE)

_TITLE: Final = (
    (Field.TITLE_EN, Language.EN, words.FIELD_TITLE_EN),
    (Field.TITLE_ES, Language.ES, words.FIELD_TITLE_ES),
)
_ACTIONS: Final = (
    (Field.ACTIONS_EN, Language.EN, words.FIELD_ACTIONS_EN),
    (Field.ACTIONS_ES, Language.ES, words.FIELD_ACTIONS_ES),
)
_DO_NOT: Final = (
    (Field.DO_NOT_EN, Language.EN, words.FIELD_DO_NOT_EN),
    (Field.DO_NOT_ES, Language.ES, words.FIELD_DO_NOT_ES),
)


@dataclass(frozen=True, slots=True)
class Proposing:
    """This is what somebody proposes. `id` is the same for the same form sent twice."""

    id: str
    user: str
    base: str
    source: Source
    changes: tuple[Change, ...]
    reason: str
    source_id: str | None = None

    def kept(self) -> tuple[dict[str, object], ...]:
        """The changes as they are stored."""
        return tuple(dump(self.changes))


def propose_form(
    matrix: Matrix, row: Row | None, language: Language, after: Carried | None = None
) -> View:
    """About a row, from its answer; or, without one, words that belong to a row to be picked.

    `after` is what the button of an incident carried.
    """
    asked = _which_row(matrix, language) if row is None else _about(row, language)
    element = parts.text(PHRASE_MAX)
    hint = _(words.HINT_PHRASE)
    asked.append(
        question(Field.WORDS, _(words.FIELD_PHRASE), element, hint=hint, optional=row is not None)
    )
    spoken = [(_(words.SPOKEN[one]), one.value) for one in Language]
    asked.append(question(Field.SPOKEN, _(words.FIELD_SPOKEN), parts.radio(spoken, language.value)))
    if row is not None:
        asked += _what_it_says(row)
    if after is None:
        sources = [(_(words.SOURCE[one]), one.value) for one in OFFERED]
        element = parts.radio(sources, Source.GAP.value)
        asked.append(question(Field.SOURCE, _(words.FIELD_FROM), element))
    else:
        asked.append(context(_(words.FROM_INCIDENT)))
    element = parts.text(REASON_MAX, multiline=True)
    hint = _(words.HINT_REASON)
    asked.append(question(Field.REASON, _(words.FIELD_REASON), element, hint=hint))
    carried = pack_row(row.key, matrix.version) if row else pack(NO_MATTER)
    if after is not None:
        carried = pack(after.matter, INCIDENT, after.number)
    return parts.form(Form.PROPOSE_CHANGE, carried, asked)


def incident_of(said: Carried) -> str | None:
    """The incident that a button or a form is about (`storage.incidents`); None for none."""
    return incidents.source_of(said.matter, said.number) if said.said == INCIDENT else None


def from_whom(body: Body) -> tuple[str, str | None]:
    """Who sends the form, and the incident that it is about, if any."""
    return user_of(body), incident_of(carried_by_form(body))


def _which_row(matrix: Matrix, language: Language) -> list[Block]:
    # What is about a worker's own life is proposed by file: no form shows who thought of it.
    named = sorted((row.title.in_(language), row.key) for row in matrix.rows if not row.private)
    picked = question(Field.ROW, _(words.FIELD_WHICH_ROW), parts.select(named))
    return [section(_(words.WHICH_WORDS)), picked]


def _about(row: Row, language: Language) -> list[Block]:
    about = _(words.ABOUT_ROW, row=shown(row.title.in_(language), 150))
    return [section(_(words.WHAT_IT_IS)), section(about)]


def _what_it_says(row: Row) -> list[Block]:
    asked = [
        question(field, _(label), parts.text(TEXT_MAX, row.title.in_(each)), optional=True)
        for field, each, label in _TITLE
    ]
    for fields, said in ((_ACTIONS, row.first_actions), (_DO_NOT, row.do_not)):
        whole = [_joined(said.in_(each)) for each in Language]
        if max(map(len, whole)) > AREA_MAX:
            continue  # cut to what a form holds, it would propose to drop the rest
        for field, each, label in fields:
            element = parts.text(AREA_MAX, _joined(said.in_(each)), multiline=True)
            asked.append(question(field, _(label), element, optional=True))
    return [*asked, context(_(words.HINT_LINES))]


@strict
def read_proposing(body: Body, matrix: Matrix) -> Proposing:
    """What should be otherwise; something must be, and nothing in it may tell of somebody."""
    values, said = typed.values_of(body), carried_by_form(body)
    incident = incident_of(said)
    about = None if incident else row_of(said)
    row = _row_of(values, matrix, about)
    changes: list[Change] = []
    phrase = _phrase(values, row)
    if phrase is not None:
        changes.append(phrase)
    if about is not None and (put := _reworded(values, row)) is not None:
        changes.append(PutRow(row=put))
    if not changes:
        raise Unreadable(_(words.NOTHING_CHANGED), Field.WORDS)
    source = Source.INCIDENT if incident else typed.one_of(values, Field.SOURCE, Source)
    if incident is None and source not in OFFERED:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.SOURCE)
    return Proposing(
        id=minted(f"proposal:{body['view']['id']}"),
        user=user_of(body),
        base=matrix.version,
        source=source,
        changes=tuple(changes),
        reason=reason_of(values, needed=True),
        source_id=incident,
    )


def _row_of(values: typed.Values, matrix: Matrix, about: tuple[str, str] | None) -> Row:
    if about is not None:
        key, version = about
        if version != matrix.version:
            raise Unreadable(_(words.MATRIX_CHANGED), Field.WORDS)
    else:
        key = typed.chosen(values, Field.ROW) or ""
        if not key:
            raise Unreadable(_(row_words.NEEDS_ROW), Field.ROW)
    row = matrix.by_key.get(key)
    if row is None or row.private:
        raise Unreadable(_(words.ROW_GONE), Field.ROW)
    return row


def _phrase(values: typed.Values, row: Row) -> Phrase | None:
    said = " ".join(typed.raw_text(values, Field.WORDS).split())
    if not said:
        return None
    if len(said) > PHRASE_MAX:
        raise Unreadable(_(labels.TOO_MUCH_TEXT), Field.WORDS)
    if not can_be_masked(said):
        raise Unreadable(_(words.CANNOT_MASK), Field.WORDS)
    if of_ones_own_life(said):
        raise Unreadable(_(words.OWN_LIFE), Field.WORDS)
    language = typed.one_of(values, Field.SPOKEN, Language)
    return Phrase(kind="phrase", row=row.key, language=language, text=masked(said)[:TEXT_MAX])


def _reworded(values: typed.Values, row: Row) -> Row | None:
    """The row as it was typed; None where nothing of it was changed."""
    titles = [_line(values, field, row.title.in_(each)) for field, each, _label in _TITLE]
    title = Words(en=titles[0], es=titles[1])
    actions = _both(values, _ACTIONS, row.first_actions)
    do_not = _both(values, _DO_NOT, row.do_not)
    changed = {"title": title, "first_actions": actions, "do_not": do_not}
    if all(getattr(row, name) == value for name, value in changed.items()):
        return None
    try:
        data = {name: getattr(row, name) for name in Row.model_fields}
        return Row.model_validate({**data, **changed})
    except ValidationError:
        raise Unreadable(_(words.DOES_NOT_FIT), Field.TITLE_EN) from None


def _line(values: typed.Values, field: Field, before: str) -> str:
    if field.value not in values:
        return before
    said = " ".join(typed.raw_text(values, field).split())
    if not said:
        raise Unreadable(_(words.NEEDS_TITLE), field)
    return _checked([said], [before], field)[0]


def _both(
    values: typed.Values, fields: Sequence[tuple[Field, Language, str]], before: WordLines
) -> WordLines:
    found = {each: _lines(values, field, before.in_(each)) for field, each, _label in fields}
    if len(found[Language.EN]) != len(found[Language.ES]):
        raise Unreadable(_(words.LINES_DIFFER), fields[1][0])
    return WordLines(en=found[Language.EN], es=found[Language.ES])


def _lines(values: typed.Values, field: Field, before: Sequence[str]) -> tuple[str, ...]:
    if field.value not in values:
        return tuple(before)
    said = typed.raw_text(values, field)
    if said == _joined(before).strip():
        return tuple(before)
    kept = [" ".join(one.split()) for one in said.splitlines() if one.strip()]
    if not 1 <= len(kept) <= LINES_MAX or any(len(one) > TEXT_MAX for one in kept):
        raise Unreadable(_(words.TOO_MANY_LINES), field)
    return tuple(_checked(kept, before, field))


def _checked(said: list[str], before: Sequence[str], field: Field) -> list[str]:
    """These lines, where those that are new hold nothing that could identify somebody."""
    for one in said:
        kinds = () if one in before else find(one)
        if kinds:
            what = _(names.IDENTIFIER[kinds[0]])
            raise Unreadable(_(labels.CASE_CODE, what=what), field)
    return said


def _joined(said: Sequence[str]) -> str:
    return "\n".join(said)
