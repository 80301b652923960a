"""What people can send about a huddle: the buttons of a gap and a pattern, and their forms."""

from typing import Any, Final

from sqlalchemy import Connection

from bot.slack.carried import pack
from bot.slack.ids import Action, Form
from bot.slack.modals import huddle as forms
from bot.slack.read.payload import Body
from protocol.ids import MatterId
from protocol.people import Language
from storage import gaps
from storage.gaps import Gap
from storage.huddle_tables import dumping
from tests import answering
from tests.county import PROGRAM
from tests.protocol.world import NOON, PAT
from tests.slack.payloads import submission, tap

# Both say a word of the county, so that whoever is shown them has seen something.
_WORDS: Final = "at the Library he wants cash"
GAP: Final = Gap("g1", PROGRAM, NOON, "v1", _WORDS, ("clinical_assessment",))
PATTERN: Final = "p1"
NEW: Final = {
    "row_title": "Holding a wallet",
    "row_wording": "Someone asks you to keep their money.",
    "kind": "non_peer",
    "owner": "case_manager",
    "row_tier": "U3",
    "row_first": "Say no kindly.",
    "row_do_not": "Do not take it.",
}
_BUTTONS: Final = {
    Action.GAP_IS_ROW: GAP.id,
    Action.GAP_NEW_ROW: GAP.id,
    Action.GAP_OUTSIDE: GAP.id,
    Action.GAP_WAITED: GAP.id,
    Action.GAP_ASKED: GAP.id,
    Action.GAP_WENT_AHEAD: GAP.id,
    Action.GAP_OTHER: GAP.id,
    Action.SETTLE_PATTERN: PATTERN,
}


def populate(conn: Connection) -> None:
    """Add a gap and a pattern that nobody has settled."""
    gaps.add(conn, GAP)
    row = {"id": PATTERN, "program_id": PROGRAM, "team": "shelter", "row_key": "Library_fines"}
    counted = {"version": "v1", "requests": 5, "since": NOON, "at": NOON, "told": PAT}
    conn.execute(dumping.insert().values(**row, **counted))


def gap_form(which: Form) -> dict[str, Any]:
    """The form of one of a gap's buttons."""
    return forms.gap_form(which, GAP, answering.matrix(), "C1", "1.2", Language.EN)


def pattern_form() -> dict[str, Any]:
    """The form that says what was agreed about a pattern."""
    return forms.agree_form(PATTERN, [])


def _pressed(action: Action, which: str) -> Body:
    text = {"type": "plain_text", "text": "x"}
    value = pack(MatterId(which))
    return tap({"type": "button", "text": text, "action_id": action.value, "value": value})


BODIES: Final[dict[str, Body]] = {
    **{f"button {one.value}": _pressed(one, which) for one, which in _BUTTONS.items()},
    f"form {Form.GAP_IS_ROW.value}": submission(
        gap_form(Form.GAP_IS_ROW), {"row": "clinical_assessment"}
    ),
    f"form {Form.GAP_NEW_ROW.value}": submission(gap_form(Form.GAP_NEW_ROW), NEW),
    f"form {Form.GAP_OUTSIDE.value}": submission(gap_form(Form.GAP_OUTSIDE)),
    f"form {Form.SETTLE_PATTERN.value}": submission(pattern_form(), {"agreed": "stopped"}),
}
