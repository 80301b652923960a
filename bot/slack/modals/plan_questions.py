"""This draws the questions of the plan form; `plan.py` says which form asks which of them.

Five stand on the first screen: where, when, how long, what for, what is known of it. What came of
trying other first screens is in docs/decisions/0027-the-first-screen-of-a-plan.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.slack.ids import TEMPLATE, Action, Field
from bot.slack.modals import parts
from bot.slack.modals.parts import Line, question
from bot.slack.render.blocks import Element, actions, button, divider, plain, section
from bot.slack.render.times import length
from bot.slack.render.view import Block
from bot.slack.words import labels, names
from bot.slack.words.reasons import WATCH_ME
from bot.slack.words.speech import _
from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.plan import Plan, Purpose, StartNow, Transport, VisitKind
from protocol.policy import Template
from protocol.rating import Factor, Rating

LENGTHS: Final = (15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720)
LENGTH_FIRST: Final = 60
# Time to finish the form, and for somebody to look at the plan.
START_AHEAD: Final = timedelta(minutes=5)
QUARTER: Final = timedelta(minutes=15)
LABEL_MAX: Final = 75
NOTE_MAX: Final = 1000
STOPS_AFTER_MAX: Final = 7
# Of the 250 kB that Slack takes in all: some 600 places, 300 further stops, and 200 people twice.
PLACES_BYTES: Final = 90_000
STOPS_BYTES: Final = 45_000
PEOPLE_BYTES: Final = 25_000
# Never the id of a place: that has a slash in it.
NOT_LISTED: Final = "not_listed"
NOT_PICKED: Final = "not_picked"
# The row of shortcuts, and the line below it that says what they did.
SHORTCUTS: Final = ("shortcuts", "shortcuts_said")
DANGERS: Final = (Factor.ACTIVE_VIOLENCE, Factor.RECENT_VIOLENCE, Factor.WEAPONS)
KNOWN: Final = tuple(factor for factor in Factor if factor not in DANGERS)
RAISABLE: Final = (Rating.ELEVATED, Rating.HIGH)
TRANSPORTING: Final = "transporting"
CASH: Final = "cash"


@dataclass(frozen=True, slots=True)
class Choices:
    """This is what a worker can choose from in one program. `zone` is its IANA zone.

    `again` says that there is an earlier visit to plan once more.
    """

    zone: str
    places: Sequence[tuple[PlaceId, str]] = ()
    people: Sequence[tuple[PersonId, str]] = ()
    program: ProgramId | None = None
    templates: Mapping[VisitKind, Template] = field(default_factory=dict)
    again: bool = False


def shortcuts(choices: Choices, picked: VisitKind | Plan | None = None) -> list[Block]:
    """What fills in most of the form: the last visit, or a kind of visit, in one row.

    What was `picked` is marked, and a line below says what it filled in. The kinds are a list: as
    buttons they were taken for the places, and pushed the questions below the edge of a phone.
    """
    again = _chosen(button(Action.LIKE_LAST, "again"), isinstance(picked, Plan))
    row = [*([again] if choices.again else []), *_kinds(choices, picked)]
    if not row:
        return []
    buttons, said = SHORTCUTS
    told = [section(_filled_in(choices, picked), block_id=said)] if picked else []
    return [actions(buttons, row), *told]


def _filled_in(choices: Choices, picked: VisitKind | Plan) -> str:
    if isinstance(picked, Plan):
        return _(labels.FILLED_AS_BEFORE)
    template = choices.templates[picked]
    assumed = [_(names.FACTOR[one]) for one in Factor if one in template.factors]
    return _(
        labels.FILLED_ASSUMING if assumed else labels.FILLED,
        kind=_(names.VISIT_KIND[picked]),
        length=length(template.lasts),
        purpose=_(names.PURPOSE[template.purpose]),
        factors=", ".join(assumed),
    )


def _kinds(choices: Choices, picked: VisitKind | Plan | None) -> list[Element]:
    lines = [(_(names.VISIT_KIND[one]), one.value) for one in VisitKind if one in choices.templates]
    if not lines:
        return []
    menu = parts.select(lines, picked.value if isinstance(picked, VisitKind) else None)
    return [{**menu, "action_id": TEMPLATE, "placeholder": plain(_(labels.START_FROM))}]


def _chosen(made: Element, chosen: bool) -> Element:
    if not chosen:
        return made
    return {**made, "text": plain(f"✓ {made['text']['text']}"), "style": "primary"}


def first_screen(
    choices: Choices, start_at: datetime, plan: Plan | None, shortcuts: Sequence[Block] = ()
) -> list[Block]:
    """The five questions. Those that Slack itself insists on have an answer already.

    The place comes first, for no shortcut knows it; then the `shortcuts` to all the others.
    Slack refuses an empty one on the phone, and with it whoever is there and ticked no more than
    that: Belay would never hear of them.
    """
    return [
        *where(choices, plan),
        *shortcuts,
        _when(start_at),
        how_long(plan.expected if plan else timedelta(minutes=LENGTH_FIRST)),
        what_for(plan.purpose if plan else Purpose.OUTREACH),
        known(plan.factors if plan else ()),
    ]


def where(choices: Choices, plan: Plan | None, *, needed: bool = True) -> list[Block]:
    """The places of the registry, or a name for one that is not in it."""
    stop = plan.stops[0] if plan and plan.stops else None
    place = stop.place if stop else None
    unlisted = stop.label if stop and place is None else ""
    if not choices.places:
        return [_new_place(_(labels.FIELD_PLACE), unlisted)]
    asked = which_place(choices, NOT_LISTED if unlisted else place, needed=needed)
    return [asked, new_place(unlisted)] if unlisted else [asked]


def which_place(choices: Choices, chosen: str | None, *, needed: bool = True) -> Block:
    """The list of places; where an answer is `needed` and none is chosen, its first line asks."""
    lines = [*_place_lines(choices), (_(labels.NOT_LISTED), NOT_LISTED)]
    menu = _places(lines, chosen)
    if needed and "initial_option" not in menu:
        menu = _places([(_(labels.PICK_PLACE), NOT_PICKED), *lines], NOT_PICKED)
    asked = question(Field.PLACE, _(labels.FIELD_PLACE), menu, optional=not needed)
    # Whoever picks the place that is not on the list gets a line to name it.
    return {**asked, "dispatch_action": True}


def _places(lines: Sequence[Line], chosen: str | None) -> Element:
    return parts.select(parts.fitting(lines, [chosen, NOT_LISTED], PLACES_BYTES), chosen)


def new_place(named: str = "") -> Block:
    """The line to name a place that is not on the list."""
    return _new_place(_(labels.FIELD_NEW_PLACE), named)


def _new_place(label: str, named: str) -> Block:
    line, hint = parts.text(LABEL_MAX, named), _(labels.HINT_NEW_PLACE)
    return question(Field.NEW_PLACE, label, line, hint=hint, optional=True)


def _place_lines(choices: Choices) -> list[Line]:
    return [(label, place) for place, label in choices.places]


def _when(start_at: datetime) -> Block:
    # Slack shows and takes it in the zone of the phone; what comes back is an instant.
    clock = {"type": "datetimepicker", "initial_date_time": int(start_at.timestamp())}
    return question(Field.WHEN, _(labels.FIELD_WHEN), clock)


def next_start(now: datetime) -> datetime:
    """The next quarter of an hour that is far enough ahead."""
    soon = now + START_AHEAD
    past = timedelta(minutes=soon.minute % 15, seconds=soon.second, microseconds=soon.microsecond)
    return soon - past + QUARTER if past else soon


def how_long(expected: timedelta) -> Block:
    """A length of time: the shortest of those offered that is not too short."""
    fits = [count for count in LENGTHS if timedelta(minutes=count) >= expected]
    menu = parts.minutes(LENGTHS, fits[0] if fits else LENGTHS[-1])
    return question(Field.LENGTH, _(labels.FIELD_LENGTH), menu)


def what_for(purpose: Purpose) -> Block:
    """A purpose, which is no client's."""
    offered = [one for one in Purpose if one is not Purpose.SENT_TO_LOOK]
    chosen = purpose if purpose in offered else Purpose.OUTREACH
    menu = parts.select([(_(names.PURPOSE[one]), one.value) for one in offered], chosen.value)
    return question(Field.PURPOSE, _(labels.FIELD_PURPOSE), menu)


