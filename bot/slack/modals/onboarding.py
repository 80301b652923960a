"""This is the forms with which workers get ready; nothing private is ever shown in one again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.slack.carried import pack
from bot.slack.ids import ANSWERS, Action, Field, Form, More
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import Body, Unreadable, carried_by_form, strict, user_of
from bot.slack.render.answers import answer_rows, help_row
from bot.slack.render.blocks import Element, context, plain, section
from bot.slack.render.view import Block
from bot.slack.words import labels
from bot.slack.words import onboarding as words
from bot.slack.words import records as record_words
from bot.slack.words.speech import _
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.people import Language
from protocol.phrase import LETTERS_MAX, weakness
from protocol.records import Expecting
from protocol.sending import Send

# What these buttons and forms carry: they are about no visit.
NOBODYS: Final = MatterId("ready")
TYPED_MAX: Final = 200
CONTACT_MAX: Final = 120
PHONE_MAX: Final = 30
EXCLUDES_MAX: Final = 10
YES, FORGET = "yes", "forget"
LIST_BYTES: Final = 100_000
_PHONE: Final = re.compile(r"\+?[\d\s().-]{7,20}")
# The buttons of a practice card; they look as the ones that they stand for.
PRACTISED: Final[dict[str, Action]] = {
    Action.OK.value: Action.PRACTICE_OK,
    Action.LEAVE.value: Action.PRACTICE_LEAVE,
    Action.MORE.value: Action.PRACTICE_MORE,
    Action.HELP_CALL.value: Action.PRACTICE_HELP_CALL,
    Action.HELP_QUIET.value: Action.PRACTICE_HELP_QUIET,
}


# --- the private answers ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answers:
    """This is a worker's private choice on its way to being sealed; it is never printed."""

    user: str
    button: str = field(repr=False)
    phrase: str = field(repr=False)


def answers_form() -> View:
    """Choose which button and which words; what was chosen before is not shown."""
    buttons = [(_(words.BUTTON[one]), one) for one in ANSWERS]
    asked = [
        section(_(words.ALONE)),
        section(_(words.TWO_BUTTONS)),
        question(Field.WHICH_BUTTON, _(words.FIELD_BUTTON), parts.radio(buttons)),
        question(
            Field.PHRASE,
            _(words.FIELD_PHRASE),
            parts.text(LETTERS_MAX),
            hint=_(words.HINT_PHRASE),
        ),
        context(_(words.NEVER_SHOWN)),
    ]
    return parts.form(Form.ANSWERS, pack(NOBODYS), asked)


@strict
def read_answers(body: Body) -> Answers:
    """The choice; words that are too short or too common come back, and are not repeated."""
    values = typed.values_of(body)
    button, phrase = typed.chosen(values, Field.WHICH_BUTTON), typed.raw_text(values, Field.PHRASE)
    if button not in ANSWERS:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.WHICH_BUTTON)
    weak = weakness(phrase)
    if weak is not None:
        raise Unreadable(_(words.WEAK[weak]), Field.PHRASE)
    return Answers(user_of(body), button, phrase)


# --- practice --------------------------------------------------------------------------------


def practice_form(result: str = "") -> View:
    """A card to practise with, drawn as the real one is, and what the last answer meant."""
    rows = answer_rows(
        NOBODYS,
        Expecting.EXIT,
        beside=Action.LEAVE,
        more=(More.EXTEND, More.NO_SIGNAL, More.UNEASY, More.END_EARLY, More.FLAG_PLACE),
    )
    shown = [
        section(_(words.ALONE)),
        section(_(words.PRACTICE_HEAD)),
        *([section(result)] if result else []),
        section(_(words.PRACTICE_CARD)),
        *(_practised(row) for row in rows),
        *(_practised(row) for row in help_row(NOBODYS)),
        question(
            Field.TYPED,
            _(words.FIELD_TYPED),
            parts.text(TYPED_MAX),
            hint=_(words.HINT_TYPED),
            optional=True,
        ),
    ]
    return parts.form(Form.PRACTICE, pack(NOBODYS), shown)


def _practised(row: Block) -> Block:
    if row["type"] != "actions":
        return row
    return {**row, "elements": [_inert(element) for element in row["elements"]]}


def _inert(element: Element) -> Element:
    return {**element, "action_id": PRACTISED[element["action_id"]].value}


@strict
def read_practice(body: Body) -> str:
    """What was typed for practice."""
    return typed.raw_text(typed.values_of(body), Field.TYPED)


# --- contacts --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contacts:
    """This is whom to reach and whom not to tell; phone and contact are never printed."""

    user: str
    phone: str = field(repr=False)
    contact: str = field(repr=False)
    forget: bool = False
    excludes: tuple[PersonId, ...] = ()


