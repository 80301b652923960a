"""This is the form in which a visit is planned, and the short one for who is there already.

Five questions come first; the rest is optional. Whoever ticks "I'm already there" is watched from
now on whatever else the form says: nothing typed then is refused.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.request import NewMatter, OfMatter, Request
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import Line, View, question
from bot.slack.read.payload import Body, Unreadable, key_of_form, strict, user_of
from bot.slack.render.blocks import divider, section
from bot.slack.render.view import Block
from bot.slack.words import labels, names
from bot.slack.words.reasons import WATCH_ME
from protocol.events import PlanVisit, RevisePlan
from protocol.identifiers import mask
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.plan import Plan, Purpose, StartNow, Stop, Transport
from protocol.rating import Factor, Rating

LENGTHS: Final = (15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720)
# What is assumed of a visit that nobody planned, until its worker extends it.
UNPLANNED_LENGTH: Final = timedelta(minutes=60)
LABEL_MAX: Final = 75
NOTE_MAX: Final = 1000
STOPS_AFTER_MAX: Final = 7
# Of the 250 kB that Slack takes in all: some 600 places, 300 further stops, and 200 people twice.
PLACES_BYTES: Final = 90_000
STOPS_BYTES: Final = 45_000
PEOPLE_BYTES: Final = 25_000
# Slack shows ten boxes in one block; the three that change most stand in a block of their own.
DANGERS: Final = (Factor.ACTIVE_VIOLENCE, Factor.RECENT_VIOLENCE, Factor.WEAPONS)
KNOWN: Final = tuple(factor for factor in Factor if factor not in DANGERS)
RAISABLE: Final = (Rating.ELEVATED, Rating.HIGH)
_TRANSPORTING, _CASH = "transporting", "cash"


@dataclass(frozen=True, slots=True)
class Choices:
    """This is what a worker can choose from. `zone` is the program's IANA zone."""

    zone: str
    places: Sequence[tuple[PlaceId, str]] = ()
    people: Sequence[tuple[PersonId, str]] = ()


def plan_form(choices: Choices, matter: MatterId, now: datetime) -> View:
    """The empty form. `matter` is what it will become, so that a form sent twice is one visit."""
    carried = _carry(matter, choices.zone)
    return parts.form(Form.PLAN, carried, _blocks(choices, now, None))


def revise_form(choices: Choices, matter: MatterId, plan: Plan, now: datetime) -> View:
    """The form with the plan in it, to be changed."""
    return parts.form(Form.REVISE, _carry(matter, choices.zone), _blocks(choices, now, plan))


def here_now_form(choices: Choices, matter: MatterId) -> View:
    """The short form: place and factors only. The clock starts when it is sent."""
    asked = [*_where(choices, None), *_known(None)]
    return parts.form(Form.HERE_NOW, _carry(matter, choices.zone), asked)


@strict
def read_plan(body: Body, now: datetime) -> Request:
    """A plan, or a clock that starts at once where that was ticked."""
    matter, zone = _carried(body)
    values = typed.values_of(body)
    if typed.ticked(values, Field.ALREADY_THERE, StartNow.WATCH_ME):
        return _watched(body, matter, _plan_there(values, zone, now), now, StartNow.WATCH_ME)
    plan = _plan(values, zone)
    return Request(
        key_of_form(body), user_of(body), NewMatter(matter), lambda by: PlanVisit(now, by, plan)
    )


@strict
def read_revised(body: Body, now: datetime) -> Request:
    """A changed plan."""
    matter, zone = _carried(body)
    plan = _plan(typed.values_of(body), zone)
    return Request(
        key_of_form(body), user_of(body), OfMatter(matter), lambda by: RevisePlan(now, by, plan)
    )


@strict
def read_here_now(body: Body, now: datetime) -> Request:
    """I'm here now."""
    matter, zone = _carried(body)
    plan = _plan_there(typed.values_of(body), zone, now)
    return _watched(body, matter, plan, now, StartNow.HERE_NOW)


def _watched(body: Body, matter: MatterId, plan: Plan, now: datetime, how: StartNow) -> Request:
    return Request(
        key_of_form(body),
        user_of(body),
        NewMatter(matter),
        lambda by: PlanVisit(now, by, plan, how),
    )