def known(factors: Iterable[Factor]) -> Block:
    """What the rating is computed from, the gravest first, in one list."""
    groups = [
        (_(labels.KNOWN_DANGER), [(_(names.FACTOR[f]), f.value) for f in DANGERS]),
        (_(labels.KNOWN_ELSE), [(_(names.FACTOR[f]), f.value) for f in KNOWN]),
    ]
    picked = set(factors)
    menu = parts.select_grouped(groups, [f.value for f in Factor if f in picked])
    menu["placeholder"] = plain(_(labels.NOTHING_KNOWN))
    return question(Field.KNOWN, _(labels.FIELD_KNOWN), menu, optional=True)


def already_there() -> Block:
    """The tick for who is there already: no question, and it counts without a word from Belay."""
    box = parts.ticks([(_(WATCH_ME), StartNow.WATCH_ME.value)])
    return actions(Field.ALREADY_THERE.value, [{**box, "action_id": Field.ALREADY_THERE.value}])


def more_details() -> Block:
    """The button that everything else is behind."""
    return actions(Action.MORE_DETAILS.value, [button(Action.MORE_DETAILS, "more")])


def has_details(plan: Plan) -> bool:
    """Whether a plan says anything that stands behind the button."""
    said = (plan.partner, plan.backup, plan.stops[1:], plan.raised, plan.note)
    return any((*said, plan.transporting, plan.cash, plan.transport is not Transport.WALK))


