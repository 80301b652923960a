"""This takes Slack's payloads apart: who, which delivery, what was carried. Strict, without faults.

A payload that is not as Slack writes it becomes a `BadInput` with a sentence, never an exception.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, Final, ParamSpec, TypeVar
from unicodedata import category

from bot.slack.carried import Carried, unpack
from bot.slack.ids import Field
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.ids import MatterId

Body = Mapping[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

# What a key or an id of ours may grow to; Slack's own ids are far shorter.
KEY_MAX: Final = 200
# Control characters, and halves of surrogate pairs.
_UNSTORABLE: Final = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True)
class BadInput:
    """This says what cannot be read, in a sentence for people; `field` is where in a form."""

    sentence: str
    field: Field | None = None


class Unreadable(Exception):
    """This carries a `BadInput` out of the middle of reading. It does not leave this package."""

    def __init__(self, sentence: str = "", field: Field | None = None) -> None:
        super().__init__("unreadable")
        self.bad = BadInput(sentence or _(labels.UNREADABLE), field)


def strict(read: Callable[P, T]) -> Callable[P, T | BadInput]:
    """This turns whatever a malformed payload does to a reader into a `BadInput`."""

    @wraps(read)
    def safely(*args: P.args, **kwargs: P.kwargs) -> T | BadInput:
        try:
            return read(*args, **kwargs)
        except Unreadable as found:
            return found.bad
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
            return BadInput(_(labels.UNREADABLE))

    return safely


def text_of(value: object) -> str:
    """This text, which must be there, not be empty, and be such that a database takes it."""
    if not isinstance(value, str) or not value or cleaned(value) != value:
        raise Unreadable
    return value


def cleaned(typed: str) -> str:
    """What was typed, as it can be stored: without control characters, but with its new lines.

    PostgreSQL refuses NUL, and no database takes half of a surrogate pair; JSON carries both.
    """
    lines = typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(one for one in lines if one == "\n" or category(one) not in _UNSTORABLE)


def user_of(body: Body) -> str:
    """The Slack id of whoever tapped, sent a form, or typed a command."""
    user = body.get("user")
    return text_of(user["id"] if isinstance(user, Mapping) else body.get("user_id"))


def key_of_command(body: Body) -> str:
    """The key of one delivery of a command; a retry has the same."""
    return _key("command", text_of(body.get("trigger_id")))


def key_of_action(body: Body) -> str:
    """The key of one tap; a retry has the same."""
    action = body["actions"][0]
    trigger = body.get("trigger_id") or body.get("container", {}).get("message_ts", "")
    return _key("action", user_of(body), str(trigger), text_of(action.get("action_ts")))


def key_of_form(body: Body) -> str:
    """The key of one sending of a form. A form that came back and is sent again has another.

    Where Slack gave no trigger, what was typed stands for it, unreadably.
    """
    view = body["view"]
    sent = body.get("trigger_id") or sha256(repr(view["state"]).encode()).hexdigest()
    return _key("form", text_of(view.get("id")), str(sent))


def key_of_event(body: Body) -> str:
    """The key of one event; a retry has the same."""
    return _key("event", text_of(body.get("event_id")))


def minted(key: str) -> MatterId:
    """The id of the matter that this delivery may open: the same for a retry of it."""
    return MatterId(sha256(key.encode()).hexdigest()[:24])


def action_of(body: Body) -> Mapping[str, Any]:
    """The one thing that was tapped."""
    action = body["actions"][0]
    if not isinstance(action, Mapping):
        raise Unreadable
    return action


def carried(body: Body) -> Carried:
    """What the button, or the chosen line of a menu, carries."""
    action = action_of(body)
    value = action["selected_option"]["value"] if "selected_option" in action else action["value"]
    found = unpack(value)
    if found is None:
        raise Unreadable
    return found


def carried_by_form(body: Body) -> Carried:
    """What was put into a form when it was opened."""
    found = unpack(body["view"].get("private_metadata"))
    if found is None:
        raise Unreadable
    return found


def trigger_of(body: Body) -> str:
    """The trigger that opens a form, good for three seconds."""
    return text_of(body.get("trigger_id"))


def _key(*parts: str) -> str:
    key = text_of(":".join(parts))
    return key if len(key) <= KEY_MAX else sha256(key.encode()).hexdigest()
