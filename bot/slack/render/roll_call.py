"""This draws a roll call for whoever asked: how many have answered, who has not, and what follows.

Whoever responders look after already is counted and not named: a quiet call must not stand out.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, context, lines, section, typed
from bot.slack.render.times import clock
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import handover as words
from bot.slack.words import news
from bot.slack.words.speech import _
from protocol.calls import RollCall, Standing
from protocol.effects import Said, Tell

# The pieces of news that are drawn here.
SAID: Final = (Said.ROLL_CALL, Said.ROLL_CALL_MISSED, Said.ROLL_CALL_OVER)


@dataclass(frozen=True, slots=True)
class TogetherView:
    """This is what a person's Home offers them: `may_call` where they may ask everyone."""

    may_call: bool


def told(effect: Tell, view: MatterView) -> Rendered:
    """A new message: it was asked, somebody is missed, or it is over."""
    return _drawn(view, effect.said)


def roll_call(view: MatterView) -> Rendered:
    """The kept message, as it stands now. ValueError for a matter that is no roll call."""
    return _drawn(view, Said.ROLL_CALL)


def _drawn(view: MatterView, said: Said) -> Rendered:
    called = view.matter.roll_call
    if called is None:
        raise ValueError("only a roll call can be shown as one")
    everyone = all(one.standing is Standing.ANSWERED for one in called.people)
    over = said is Said.ROLL_CALL_OVER
    head = words.ROLL_ALL if everyone and over else news.SAID[said]
    shown = (section(_(head)), section(_stands(view, called)), context(_asked_at(view, called)))
    return Rendered(_(news.LOCK_NEWS), shown)


def _stands(view: MatterView, called: RollCall) -> str:
    count = Counter(one.standing for one in called.people)
    with_responders = count[Standing.RESPONDERS]
    missed = _names(view, called, Standing.MISSED)
    unreadable = _names(view, called, Standing.UNREADABLE)
    waiting = _names(view, called, Standing.WAITING)
    return lines(
        _(words.ROLL_COUNT, answered=count[Standing.ANSWERED], count=len(called.people)),
        _(words.ROLL_MISSED, names=missed) if missed else None,
        _(words.ROLL_UNREADABLE, names=unreadable) if unreadable else None,
        _(words.ROLL_RESPONDERS, count=with_responders) if with_responders else None,
        _(words.ROLL_WAITING, names=waiting) if waiting else None,
    )


def _names(view: MatterView, called: RollCall, standing: Standing) -> str:
    people = dict.fromkeys(one.person for one in called.people if one.standing is standing)
    return ", ".join(typed(view.directory.name(person), 80) for person in people)


def _asked_at(view: MatterView, called: RollCall) -> str:
    return _(words.ROLL_ASKED_AT, at=clock(called.at, view.directory.zone))


def part(view: TogetherView) -> list[Block]:
    """The part of a responder's Home: hand over what one has, and ask everybody who is out."""
    value = pack(NO_MATTER)
    row = [button(Action.HAND_OVER_ALL, value)]
    if view.may_call:
        row.append(button(Action.CALL_ROLL, value))
    return [actions("together", row)]
