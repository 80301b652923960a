"""This draws what concerns flags on places: news of a new one, a reminder, the part of the Home."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, context, lines, section, typed
from bot.slack.render.times import day_and_clock
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import flags as words
from bot.slack.words import news
from bot.slack.words.speech import _, n_
from protocol.effects import Said, Tell
from protocol.ids import MatterId, PersonId
from storage.flags import StandingFlag

# The pieces of news that are drawn here.
SAID: Final = (Said.NEW_FLAG, Said.NEW_NO_ENTRY, Said.FLAG_REVIEW_DUE)
# Rows in the Home; the rest is counted.
ROWS_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class FlagsView:
    """This is what a person's Home shows of flags. `reviews` is None for who reviews none."""

    zone: str
    now: datetime
    reviews: tuple[StandingFlag, ...] | None = None
    names: Mapping[PersonId, str] = field(default_factory=dict)


def told(effect: Tell, view: MatterView) -> Rendered:
    """A new flag, for who goes there and who approved it; or a review that is due."""
    if effect.said is Said.FLAG_REVIEW_DUE:
        flag_id, _space, label = effect.text.partition(" ")
        row = actions("flag", [button(Action.REVIEW_FLAG, pack(MatterId(flag_id)))])
        asked = section(_(news.SAID[effect.said], text=typed(label, 150)))
        return Rendered(_(news.LOCK_NEWS), (asked, row))
    said = _(
        news.SAID[effect.said],
        text=typed(effect.text, 150),
        who=typed(view.directory.name(effect.about or view.matter.worker), 80),
    )
    row = actions("flag", [button(Action.DISPUTE_FLAG, pack(view.matter.id))])
    return Rendered(_(news.LOCK_NEWS), (section(said), row))


def part(view: FlagsView) -> list[Block]:
    """The part of the Home: the flags that this person may review, and a way to raise one."""
    shown = [] if view.reviews is None else _reviews(view, view.reviews)
    buttons = [
        button(Action.FLAG_PLACE, pack(NO_MATTER), label=_(words.FLAG_A_PLACE)),
        button(Action.DISPUTE_FLAG, pack(NO_MATTER)),
    ]
    return [*shown, actions("flags", buttons)]


def _reviews(view: FlagsView, reviews: tuple[StandingFlag, ...]) -> list[Block]:
    if not reviews:
        return [section(lines(_(words.HEAD), _(words.NONE_DUE)))]
    rows = [_row(view, one) for one in reviews[:ROWS_MAX]]
    left = len(reviews) - len(rows)
    rest = [context(n_("And {count} more.", "And {count} more.", left))] if left else []
    return [section(_(words.HEAD)), *rows, *rest]


def _row(view: FlagsView, flag: StandingFlag) -> Block:
    words_ = words.ROW_OVERDUE if flag.review_due_at <= view.now else words.ROW
    shown = lines(
        _(
            words_,
            place=typed(flag.label, 100),
            kind=_(words.KIND[flag.kind]),
            who=typed(view.names.get(flag.author, "-"), 80),
            at=day_and_clock(flag.raised_at, view.zone),
            due=day_and_clock(flag.review_due_at, view.zone),
        ),
        _(words.ROW_DISPUTED) if flag.disputed else None,
    )
    open_it = button(Action.REVIEW_FLAG, pack(MatterId(flag.id)))
    return section(shown, open_it, f"flag_{flag.id}"[:255])
