"""This reads what a worker taps and types. No button's meaning is known here, only carried on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.request import CurrentMatter, HelpTarget, OfMatter, Request
from bot.slack.ids import More
from bot.slack.read.payload import (
    Body,
    carried,
    cleaned,
    key_of_action,
    key_of_command,
    key_of_event,
    minted,
    strict,
    text_of,
    user_of,
)
from protocol.calls import OnTheWay
from protocol.events import (
    Arrive,
    CallOff,
    CheckIn,
    Clear,
    Event,
    Help,
    HelpForm,
    Leave,
    MoveOn,
    Split,
    Uneasy,
)
from protocol.ids import PersonId

# An answer is kept sealed; nobody types a longer one in the field.
SAID_MAX: Final = 500


@strict
def arrive(body: Body, now: datetime) -> Request:
    """I'm here."""
    said = carried(body).said
    return _tap(body, lambda by: Arrive(now, by, said))


@strict
def check_in(body: Body, now: datetime) -> Request:
    """OK."""
    said = carried(body).said
    return _tap(body, lambda by: CheckIn(now, by, said))


@strict
def not_yet_clear(body: Body, now: datetime) -> Request:
    """Still on the way out, and fine: the clock for being clear starts again."""
    return _tap(body, lambda by: CheckIn(now, by))


@strict
def on_the_way(body: Body, now: datetime) -> Request:
    """OK, and not there yet: what everyone who was called may answer."""
    said = carried(body).said
    return _tap(body, lambda by: OnTheWay(now, by, said))


@strict
def leave(body: Body, now: datetime) -> Request:
    """Leaving."""
    return _tap(body, lambda by: Leave(now, by))


@strict
def clear(body: Body, now: datetime) -> Request:
    """I'm clear."""
    said = carried(body).said
    return _tap(body, lambda by: Clear(now, by, said))


@strict
def next_stop(body: Body, now: datetime) -> Request:
    """On to the next stop of the route."""
    return _tap(body, lambda by: MoveOn(now, by))


_MENU: Final[dict[str, Callable[[datetime, PersonId], Event]]] = {
    More.UNEASY: Uneasy,
    More.END_EARLY: lambda now, by: Leave(now, by, early=True),
    More.CALL_OFF: CallOff,
    More.BOTH_OK: lambda now, by: CheckIn(now, by, for_both=True),
    More.SPLIT: Split,
}


@strict
def from_menu(body: Body, now: datetime) -> Request:
    """A line of a menu that acts at once; the others open a form."""
    event = _MENU[carried(body).said]
    return _tap(body, lambda by: event(now, by))


@strict
def help_tap(body: Body, now: datetime, form: HelpForm) -> Request:
    """Help, from whatever message the button stands on, also of a visit that is over."""
    key = key_of_action(body)
    target = HelpTarget(carried(body).matter, minted(key))
    return Request(key, user_of(body), target, lambda by: Help(now, by, form), reply=True)


@strict
def check_in_command(body: Body, now: datetime) -> Request:
    """The check-in command, with or without a text."""
    said = _typed(f"ok {body.get('text') or ''}")
    return _command(body, lambda by: CheckIn(now, by, said))


@strict
def check_out_command(body: Body, now: datetime) -> Request:
    """The check-out command: leaving, and the second time clear."""
    said = _typed(f"out {body.get('text') or ''}")
    return _command(body, lambda by: Clear(now, by, said))


@strict
def sos_command(body: Body, now: datetime) -> Request:
    """Help at once, and quietly unless a call is asked for: no form stands between."""
    key = key_of_command(body)
    wants_call = not _WANTS_CALL.isdisjoint(str(body.get("text") or "").casefold().split())
    form = HelpForm.CALL if wants_call else HelpForm.QUIET
    target = HelpTarget(None, minted(key))
    return Request(key, user_of(body), target, lambda by: Help(now, by, form))


class Word(StrEnum):
    """This is what the first word of a text can mean."""

    OK = "ok"
    OUT = "out"
    HELP = "help"


# Whatever a person's language is, both are understood: in danger nobody looks for a setting.
_WORDS: Final = {
    "ok": Word.OK,
    "okay": Word.OK,
    "here": Word.OK,
    "bien": Word.OK,
    "aquí": Word.OK,
    "aqui": Word.OK,
    "out": Word.OUT,
    "clear": Word.OUT,
    "salgo": Word.OUT,
    "salí": Word.OUT,
    "sali": Word.OUT,
    "fuera": Word.OUT,
    "help": Word.HELP,
    "ayuda": Word.HELP,
    "ayúdame": Word.HELP,
    "ayudame": Word.HELP,
    "auxilio": Word.HELP,
    "socorro": Word.HELP,
    "sos": Word.HELP,
    "911": Word.HELP,
}
_WANTS_CALL: Final = frozenset(("call", "llámame", "llamame", "llamada", "llamar"))


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """This is a text from a person that Belay has no word for."""

    channel: str


@dataclass(frozen=True, slots=True)
class NotForUs:
    """This is a message that nobody wrote to Belay: its own, an edit, or one in a channel."""


@strict
def text_message(body: Body, now: datetime) -> Request | NotUnderstood | NotForUs:
    """What somebody typed to Belay in their direct conversation."""
    event = body["event"]
    if event.get("channel_type") != "im" or event.get("subtype") or event.get("bot_id"):
        return NotForUs()
    text = cleaned(str(event.get("text") or ""))
    user = text_of(event["user"])
    word = _word(text)
    if word is None:
        return NotUnderstood(str(event["channel"]))
    key, said = key_of_event(body), _typed(text)
    match word:
        case Word.OK:
            return Request(
                key, user, CurrentMatter(), lambda by: CheckIn(now, by, said), reply=True
            )
        case Word.OUT:
            return Request(key, user, CurrentMatter(), lambda by: Clear(now, by, said), reply=True)
        case Word.HELP:
            target = HelpTarget(None, minted(key))
            return Request(key, user, target, lambda by: Help(now, by, HelpForm.QUIET), reply=True)


def answer_typed(text: str) -> tuple[Word | None, str]:
    """What a text means as a message to Belay, and the answer as it would be kept."""
    return _word(text), _typed(text)


def _word(text: str) -> Word | None:
    first = text.casefold().split(maxsplit=1)[:1]
    return _WORDS.get(first[0].strip(".,!?¡¿;:'\"*_~")) if first else None


def _typed(text: str) -> str:
    return " ".join(cleaned(text).split())[:SAID_MAX]


def _tap(body: Body, event: Callable[[PersonId], Event]) -> Request:
    matter = OfMatter(carried(body).matter)
    return Request(key_of_action(body), user_of(body), matter, event, reply=True)


def _command(body: Body, event: Callable[[PersonId], Event]) -> Request:
    return Request(key_of_command(body), user_of(body), CurrentMatter(), event)
