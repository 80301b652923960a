"""These are the forms of standing plans: a worker asks for one, somebody else confirms it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.slack.carried import Carried, pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.approver import EVERY, how_often
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import (
    Body,
    Unreadable,
    carried,
    carried_by_form,
    key_of_action,
    minted,
    strict,
    text_of,
    user_of,
)
from bot.slack.render.blocks import context, lines, section
from bot.slack.render.blocks import typed as shown
from bot.slack.render.standing import ASKED, hours
from bot.slack.render.times import day_and_clock
from bot.slack.words import labels, names
from bot.slack.words import standing as words
from bot.slack.words.calendar import calendar
from bot.slack.words.speech import _
from protocol.ids import MatterId
from protocol.plan import Plan
from protocol.standing import LASTS_MAX_DAYS, Standing

DAYS: Final = (7, 14, 21, LASTS_MAX_DAYS)


def ask_form(about: Carried, plan: Plan, chosen: tuple[int, ...], now: datetime) -> View:
    """On which days, and for how long. Place, people, hour and length are those of the visit."""
    days = [(name.capitalize(), str(day)) for day, name in enumerate(calendar().days)]
    text = lines(
        f"*{shown(' → '.join(stop.label for stop in plan.stops), 300)}*",
        f"{day_and_clock(plan.start_at, plan.zone)} · {_(names.PURPOSE[plan.purpose])}",
        _(words.HOW),
    )
    asked = [
        section(text),
        question(
            Field.WEEKDAYS,
            _(words.FIELD_WEEKDAYS),
            parts.ticks(days, [str(day) for day in chosen]),
        ),
        _how_long(LASTS_MAX_DAYS, now, plan.zone),
        context(_(words.ENDS_WITH)),
    ]
    return parts.form(Form.STANDING, pack(about.matter, about.said), asked)


def _how_long(most: int, now: datetime, zone: str) -> View:
    choices = [*(count for count in DAYS if count < most), most]
    listed = [
        (
            _(
                words.LASTS,
                days=words.days(count),
                until=day_and_clock(now + timedelta(days=count), zone),
            ),
            str(count),
        )
        for count in choices
    ]
    menu = parts.select(listed, str(most))
    return question(Field.DAYS, _(words.FIELD_DAYS), menu, hint=_(words.HINT_DAYS))


@dataclass(frozen=True, slots=True)
class Asking:
    """This is what a worker asks for. `id` is the same for the same form sent twice."""

    id: str
    user: str
    about: Carried
    weekdays: tuple[int, ...]
    days: int


@strict
def read_ask(body: Body) -> Asking:
    """The days, and for how long."""
    values = typed.values_of(body)
    weekdays = tuple(int(value) for value, _words in typed.several(values, Field.WEEKDAYS))
    if not weekdays:
        raise Unreadable(_(words.NEEDS_DAY), Field.WEEKDAYS)
    which = minted(f"standing:{text_of(body['view'].get('id'))}")
    return Asking(which, user_of(body), carried_by_form(body), weekdays, _days(values))


def _days(values: typed.Values) -> int:
    found = typed.chosen(values, Field.DAYS)
    if found is None:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.DAYS)
    return int(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """This is a standing plan that waits, as it is shown to whoever answers it.

    `text` is the plan of its first visit, `every` the interval that a low visit has.
    """

    standing: Standing
    text: str
    first_at: datetime
    every: timedelta


def confirm_form(found: Asked, now: datetime) -> View:
    """The whole plan, for how long, and how often to check in: as the policy says, or sooner."""
    standing = found.standing
    asked = [
        section(lines(hours(standing.pattern, standing.plan.expected), found.text)),
        context(_(words.YES_MEANS)),
        _how_long(standing.days, now, standing.pattern.zone),
        how_often(found.every, standing.plan.expected),
    ]
    return parts.form(Form.CONFIRM_STANDING, pack(MatterId(standing.id)), asked)


@dataclass(frozen=True, slots=True)
class Confirming:
    """This is an approver's yes, for so many days, with a shorter interval where they chose one."""

    user: str
    standing: str
    days: int
    every: timedelta | None


@strict
def read_confirm(body: Body) -> Confirming:
    """A yes. The rules take no longer time and no longer interval than theirs."""
    values = typed.values_of(body)
    every = typed.chosen(values, Field.EVERY)
    shorter = timedelta(minutes=int(every)) if every and 0 < int(every) <= max(EVERY) else None
    return Confirming(user_of(body), carried_by_form(body).matter, _days(values), shorter)


@dataclass(frozen=True, slots=True)
class Tapped:
    """This is one tap on a standing plan; `number` is of the visit that is left out.

    `declines` is a no to what waits: it ends nothing that was confirmed meanwhile.
    """

    key: str
    user: str
    standing: str
    number: int = 0
    declines: bool = False


@strict
def read_tap(body: Body) -> Tapped:
    """Skip the next visit, or end it."""
    found = carried(body)
    declines = found.said == ASKED
    return Tapped(key_of_action(body), user_of(body), found.matter, found.number, declines)
