"""This is the forms of a huddle: a gap is a row, a new row or outside; what was agreed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.matrix import drafted
from bot.matrix.model import URGENT, Kind, Matrix, TierKey
from bot.slack.carried import pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.modals.typed import Values
from bot.slack.read.payload import (
    Body,
    Unreadable,
    carried_by_form,
    minted,
    strict,
    text_of,
    user_of,
)
from bot.slack.render.blocks import context, section
from bot.slack.words import huddle as words
from bot.slack.words import matrix as matrix_words
from bot.slack.words.speech import _, spoken
from protocol.identifiers import MASK
from protocol.ids import MatterId
from protocol.masking import can_be_masked, masked, of_ones_own_life
from protocol.people import Language
from storage.gaps import Gap
from storage.huddle_tables import Agreed
from storage.matrix_tables import Settled

PHRASE_MAX: Final = 300
TITLE_MAX: Final = 80
WORDING_MAX: Final = 400
LINES_MAX: Final = 900
LINE_MAX: Final = 250
NOTE_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Settling:
    """This is how somebody settles a gap. `id` is the same for the same form sent twice.

    `channel` and `ts` are where the message stands on which the button was pressed.
    """

    id: str
    user: str
    gap: str
    how: Settled
    text: str
    language: Language
    channel: str
    ts: str
    row: str | None = None
    new: drafted.Asked | None = None


@dataclass(frozen=True, slots=True)
class Agreeing:
    """This is what was agreed with a team that asks peers for what is not theirs."""

    user: str
    item: str
    how: Agreed
    note: str


def gap_form(
    form: Form, gap: Gap, matrix: Matrix, channel: str, ts: str, language: Language
) -> View:
    """The form of one of a gap's three buttons; `language` is what its words are taken for."""
    text = without_masks(gap.text)
    phrase = question(
        Field.QUESTION,
        _(words.FIELD_TEXT),
        parts.text(PHRASE_MAX, text, multiline=True),
        hint=_(words.HINT_TEXT),
    )
    said = [(words.LANGUAGE[one], one.value) for one in Language]
    which = question(Field.LANGUAGE, _(words.FIELD_LANGUAGE), parts.radio(said, language.value))
    asked = {
        Form.GAP_IS_ROW: lambda: [_which_row(gap, matrix), phrase, which],
        Form.GAP_NEW_ROW: lambda: [*_new_row(matrix), phrase, which, context(_(words.FILLED_IN))],
        Form.GAP_OUTSIDE: lambda: [section(_(words.OUTSIDE_MEANS)), phrase, which],
    }[form]()
    carried = json.dumps({"gap": gap.id, "channel": channel, "ts": ts})
    return parts.form(form, carried, [*asked, context(_(words.TWO_SIGN))])


def _which_row(gap: Gap, matrix: Matrix) -> parts.View:
    language = Language(spoken())
    rows = {row.key: row.title.in_(language) for row in matrix.rows if not row.private}
    named = sorted((title, key) for key, title in rows.items())
    nearest = next((key for key in gap.shown if key in rows), None)
    # What Belay showed stands in front of the others.
    first = [(rows[key], key) for key in gap.shown if key in rows]
    rest = [line for line in named if line not in first]
    return question(Field.ROW, _(words.FIELD_ROW), parts.select([*first, *rest], nearest))


def _new_row(matrix: Matrix) -> list[parts.View]:
    language = Language(spoken())
    kinds = [(_(words.KIND[kind]), kind.value) for kind in Kind]
    owners = [(owner.title.in_(language), key) for key, owner in matrix.owners.items()]
    tiers = [(_(matrix_words.TIER[tier]), tier.value) for tier in TierKey]
    lines = parts.text(LINES_MAX, multiline=True)
    return [
        question(Field.ROW_TITLE, _(words.FIELD_TITLE), parts.text(TITLE_MAX)),
        question(
            Field.ROW_WORDING, _(words.FIELD_WORDING), parts.text(WORDING_MAX, multiline=True)
        ),
        question(Field.KIND, _(words.FIELD_KIND), parts.radio(kinds)),
        question(Field.OWNER, _(words.FIELD_OWNER), parts.select(owners)),
        question(Field.ROW_TIER, _(words.FIELD_TIER), parts.radio(tiers)),
        question(Field.ROW_FIRST, _(words.FIELD_FIRST), lines, hint=_(words.HINT_LINES)),
        question(Field.ROW_DO_NOT, _(words.FIELD_DO_NOT), lines, hint=_(words.HINT_DO_NOT)),
    ]


