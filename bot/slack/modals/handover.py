"""These are the forms to hand something over to a named person, and to ask everyone who is out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.request import NewMatter, OfMatter, Request
from bot.slack.carried import NO_MATTER, Carried, pack, unpack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import (
    Body,
    Unreadable,
    carried_by_form,
    key_of_form,
    minted,
    strict,
    user_of,
)
from bot.slack.render.blocks import cut, section
from bot.slack.render.view import Block
from bot.slack.words import handover as words
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.calls import CallRoll
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.offers import Handed, OfferHandover

PEOPLE_BYTES: Final = 150_000  # of the 250 kB that Slack takes
WORDS_MAX: Final = 70
HANDED_MAX: Final = 50  # nobody has more open than that


@dataclass(frozen=True, slots=True)
class Held:
    """This is one thing that a person has: an open escalation, or a visit they answer for."""

    matter: MatterId
    what: Handed
    words: str


def one_form(held: Held, people: Sequence[tuple[PersonId, str]]) -> View:
    """Hand over one thing. Nobody is preselected."""
    return parts.form(Form.HAND_OVER, pack(held.matter, held.what.value), [_taker(people)])


def all_form(held: Sequence[Held], people: Sequence[tuple[PersonId, str]]) -> View:
    """Hand over everything of mine to one person; each of them is a decision of its own."""
    lines = [(cut(one.words, WORDS_MAX), pack(one.matter, one.what.value)) for one in held]
    lines = lines[:HANDED_MAX]
    chosen = [value for _words, value in lines]
    menu = parts.select_many(lines, chosen, most=len(lines))
    asked = [question(Field.HANDED, _(words.FIELD_HANDED), menu), _taker(people)]
    return parts.form(Form.HAND_OVER_ALL, pack(NO_MATTER), asked)


def call_form(key: str, program: ProgramId, out: int, within: timedelta) -> View:
    """Ask before everybody is asked. The id of what will be made is minted here."""
    minutes = int(within.total_seconds() // 60)
    shown = [
        section(_(words.CALL_HEAD)),
        section(f"*{words.out_now(out)}* {_(words.CALL_ASK, minutes=minutes)}"),
    ]
    return parts.form(Form.CALL_ROLL, f"{program} {pack(minted(key))}", shown)


@strict
def read_one(body: Body, now: datetime) -> Request:
    """One thing, and who is asked."""
    held = carried_by_form(body)
    return _offer(body, held, _chosen_taker(body), now, key_of_form(body), reply=False)


@strict
def read_all(body: Body, now: datetime) -> tuple[Request, ...]:
    """Several things, and who is asked: each its own request, with a key of its own."""
    values = typed.values_of(body)
    handed = [unpack(value) for value, _words in typed.several(values, Field.HANDED)]
    if not handed or len(handed) > HANDED_MAX:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.HANDED)
    taker, key = _chosen_taker(body), key_of_form(body)
    return tuple(
        _offer(body, _known(one), taker, now, f"{key}:{number}", reply=True)
        for number, one in enumerate(handed)
    )


@strict
def read_call(body: Body, now: datetime) -> Request:
    """Everyone is asked: a matter of its own, made once however often the form is sent."""
    program, _space, packed = str(body["view"]["private_metadata"]).partition(" ")
    carried = _known(unpack(packed))
    target = NewMatter(carried.matter, ProgramId(program))
    # The form has no question under which a refusal could stand.
    return Request(
        key_of_form(body), user_of(body), target, lambda by: CallRoll(now, by), reply=True
    )


def _taker(people: Sequence[tuple[PersonId, str]]) -> Block:
    lines = [(name, person) for person, name in people]
    menu = parts.select(parts.fitting(lines, (), PEOPLE_BYTES))
    return question(Field.TAKER, _(words.FIELD_TAKER), menu, hint=_(words.HINT_TAKER))


def _chosen_taker(body: Body) -> PersonId:
    chosen = typed.chosen(typed.values_of(body), Field.TAKER)
    if not chosen:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.TAKER)
    return PersonId(chosen)


def _known(carried: Carried | None) -> Carried:
    if carried is None:
        raise Unreadable
    return carried


def _offer(
    body: Body, held: Carried, to: PersonId, now: datetime, key: str, *, reply: bool
) -> Request:
    what = Handed(held.said)
    return Request(
        key,
        user_of(body),
        OfMatter(held.matter),
        lambda by: OfferHandover(now, by, to, what),
        reply=reply,
    )
