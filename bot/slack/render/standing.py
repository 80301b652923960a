"""This draws standing plans: the news about them, and their part of the Home."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render.blocks import Element, actions, button, lines, section, typed
from bot.slack.render.times import day_and_clock, length, wall_clock
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import news
from bot.slack.words import standing as words
from bot.slack.words.calendar import calendar
from bot.slack.words.speech import _
from protocol.effects import Said, Tell
from protocol.ids import MatterId, PersonId
from protocol.standing import MAKES_NONE, Pattern, Standing, StandingState, Why
from protocol.standing_news import SAID, News, read

__all__ = ["SAID", "StandingView", "hours", "part", "told", "weekdays"]

# Rows in the Home.
ROWS_MAX: Final = 10
# A carried value that asks for the same standing plan once more.
AGAIN: Final = "again"
# A carried value that answers what waits, and ends nothing that was confirmed meanwhile.
ASKED: Final = "asked"
# These ended while a visit was to be made, and say what becomes of it.
_ASKED_INSTEAD: Final = frozenset(
    {Why.APPROVER_GONE, Why.NEW_FLAG, Why.NEW_FACTOR, Why.NOT_LOW, Why.NO_COVER}
)
_NONE_MADE: Final = MAKES_NONE | {Why.FAULT}
# The time on the clock is the same on each.
_ANY_DAY: Final = date(2000, 1, 1)
_MADE_STAYS: Final = frozenset({Why.BY_WORKER, Why.BY_APPROVER})


@dataclass(frozen=True, slots=True)
class StandingView:
    """This is what a person's Home shows: their own standing plans, and those they answer for."""

    person: PersonId
    plans: tuple[Standing, ...]
    names: Mapping[PersonId, str] = field(default_factory=dict)


def weekdays(pattern: Pattern) -> str:
    """The days, such as "Monday and Thursday"."""
    named = calendar().days
    *most, last = (named[day] for day in pattern.weekdays)
    return _(words.BEFORE_LAST, first=", ".join(most), last=last) if most else last


def hours(pattern: Pattern, expected: timedelta) -> str:
    """When the visits are, such as "Every Monday at 1:15 PM, 2 h"."""
    at = wall_clock(datetime.combine(_ANY_DAY, pattern.at, UTC))
    return _(words.EVERY_WEEK, days=weekdays(pattern), at=at, length=length(expected))


def told(effect: Tell, view: MatterView) -> Rendered:
    """A piece of news about a standing plan, with what can be done about it."""
    found = read(effect.text)
    who = typed(view.directory.name(effect.about), 80)
    head = _(news.SAID[effect.said], who=who)
    if found is None:
        # Belay gave it up, and could not even read it.
        none = _(words.NONE_MADE) if effect.said is Said.STANDING_ENDED else None
        return Rendered(_(news.lock(effect.said)), (section(lines(head, none)),))
    zone = found.pattern.zone
    ends = (
        _(words.UNTIL, until=day_and_clock(found.until_at, zone))
        if found.until_at
        else _(words.WOULD_LAST, days=words.days(found.days))
    )
    text = lines(
        head,
        typed(found.label, 300),
        hours(found.pattern, found.expected),
        None if effect.said is Said.STANDING_ENDED else ends,
        *_about_visit(effect.said, found),
        *_why(effect.said, found),
    )
    row = _buttons(effect, found)
    asks = effect.said is Said.STANDING_ASKED
    lock = news.LOCK_APPROVAL if asks else news.lock(effect.said)
    shown = [section(text), *([actions("standing", row)] if row else [])]
    return Rendered(_(lock), tuple(shown))


def _about_visit(said: Said, found: News) -> list[str]:
    if found.start_at is None:
        return []
    at = day_and_clock(found.start_at, found.pattern.zone)
    if said is Said.STANDING_CONFIRMED:
        return [_(words.NEXT, at=at)]
    shown = said is Said.STANDING_NOT_MADE or found.why in _ASKED_INSTEAD | _NONE_MADE
    return [_(words.THE_VISIT, at=at)] if shown else []


def _why(said: Said, found: News) -> list[str]:
    if said is not Said.STANDING_ENDED or found.why is None:
        return []
    told = [_(words.WHY[found.why])]
    if found.why in _ASKED_INSTEAD:
        told.append(_(words.ASKED_INSTEAD))
    if found.why in _NONE_MADE:
        told.append(_(words.NONE_MADE))
    if found.why in _MADE_STAYS:
        told.append(_(words.MADE_STAYS))
    return told


def _buttons(effect: Tell, found: News) -> list[Element]:
    which = MatterId(found.standing)
    if effect.said is Said.STANDING_ASKED:
        opens = button(Action.OPEN_STANDING, pack(which), style="primary")
        return [opens, button(Action.END_STANDING, pack(which, ASKED), label=_(words.DECLINE))]
    # The worker asks; whoever confirmed it is asked then.
    if effect.said is Said.STANDING_ENDS_SOON and effect.to == effect.about:
        return [button(Action.PLAN_WEEKLY, pack(which, AGAIN))]
    return []


def part(view: StandingView) -> list[Block]:
    """The part of the Home: each standing plan, and what this person may do about it."""
    shown = [block for one in view.plans[:ROWS_MAX] for block in _row(view, one)]
    return [section(_(words.HEAD)), *shown]


def _row(view: StandingView, one: Standing) -> list[Block]:
    zone, own = one.pattern.zone, view.person in one.along
    place = " → ".join(stop.label for stop in one.plan.stops)
    head = f"*{typed(place, 150)}*"
    if not own:
        head = f"*{typed(view.names.get(one.worker, one.worker), 80)}* · {typed(place, 150)}"
    active = one.state is StandingState.ACTIVE
    text = lines(
        head,
        hours(one.pattern, one.plan.expected),
        _(words.UNTIL, until=day_and_clock(one.until_at, zone)) if active else _(words.WAITS),
        _(words.NEXT, at=day_and_clock(one.next_at, zone)) if one.next_at else None,
    )
    return [section(text), actions(f"standing_{one.id}"[:255], _may(one, own=own))]


def _may(one: Standing, *, own: bool) -> list[Element]:
    which = MatterId(one.id)
    row = []
    if own and one.next_at is not None:
        row.append(
            button(
                Action.SKIP_STANDING,
                pack(which, number=one.next_no),
                label=_(words.SKIP, at=day_and_clock(one.next_at, one.pattern.zone)),
            )
        )
    if not own and one.state is StandingState.ASKED:
        row.append(button(Action.OPEN_STANDING, pack(which)))
    return [*row, button(Action.END_STANDING, pack(which))]
