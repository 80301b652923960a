"""This is the responder's forms: what was tried, who was sent, and how the worker is known safe."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.request import OfMatter, Request
from bot.slack.carried import NO_VISIT, pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import (
    Body,
    Unreadable,
    carried_by_form,
    key_of_form,
    strict,
    user_of,
)
from bot.slack.render.blocks import Element
from bot.slack.render.view import Block
from bot.slack.words import labels, names
from bot.slack.words import trigger as triggers
from bot.slack.words.speech import _
from protocol.events import (
    CallEmergency,
    Close,
    ContactMethod,
    ContactOutcome,
    Event,
    LogAttempt,
    ProxyCheckIn,
    SendSupport,
)
from protocol.ids import MatterId, PersonId
from protocol.records import Accounted, Finding

LOOK_IN: Final = (5, 10, 15, 20, 30)
LOOK_IN_FIRST: Final = 15
WITNESS_MAX: Final = 100
PEOPLE_BYTES: Final = 150_000  # of the 250 kB that Slack takes: a thousand people
# What somebody can say; a confirmed tap has a button of its own.
SAYABLE: Final = (Accounted.SPOKEN, Accounted.SEEN, Accounted.IN_CARE)
_YES, _NO, _CONTINUES, _OVER = "yes", "no", "continues", "over"


def attempt_form(matter: MatterId, *, raised: bool = False) -> View:
    """How somebody tried to reach the worker, and what came of it.

    Where a trigger was `raised` it is whoever asked, or the person whom it is about.
    """
    said = triggers.METHOD if raised else names.METHOD
    methods = parts.radio([(_(said[m]), m.value) for m in ContactMethod if m in said])
    outcomes = parts.radio([(_(names.OUTCOME[o]), o.value) for o in ContactOutcome])
    return parts.form(
        Form.ATTEMPT,
        pack(matter),
        [
            question(Field.METHOD, _(labels.FIELD_METHOD), methods),
            question(Field.OUTCOME, _(labels.FIELD_OUTCOME), outcomes),
        ],
    )


def support_form(matter: MatterId, people: Sequence[tuple[PersonId, str]]) -> View:
    """Who was sent: a colleague, who gets a watched visit, or a service. Nobody is preselected."""
    service = parts.text(WITNESS_MAX)
    asked = [
        question(Field.SERVICE, _(labels.FIELD_SERVICE), service, optional=True),
        question(Field.LOOK_IN, _(labels.FIELD_LOOK_IN), _look_in()),
    ]
    if people:
        lines = [(name, person) for person, name in people]
        menu = parts.select(parts.fitting(lines, (), PEOPLE_BYTES))
        asked.insert(0, question(Field.COLLEAGUE, _(labels.FIELD_COLLEAGUE), menu, optional=True))
    return parts.form(Form.SUPPORT, pack(matter), asked)


def emergency_form(matter: MatterId) -> View:
    """That emergency services were called, by a person, and when to look again."""
    asked = question(Field.LOOK_IN, _(labels.FIELD_LOOK_IN), _look_in())
    return parts.form(Form.EMERGENCY, pack(matter), [asked])


def proxy_form(matter: MatterId) -> View:
    """Check in for a worker whom somebody spoke with."""
    yes_or_no = parts.radio([(_(labels.YES), _YES), (_(labels.NO), _NO)])
    hint = _(labels.HINT_CHALLENGE)
    asked = question(Field.CHALLENGE, _(labels.FIELD_CHALLENGE), yes_or_no, hint=hint)
    return parts.form(Form.PROXY, pack(matter), [asked])


def close_form(matter: MatterId, mark: int, *, drill: bool, visit: bool = True) -> View:
    """How the worker is accounted for. A drill can only be what began as one.

    What has to be answered comes first and fits on a phone without scrolling; nothing of it is
    chosen beforehand. Where there is a visit it goes on or is over: a clock that stops for somebody
    who is still out is as wrong as one that runs for somebody who is home.
    """
    left_out = {Finding.NOT_SAID} if drill else {Finding.NOT_SAID, Finding.DRILL}
    findings = [(_(names.FINDING[f]), f.value) for f in Finding if f not in left_out]
    accounted = parts.radio([(_(names.ACCOUNTED[a]), a.value) for a in SAYABLE])
    witness, what = parts.text(WITNESS_MAX), parts.select(findings)
    how, challenge = _(labels.FIELD_ACCOUNTED), _(labels.HINT_CLOSE)
    return parts.form(
        Form.CLOSE,
        pack(matter, "" if visit else NO_VISIT, mark),
        [
            question(Field.ACCOUNTED, how, accounted, hint=challenge),
            *([_goes_on()] if visit else []),
            question(Field.WITNESS, _(labels.FIELD_WITNESS), witness, optional=True),
            question(Field.FINDING, _(labels.FIELD_FINDING), what, optional=True),
        ],
    )


def _goes_on() -> Block:
    lines = [(_(labels.CONTINUES), _CONTINUES), (_(labels.IS_OVER), _OVER)]
    return question(Field.CONTINUES, _(labels.FIELD_CONTINUES), parts.radio(lines))


@strict
def read_attempt(body: Body, now: datetime) -> Request:
    """A contact attempt."""
    values = typed.values_of(body)
    method = typed.one_of(values, Field.METHOD, ContactMethod)
    outcome = typed.one_of(values, Field.OUTCOME, ContactOutcome)
    return _request(body, lambda by: LogAttempt(now, by, method, outcome))


@strict
def read_support(body: Body, now: datetime) -> Request:
    """Support was sent."""
    values = typed.values_of(body)
    chosen = typed.chosen(values, Field.COLLEAGUE)
    colleague = PersonId(chosen) if chosen else None
    service = typed.text(values, Field.SERVICE, WITNESS_MAX)
    if colleague is None and not service:
        raise Unreadable(_(labels.WHO_WENT), Field.SERVICE)
    look_in = typed.minutes(values, Field.LOOK_IN, LOOK_IN)
    return _request(body, lambda by: SendSupport(now, by, service, colleague, look_in))


@strict
def read_emergency(body: Body, now: datetime) -> Request:
    """Emergency services were called."""
    look_in = typed.minutes(typed.values_of(body), Field.LOOK_IN, LOOK_IN)
    return _request(body, lambda by: CallEmergency(now, by, look_in))


@strict
def read_proxy(body: Body, now: datetime) -> Request:
    """Checked in for the worker."""
    answer = typed.chosen(typed.values_of(body), Field.CHALLENGE)
    if answer not in (_YES, _NO):
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.CHALLENGE)
    return _request(body, lambda by: ProxyCheckIn(now, by, answer == _YES))


@strict
def read_close(body: Body, now: datetime) -> Request:
    """Accounted for, as it was shown."""
    shown, values = carried_by_form(body), typed.values_of(body)
    accounted = typed.one_of(values, Field.ACCOUNTED, Accounted)
    if accounted not in SAYABLE:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.ACCOUNTED)
    finding = typed.optional_one_of(values, Field.FINDING, Finding) or Finding.NOT_SAID
    witness = typed.text(values, Field.WITNESS, WITNESS_MAX)
    continues = shown.said != NO_VISIT and _continues(values)
    return _request(
        body,
        lambda by: Close(now, by, shown.number, accounted, finding, witness, continues),
    )


def _continues(values: typed.Values) -> bool:
    chosen = typed.chosen(values, Field.CONTINUES)
    if chosen not in (_CONTINUES, _OVER):
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.CONTINUES)
    return chosen == _CONTINUES


def _look_in() -> Element:
    return parts.minutes(LOOK_IN, LOOK_IN_FIRST)


def _request(body: Body, event: Callable[[PersonId], Event]) -> Request:
    return Request(key_of_form(body), user_of(body), OfMatter(carried_by_form(body).matter), event)
