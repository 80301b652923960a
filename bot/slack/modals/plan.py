"""This is the form in which a visit is planned, and the short one for who is there already.

Whoever ticks "I'm already there" is watched from now on whatever else the form says: nothing typed
then is refused. Reading does not care whether a question was shown: what was not asked is not said.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.request import NewMatter, OfMatter, Request
from bot.slack.ids import PROGRAM, Field, Form, in_turn
from bot.slack.modals import parts, typed
from bot.slack.modals import plan_questions as questions
from bot.slack.modals.parts import View
from bot.slack.modals.plan_questions import (
    CASH,
    LABEL_MAX,
    LENGTHS,
    NOT_LISTED,
    NOT_PICKED,
    NOTE_MAX,
    RAISABLE,
    TRANSPORTING,
    Choices,
)
from bot.slack.read.payload import Body, Unreadable, key_of_form, strict, text_of, user_of
from bot.slack.render.blocks import actions, plain, section
from bot.slack.render.view import Block
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.events import PlanVisit, RevisePlan
from protocol.identifiers import mask
from protocol.ids import MatterId, PersonId, PlaceId, ProgramId
from protocol.plan import Plan, Purpose, StartNow, Stop, Transport
from protocol.rating import Factor, Rating
from protocol.records import Visit

__all__ = ["Choices"]

# What is assumed of a visit that nobody planned, until its worker extends it.
UNPLANNED_LENGTH: Final = timedelta(minutes=60)
# Slack takes so many buttons in a row; nobody serves as many programs.
PROGRAMS_MAX: Final = 25


def program_form(programs: Sequence[tuple[ProgramId, str]], matter: MatterId, here: bool) -> View:
    """One tap for whoever serves several programs; the form itself then takes this one's place."""
    buttons = [
        {
            "type": "button",
            "action_id": f"{PROGRAM}{number}",
            "text": plain(name or program),
            "value": program,
        }
        for number, (program, name) in enumerate(programs[:PROGRAMS_MAX])
    ]
    asked = [section(_(labels.WHICH_PROGRAM)), actions("programs", buttons)]
    view = parts.form(Form.PROGRAM, json.dumps({"matter": matter, "here": here}), asked)
    return {name: part for name, part in view.items() if name != "submit"}


def plan_form(
    choices: Choices, matter: MatterId, now: datetime, like: Plan | None = None, turn: int = 0
) -> View:
    """The form for a new visit: empty, or `like` an earlier plan but for its start.

    `matter` is what it will become, so that a form sent twice is one visit. `turn` is for a form
    that is open and is filled in anew.
    """
    more = [questions.more_details()]
    shortcuts = questions.shortcuts(choices, like)
    blocks = [
        *questions.first_screen(choices, questions.next_start(now), like, shortcuts),
        questions.already_there(),
        *(questions.details(choices, like) if like and questions.has_details(like) else more),
    ]
    return parts.form(Form.PLAN, _carry(choices, matter), renewed(blocks, turn))


def revise_form(choices: Choices, matter: MatterId, plan: Plan) -> View:
    """The form with the plan in it, to be changed."""
    blocks = [
        *questions.first_screen(choices, plan.start_at, plan),
        *questions.details(choices, plan),
    ]
    return parts.form(Form.REVISE, _carry(choices, matter), blocks)


def here_now_form(choices: Choices, matter: MatterId) -> View:
    """The short form: place and factors only. The clock starts when it is sent."""
    asked = [*questions.where(choices, None, needed=False), questions.known(())]
    return parts.form(Form.HERE_NOW, _carry(choices, matter), asked)


def renewed(blocks: Sequence[Block], turn: int) -> list[Block]:
    """These questions with ids of their own, so that Slack shows what is preset now."""
    return [
        {**block, "block_id": in_turn(block["block_id"], turn)}
        if block["type"] == "input"
        else block
        for block in blocks
    ]


def once_more(visit: Visit, worker: PersonId, by: PersonId) -> Plan:
    """The plan of an earlier visit, for another day, as `by` would make it: worker or partner.

    What was written for that one day is left out: its extensions and its sealed note.
    """
    plan = visit.plan
    partner = worker if by == plan.partner else plan.partner
    return replace(
        plan,
        stops=tuple(Stop(stop.label, stop.place) for stop in plan.stops),
        expected=plan.expected - timedelta(minutes=visit.extended_minutes),
        partner=partner,
        note="",
    )


# --- reading ---------------------------------------------------------------------------------


@strict
def read_plan(body: Body, now: datetime) -> Request:
    """A plan, or a clock that starts at once where that was ticked."""
    target, zone = carried_of(body)
    values = typed.values_of(body)
    if typed.ticked(values, Field.ALREADY_THERE, StartNow.WATCH_ME):
        return _watched(body, target, _plan_there(values, zone, now), now, StartNow.WATCH_ME)
    plan = _plan(values, zone)
    return Request(key_of_form(body), user_of(body), target, lambda by: PlanVisit(now, by, plan))


@strict
def read_revised(body: Body, now: datetime) -> Request:
    """A changed plan."""
    target, zone = carried_of(body)
    plan = _plan(typed.values_of(body), zone)
    return Request(
        key_of_form(body), user_of(body), OfMatter(target.id), lambda by: RevisePlan(now, by, plan)
    )