def details(choices: Choices, plan: Plan | None) -> list[Block]:
    """Everything else; none of it needs an answer."""
    return [
        divider(),
        section(_(labels.MORE_DETAILS)),
        *_company(choices, plan),
        *_further_stops(choices, plan),
        *_the_way(plan),
        *_raised_and_note(plan),
    ]


def _company(choices: Choices, plan: Plan | None) -> list[Block]:
    if not choices.people:
        return []
    partner, backup = (plan.partner, plan.backup) if plan else (None, None)
    lines = [(name, person) for person, name in choices.people]
    people = parts.fitting(lines, [partner, backup], PEOPLE_BYTES)
    return [
        _optional(Field.PARTNER, _(labels.FIELD_PARTNER), parts.select(people, partner)),
        _optional(Field.BACKUP, _(labels.FIELD_BACKUP), parts.select(people, backup)),
    ]


def _further_stops(choices: Choices, plan: Plan | None) -> list[Block]:
    if not choices.places:
        return []
    after = [stop.place for stop in plan.stops[1:] if stop.place] if plan else []
    offered = parts.fitting(_place_lines(choices), after, STOPS_BYTES)
    menu = parts.select_many(offered, after, STOPS_AFTER_MAX)
    return [_optional(Field.STOPS, _(labels.FIELD_STOPS), menu, hint=_(labels.HINT_STOPS))]


def _the_way(plan: Plan | None) -> list[Block]:
    routes = [(_(names.TRANSPORT[t]), t.value) for t in Transport]
    also = [(_(labels.ALSO_TRANSPORTING), TRANSPORTING), (_(labels.ALSO_CASH), CASH)]
    ticked = [TRANSPORTING] * bool(plan and plan.transporting) + [CASH] * bool(plan and plan.cash)
    transport = plan.transport.value if plan else None
    return [
        _optional(Field.TRANSPORT, _(labels.FIELD_TRANSPORT), parts.select(routes, transport)),
        _optional(Field.ALSO, _(labels.FIELD_ALSO), parts.ticks(also, ticked)),
    ]


def _raised_and_note(plan: Plan | None) -> list[Block]:
    raisable = [(_(names.RATING[r]), r.value) for r in RAISABLE]
    raised = plan.raised.value if plan and plan.raised else None
    note = parts.text(NOTE_MAX, plan.note if plan else "", multiline=True)
    return [
        _optional(Field.RAISED, _(labels.FIELD_RAISED), parts.select(raisable, raised)),
        _optional(Field.NOTE, _(labels.FIELD_NOTE), note, hint=_(labels.HINT_NOTE)),
    ]


def _optional(field_: Field, label: str, element: dict[str, Any], hint: str = "") -> Block:
    return question(field_, label, element, hint=hint, optional=True)
