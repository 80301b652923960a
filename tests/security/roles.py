"""Who may do and see what: a row for everything that can be sent, a cell for each kind of person.

`does` changes something that others can notice; `sees` shows a name, a place or a plan of the
county. Whoever is in neither is answered, and nothing happens: at most an empty form opens. Those
of another program who are in `does` act in their own program, which another row shows.
"""

from dataclasses import dataclass
from typing import Final

from tests.security.people import KINDS

ON_IT: Final = ("worker", "partner")
SETTLE: Final = ("approver", "responder", "clinical lead", "manager")
REVIEW: Final = ("approver", "coordinator")
PAGED: Final = (*REVIEW, "responder")
LEADS: Final = (*PAGED, "clinical lead")
SIGN: Final = ("approver", "responder", "clinical lead")
KEEPS: Final = (*SIGN, "manager")
APPROVE: Final = (*REVIEW, "manager")
STAFF: Final = (*LEADS, "executive", "manager")
OTHERS: Final = ("other worker", *STAFF)
HERE: Final = (*ON_IT, *OTHERS)
# They are known to Belay, and in no program of this visit; the rest is unknown to it.
ELSEWHERE: Final = ("moved away", "other program")
KNOWN: Final = (*HERE, *ELSEWHERE)
# A coordinator has said that the worker is accounted for, so the second is somebody else.
SECOND: Final = tuple(kind for kind in STAFF if kind != "coordinator")
ANYBODY_ELSE: Final = tuple(kind for kind in OTHERS if kind != "coordinator")


# Whoever sits in a huddle; an executive does not.
TEAM: Final = tuple(kind for kind in HERE if kind != "executive")


@dataclass(frozen=True, slots=True)
class Cells:
    """This is one row: the kinds of people who do it, and those who only see something by it."""

    does: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()

    def of(self, kind: str) -> str:
        """What the cell of this kind of person says."""
        return "does" if kind in self.does else "sees" if kind in self.sees else ""