@strict
def read_row(body: Body) -> Settling:
    """A gap that is a row after all."""
    row = typed.chosen(typed.values_of(body), Field.ROW)
    if row is None:
        raise Unreadable(_(words.NEEDS_ROW), Field.ROW)
    return _settling(body, Settled.ROW, row)


@strict
def read_outside(body: Body) -> Settling:
    """A gap that is to stay outside."""
    return _settling(body, Settled.OUTSIDE)


@strict
def read_new(body: Body) -> Settling:
    """A gap that becomes a row."""
    values = typed.values_of(body)
    tier = typed.one_of(values, Field.ROW_TIER, TierKey)
    do_not = _lines(values, Field.ROW_DO_NOT)
    if tier in URGENT and len(do_not) < drafted.DO_NOT_MIN:
        raise Unreadable(_(words.NEEDS_TWO), Field.ROW_DO_NOT)
    owner = typed.chosen(values, Field.OWNER)
    if owner is None:
        raise Unreadable(field=Field.OWNER)
    asked = drafted.Asked(
        title=" ".join(typed.text(values, Field.ROW_TITLE, TITLE_MAX, needed=True).split()),
        wording=" ".join(typed.text(values, Field.ROW_WORDING, WORDING_MAX, needed=True).split()),
        kind=typed.one_of(values, Field.KIND, Kind),
        owner=owner,
        tier=tier,
        first=_lines(values, Field.ROW_FIRST),
        do_not=do_not,
        language=typed.one_of(values, Field.LANGUAGE, Language),
    )
    return _settling(body, Settled.NEW_ROW, new=asked)


def _settling(
    body: Body, how: Settled, row: str | None = None, new: drafted.Asked | None = None
) -> Settling:
    values, view = typed.values_of(body), body["view"]
    about = json.loads(view["private_metadata"])
    said = typed.text(values, Field.QUESTION, PHRASE_MAX, needed=True)
    if of_ones_own_life(said):
        raise Unreadable(_(words.OF_ONES_OWN), Field.QUESTION)
    text = without_masks(masked(said)) if can_be_masked(said) else ""
    if not text:
        raise Unreadable(_(words.NEEDS_TEXT), Field.QUESTION)
    return Settling(
        id=minted(f"settle:{view['id']}"),
        user=user_of(body),
        gap=text_of(about["gap"]),
        how=how,
        text=text,
        language=typed.one_of(values, Field.LANGUAGE, Language),
        channel=text_of(about["channel"]),
        ts=text_of(about["ts"]),
        row=row,
        new=new,
    )


def _lines(values: Values, field: Field) -> tuple[str, ...]:
    said = typed.text(values, field, LINES_MAX, needed=True).splitlines()
    found = [" ".join(line.split()).lstrip("-•* ")[:LINE_MAX] for line in said]
    return tuple(line for line in found if line)[: drafted.LINES_MAX]


def without_masks(text: str) -> str:
    """A masked text without the marks of what was taken out: nobody says those."""
    return " ".join(text.replace(MASK, " ").split())


def agree_form(item: str, told: Sequence[parts.View]) -> View:
    """What was agreed about a pattern; `told` says which it is."""
    how = [(_(words.AGREED[one]), one.value) for one in Agreed]
    asked = [
        *told,
        question(Field.AGREED, _(words.FIELD_AGREED), parts.radio(how)),
        question(
            Field.NOTE,
            _(words.FIELD_NOTE),
            parts.text(NOTE_MAX, multiline=True),
            hint=_(words.HINT_NOTE),
            optional=True,
        ),
    ]
    return parts.form(Form.SETTLE_PATTERN, pack(MatterId(item)), asked)


@strict
def read_agreed(body: Body) -> Agreeing:
    """What was agreed."""
    values = typed.values_of(body)
    return Agreeing(
        user=user_of(body),
        item=carried_by_form(body).matter,
        how=typed.one_of(values, Field.AGREED, Agreed),
        note=typed.text(values, Field.NOTE, NOTE_MAX),
    )
