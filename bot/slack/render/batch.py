"""This draws what concerns plans that are confirmed together: the part of the Home, and news."""

from dataclasses import dataclass
from typing import Final

from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action, Form
from bot.slack.render.blocks import actions, button, section, typed
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import batch as words
from bot.slack.words import news, reasons
from bot.slack.words.speech import _
from protocol.decision import Reason
from protocol.effects import Said, Tell

# The pieces of news that are drawn here.
SAID: Final = (Said.CONFIRMED_TOGETHER, Said.NOT_CONFIRMED_TOGETHER)
# One plan is opened by its own button.
FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class BatchView:
    """This is how many low plans wait for a person's yes."""

    waiting: int


def part(view: BatchView) -> list[Block]:
    """The part of the Home: one button, where there are several to read."""
    if view.waiting < FEWEST:
        return []
    opens = button(Action.READ_LOW_PLANS, pack(NO_MATTER), label=words.read_them(view.waiting))
    return [actions("low_plans", [opens])]


def told(effect: Tell, view: MatterView) -> Rendered:
    """How many were confirmed; or one that was not, why, and the way to it."""
    if effect.said is Said.CONFIRMED_TOGETHER:
        yes, _slash, count = effect.text.partition("/")
        said = _(news.SAID[effect.said], yes=typed(yes, 5), count=typed(count, 5))
        return Rendered(_(news.LOCK_NEWS), (section(said),))
    return Rendered(_(news.LOCK_NEWS), tuple(_not_confirmed(effect, view)))


def _not_confirmed(effect: Tell, view: MatterView) -> list[Block]:
    visit = view.matter.visit
    if visit is None:
        return [section(_(words.A_PLAN))]
    why = next((reason for reason in Reason if reason.value == effect.text), Reason.NOT_TOGETHER)
    said = _(
        news.SAID[effect.said],
        who=typed(view.directory.name(view.matter.worker), 80),
        text=reasons.in_form(why, Form.CONFIRM_PLAN),
    )
    # The plan as it is now, to be read and answered by itself.
    opens = button(Action.CONFIRM_PLAN, pack(view.matter.id, number=visit.revision))
    return [section(said), actions("not_confirmed", [opens])]
