"""This is the worker's short forms: running late, extend, no signal."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.request import OfMatter, Request
from bot.slack.carried import pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import Body, carried_by_form, key_of_form, strict, user_of
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.events import Event, Extend, NoSignal, RunningLate
from protocol.ids import MatterId, PersonId

LATE: Final = (10, 15, 20, 30, 45, 60)
LONGER: Final = (10, 15, 20, 30, 45, 60, 90, 120)
NO_SIGNAL: Final = (15, 20, 30, 45, 60, 90)


def running_late_form(matter: MatterId) -> View:
    """How much later the visit starts."""
    return _minutes(Form.RUNNING_LATE, matter, _(labels.FIELD_HOW_LATE), LATE, 15)


def extend_form(matter: MatterId) -> View:
    """How much longer the visit takes."""
    return _minutes(Form.EXTEND, matter, _(labels.FIELD_HOW_LONG_MORE), LONGER, 15)


def no_signal_form(matter: MatterId) -> View:
    """How long the worker will be out of signal, counted from when the form is sent."""
    return _minutes(Form.NO_SIGNAL, matter, _(labels.FIELD_NO_SIGNAL), NO_SIGNAL, 30)


def _minutes(
    which: Form, matter: MatterId, label: str, choices: tuple[int, ...], chosen: int
) -> View:
    asked = question(Field.MINUTES, label, parts.radio(_lines(choices), str(chosen)))
    return parts.form(which, pack(matter), [asked])


def _lines(choices: tuple[int, ...]) -> list[parts.Line]:
    return [(labels.minutes(count), str(count)) for count in choices]


@strict
def read_running_late(body: Body, now: datetime) -> Request:
    """Starts later."""
    later = typed.minutes(typed.values_of(body), Field.MINUTES, LATE)
    return _request(body, lambda by: RunningLate(now, by, later))


@strict
def read_extend(body: Body, now: datetime) -> Request:
    """Takes longer."""
    longer = typed.minutes(typed.values_of(body), Field.MINUTES, LONGER)
    return _request(body, lambda by: Extend(now, by, longer))


@strict
def read_no_signal(body: Body, now: datetime) -> Request:
    """Out of signal for a while."""
    window: timedelta = typed.minutes(typed.values_of(body), Field.MINUTES, NO_SIGNAL)
    return _request(body, lambda by: NoSignal(now, by, now + window))


def _request(body: Body, event: Callable[[PersonId], Event]) -> Request:
    return Request(key_of_form(body), user_of(body), OfMatter(carried_by_form(body).matter), event)
