"""What people can send to Belay: one delivery for each command, button, line of a menu and form."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from bot.slack.carried import NO_MATTER, Carried, pack
from bot.slack.ids import (
    PROGRAM,
    TEMPLATE,
    Action,
    ApproverMore,
    Command,
    Field,
    Form,
    More,
    ResponderMore,
)
from bot.slack.modals import (
    approver,
    batch,
    handover,
    onboarding,
    parts,
    plan,
    responder,
    standing,
    trigger,
    worker,
)
from bot.slack.modals import flags as flag_forms
from bot.slack.read.payload import Body
from bot.slack.render.blocks import section
from bot.slack.render.standing import ASKED
from protocol.ids import MatterId
from protocol.matter import blank
from protocol.offers import Handed
from protocol.people import Language
from protocol.plan import Plan
from protocol.rating import FlagKind
from protocol.standing import Standing
from protocol.standing import ask as ask_standing
from protocol.trigger import MANUAL_PAGE, UntilMorning
from storage.batches import Read
from storage.onboarding_tables import Step
from tests.county import PROGRAM as COUNTY
from tests.protocol.world import JO, NOON, OMAR, SHELTER, ZONE
from tests.protocol.world import plan as some_plan
from tests.security import huddle_deeds, matrix_deeds, proposal_deeds
from tests.security.gestures import Make, button, form, home, inside, line
from tests.security.states import FLAG, M1, STANDING, Moment
from tests.slack.payloads import command, in_form, message, of_kind, submission

FRESH: Final = MatterId("fresh")
CHOICES: Final = plan.Choices(ZONE, places=[(SHELTER.id, SHELTER.label)], program=COUNTY)
PEOPLE: Final = [(JO, "Jo")]


def _plan_form() -> dict[str, Any]:
    return plan.plan_form(CHOICES, FRESH, NOON)


def _open_form() -> dict[str, Any]:
    # Without the county's places: what comes back with the form was not shown by Belay.
    return plan.plan_form(replace(CHOICES, places=()), FRESH, NOON)


def _low_plans(at: Moment) -> dict[str, Any]:
    carried = batch.Carrying(COUNTY, (Read(0, M1, at.revision),)).packed()
    ticks = parts.ticks([("Yes", "0")])
    asked = {**parts.question(Field.TICKED, "x", ticks), "block_id": "ticked~1"}
    row = section("x", block_id="row~1")
    return parts.form(Form.LOW_PLANS, carried, [row, asked])


def _opened_in_list(at: Moment) -> Body:
    view = _low_plans(at)
    return in_form(view, Action.READ_PLAN.value, pack(M1, number=0))


def _records(_at: Moment) -> dict[str, Any]:
    # The page after the last is the one that is written down.
    return {**onboarding.records_form([[]], 0), "private_metadata": pack(M1, number=99)}


def _standing_form() -> dict[str, Any]:
    return standing.ask_form(Carried(M1), _far(), (1,), NOON)


def _far() -> Plan:
    return some_plan()


def _confirm_standing() -> dict[str, Any]:
    asked = ask_standing(STANDING, blank(MatterId(""), COUNTY, JO), _far(), (1, 2), 30, NOON)
    assert isinstance(asked, Standing)
    return standing.confirm_form(standing.Asked(asked, "the plan", NOON, timedelta(hours=2)), NOON)


def _reason(which: Form) -> Callable[[Moment], dict[str, Any]]:
    drawn = {
        Form.ASK_CHANGES: lambda at: approver.ask_changes_form(M1, at.revision),
        Form.DECLINE_PLAN: lambda at: approver.decline_form(M1, at.revision),
    }
    return drawn[which]


def _carrying(which: Form, said: str, asked: list[Any]) -> Callable[[Moment], dict[str, Any]]:
    return lambda at: parts.form(which, pack(M1, said, at.revision), asked)


_WHY = parts.question(Field.REASON, "x", parts.text(500))
_EVERY = parts.question(Field.EVERY, "x", parts.minutes((30, 60), 60))
_CLOSED = {"accounted": "spoken_with_challenge", "finding": "late", "continues": "continues"}
_LOOK = {"service": "mobile crisis"}


@dataclass(frozen=True, slots=True)
class Deed:
    """This is one thing that can be sent, at which moment it is tried, and the delivery of it."""

    name: str
    moment: str
    make: Make


def _taps() -> list[Deed]:
    a, b = Action, button
    made: list[tuple[Action, str, Make]] = [
        (a.PLAN_VISIT, "planned", b("plan_visit", NO_MATTER)),
        (a.HERE_NOW, "planned", b("here_now", NO_MATTER)),
        (a.REPEAT_VISIT, "planned", b("repeat_visit")),
        (a.LIKE_LAST, "planned", inside(_open_form(), "like_last", "again")),
        (a.MORE_DETAILS, "planned", inside(_open_form(), "more_details", "more")),
        (a.ARRIVE, "called", b("arrive", said="a")),
        (a.OK, "underway", b("ok", said="a")),
        (a.LEAVE, "underway", b("leave")),
        (a.CLEAR, "underway", b("clear", said="a")),
        (a.HELP_CALL, "underway", b("help_call")),
        (a.HELP_QUIET, "underway", b("help_quiet")),
        (a.RUNNING_LATE, "planned", b("running_late")),
        (a.NOT_YET_CLEAR, "underway", b("not_yet_clear")),
        (a.MORE, "underway", line(a.MORE, More.UNEASY)),
        (a.PAIR, "underway", line(a.PAIR, More.SPLIT)),
        (a.NEXT_STOP, "underway", b("next_stop")),
        (a.CHANGE_PLAN, "planned", b("change_plan")),
        (a.CONFIRM_PLAN, "planned", b("confirm_plan", number="revision")),
        (a.ASK_CHANGES, "planned", b("ask_changes", number="revision")),
        (a.DECLINE_PLAN, "planned", b("decline_plan", number="revision")),
        (a.READ_LOW_PLANS, "planned", b("read_low_plans", NO_MATTER)),
        (a.READ_PLAN, "planned", _opened_in_list),
        (a.PLAN_WEEKLY, "alone", b("plan_weekly")),
        (a.OPEN_STANDING, "planned", b("open_standing", STANDING)),
        (a.SKIP_STANDING, "standing", b("skip_standing", STANDING, number="one")),
        (a.END_STANDING, "planned", b("end_standing", STANDING, ASKED)),
        (a.APPROVER_MORE, "elevated", line(a.APPROVER_MORE, ApproverMore.LOWER_RATING)),
        (a.AGREE_LOWERING, "lowering", b("agree_lowering", number="revision")),
        (a.ACKNOWLEDGE, "missed", b("acknowledge")),
        (a.ESCALATE, "missed", b("escalate")),
        (a.CANNOT_TAKE, "missed", b("cannot_take")),
        (a.STILL_ON_IT, "taken", b("still_on_it")),
        (a.LOG_ATTEMPT, "taken", b("log_attempt")),
        (a.SEND_SUPPORT, "taken", b("send_support")),
        (a.CALL_EMERGENCY, "taken", b("call_emergency")),
        (a.CLOSE, "taken", b("close", number="mark")),
        (a.RESPONDER_MORE, "taken", line(a.RESPONDER_MORE, ResponderMore.PROXY)),
        (a.CONFIRM_TAP, "tapped", b("confirm_tap", number="mark")),
        (a.CONFIRM_CLOSING, "help_closing", b("confirm_closing", number="mark")),
        (a.REJECT_CLOSING, "help_closing", b("reject_closing")),
        (a.HAND_OVER, "taken", b("hand_over", said=Handed.ESCALATION)),
        (a.HAND_OVER_ALL, "taken", b("hand_over_all", NO_MATTER)),
        (a.TAKE_HANDOVER, "offered", b("take_handover", said=Handed.ESCALATION)),
        (a.DECLINE_HANDOVER, "offered", b("decline_handover", said=Handed.ESCALATION)),
        (a.CALL_ROLL, "underway", b("call_roll", NO_MATTER)),
        (a.ON_THE_WAY, "called", b("on_the_way", said="a")),
        (a.SHOW_CARD, "underway", b("show_card", NO_MATTER)),
        (a.SHOW_BOARD, "underway", b("show_board", NO_MATTER)),
        (a.FLAG_PLACE, "underway", b("flag_place")),
        (a.DISPUTE_FLAG, "planned", b("dispute_flag", NO_MATTER)),
        (a.REVIEW_FLAG, "planned", b("review_flag", FLAG)),
        (a.WRITE_CONSULT, "raised", b("write_consult")),
        (a.NIGHT_CLOSE, "raised", line(a.NIGHT_CLOSE, UntilMorning.CALM)),
        (a.SORTED, "consulted", b("sorted", number="mark")),
        (a.NOT_SORTED, "consulted", b("not_sorted")),
        (a.READY_STEP, "planned", b("ready_step", NO_MATTER, Step.CONTACTS)),
        (a.READY_SKIP, "planned", b("ready_skip", NO_MATTER, Step.LANGUAGE)),
        *(
            (act, "planned", inside(onboarding.practice_form(), act.value, pack(M1, "a")))
            for act in a
            if act.name.startswith("PRACTICE_")
        ),
    ]
    return [Deed(f"button {action.value}", moment, make) for action, moment, make in made]


def _lines() -> list[Deed]:
    own = {More.CALL_OFF: "planned", More.CHANGE_PLAN: "planned", More.WEEKLY: "alone"}
    paired = (More.BOTH_OK, More.SPLIT)
    found = [
        Deed(
            f"line {one.value}",
            own.get(one, "underway"),
            line(Action.PAIR if one in paired else Action.MORE, one),
        )
        for one in More
    ]
    found += [
        Deed(f"approver's line {one.value}", "elevated", line(Action.APPROVER_MORE, one))
        for one in ApproverMore
    ]
    found += [
        Deed(f"responder's line {one.value}", "taken", line(Action.RESPONDER_MORE, one))
        for one in ResponderMore
    ]
    return found


def _forms() -> list[Deed]:
    f = Form
    made: list[tuple[Form, str, Make]] = [
        (f.PROGRAM, "planned", form(plan.program_form([(COUNTY, "x")], FRESH, here=False))),
        (f.PLAN, "planned", form(_plan_form(), place=SHELTER.id, purpose="outreach")),
        (f.HERE_NOW, "planned", form(plan.here_now_form(CHOICES, FRESH), place=SHELTER.id)),
        (f.REVISE, "planned", form(plan.revise_form(CHOICES, M1, _far()), length="30")),
        (f.RUNNING_LATE, "planned", form(worker.running_late_form(M1))),
        (f.EXTEND, "underway", form(worker.extend_form(M1))),
        (f.NO_SIGNAL, "underway", form(worker.no_signal_form(M1))),
        (f.CONFIRM_PLAN, "planned", form(_carrying(f.CONFIRM_PLAN, "", [_EVERY]))),
        (f.ASK_CHANGES, "planned", form(_reason(f.ASK_CHANGES), reason="with Sam")),
        (f.DECLINE_PLAN, "planned", form(_reason(f.DECLINE_PLAN), reason="too dark")),
        (f.LOW_PLANS, "planned", _ticked),
        (f.STANDING, "alone", form(_standing_form())),
        (f.CONFIRM_STANDING, "planned", form(_confirm_standing())),
        (f.LOWER_RATING, "elevated", _lower),
        (f.ATTEMPT, "taken", form(responder.attempt_form(M1), method="call", outcome="spoke")),
        (f.SUPPORT, "taken", form(responder.support_form(M1, []), **_LOOK)),
        (f.EMERGENCY, "taken", form(responder.emergency_form(M1))),
        (f.PROXY, "taken", form(responder.proxy_form(M1), challenge="yes")),
        (
            f.CLOSE,
            "taken",
            form(lambda at: responder.close_form(M1, at.mark, drill=False), **_CLOSED),
        ),
        (f.HAND_OVER, "taken", form(_handing(handover.one_form), taker="omar")),
        (f.HAND_OVER_ALL, "taken", form(_handing_all, taker="omar")),
        (f.CALL_ROLL, "underway", form(handover.call_form("k", COUNTY, 2, timedelta(minutes=5)))),
        (f.FLAG, "underway", form(flag_forms.flag_form(Carried(M1), SHELTER.label, []))),
        (f.DISPUTE_FLAG, "planned", _disputed),
        (f.REVIEW_FLAG, "planned", _reviewed),
        (f.PAGE, "planned", form(trigger.page_form(MANUAL_PAGE, FRESH))),
        (f.CONSULT, "raised", form(_consult(), decision="seen today", owner="role:case_manager")),
        (f.ANSWERS, "planned", _answers),
        (f.PRACTICE, "planned", form(onboarding.practice_form(), typed="ok")),
        (f.CONTACTS, "planned", form(_contacts(), phone="+15550177")),
        (f.SEND, "planned", form(onboarding.send_form([], []), send=["pair"])),
        (f.RECORDS, "planned", form(_records)),
        (f.LANGUAGE, "planned", form(onboarding.language_form(Language.ES))),
    ]
    return [Deed(f"form {which.value}", moment, make) for which, moment, make in made]


def _consult() -> dict[str, Any]:
    return trigger.consult_form(Carried(M1), PEOPLE, NOON)


def _contacts() -> dict[str, Any]:
    return onboarding.contacts_form(PEOPLE, [], has_phone=False, has_contact=False)


def _answers(_at: Moment) -> Body:
    typed = {"which_button": "a", "phrase": "the heron stands by the pond"}
    return submission(onboarding.answers_form(), typed)


def _ticked(at: Moment) -> Body:
    return submission(_low_plans(at), {"ticked": ["0"]})


def _lower(at: Moment) -> Body:
    view = parts.form(Form.LOWER_RATING, pack(M1, "low", at.revision), [_WHY])
    return submission(view, {"reason": "the van stands there all day"})


def _handing(draw: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return draw(handover.Held(M1, Handed.ESCALATION, "x"), [(OMAR, "Omar")])


def _handing_all(_at: Moment) -> dict[str, Any]:
    return handover.all_form([handover.Held(M1, Handed.ESCALATION, "x")], [(OMAR, "Omar")])


def _disputed(_at: Moment) -> Body:
    which = parts.question(Field.FLAG, "x", parts.select([("x", FLAG)]))
    view = parts.form(Form.DISPUTE_FLAG, pack(NO_MATTER), [which, _WHY])
    return submission(view, {"flag": FLAG, "reason": "it was somewhere else"})


def _reviewed(_at: Moment) -> Body:
    verdicts = parts.radio([("x", FlagKind.CONCERN.value)])
    asked = [parts.question(Field.VERDICT, "x", verdicts), _WHY]
    view = parts.form(Form.REVIEW_FLAG, pack(MatterId(FLAG), number=0), asked)
    return submission(view, {"verdict": FlagKind.CONCERN.value, "reason": "seen again"})


def _always(body: Body) -> Make:
    return lambda _at: body


def _words() -> list[Deed]:
    at = "underway"
    typed = {
        "command visit": command("/visit"),
        "command visit here": command("/visit", "here"),
        "command visit again": command("/visit", "again"),
        "command visit board": command("/visit", "board"),
        "command visit everyone": command("/visit", "everyone"),
        "command checkin": command("/checkin", "all fine"),
        "command checkout": command("/checkout"),
        "command sos": command("/sos"),
        "command page": command("/page"),
        "word OK": message("OK"),
        "word OUT": message("OUT"),
        "word HELP": message("HELP"),
    }
    found = [Deed(name, at, _always(body)) for name, body in typed.items()]
    handover = _always(command("/visit", "handover"))
    found.append(Deed("command visit handover", "taken", handover))
    found.append(Deed("home", at, home))
    found.append(Deed("form's button program_", "planned", _program_asked))
    found.append(Deed(f"form's list {TEMPLATE}", "planned", _kind_picked))
    return found


def _kind_picked(_at: Moment) -> Body:
    return of_kind(_open_form(), "gate")


def _program_asked(_at: Moment) -> Body:
    view = plan.program_form([(COUNTY, "x")], FRESH, here=False)
    return in_form(view, f"{PROGRAM}0", COUNTY)


def _of_the_matrix() -> list[Deed]:
    bodies = {**matrix_deeds.BODIES, **huddle_deeds.BODIES, **proposal_deeds.BODIES}
    return [Deed(name, "planned", _always(body)) for name, body in bodies.items()]


DEEDS: Final[tuple[Deed, ...]] = (
    *_words(),
    *_taps(),
    *_lines(),
    *_forms(),
    *_of_the_matrix(),
)
# Every word that the code has for something that can be sent, as the deeds are called.
KNOWN: Final = frozenset(
    (
        *(f"command {one.value}" for one in Command),
        *(f"button {one.value}" for one in Action),
        *(f"line {one.value}" for one in More),
        *(f"approver's line {one.value}" for one in ApproverMore),
        *(f"responder's line {one.value}" for one in ResponderMore),
        *(f"form {one.value}" for one in Form),
    )
)
