"""What people do with what is drawn, as what Slack sends of it: a tap, a line of a menu, a form."""

from collections.abc import Callable
from typing import Any, Final

from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.read.payload import Body
from protocol.ids import MatterId
from tests.security.states import M1, Moment
from tests.slack.payloads import in_form, message, submission, tap

Make = Callable[[Moment], Body]
TEXT: Final = {"type": "plain_text", "text": "x"}


def button(
    action: str, matter: str = M1, said: str = "", number: str = ""
) -> Callable[[Moment], Body]:
    """A tap on a button; `number` names which of the moment's figures it carries."""

    def made(at: Moment) -> Body:
        value = pack(MatterId(matter), said, getattr(at, number) if number else 0)
        return tap({"type": "button", "text": TEXT, "action_id": action, "value": value})

    return made


def line(menu: Action, which: str) -> Callable[[Moment], Body]:
    """A tap on a line of a menu."""

    def made(at: Moment) -> Body:
        option = {"text": TEXT, "value": pack(M1, which, at.revision)}
        return tap(
            {"type": "overflow", "action_id": menu.value, "options": [option]}, chosen=TEXT["text"]
        )

    return made


def form(
    view: Callable[[Moment], dict[str, Any]] | dict[str, Any], **typed: Any
) -> Callable[[Moment], Body]:
    """A form that is sent."""
    return lambda at: submission(view(at) if callable(view) else view, typed)


def inside(view: dict[str, Any], action: str, value: str = "") -> Callable[[Moment], Body]:
    """A tap on something in a form that is open."""
    return lambda _at: in_form(view, action, value)


def home(_at: Moment) -> Body:
    """The Home is opened."""
    body = message("")
    opened = {"type": "app_home_opened", "user": "U_JO", "tab": "home", "channel": "D1"}
    return {**body, "event": opened}