def contacts_form(
    people: Sequence[tuple[PersonId, str]],
    excludes: Sequence[PersonId],
    *,
    has_phone: bool,
    has_contact: bool,
) -> View:
    """Own phone, emergency contact, and who is not told of a call for help."""
    lines = [(name, who) for who, name in people]
    known = parts.fitting(lines, list(excludes), LIST_BYTES)
    boxes = [(_(words.CONSENT_YES), YES)]
    boxes += [(_(words.CONSENT_FORGET), FORGET)] if has_contact else []
    phone_hint = words.HINT_PHONE_STORED if has_phone else words.HINT_PHONE_NONE
    contact_hint = words.HINT_CONTACT_STORED if has_contact else words.HINT_CONTACT_NONE
    asked = [
        _optional(Field.PHONE, words.FIELD_PHONE, parts.text(PHONE_MAX), phone_hint),
        _optional(Field.CONTACT, words.FIELD_CONTACT, parts.text(CONTACT_MAX), contact_hint),
        question(Field.CONSENT, _(words.FIELD_CONSENT), parts.ticks(boxes), optional=True),
    ]
    if known:
        many = parts.select_many(known, list(excludes), EXCLUDES_MAX)
        asked.append(_optional(Field.EXCLUDES, words.FIELD_EXCLUDES, many, words.HINT_EXCLUDES))
    return parts.form(Form.CONTACTS, pack(NOBODYS), asked)


def _optional(which: Field, label: str, element: Element, hint: str) -> Block:
    return question(which, _(label), element, hint=_(hint), optional=True)


@strict
def read_contacts(body: Body) -> Contacts:
    """Contacts; one for an emergency is taken only with consent."""
    values = typed.values_of(body)
    phone = typed.raw_text(values, Field.PHONE)
    contact = typed.raw_text(values, Field.CONTACT)[:CONTACT_MAX]
    if phone and not _PHONE.fullmatch(phone):
        raise Unreadable(_(words.BAD_PHONE), Field.PHONE)
    if contact and not typed.ticked(values, Field.CONSENT, YES):
        raise Unreadable(_(words.NEEDS_CONSENT), Field.CONSENT)
    return Contacts(
        user_of(body),
        re.sub(r"[^\d+]", "", phone),
        contact,
        typed.ticked(values, Field.CONSENT, FORGET) and not contact,
        tuple(PersonId(who) for who, _name in typed.several(values, Field.EXCLUDES)),
    )


# --- whom to send ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SendChoice:
    """This is whom a worker wants to be sent, at one place or everywhere else."""

    user: str
    send: tuple[Send, ...]
    place: PlaceId | None


def send_form(chosen: Sequence[Send], places: Sequence[tuple[PlaceId, str]]) -> View:
    """Who should come, in the worker's order. Police is never preset, not even once chosen."""
    offered = [(_(words.SEND[one]), one.value) for one in Send]
    preset = [one.value for one in chosen if one is not Send.POLICE]
    many = parts.select_many(offered, preset, len(offered))
    asked = [_optional(Field.SEND, words.FIELD_SEND, many, words.HINT_SEND)]
    known = parts.fitting([(label, which) for which, label in places], (), LIST_BYTES)
    if known:
        asked.append(
            _optional(
                Field.PLACE, words.FIELD_SEND_PLACE, parts.select(known), words.HINT_SEND_PLACE
            )
        )
    return parts.form(Form.SEND, pack(NOBODYS), asked)


@strict
def read_send(body: Body) -> SendChoice:
    """Whom to send."""
    values = typed.values_of(body)
    place = typed.chosen(values, Field.PLACE)
    send = tuple(Send(value) for value, _words in typed.several(values, Field.SEND))
    return SendChoice(user_of(body), send, PlaceId(place) if place else None)


# --- what is recorded, and language ----------------------------------------------------------


def records_form(pages: Sequence[Sequence[Block]], number: int) -> View:
    """One page of what Belay records; the last has no next one."""
    last = number + 1 >= len(pages)
    told = _(record_words.PAGE, page=number + 1, pages=len(pages))
    made = parts.form(Form.RECORDS, pack(NOBODYS, number=number), [*pages[number], context(told)])
    return {**made, "submit": plain(_(record_words.DONE), parts.TITLE_MAX)} if last else made


@strict
def read_records(body: Body) -> tuple[str, int]:
    """Who read which page."""
    return user_of(body), carried_by_form(body).number


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """This is the language that somebody wants to read."""

    user: str
    language: Language


def language_form(chosen: Language) -> View:
    """The language, each named in itself."""
    lines = [(words.LANGUAGE[one], one.value) for one in Language]
    asked = question(Field.LANGUAGE, _(words.FIELD_LANGUAGE), parts.radio(lines, chosen.value))
    return parts.form(Form.LANGUAGE, pack(NOBODYS), [asked])


@strict
def read_language(body: Body) -> LanguageChoice:
    """A language."""
    values: Any = typed.values_of(body)
    return LanguageChoice(user_of(body), typed.one_of(values, Field.LANGUAGE, Language))
