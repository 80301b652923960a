"""This is the form in which an approver reads low plans one by one and confirms them together.

The form itself remembers which plans were opened, as which revision: only those can be ticked, and
a tick is a yes to that revision and no other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from bot.slack.carried import pack
from bot.slack.ids import Action, Field, Form, field_of, in_turn, turn_of
from bot.slack.modals import parts, typed
from bot.slack.modals.approver import EVERY
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import (
    Body,
    Unreadable,
    action_of,
    carried,
    minted,
    strict,
    text_of,
    user_of,
)
from bot.slack.render.approval import plan_text
from bot.slack.render.blocks import button, lines, section
from bot.slack.render.blocks import typed as shown
from bot.slack.render.times import day_and_clock, length
from bot.slack.render.view import Block, MatterView
from bot.slack.words import batch as words
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.ids import MatterId, ProgramId
from protocol.people import APPROVER_ROLES
from protocol.rating import Rating
from protocol.records import Approval, VisitState
from storage.batches import Read
from storage.board import Look, Open, VisitRow

# What fits into a form with all of them open, and into what it carries.
PLANS_MAX: Final = 10
AS_PLANNED: Final = "plan"
SHORTER: Final = tuple(count for count in EVERY if count < 120)  # a low visit's, by default
NOT_READ: Final = 0
_ROW: Final = "row"
# What `views.update` takes of a view; the rest is Slack's own.
_SENT: Final = ("type", "callback_id", "title", "submit", "close")


def waiting_low(look: Look) -> list[tuple[Open, VisitRow]]:
    """The low plans of others that wait for a yes, as columns tell it, of one program.

    That is the program of the one that starts first: nothing crosses from one program to another.
    """
    mine = {one.id for one in look.programs if one.roles & frozenset(APPROVER_ROLES)}
    found = [
        (one, one.visit)
        for one in look.matters
        if one.program in mine
        and look.person not in one.members
        and one.visit is not None
        and one.visit.rating is Rating.LOW
        and one.visit.approval is Approval.ASKED
        and one.visit.state is VisitState.PLANNED
    ]
    found.sort(key=lambda each: (each[1].start_at, each[0].matter))
    return [each for each in found if each[0].program == found[0][0].program]


@dataclass(frozen=True, slots=True)
class Carrying:
    """This is what the form carries: its program, and each plan with the revision that was read."""

    program: ProgramId
    plans: tuple[Read, ...]

    def packed(self) -> str:
        """This as the form carries it."""
        plans = [[plan.matter, plan.revision] for plan in self.plans]
        return json.dumps({"program": self.program, "plans": plans}, separators=(",", ":"))


def low_plans_form(look: Look, waiting: Sequence[tuple[Open, VisitRow]]) -> View:
    """The list: a line for each plan, and a button that opens it. None can be ticked yet."""
    program = look.program(waiting[0][0].program)
    plans = [Read(no, one.matter, NOT_READ) for no, (one, _visit) in enumerate(waiting)]
    rows = [
        section(
            _(
                words.ROW,
                who=shown(look.names.get(one.worker, one.worker), 80),
                at=day_and_clock(visit.start_at, program.zone),
                place=shown(visit.place, 80),
            ),
            button(Action.READ_PLAN, pack(one.matter, number=no)),
            _row(no),
        )
        for no, (one, visit) in enumerate(waiting)
    ]
    as_planned = [(_(words.AS_PLANNED), AS_PLANNED)]
    choices = [(length(timedelta(minutes=count)), str(count)) for count in SHORTER]
    every = question(
        Field.EVERY,
        _(words.FIELD_EVERY),
        parts.select(as_planned + choices, AS_PLANNED),
        hint=_(words.HINT_EVERY),
    )
    packed = Carrying(program.id, tuple(plans)).packed()
    return parts.form(Form.LOW_PLANS, packed, [section(_(words.HOW)), *rows, every])


@strict
def opened(body: Body) -> tuple[str, MatterId, int]:
    """Who opens which plan, and its number in the form."""
    value = carried(body)
    action_of(body)
    plans = _carrying(body["view"]).plans
    if plans[value.number].matter != value.matter:
        raise Unreadable
    return user_of(body), value.matter, value.number


@dataclass(frozen=True, slots=True)
class Whole:
    """This is a plan to be read; `on_duty` are responders at its start, none without cover."""

    view: MatterView
    on_duty: tuple[str, ...] = ()


@strict
def with_plan(body: Body, number: int, found: Whole | None) -> View:
    """The form with this plan whole and a box to tick; None where it is not in the list any more.

    A plan for which there is no cover is shown and cannot be ticked.
    """
    view, at = body["view"], _row(number)
    carrying = _carrying(view)
    if found is None:
        return _changed(view, carrying, at, [section(_(words.GONE), block_id=at)])
    visit = found.view.matter.visit
    if visit is None:
        raise Unreadable
    first = length(visit.timings.ladder.rungs[0].after)
    covered = _(words.ON_DUTY, names=", ".join(found.on_duty)) if found.on_duty else None
    text = lines(
        plan_text(found.view, visit),
        _(words.FIRST_HUMAN, length=first),
        covered or _(words.NO_COVER),
    )
    blocks = [section(text, block_id=at)]
    if found.on_duty:
        blocks.append(_tick(found.view, number))
        carrying = _as_read(carrying, number, visit.revision)
    return _changed(view, carrying, at, blocks)


@dataclass(frozen=True, slots=True)
class Confirming:
    """This is what was ticked, and by whom. `id` is the same for the same form sent twice."""

    id: str
    user: str
    program: ProgramId
    plans: tuple[Read, ...]
    every: timedelta | None = None


@strict
def read(body: Body) -> Confirming:
    """The plans that were ticked, each as the revision that was read."""
    carrying, ticked = _carrying(body["view"]), set(_ticked(body))
    plans = tuple(plan for plan in carrying.plans if plan.no in ticked)
    if not plans:
        raise Unreadable(_(words.NEEDS_TICK), Field.TICKED)
    if any(plan.revision == NOT_READ for plan in plans):
        raise Unreadable
    every = typed.chosen(typed.values_of(body), Field.EVERY) or AS_PLANNED
    if every != AS_PLANNED and int(every) not in SHORTER:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.EVERY)
    return Confirming(
        minted(f"low-plans:{text_of(body['view'].get('id'))}"),
        user_of(body),
        carrying.program,
        plans,
        None if every == AS_PLANNED else timedelta(minutes=int(every)),
    )


def _ticked(body: Body) -> Iterable[int]:
    for block_id, answer in body["view"]["state"]["values"].items():
        if field_of(block_id) == Field.TICKED and answer[Field.TICKED.value]["selected_options"]:
            yield turn_of(block_id) - 1


def _tick(view: MatterView, number: int) -> Block:
    visit = view.matter.visit
    at = day_and_clock(visit.plan.start_at if visit else None, view.directory.zone)
    asked = question(
        Field.TICKED,
        _(words.PLAN_OF, who=view.directory.name(view.matter.worker), at=at),
        parts.ticks([(_(words.TICK), str(number))]),
        optional=True,
    )
    return {**asked, "block_id": in_turn(Field.TICKED.value, number + 1)}


def _row(number: int) -> str:
    return in_turn(_ROW, number + 1)


def _as_read(carrying: Carrying, number: int, revision: int) -> Carrying:
    plans = [
        replace(plan, revision=revision) if plan.no == number else plan for plan in carrying.plans
    ]
    return replace(carrying, plans=tuple(plans))


def _changed(view: Mapping[str, Any], carrying: Carrying, at: str, instead: list[Block]) -> View:
    blocks: list[Block] = []
    for block in view["blocks"]:
        blocks += instead if block.get("block_id") == at else [block]
    kept = {name: view[name] for name in _SENT if view.get(name)}
    return {**kept, "private_metadata": carrying.packed(), "blocks": blocks}


def _carrying(view: Mapping[str, Any]) -> Carrying:
    found = json.loads(view["private_metadata"])
    plans = [
        Read(no, MatterId(text_of(matter)), int(revision))
        for no, (matter, revision) in enumerate(found["plans"][:PLANS_MAX])
    ]
    return Carrying(ProgramId(text_of(found["program"])), tuple(plans))
