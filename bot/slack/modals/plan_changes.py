"""This changes a plan form that is open: more questions, or answers filled in by one tap.

Each change starts from the form as Slack has just sent it. A question whose id stays keeps what was
typed into it; one that is filled in anew gets another id, or Slack would show the old answer.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.slack.ids import Action, Field, field_of, turn_of
from bot.slack.modals import plan_questions as questions
from bot.slack.modals import typed
from bot.slack.modals.parts import View
from bot.slack.modals.plan import place_picked, renewed
from bot.slack.modals.plan_questions import NOT_LISTED, SHORTCUTS, Choices
from bot.slack.read.payload import Body, strict
from bot.slack.render.view import Block
from protocol.plan import VisitKind
from protocol.rating import Factor

# What `views.update` takes of a view; the rest is Slack's own.
_SENT: Final = ("type", "callback_id", "private_metadata", "title", "submit", "close")
# The form carries which factors a template put in, and nobody picked.
_PUT_IN: Final = "put_in"


@strict
def place_answered(body: Body) -> View | None:
    """The form with a line to name a place that is not on the list, or without it again.

    None where nothing changes. A line that something was typed into stays.
    """
    blocks, values = list(body["view"]["blocks"]), typed.values_of(body)
    unlisted = typed.chosen(values, Field.PLACE) == NOT_LISTED
    wanted = unlisted or bool(typed.raw_text(values, Field.NEW_PLACE))
    if wanted == _has(blocks, Field.NEW_PLACE):
        return None
    changed = _with_line(blocks) if wanted else _without(blocks, Field.NEW_PLACE)
    return _view(body["view"], changed)


@strict
def with_template(body: Body, kind: VisitKind, choices: Choices) -> View:
    """The form with what this kind of visit usually has, in place of what another kind put in.

    No factor that somebody picked is taken away.
    """
    shown, values, template = body["view"]["blocks"], typed.values_of(body), choices.templates[kind]
    row, said_below = SHORTCUTS
    blocks = [block for block in shown if block.get("block_id") != said_below]
    carried = json.loads(body["view"]["private_metadata"])
    said = {value for value, _words in typed.several(values, Field.KNOWN)}
    picked = {one for one in Factor if one.value in said - set(carried.get(_PUT_IN, ()))}
    factors = picked | set(template.factors)
    put_in = sorted(one.value for one in factors - picked)
    filled = [
        questions.how_long(template.lasts),
        questions.what_for(template.purpose),
        questions.known(factors),
    ]
    if kind is VisitKind.HOME and not place_picked(values) and not _has(blocks, Field.NEW_PLACE):
        # A private home is a label such as "Home 17": the line's hint says so.
        filled.append(questions.which_place(choices, NOT_LISTED))
        blocks = _with_line(blocks)
    anew = {field_of(block["block_id"]): block for block in renewed(filled, next_turn(blocks))}
    changed: list[Block] = []
    for block in blocks:
        at_row = block.get("block_id") == row
        changed += questions.shortcuts(choices, kind) if at_row else [anew.get(_asks(block), block)]
    view = {**body["view"], "private_metadata": json.dumps({**carried, _PUT_IN: put_in})}
    return _view(view, changed)


@strict
def with_details(body: Body, choices: Choices) -> View:
    """The form with everything that stood behind the button, which is gone."""
    blocks: list[Block] = []
    for block in body["view"]["blocks"]:
        more = block.get("block_id") == Action.MORE_DETAILS.value
        blocks += questions.details(choices, None) if more else [block]
    return _view(body["view"], blocks)


def next_turn(blocks: Sequence[Block]) -> int:
    """The turn for questions that are filled in anew, after all that this form has seen."""
    return 1 + max((turn_of(str(block.get("block_id", ""))) for block in blocks), default=0)


def _with_line(blocks: Sequence[Block]) -> list[Block]:
    changed: list[Block] = []
    for block in blocks:
        changed += [block, questions.new_place()] if _asks(block) == Field.PLACE else [block]
    return changed


def _without(blocks: Sequence[Block], field: Field) -> list[Block]:
    return [block for block in blocks if _asks(block) != field]


def _has(blocks: Sequence[Block], field: Field) -> bool:
    return any(_asks(block) == field for block in blocks)


def _asks(block: Block) -> str:
    return field_of(str(block.get("block_id", ""))) if block["type"] == "input" else ""


def _view(view: Mapping[str, Any], blocks: list[Block]) -> View:
    return {**{name: view[name] for name in _SENT if view.get(name)}, "blocks": blocks}
