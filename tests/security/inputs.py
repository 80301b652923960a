"""Every line that somebody can type into: how a text gets there, and at which moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.slack.carried import NO_MATTER, Carried, pack
from bot.slack.ids import Field, Form
from bot.slack.modals import asking, onboarding, parts, plan, responder, trigger
from bot.slack.modals import flags as flag_forms
from bot.slack.modals.plan_questions import NOT_LISTED, details
from bot.slack.read.payload import Body
from protocol.ids import MatterId
from protocol.rating import FlagKind
from protocol.records import Accounted
from protocol.trigger import MANUAL_PAGE
from tests.protocol.world import LIN, NOON
from tests.security import huddle_deeds
from tests.security.deeds import CHOICES, FRESH
from tests.security.matrix_deeds import declining_form
from tests.security.proposal_deeds import answering_form, proposing_form
from tests.security.states import FLAG, M1, Moment
from tests.slack.payloads import command, message, submission

__all__ = ["INPUTS", "Input"]

Type = Callable[[Moment, str], Body]
_WHY: Final = parts.question(Field.REASON, "x", parts.text(500))


@dataclass(frozen=True, slots=True)
class Input:
    """This is one input, who types into it, and at which moment it is tried."""

    name: str
    moment: str
    user: str
    type: Type


def _plan(typed: str, **more: Any) -> dict[str, Any]:
    wide = plan.plan_form(CHOICES, FRESH, NOON)
    line = parts.question(Field.NEW_PLACE, "x", parts.text(75), optional=True)
    wide["blocks"] = [*wide["blocks"], line, *details(CHOICES, None)]
    return submission(wide, {"purpose": "outreach", **more}, trigger=f"t{hash(typed)}")


def _new_place(_at: Moment, typed: str) -> Body:
    return _plan(typed, place=NOT_LISTED, new_place=typed)


def _note(_at: Moment, typed: str) -> Body:
    return _plan(typed, place="shelter", note=typed)


def _new_place_there(_at: Moment, typed: str) -> Body:
    return _plan(typed, place=NOT_LISTED, new_place=typed, already_there=["watch_me"])


def _note_there(_at: Moment, typed: str) -> Body:
    return _plan(typed, place="shelter", note=typed, already_there=["watch_me"])


def _here_now(_at: Moment, typed: str) -> Body:
    view = plan.here_now_form(plan.Choices(CHOICES.zone, program=CHOICES.program), FRESH)
    return submission(view, {"new_place": typed}, trigger=f"t{hash(typed)}")


def _reason(which: Form, said: str = "") -> Type:
    def made(at: Moment, typed: str) -> Body:
        view = parts.form(which, pack(M1, said, at.revision), [_WHY])
        return submission(view, {"reason": typed}, trigger=f"t{hash(typed)}")

    return made


def _support(_at: Moment, typed: str) -> Body:
    return submission(responder.support_form(M1, []), {"service": typed}, trigger=f"t{hash(typed)}")


def _witness(at: Moment, typed: str) -> Body:
    said = {"accounted": Accounted.SEEN.value, "witness": typed, "finding": "late"}
    view = responder.close_form(M1, at.mark, drill=False)
    asked = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    said |= {"continues": "continues"} if "continues" in asked else {}
    return submission(view, said, trigger=f"t{hash(typed)}")


def _evidence(_at: Moment, typed: str) -> Body:
    view = flag_forms.flag_form(Carried(M1), "the shelter", [])
    return submission(view, {"evidence": typed}, trigger=f"t{hash(typed)}")


def _flagged_place(_at: Moment, typed: str) -> Body:
    view = flag_forms.flag_form(Carried(NO_MATTER), "", [])
    return submission(view, {"new_place": typed}, trigger=f"t{hash(typed)}")


def _dispute(_at: Moment, typed: str) -> Body:
    which = parts.question(Field.FLAG, "x", parts.select([("x", FLAG)]))
    view = parts.form(Form.DISPUTE_FLAG, pack(NO_MATTER), [which, _WHY])
    return submission(view, {"flag": FLAG, "reason": typed}, trigger=f"t{hash(typed)}")


def _review(_at: Moment, typed: str) -> Body:
    verdicts = parts.radio([("x", FlagKind.CONCERN.value)])
    asked = [parts.question(Field.VERDICT, "x", verdicts), _WHY]
    view = parts.form(Form.REVIEW_FLAG, pack(MatterId(FLAG)), asked)
    said = {"verdict": FlagKind.CONCERN.value, "reason": typed}
    return submission(view, said, trigger=f"t{hash(typed)}")


def _phrase(_at: Moment, typed: str) -> Body:
    said = {"which_button": "a", "phrase": f"{typed} is by the pond today"}
    return submission(onboarding.answers_form(), said, trigger=f"t{hash(typed)}")


def _contact(field: str) -> Type:
    def made(_at: Moment, typed: str) -> Body:
        view = onboarding.contacts_form([], [], has_phone=False, has_contact=False)
        given = {field: typed, "consent": ["yes"]}
        return submission(view, given, trigger=f"t{hash(typed)}")

    return made


def _practice(_at: Moment, typed: str) -> Body:
    view = onboarding.practice_form()
    return submission(view, {"typed": f"ok {typed}"}, trigger=f"t{hash(typed)}")


def _heard(_at: Moment, typed: str) -> Body:
    view = trigger.page_form(MANUAL_PAGE, MatterId(f"m{abs(hash(typed))}"))
    return submission(view, {"heard": typed}, trigger=f"t{hash(typed)}")


def _decision(_at: Moment, typed: str) -> Body:
    view = trigger.consult_form(Carried(M1), [(LIN, "Lin")], NOON)
    return submission(view, {"decision": typed, "owner": LIN}, trigger=f"t{hash(typed)}")


def _command(name: str) -> Type:
    return lambda _at, typed: command(name, typed, trigger=f"t{hash(typed)}")


def _word(first: str) -> Type:
    def made(_at: Moment, typed: str) -> Body:
        return message(f"{first} {typed}".strip(), event_id=f"Ev{hash(typed)}")

    return made


def _asked(_at: Moment, typed: str) -> Body:
    view = asking.ask_form(Carried(NO_MATTER))
    return submission(view, {"question": typed}, trigger=f"t{hash(typed)}")


def _declined(_at: Moment, typed: str) -> Body:
    view = declining_form()
    return submission(view, {"team": "shelter", "reply": typed}, trigger=f"t{hash(typed)}")


def _phrase_of(which: Form) -> Type:
    def made(_at: Moment, typed: str) -> Body:
        asked = {"question": typed}
        if which is Form.GAP_NEW_ROW:
            asked |= {**huddle_deeds.NEW, "row_wording": typed, "row_first": typed}
        body = submission(huddle_deeds.gap_form(which), asked)
        body["view"]["id"] = f"V{hash(typed)}"
        return body

    return made


def _agreed(_at: Moment, typed: str) -> Body:
    return submission(huddle_deeds.pattern_form(), {"agreed": "stopped", "note": typed})


def _proposed(_at: Moment, typed: str) -> Body:
    said = {"words": typed, "reason": "asked twice"}
    return submission(proposing_form(), said, trigger=f"t{hash(typed)}")


def _proposed_because(_at: Moment, typed: str) -> Body:
    said = {"words": "what does he have", "reason": typed}
    return submission(proposing_form(), said, trigger=f"t{hash(typed)}")


def _proposed_words(field: str) -> Type:
    def typed_into(_at: Moment, typed: str) -> Body:
        return submission(
            proposing_form(), {field: typed, "reason": "asked twice"}, trigger=f"t{hash(typed)}"
        )

    return typed_into


def _said_no(_at: Moment, typed: str) -> Body:
    said = {"answer": "no", "reason": typed}
    return submission(answering_form(), said, trigger=f"t{hash(typed)}")


INPUTS: Final = (
    Input("plan: a place that is not listed", "planned", "U_KAI", _new_place),
    Input("plan: note", "planned", "U_KAI", _note),
    Input("watch me: a place that is not listed", "planned", "U_KAI", _new_place_there),
    Input("watch me: note", "planned", "U_KAI", _note_there),
    Input("here now: place", "planned", "U_KAI", _here_now),
    Input("ask for changes: reason", "planned", "U_ROSA", _reason(Form.ASK_CHANGES)),
    Input("decline: reason", "planned", "U_ROSA", _reason(Form.DECLINE_PLAN)),
    Input("lower the rating: reason", "elevated", "U_ROSA", _reason(Form.LOWER_RATING, "low")),
    Input("support: service", "taken", "U_ROSA", _support),
    Input("close: witness", "taken", "U_ROSA", _witness),
    Input("flag: what was seen", "underway", "U_JO", _evidence),
    Input("flag: a place that is not listed", "planned", "U_JO", _flagged_place),
    Input("dispute: reason", "planned", "U_JO", _dispute),
    Input("review: reason", "planned", "U_ROSA", _review),
    Input("private words", "planned", "U_JO", _phrase),
    Input("own phone", "planned", "U_JO", _contact("phone")),
    Input("emergency contact", "planned", "U_JO", _contact("contact")),
    Input("practice", "planned", "U_JO", _practice),
    Input("page: what was heard", "planned", "U_JO", _heard),
    Input("consult: decision", "raised", "U_LIN", _decision),
    Input("/checkin", "underway", "U_JO", _command("/checkin")),
    Input("/checkout", "underway", "U_JO", _command("/checkout")),
    Input("/sos", "underway", "U_JO", _command("/sos")),
    Input("/visit", "underway", "U_JO", _command("/visit")),
    Input("OK and more", "underway", "U_JO", _word("ok")),
    Input("OUT and more", "underway", "U_JO", _word("out")),
    Input("HELP and more", "underway", "U_JO", _word("help")),
    Input("/whohandles", "planned", "U_JO", _command("/whohandles")),
    Input("who handles this", "planned", "U_JO", _asked),
    Input("decline: reply", "planned", "U_JO", _declined),
    Input("gap: what people say", "planned", "U_JO", _phrase_of(Form.GAP_IS_ROW)),
    Input("gap: a new row", "planned", "U_JO", _phrase_of(Form.GAP_NEW_ROW)),
    Input("gap: outside", "planned", "U_JO", _phrase_of(Form.GAP_OUTSIDE)),
    Input("pattern: note", "planned", "U_PAT", _agreed),
    Input("propose: words", "planned", "U_JO", _proposed),
    Input("propose: title", "planned", "U_JO", _proposed_words("title_en")),
    Input("propose: why", "planned", "U_JO", _proposed_because),
    Input("proposal: why not", "planned", "U_MAYA", _said_no),
    Input("a question in the DM", "planned", "U_JO", _word("who handles")),
    Input("any other words", "underway", "U_JO", _word("")),
)
