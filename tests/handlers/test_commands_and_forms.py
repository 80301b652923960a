"""Commands and forms: opening one, sending it, and what comes back."""

import json

import pytest

from bot.request import CurrentMatter, HelpTarget, NewMatter, OfMatter, Outcome
from bot.slack.modals import approver, plan, plan_changes, responder, worker
from protocol import events as e
from protocol.decision import Reason, refuse
from protocol.ids import MatterId
from protocol.matter import blank
from storage.database import Unavailable
from tests.county import PROGRAM
from tests.protocol.world import JO, NOON, SHELTER, ZONE
from tests.slack.payloads import command, in_form, submission, tap
from tests.slack.readable import assert_slack_opens

M = MatterId("m1")
TEXT = {"type": "plain_text", "text": "x"}
CHOICES = plan.Choices(ZONE, [(SHELTER.id, SHELTER.label)])


def opened(workplace):
    ((method, given),) = workplace.slack.calls
    assert method == "views.open"
    view = given["view"]
    view = json.loads(view) if isinstance(view, str) else view
    assert_slack_opens(view)
    return view


def button(action: str, value: str = "m1||4"):
    return {"type": "button", "text": TEXT, "action_id": action, "value": value}


async def test_visit_opens_the_plan_form_with_the_programs_places(workplace):
    assert await workplace.gets(command("/visit")) == ""
    view = opened(workplace)
    assert view["callback_id"] == "plan"
    shown = json.dumps(view)
    assert SHELTER.label in shown
    assert '"Sam"' not in shown
    assert workplace.run.requests == []


async def test_visit_here_opens_the_short_form(workplace):
    await workplace.gets(command("/visit", "here"))
    assert opened(workplace)["callback_id"] == "here_now"


async def test_the_form_mints_the_visit_so_that_two_openings_are_two_visits(workplace):
    await workplace.gets(command("/visit", trigger="1"))
    await workplace.gets(command("/visit", trigger="1"))
    await workplace.gets(command("/visit", trigger="2"))
    first, retried, other = (
        json.loads(json.loads(given["view"])["private_metadata"])["matter"]
        if isinstance(given["view"], str)
        else json.loads(given["view"]["private_metadata"])["matter"]
        for _, given in workplace.slack.calls
    )
    assert first == retried != other


async def test_a_stranger_is_told_so(workplace):
    answer = await workplace.gets(command("/visit", user="U_NOBODY"))
    assert "does not know you yet" in answer["text"]
    assert workplace.slack.calls == []


async def test_a_form_that_slack_does_not_open_is_said_with_whom_to_call(workplace):
    workplace.slack.refuses["views.open"] = "expired_trigger_id"
    answer = await workplace.gets(command("/visit"))
    assert answer["text"] == "The form did not open. Please try again, or call +15550100."


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("running_late", "running_late"),
        ("ask_changes", "ask_changes"),
        ("decline_plan", "decline_plan"),
        ("log_attempt", "attempt"),
        ("send_support", "support"),
        ("call_emergency", "emergency"),
        ("close", "close"),
    ],
)
async def test_a_button_opens_its_form_and_writes_nothing(workplace, action, form):
    assert await workplace.gets(tap(button(action))) == ""
    assert opened(workplace)["callback_id"] == form
    assert workplace.run.requests == []


@pytest.mark.parametrize("action", ["confirm_plan", "change_plan"])
async def test_a_form_about_a_plan_that_is_gone_is_a_sentence(workplace, action):
    await workplace.gets(tap(button(action)))
    assert workplace.slack.calls == []
    assert workplace.said[0]["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    ("name", "text", "kind", "target"),
    [
        ("/checkin", "", e.CheckIn, CurrentMatter),
        ("/checkin", "all good", e.CheckIn, CurrentMatter),
        ("/checkout", "", e.Clear, CurrentMatter),
        ("/sos", "", e.Help, HelpTarget),
        ("/sos", "call", e.Help, HelpTarget),
    ],
)
async def test_a_command_is_run_and_answered_to_its_sender_alone(
    workplace, name, text, kind, target
):
    answer = await workplace.gets(command(name, text))
    (request,) = workplace.run.requests
    assert isinstance(request.target, target)
    assert isinstance(workplace.run.events[0], kind)
    assert answer == {"response_type": "ephemeral", "text": "Got it."}
    assert workplace.slack.calls == []