@strict
def read_here_now(body: Body, now: datetime) -> Request:
    """I'm here now."""
    target, zone = carried_of(body)
    plan = _plan_there(typed.values_of(body), zone, now)
    return _watched(body, target, plan, now, StartNow.HERE_NOW)


def _watched(body: Body, target: NewMatter, plan: Plan, now: datetime, how: StartNow) -> Request:
    return Request(
        key_of_form(body), user_of(body), target, lambda by: PlanVisit(now, by, plan, how)
    )


def _plan(values: typed.Values, zone: str) -> Plan:
    """The plan as typed; every answer that is needed and missing is named at its question."""
    raised = typed.optional_one_of(values, Field.RAISED, Rating)
    return Plan(
        stops=_stops(values),
        start_at=typed.instant(values, Field.WHEN),
        expected=typed.minutes(values, Field.LENGTH, LENGTHS),
        zone=zone,
        purpose=typed.one_of(values, Field.PURPOSE, Purpose),
        factors=typed.members(values, Field.KNOWN, Factor),
        partner=_person(values, Field.PARTNER),
        backup=_person(values, Field.BACKUP),
        transport=typed.optional_one_of(values, Field.TRANSPORT, Transport) or Transport.WALK,
        transporting=typed.ticked(values, Field.ALSO, TRANSPORTING),
        cash=typed.ticked(values, Field.ALSO, CASH),
        raised=raised if raised in RAISABLE else None,
        note=typed.text(values, Field.NOTE, NOTE_MAX),
    )


def _plan_there(values: typed.Values, zone: str, now: datetime) -> Plan:
    """The plan of somebody who is there: what is missing is assumed, and what is wrong is left."""
    length = typed.chosen(values, Field.LENGTH)
    offered = {str(count): timedelta(minutes=count) for count in LENGTHS}
    return Plan(
        stops=(_stop_there(values),),
        start_at=now,
        expected=offered.get(length or "", UNPLANNED_LENGTH),
        zone=zone,
        purpose=typed.if_one_of(values, Field.PURPOSE, Purpose) or Purpose.OUTREACH,
        factors=_factors_there(values),
        partner=_person(values, Field.PARTNER),
        backup=_person(values, Field.BACKUP),
        transport=typed.if_one_of(values, Field.TRANSPORT, Transport) or Transport.WALK,
        note=mask(typed.raw_text(values, Field.NOTE))[:NOTE_MAX],
    )


def place_picked(values: typed.Values) -> PlaceId | None:
    """The place of the registry that was picked; None for none, and for one not on the list."""
    found = typed.chosen(values, Field.PLACE)
    return PlaceId(found) if found and found not in (NOT_LISTED, NOT_PICKED) else None


def _stops(values: typed.Values) -> tuple[Stop, ...]:
    place = place_picked(values)
    new = typed.text(values, Field.NEW_PLACE, LABEL_MAX)
    if place and new:
        raise Unreadable(_(labels.ONE_PLACE), Field.NEW_PLACE)
    if not place and not new:
        unnamed = typed.chosen(values, Field.PLACE) == NOT_LISTED
        asked = Field.NEW_PLACE if unnamed or Field.PLACE.value not in values else Field.PLACE
        raise Unreadable(_(labels.NEEDS_PLACE), asked)
    first = Stop(typed.chosen_words(values, Field.PLACE), place) if place else Stop(new)
    after = (Stop(words, PlaceId(value)) for value, words in typed.several(values, Field.STOPS))
    return (first, *after)


def _stop_there(values: typed.Values) -> Stop:
    place = place_picked(values)
    if place:
        return Stop(typed.chosen_words(values, Field.PLACE), place)
    return Stop(mask(typed.raw_text(values, Field.NEW_PLACE))[:LABEL_MAX] or _(labels.NO_PLACE))


def _factors_there(values: typed.Values) -> frozenset[Factor]:
    """What was ticked, as far as it is known; somebody who is there is not asked again."""
    named = {value for value, _words in typed.several(values, Field.KNOWN)}
    return frozenset(factor for factor in Factor if factor.value in named)


def _person(values: typed.Values, field: Field) -> PersonId | None:
    found = typed.chosen(values, field)
    return PersonId(found) if found else None


def _carry(choices: Choices, matter: MatterId) -> str:
    carried = {"matter": matter, "zone": choices.zone}
    return json.dumps(carried | ({"program": choices.program} if choices.program else {}))


def asked_for(body: Body) -> tuple[MatterId, bool]:
    """What the question for a program stands for: a visit, and whether the worker is there."""
    found = json.loads(body["view"]["private_metadata"])
    return MatterId(text_of(found["matter"])), bool(found["here"])


def carried_of(body: Body) -> tuple[NewMatter, str]:
    """What a plan form will become, and its zone. Raises Unreadable, or as a payload misleads."""
    found = json.loads(body["view"]["private_metadata"])
    matter, zone, program = found["matter"], found["zone"], found.get("program")
    if not isinstance(matter, str) or not matter or ZoneInfo(zone).key != zone:
        raise Unreadable
    if program is not None and not isinstance(program, str):
        raise Unreadable
    return NewMatter(MatterId(matter), ProgramId(program) if program else None), zone
