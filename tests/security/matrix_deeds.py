"""What people can send about the matrix: questions, buttons of answers, and declining."""

from typing import Any, Final

from bot.slack.carried import NO_MATTER, Carried, Rows, pack, pack_rows
from bot.slack.ids import Action, Command, Form
from bot.slack.modals import asking, declining
from bot.slack.read.payload import Body
from bot.slack.render import quiz
from protocol.ids import MatterId
from protocol.people import Language
from tests import answering
from tests.security.states import QUIZ
from tests.slack.payloads import command, submission, tap

TEXT: Final = {"type": "plain_text", "text": "x"}
# The first is urgent, so that there is more to it than to the next one.
ROWS: Final = ("suicidal_intent", "clinical_assessment")


def _of_rows(action: Action) -> Body:
    rows = Rows(answering.matrix().version, ROWS)
    return _button(action, pack_rows(rows))


def _button(action: Action, value: str) -> Body:
    return tap({"type": "button", "text": TEXT, "action_id": action.value, "value": value})


def declining_form() -> dict[str, Any]:
    """The form that declines a request, with a row chosen."""
    drawn = declining.decline_form(answering.matrix(), Language.EN, ROWS[1])
    assert not isinstance(drawn, str)
    return drawn


_BUTTONS: Final = {
    Action.ASK_WHO: _button(Action.ASK_WHO, pack(NO_MATTER)),
    Action.PAGE_LEAD: _button(Action.PAGE_LEAD, pack(NO_MATTER)),
    Action.TRY_QUIZ: _button(Action.TRY_QUIZ, pack(NO_MATTER)),
    **{
        action: _button(action, pack(MatterId(QUIZ), letter, 0))
        for action, letter in zip(quiz.BUTTONS, "abc", strict=True)
    },
    **{
        action: _of_rows(action)
        for action in (Action.OPEN_ROW, Action.NOT_THAT, Action.DECLINE_ROW, Action.PAGE_ROW)
    },
}
_FORMS: Final = {
    Form.ASK: submission(asking.ask_form(Carried(NO_MATTER)), {"question": "he said goodbye"}),
    Form.DECLINE_ROW: submission(declining_form(), {"team": "shelter"}),
    Form.DECLINED: submission(declining.declined_view("x", (), "x")),
}
BODIES: Final[dict[str, Body]] = {
    f"command {Command.WHO_HANDLES.value}": command("/whohandles", "he said goodbye"),
    **{f"button {action.value}": body for action, body in _BUTTONS.items()},
    **{f"form {form.value}": body for form, body in _FORMS.items()},
}