TABLE: Final[dict[str, Cells]] = {
    "button plan_weekly": Cells(sees=("worker",)),
    "line weekly": Cells(sees=("worker",)),
    "form standing": Cells(does=("worker",)),
    "button arrive": Cells(does=ON_IT),
    "button on_the_way": Cells(does=ON_IT),
    "button approver_more": Cells(sees=(*ON_IT, *APPROVE)),
    "approver's line lower_rating": Cells(sees=(*ON_IT, *APPROVE)),
    "form lower_rating": Cells(does=APPROVE),
    "button confirm_closing": Cells(does=SECOND),
    "button reject_closing": Cells(does=ANYBODY_ELSE),
    "button agree_lowering": Cells(does=("coordinator", "manager")),
    "button acknowledge": Cells(does=OTHERS),
    "button escalate": Cells(does=OTHERS),
    "button cannot_take": Cells(does=PAGED),
    "button take_handover": Cells(does=("clinical lead",)),
    "button decline_handover": Cells(does=("clinical lead",)),
    "form's button program_": Cells(sees=HERE),
    "form's list template_kind": Cells(),
    "button plan_visit": Cells(sees=HERE),
    "button here_now": Cells(sees=HERE),
    "button repeat_visit": Cells(sees=HERE),
    "button like_last": Cells(sees=("worker", "other worker")),
    "button more_details": Cells(sees=HERE),
    "button running_late": Cells(),
    "button change_plan": Cells(sees=("worker",)),
    "button confirm_plan": Cells(sees=(*ON_IT, *APPROVE)),
    "button ask_changes": Cells(),
    "button decline_plan": Cells(),
    "button read_low_plans": Cells(sees=REVIEW),
    "button read_plan": Cells(sees=APPROVE),
    "button open_standing": Cells(sees=APPROVE),
    "button end_standing": Cells(does=(*APPROVE, "worker")),
    "button dispute_flag": Cells(sees=HERE),
    "button review_flag": Cells(does=REVIEW),
    "button page_row": Cells(),
    "button page_lead_now": Cells(),
    "button write_consult": Cells(sees=STAFF),
    "button night_close": Cells(does=STAFF),
    "button sorted": Cells(does=("worker",)),
    "button not_sorted": Cells(does=("worker",)),
    "command page": Cells(),
    "form page": Cells(does=KNOWN),
    "form consult": Cells(does=STAFF),
    "button ready_step": Cells(sees=HERE),
    "button ready_skip": Cells(does=KNOWN),
    "button practice_ok": Cells(does=("worker",)),
    "button practice_leave": Cells(),
    "button practice_more": Cells(),
    "button practice_help_call": Cells(),
    "button practice_help_quiet": Cells(),
    "line change_plan": Cells(sees=("worker",)),
    "line call_off": Cells(does=ON_IT),
    "form program": Cells(),
    "form plan": Cells(does=KNOWN),
    "form here_now": Cells(does=KNOWN),
    "form revise": Cells(does=ON_IT),
    "form running_late": Cells(does=ON_IT),
    "form confirm_plan": Cells(does=APPROVE),
    "form ask_changes": Cells(does=APPROVE),
    "form decline_plan": Cells(does=APPROVE),
    "form low_plans": Cells(does=APPROVE),
    "form confirm_standing": Cells(does=APPROVE),
    "form dispute_flag": Cells(does=HERE),
    "form review_flag": Cells(does=REVIEW),
    "form answers": Cells(does=KNOWN),
    "form practice": Cells(does=("worker",)),
    "form contacts": Cells(does=KNOWN),
    "form send": Cells(does=KNOWN),
    "form records": Cells(does=KNOWN),
    "form language": Cells(does=KNOWN),
    "button skip_standing": Cells(does=("worker",)),
    "command visit handover": Cells(sees=("coordinator",)),
    "button still_on_it": Cells(does=("coordinator",)),
    "button log_attempt": Cells(),
    "button send_support": Cells(sees=HERE),
    "button call_emergency": Cells(),
    "button close": Cells(),
    "button responder_more": Cells(),
    "button hand_over": Cells(sees=HERE),
    "button hand_over_all": Cells(sees=("coordinator",)),
    "responder's line proxy": Cells(),
    "responder's line escalate": Cells(does=OTHERS),
    "responder's line cannot_take": Cells(does=PAGED),
    "responder's line hand_over": Cells(sees=HERE),
    "form attempt": Cells(does=OTHERS),
    "form support": Cells(does=OTHERS),
    "form emergency": Cells(does=OTHERS),
    "form proxy": Cells(does=STAFF),
    "form close": Cells(does=STAFF),
    "form hand_over": Cells(does=PAGED),
    "form hand_over_all": Cells(does=PAGED),
    "button confirm_tap": Cells(does=PAGED),
    "command visit": Cells(sees=HERE),
    "command visit here": Cells(sees=HERE),
    "command visit again": Cells(sees=HERE),
    "command visit board": Cells(sees=LEADS),
    "command visit everyone": Cells(),
    "command whohandles": Cells(sees=HERE),
    "button ask_who": Cells(),
    "button open_row": Cells(sees=HERE),
    "button not_that_row": Cells(),
    "button decline_row": Cells(),
    # Whoever has begun goes on where they were, which changes nothing.
    "button try_quiz": Cells(does=("partner", "other worker", *LEADS, *ELSEWHERE)),
    "button quiz_a": Cells(does=("worker",)),
    "button quiz_b": Cells(does=("worker",)),
    "button quiz_c": Cells(does=("worker",)),
    "button gap_is_row": Cells(sees=TEAM),
    "button gap_new_row": Cells(sees=TEAM),
    "button gap_outside": Cells(sees=TEAM),
    "button gap_waited": Cells(does=HERE),
    "button gap_asked": Cells(does=HERE),
    "button gap_went_ahead": Cells(does=HERE),
    "button gap_other": Cells(does=HERE),
    "form gap_is_row": Cells(does=TEAM),
    "form gap_new_row": Cells(does=TEAM),
    "form gap_outside": Cells(does=TEAM),
    "button settle_pattern": Cells(sees=SETTLE),
    "form settle_pattern": Cells(does=SETTLE),
    "form ask": Cells(sees=HERE),
    "form decline_row": Cells(does=KNOWN),
    "form declined": Cells(),
    "button propose_change": Cells(),
    "button see_proposal": Cells(sees=("worker", *KEEPS)),
    "button show_versions": Cells(),
    "button adopt_matrix": Cells(),
    "form propose_change": Cells(does=KNOWN),
    "form proposal": Cells(does=SIGN),
    "form versions": Cells(),
    "form adopt_matrix": Cells(),
    "command checkin": Cells(does=ON_IT),
    "command checkout": Cells(does=ON_IT),
    "command sos": Cells(does=KNOWN),
    "word OK": Cells(does=ON_IT),
    "word OUT": Cells(does=ON_IT),
    "word HELP": Cells(does=KNOWN),
    "home": Cells(sees=HERE),
    "button ok": Cells(does=ON_IT),
    "button leave": Cells(does=ON_IT),
    "button clear": Cells(does=ON_IT),
    "button help_call": Cells(does=KNOWN),
    "button help_quiet": Cells(does=KNOWN),
    "button not_yet_clear": Cells(does=ON_IT),
    "button more": Cells(does=ON_IT),
    "button pair": Cells(does=ON_IT),
    "button next_stop": Cells(does=ON_IT),
    "button call_roll": Cells(),
    "button show_card": Cells(does=ON_IT),
    "button show_board": Cells(sees=LEADS),
    "button flag_place": Cells(sees=HERE),
    "line extend": Cells(),
    "line no_signal": Cells(),
    "line uneasy": Cells(does=ON_IT),
    "line end_early": Cells(does=ON_IT),
    "line both_ok": Cells(does=ON_IT),
    "line split": Cells(does=ON_IT),
    "line flag_place": Cells(sees=HERE),
    "form extend": Cells(does=ON_IT),
    "form no_signal": Cells(does=ON_IT),
    "form call_roll": Cells(does=LEADS),
    "form flag": Cells(does=HERE),
}
assert all({*row.does, *row.sees} <= KINDS.keys() for row in TABLE.values())