# --- drawing ---------------------------------------------------------------------------------


def _blocks(choices: Choices, now: datetime, plan: Plan | None) -> list[Block]:
    start = plan.start_at if plan else _next_quarter(now)
    local = start.astimezone(ZoneInfo(choices.zone))
    day = {"type": "datepicker", "initial_date": local.date().isoformat()}
    clock = {"type": "timepicker", "initial_time": local.strftime("%H:%M")}
    length = int(plan.expected.total_seconds() // 60) if plan else 60
    purpose = plan.purpose.value if plan else None
    purposes = [(names.PURPOSE[p], p.value) for p in Purpose if p is not Purpose.SENT_TO_LOOK]
    there = [] if plan else [_already_there()]
    return [
        *_where(choices, plan),
        question(Field.DAY, labels.FIELD_DAY, day),
        question(Field.TIME, labels.FIELD_TIME, clock),
        question(Field.LENGTH, labels.FIELD_LENGTH, parts.minutes(LENGTHS, length)),
        # Slack itself would refuse whoever is there and has left a needed question open.
        question(
            Field.PURPOSE,
            labels.FIELD_PURPOSE,
            parts.select(purposes, purpose),
            hint="" if plan else labels.HINT_PURPOSE,
            optional=plan is None,
        ),
        *_known(plan),
        *there,
        divider(),
        section(labels.MORE_DETAILS),
        *_rest(choices, plan),
    ]


def _where(choices: Choices, plan: Plan | None) -> list[Block]:
    stop = plan.stops[0] if plan else None
    place = stop.place if stop else None
    new = stop.label if stop and stop.place is None else ""
    asked = question(
        Field.NEW_PLACE,
        labels.FIELD_NEW_PLACE if choices.places else labels.FIELD_PLACE,
        parts.text(LABEL_MAX, new),
        hint=labels.HINT_NEW_PLACE,
        optional=True,
    )
    if not choices.places:
        return [asked]
    offered = parts.fitting(_place_lines(choices), [place], PLACES_BYTES)
    menu = parts.select(offered, place)
    return [question(Field.PLACE, labels.FIELD_PLACE, menu, optional=True), asked]


def _place_lines(choices: Choices) -> list[Line]:
    return [(label, place) for place, label in choices.places]


def _known(plan: Plan | None) -> list[Block]:
    seen = plan.factors if plan else frozenset[Factor]()
    dangers = parts.ticks([(names.FACTOR[f], f.value) for f in DANGERS], seen)
    known = parts.ticks([(names.FACTOR[f], f.value) for f in KNOWN], seen)
    return [
        question(Field.KNOWN, labels.FIELD_KNOWN, known, hint=labels.HINT_KNOWN, optional=True),
        question(Field.DANGER, labels.FIELD_DANGER, dangers, optional=True),
    ]


def _already_there() -> Block:
    box = parts.ticks([(WATCH_ME, StartNow.WATCH_ME.value)])
    return question(Field.ALREADY_THERE, labels.FIELD_ALREADY_THERE, box, optional=True)


def _rest(choices: Choices, plan: Plan | None) -> list[Block]:
    people: list[Line] = [(name, person) for person, name in choices.people]
    routes = [(names.TRANSPORT[t], t.value) for t in Transport]
    raisable = [(names.RATING[r], r.value) for r in RAISABLE]
    also = [(labels.ALSO_TRANSPORTING, _TRANSPORTING), (labels.ALSO_CASH, _CASH)]
    ticked = [_TRANSPORTING] * bool(plan and plan.transporting) + [_CASH] * bool(plan and plan.cash)
    raised = plan.raised.value if plan and plan.raised else None
    transport = plan.transport.value if plan else None
    asked: list[tuple[Field, str, dict[str, Any], str]] = []
    if people:
        partner, backup = (plan.partner, plan.backup) if plan else (None, None)
        people = parts.fitting(people, [partner, backup], PEOPLE_BYTES)
        asked += [
            (Field.PARTNER, labels.FIELD_PARTNER, parts.select(people, partner), ""),
            (Field.BACKUP, labels.FIELD_BACKUP, parts.select(people, backup), ""),
        ]
    if choices.places:
        after = [stop.place for stop in plan.stops[1:] if stop.place] if plan else []
        offered = parts.fitting(_place_lines(choices), after, STOPS_BYTES)
        menu = parts.select_many(offered, after, STOPS_AFTER_MAX)
        asked.append((Field.STOPS, labels.FIELD_STOPS, menu, ""))
    note = parts.text(NOTE_MAX, plan.note if plan else "", multiline=True)
    asked += [
        (Field.TRANSPORT, labels.FIELD_TRANSPORT, parts.select(routes, transport), ""),
        (Field.ALSO, labels.FIELD_ALSO, parts.ticks(also, ticked), ""),
        (Field.RAISED, labels.FIELD_RAISED, parts.select(raisable, raised), ""),
        (Field.NOTE, labels.FIELD_NOTE, note, labels.HINT_NOTE),
    ]
    return [
        question(field, label, element, hint=hint, optional=True)
        for field, label, element, hint in asked
    ]


def _next_quarter(now: datetime) -> datetime:
    quarter = timedelta(minutes=15)
    return now + quarter - timedelta(minutes=now.minute % 15, seconds=now.second)


# --- reading ---------------------------------------------------------------------------------


def _plan(values: typed.Values, zone: str) -> Plan:
    """The plan as typed; every answer that is needed and missing is named at its question."""
    raised = typed.optional_one_of(values, Field.RAISED, Rating)
    return Plan(
        stops=_stops(values),
        start_at=typed.local_instant(values, Field.DAY, Field.TIME, zone),
        expected=typed.minutes(values, Field.LENGTH, LENGTHS),
        zone=zone,
        purpose=typed.one_of(values, Field.PURPOSE, Purpose),
        factors=_factors(values),
        partner=_person(values, Field.PARTNER),
        backup=_person(values, Field.BACKUP),
        transport=typed.optional_one_of(values, Field.TRANSPORT, Transport) or Transport.WALK,
        transporting=typed.ticked(values, Field.ALSO, _TRANSPORTING),
        cash=typed.ticked(values, Field.ALSO, _CASH),
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


def _stops(values: typed.Values) -> tuple[Stop, ...]:
    place = typed.chosen(values, Field.PLACE)
    new = typed.text(values, Field.NEW_PLACE, LABEL_MAX)
    if place and new:
        raise Unreadable(labels.ONE_PLACE, Field.NEW_PLACE)
    if not place and not new:
        raise Unreadable(labels.NEEDS_PLACE, Field.NEW_PLACE)
    first = Stop(typed.chosen_words(values, Field.PLACE), PlaceId(place)) if place else Stop(new)
    after = (Stop(words, PlaceId(value)) for value, words in typed.several(values, Field.STOPS))
    return (first, *after)


def _stop_there(values: typed.Values) -> Stop:
    place = typed.chosen(values, Field.PLACE)
    if place:
        return Stop(typed.chosen_words(values, Field.PLACE), PlaceId(place))
    return Stop(mask(typed.raw_text(values, Field.NEW_PLACE))[:LABEL_MAX] or labels.NO_PLACE)


def _factors(values: typed.Values) -> frozenset[Factor]:
    known = typed.members(values, Field.KNOWN, Factor)
    return known | typed.members(values, Field.DANGER, Factor)


def _factors_there(values: typed.Values) -> frozenset[Factor]:
    """What was ticked, as far as it is known; somebody who is there is not asked again."""
    ticked = [*typed.several(values, Field.KNOWN), *typed.several(values, Field.DANGER)]
    named = {value for value, _ in ticked}
    return frozenset(factor for factor in Factor if factor.value in named)


def _person(values: typed.Values, field: Field) -> PersonId | None:
    found = typed.chosen(values, field)
    return PersonId(found) if found else None


def _carry(matter: MatterId, zone: str) -> str:
    return json.dumps({"matter": matter, "zone": zone})


def _carried(body: Body) -> tuple[MatterId, str]:
    found = json.loads(body["view"]["private_metadata"])
    matter, zone = found["matter"], found["zone"]
    if not isinstance(matter, str) or not matter or ZoneInfo(zone).key != zone:
        raise Unreadable
    return MatterId(matter), zone