async def test_a_command_whose_fate_is_unknown_says_so(workplace):
    workplace.run.fault = Unavailable("x")
    answer = await workplace.gets(command("/checkin"))
    assert answer["text"].startswith("*We do not know if this arrived.*")


PLAN = plan.plan_form(CHOICES, M, NOON)
TYPED = {"place": SHELTER.id, "purpose": "outreach"}
FORMS = [
    (PLAN, TYPED, e.PlanVisit, NewMatter(M)),
    (plan.here_now_form(CHOICES, M), {}, e.PlanVisit, NewMatter(M)),
    (worker.running_late_form(M), {}, e.RunningLate, OfMatter(M)),
    (worker.extend_form(M), {}, e.Extend, OfMatter(M)),
    (worker.no_signal_form(M), {}, e.NoSignal, OfMatter(M)),
    (approver.ask_changes_form(M, 1), {"reason": "go with Sam"}, e.AskChanges, OfMatter(M)),
    (approver.decline_form(M, 1), {"reason": "too dark"}, e.DeclinePlan, OfMatter(M)),
    (
        responder.attempt_form(M),
        {"method": "call", "outcome": "spoke"},
        e.LogAttempt,
        OfMatter(M),
    ),
    (responder.support_form(M, []), {"service": "clinic"}, e.SendSupport, OfMatter(M)),
    (responder.emergency_form(M), {}, e.CallEmergency, OfMatter(M)),
    (responder.proxy_form(M), {"challenge": "yes"}, e.ProxyCheckIn, OfMatter(M)),
    (
        responder.close_form(M, 2, drill=False),
        {"accounted": "spoken_with_challenge", "finding": "late", "continues": "over"},
        e.Close,
        OfMatter(M),
    ),
]


@pytest.mark.parametrize(("form", "typed", "kind", "target"), FORMS)
async def test_a_form_is_run_and_closes(workplace, form, typed, kind, target):
    assert await workplace.gets(submission(form, typed)) == {"response_action": "clear"}
    assert isinstance(workplace.run.events[0], kind)
    assert workplace.run.requests[0].target == target
    assert workplace.slack.calls == []


async def test_a_refused_plan_comes_back_with_the_rule_and_the_offer(workplace):
    matter = blank(M, PROGRAM, JO)
    workplace.run.answer = Outcome(refuse(matter, Reason.NEEDS_PAIR), matter, JO)
    answer = await workplace.gets(submission(PLAN, TYPED))
    assert answer["response_action"] == "errors"
    (sentence,) = answer["errors"].values()
    assert "partner or a backup" in sentence
    assert sentence.endswith("Tick I'm already there: watch me.")


async def test_a_form_with_an_identifier_comes_back_and_runs_nothing(workplace, caplog):
    typed = {"place": "not_listed", "new_place": "call 555-867-5309", "purpose": "outreach"}
    view = plan_changes.place_answered(in_form(PLAN, "place", typed={"place": "not_listed"}))
    assert isinstance(view, dict)
    answer = await workplace.gets(submission(view, typed))
    assert list(answer["errors"]) == ["new_place"]
    assert workplace.run.requests == []
    assert "867" not in json.dumps(answer) + caplog.text


async def test_a_form_whose_fate_is_unknown_stays_open_and_says_so(workplace):
    workplace.run.fault = Unavailable("x")
    answer = await workplace.gets(submission(PLAN, TYPED))
    (sentence,) = answer["errors"].values()
    assert sentence.startswith("*We do not know if this arrived.*")
