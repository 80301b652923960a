"""This reads what is tapped about a trigger: sorted, not sorted, and put down for the night."""

from collections.abc import Callable
from datetime import datetime

from bot.request import OfMatter, Request
from bot.slack.read.payload import Body, carried, key_of_action, strict, user_of
from protocol.events import Event
from protocol.ids import PersonId
from protocol.trigger import NightClose, NotSorted, Sorted, UntilMorning


@strict
def is_sorted(body: Body, now: datetime) -> Request:
    """Sorted, as it was written when this was shown."""
    mark = carried(body).number
    return _tap(body, lambda by: Sorted(now, by, mark))


@strict
def not_sorted(body: Body, now: datetime) -> Request:
    """Not sorted: page the next people."""
    return _tap(body, lambda by: NotSorted(now, by))


@strict
def night_close(body: Body, now: datetime) -> Request:
    """What happens now; the rest is written up in the morning."""
    until_morning = UntilMorning(carried(body).said)
    return _tap(body, lambda by: NightClose(now, by, until_morning))


def _tap(body: Body, event: Callable[[PersonId], Event]) -> Request:
    matter = OfMatter(carried(body).matter)
    return Request(key_of_action(body), user_of(body), matter, event, reply=True)
