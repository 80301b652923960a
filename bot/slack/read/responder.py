"""This reads what responders tap. What closes something is bound to what was shown."""

from collections.abc import Callable
from datetime import datetime

from bot.request import OfMatter, Request
from bot.slack.ids import ResponderMore
from bot.slack.read.payload import Body, carried, key_of_action, strict, user_of
from protocol.events import (
    Acknowledge,
    CannotTake,
    ConfirmClosing,
    ConfirmTap,
    Escalate,
    Event,
    RejectClosing,
    StillOnIt,
)
from protocol.ids import PersonId
from protocol.offers import DeclineHandover, Handed, TakeHandover


@strict
def acknowledge(body: Body, now: datetime) -> Request:
    """I have it."""
    return _tap(body, lambda by: Acknowledge(now, by))


@strict
def escalate(body: Body, now: datetime) -> Request:
    """Page the next people now."""
    return _tap(body, lambda by: Escalate(now, by))


@strict
def cannot_take(body: Body, now: datetime) -> Request:
    """Can't take it."""
    return _tap(body, lambda by: CannotTake(now, by))


@strict
def still_on_it(body: Body, now: datetime) -> Request:
    """Still on it."""
    return _tap(body, lambda by: StillOnIt(now, by))


@strict
def confirm_tap(body: Body, now: datetime) -> Request:
    """The late tap is right, as it was shown."""
    mark = carried(body).number
    return _tap(body, lambda by: ConfirmTap(now, by, mark))


@strict
def confirm_closing(body: Body, now: datetime) -> Request:
    """A second person agrees, with what was shown."""
    mark = carried(body).number
    return _tap(body, lambda by: ConfirmClosing(now, by, mark))


@strict
def reject_closing(body: Body, now: datetime) -> Request:
    """A second person does not agree."""
    return _tap(body, lambda by: RejectClosing(now, by))


@strict
def take_handover(body: Body, now: datetime) -> Request:
    """I take it, as one who was asked."""
    what = Handed(carried(body).said)
    return _tap(body, lambda by: TakeHandover(now, by, what))


@strict
def decline_handover(body: Body, now: datetime) -> Request:
    """I can't take it, as one who was asked."""
    what = Handed(carried(body).said)
    return _tap(body, lambda by: DeclineHandover(now, by, what))


_MENU: dict[str, Callable[[datetime, PersonId], Event]] = {
    ResponderMore.ESCALATE: Escalate,
    ResponderMore.CANNOT_TAKE: CannotTake,
}


@strict
def from_menu(body: Body, now: datetime) -> Request:
    """A line of the responder's menu that acts at once."""
    event = _MENU[carried(body).said]
    return _tap(body, lambda by: event(now, by))


def _tap(body: Body, event: Callable[[PersonId], Event]) -> Request:
    matter = OfMatter(carried(body).matter)
    return Request(key_of_action(body), user_of(body), matter, event, reply=True)
