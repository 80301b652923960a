"""This draws the buttons a worker answers with. See docs/decisions/0023-two-ok-buttons.md.

The answer that is due stands twice, in two rows, with the same label, style and action id; only the
opaque values differ. Nothing here knows what a value means. Help has a row of its own.
"""

from bot.slack.carried import pack
from bot.slack.ids import ANSWERS, Action, More
from bot.slack.render.blocks import Element, actions, button, divider, menu
from bot.slack.render.view import Block
from bot.slack.words.labels import MORE
from bot.slack.words.speech import _
from protocol.ids import MatterId
from protocol.records import Expecting, Visit
from protocol.standing import suits

_ANSWER = {
    Expecting.ARRIVAL: Action.ARRIVE,
    Expecting.CHECK_IN: Action.OK,
    Expecting.EXIT: Action.OK,
    Expecting.CLEAR: Action.CLEAR,
}


def answer_rows(
    matter: MatterId,
    expecting: Expecting,
    *,
    beside: Action | None,
    more: tuple[More, ...] = (),
    instead: Action | None = None,
) -> list[Block]:
    """The due answer twice, `beside` it one other button, and a menu of the rest."""
    action = instead or _ANSWER[expecting]
    beside_first: list[Element] = []
    if beside is not None:
        beside_first = [button(beside, pack(matter))]
    beside_second: list[Element] = []
    if more:
        beside_second = [menu(Action.MORE, [(_(MORE[m]), pack(matter, m.value)) for m in more])]
    first, second = (button(action, pack(matter, said), style="primary") for said in ANSWERS)
    return [
        actions("answer_1", [first, *beside_first]),
        actions("answer_2", [second, *beside_second]),
    ]


def help_row(matter: MatterId) -> list[Block]:
    """The two kinds of help, away from the answers, so that no thumb slips from one to another."""
    return [
        divider(),
        actions(
            "help",
            [
                button(Action.HELP_CALL, pack(matter), style="danger"),
                button(Action.HELP_QUIET, pack(matter)),
            ],
        ),
    ]


def beside(visit: Visit) -> Action | None:
    """The one other thing that is most often wanted in this state."""
    if visit.expecting is Expecting.CLEAR:
        return Action.NOT_YET_CLEAR
    if visit.expecting is not Expecting.ARRIVAL:
        return Action.LEAVE
    return Action.RUNNING_LATE if visit.started_at is None else Action.LEAVE


def more(visit: Visit) -> tuple[More, ...]:
    """The rest, as far as this state has a use for it."""
    if visit.started_at is None:
        again = (More.WEEKLY,) if suits(visit) else ()
        return (More.CHANGE_PLAN, More.CALL_OFF, More.FLAG_PLACE, *again)
    if visit.expecting is Expecting.CLEAR:
        return (More.UNEASY, More.FLAG_PLACE)
    return (More.EXTEND, More.NO_SIGNAL, More.UNEASY, More.END_EARLY, More.FLAG_PLACE)
