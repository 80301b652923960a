"""This draws patterns of requests: the item for whoever manages, and the part of the Home."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.matrix.model import Matrix
from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, context, lines, section
from bot.slack.render.huddle import team_of, title_of
from bot.slack.render.times import day
from bot.slack.render.view import Block, Rendered
from bot.slack.words import huddle as words
from bot.slack.words import news
from bot.slack.words.speech import _, n_
from protocol.ids import MatterId
from storage.dumping import Item

SHOWN_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class PatternsView:
    """This is what a Home shows of patterns: what nobody has settled yet, and no peer."""

    zone: str
    items: Sequence[Item]


def item(one: Item, zone: str, matrix: Matrix | None) -> Rendered:
    """One pattern, with the way to say what was agreed; without it once it is settled."""
    named = {"team": team_of(one.team), "title": title_of(matrix, one.row), "count": one.requests}
    told = section(_(words.PATTERN_ITEM, day=day(one.since, zone), **named))
    if one.settled_how is not None:
        return Rendered(_(news.LOCK_NEWS), (told, section(_(words.AGREED[one.settled_how]))))
    asked = context(_(words.PATTERN_ASK))
    return Rendered(_(news.LOCK_NEWS), (told, asked, actions("pattern", [_settle(one)])))


def part(view: PatternsView) -> list[Block]:
    """The part of the Home: each open pattern with its button."""
    rows = [
        section(_line(one, view.zone), _settle(one), f"pattern_{one.id}")
        for one in view.items[:SHOWN_MAX]
    ]
    left = len(view.items) - SHOWN_MAX
    rest = [context(n_("And {count} more.", "And {count} more.", left))] if left > 0 else []
    return [section(_(words.PATTERNS_HOME)), *rows, *rest]


def _line(one: Item, zone: str) -> str:
    # A Home is drawn from rows alone, so the row goes by its key here.
    named = {"team": team_of(one.team), "title": title_of(None, one.row), "count": one.requests}
    return lines(_(words.PATTERN, day=day(one.since, zone), **named))


def _settle(one: Item) -> dict[str, object]:
    return button(Action.SETTLE_PATTERN, pack(MatterId(one.id)))
