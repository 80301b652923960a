"""What people can send about a change of the matrix: proposing, answering, versions, adopting."""

from typing import Any, Final

from bot.slack.carried import pack, pack_row
from bot.slack.ids import Action, Field, Form
from bot.slack.modals import parts, proposing
from bot.slack.read.payload import Body
from protocol.ids import MatterId
from protocol.people import Language, Role
from tests import answering
from tests.county import PROGRAM
from tests.security.states import PROPOSAL
from tests.slack.payloads import submission, tap

TEXT: Final = {"type": "plain_text", "text": "x"}
ROW: Final = "clinical_assessment"


def _button(action: Action, value: str) -> Body:
    return tap({"type": "button", "text": TEXT, "action_id": action.value, "value": value})


def proposing_form() -> dict[str, Any]:
    """The form that proposes a change of a row."""
    found = answering.matrix()
    return proposing.propose_form(found, found.by_key[ROW], Language.EN)


def answering_form() -> dict[str, Any]:
    """The form of the proposal, as whoever may say everything to it would have it."""
    answers = parts.radio([("x", one) for one in ("sign", "no", "take_back")])
    asked = [
        parts.question(Field.ANSWER, "x", answers),
        parts.question(Field.REASON, "x", parts.text(500), optional=True),
    ]
    return parts.form(Form.PROPOSAL, pack(MatterId(PROPOSAL)), asked)


def _adopting_form() -> dict[str, Any]:
    roles = parts.radio([("x", Role.PEER_SUPERVISOR.value)])
    asked = [
        parts.question(Field.SEEN, "x", parts.ticks([("x", "seen")])),
        parts.question(Field.AS_ROLE, "x", roles),
    ]
    return parts.form(Form.ADOPT_MATRIX, pack_row(PROGRAM, answering.matrix().version), asked)


_ADOPTED: Final = {"seen": ["seen"], "as_role": Role.PEER_SUPERVISOR.value}
_VERSIONS: Final = parts.form(Form.VERSIONS, pack(MatterId(PROGRAM)), [])
_BUTTONS: Final = {
    Action.PROPOSE_CHANGE: pack_row(ROW, answering.matrix().version),
    Action.SEE_PROPOSAL: pack(MatterId(PROPOSAL)),
    Action.SHOW_VERSIONS: pack(MatterId(PROGRAM)),
    Action.ADOPT_MATRIX: pack(MatterId(PROGRAM)),
}
_FORMS: Final = {
    Form.PROPOSE_CHANGE: submission(
        proposing_form(), {"words": "what does he have", "reason": "asked twice"}
    ),
    Form.PROPOSAL: submission(answering_form(), {"answer": "sign"}),
    Form.VERSIONS: submission(_VERSIONS),
    Form.ADOPT_MATRIX: submission(_adopting_form(), _ADOPTED),
}
BODIES: Final[dict[str, Body]] = {
    **{f"button {one.value}": _button(one, value) for one, value in _BUTTONS.items()},
    **{f"form {form.value}": body for form, body in _FORMS.items()},
}
