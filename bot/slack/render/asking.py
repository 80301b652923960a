"""This draws the part of the Home that asks the matrix: three buttons, the same for everybody."""

from dataclasses import dataclass

from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button
from bot.slack.render.view import Block
from bot.slack.words import matrix as words
from bot.slack.words.speech import _


@dataclass(frozen=True, slots=True)
class AskingView:
    """This is what the part shows: nothing that anybody asked."""


def part(_view: AskingView) -> list[Block]:
    """A way to ask, to say that something is outside the peer role, and to propose a change."""
    row = [
        button(Action.ASK_WHO, pack(NO_MATTER)),
        button(Action.DECLINE_ROW, pack(NO_MATTER), label=_(words.OUTSIDE_ROLE)),
        button(Action.PROPOSE_CHANGE, pack(NO_MATTER)),
    ]
    return [actions("asking", row)]
