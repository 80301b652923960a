"""The short forms: each carries what it is about, offers what there is, and is read strictly."""

from datetime import timedelta

import pytest

from bot.request import OfMatter
from bot.slack.ids import Field
from bot.slack.modals import approver, responder, worker
from bot.slack.read.payload import BadInput
from protocol import events as e
from protocol.events import ContactMethod, ContactOutcome
from protocol.ids import MatterId
from protocol.records import Accounted, Finding
from tests.protocol.world import JO, NOON, ROSA, SAM, THEO, minutes, planned
from tests.slack.examples import view
from tests.slack.payloads import submission
from tests.slack.readable import readable

M = MatterId("m1")


def event(reader, form, typed=None, by=ROSA):
    request = reader(submission(form, typed), NOON)
    assert not isinstance(request, BadInput), request
    assert request.target == OfMatter(M)
    return request.event(by)


def refused(reader, form, typed=None) -> BadInput:
    found = reader(submission(form, typed), NOON)
    assert isinstance(found, BadInput)
    return found


def test_running_late_extending_and_no_signal_are_one_choice_each():
    late = event(worker.read_running_late, worker.running_late_form(M), {"minutes": "20"}, JO)
    longer = event(worker.read_extend, worker.extend_form(M), {"minutes": "30"}, JO)
    quiet = event(worker.read_no_signal, worker.no_signal_form(M), {"minutes": "45"}, JO)
    assert late == e.RunningLate(NOON, JO, minutes(20))
    assert longer == e.Extend(NOON, JO, minutes(30))
    assert quiet == e.NoSignal(NOON, JO, NOON + minutes(45))


@pytest.mark.parametrize("typed", ["0", "-5", "7", "999", "x", ""])
def test_only_offered_times_are_taken(typed):
    body = submission(worker.extend_form(M))
    body["view"]["state"]["values"]["minutes"]["minutes"]["selected_option"]["value"] = typed
    assert isinstance(worker.read_extend(body, NOON), BadInput)


def test_confirming_shows_the_plan_and_offers_no_longer_interval_than_the_policy():
    form = approver.confirm_form(view(planned()))
    shown = readable(form["blocks"])
    assert "Where: Main Street shelter" in shown
    every = "<10 min | 15 min | 20 min | 30 min | 45 min | 1 h | Once, at the planned end>"
    assert f"Check in every *  {every}" in shown
    assert event(approver.read_confirm, form) == e.ConfirmPlan(NOON, ROSA, 1, minutes(120))
    confirmed = event(approver.read_confirm, form, {"every": "30"})
    assert confirmed == e.ConfirmPlan(NOON, ROSA, 1, minutes(30))


def test_the_plan_to_confirm_does_not_contradict_the_interval_that_is_chosen_below_it():
    for plan in (planned(), planned(lasts=180)):
        text = approver.confirm_form(view(plan))["blocks"][0]["text"]["text"]
        assert "check-in" not in text.lower()
        assert "Checks in" not in text


def test_an_interval_that_is_shorter_than_the_visit_is_offered_as_it_is():
    form = approver.confirm_form(view(planned(lasts=180)))
    every = form["blocks"][1]["element"]
    assert every["initial_option"]["text"]["text"] == "2 h"
    assert every["options"][-1] == every["initial_option"]


def test_a_reason_is_needed_and_goes_along_with_the_revision_that_was_shown():
    form = approver.ask_changes_form(M, 4)
    changes = event(approver.read_ask_changes, form, {"reason": "please go with Sam"})
    assert changes == e.AskChanges(NOON, ROSA, 4, "please go with Sam")
    declined = event(approver.read_decline, approver.decline_form(M, 4), {"reason": "too dark"})
    assert declined == e.DeclinePlan(NOON, ROSA, 4, "too dark")
    assert refused(approver.read_decline, approver.decline_form(M, 4)).field is Field.REASON


def test_a_reason_with_an_identifier_comes_back():
    form = approver.decline_form(M, 1)
    found = refused(approver.read_decline, form, {"reason": "client dob 3/4/1985"})
    assert "case code" in found.sentence
    assert "1985" not in found.sentence


def test_a_contact_attempt_says_how_and_what_came_of_it():
    typed = {"method": "place", "outcome": "not_there"}
    tried = event(responder.read_attempt, responder.attempt_form(M), typed)
    assert tried == e.LogAttempt(NOON, ROSA, ContactMethod.PLACE, ContactOutcome.NOT_THERE)
    found = refused(responder.read_attempt, responder.attempt_form(M), {"method": "call"})
    assert found.field is Field.OUTCOME


def test_support_is_a_colleague_or_a_service_and_nobody_is_preselected():
    form = responder.support_form(M, [(SAM, "Sam"), (THEO, "Theo")])
    assert not any("initial_option" in b["element"] for b in form["blocks"][:2])
    by_colleague = event(responder.read_support, form, {"colleague": THEO})
    assert by_colleague == e.SendSupport(NOON, ROSA, "", THEO, minutes(15))
    by_service = event(responder.read_support, form, {"service": "mobile crisis", "look_in": "10"})
    assert by_service == e.SendSupport(NOON, ROSA, "mobile crisis", None, minutes(10))
    assert refused(responder.read_support, form).field is Field.SERVICE


def test_emergency_services_called_asks_only_when_to_look_again():
    called = event(responder.read_emergency, responder.emergency_form(M), {"look_in": "5"})
    assert called == e.CallEmergency(NOON, ROSA, timedelta(minutes=5))


@pytest.mark.parametrize(("answer", "right"), [("yes", True), ("no", False)])
def test_checking_in_for_somebody_asks_about_the_challenge(answer, right):
    done = event(responder.read_proxy, responder.proxy_form(M), {"challenge": answer})
    assert done == e.ProxyCheckIn(NOON, ROSA, right)


def test_a_proxy_without_an_answer_is_asked_again():
    assert refused(responder.read_proxy, responder.proxy_form(M)).field is Field.CHALLENGE


def test_closing_is_bound_to_what_was_shown():
    typed = {
        "accounted": Accounted.SEEN.value,
        "finding": "late",
        "witness": "Theo",
        "continues": "continues",
    }
    closed = event(responder.read_close, responder.close_form(M, 3, drill=False), typed)
    assert closed == e.Close(NOON, ROSA, 3, Accounted.SEEN, Finding.LATE, "Theo", True)


def test_whether_the_visit_goes_on_is_chosen_and_nothing_is_chosen_beforehand():
    form = responder.close_form(M, 3, drill=False)
    asked = next(one for one in form["blocks"] if one["block_id"] == "continues")
    assert asked["element"]["type"] == "radio_buttons"
    assert "initial_option" not in asked["element"]
    assert not asked["optional"]
    typed = {"accounted": Accounted.SPOKEN.value, "finding": "late"}
    assert refused(responder.read_close, form, typed).field is Field.CONTINUES
    for answer, goes_on in (("continues", True), ("over", False)):
        closed = event(responder.read_close, form, {**typed, "continues": answer})
        assert closed.continues is goes_on


def test_where_there_is_no_visit_the_form_does_not_ask_about_one():
    form = responder.close_form(M, 3, drill=False, visit=False)
    assert "continues" not in [one["block_id"] for one in form["blocks"]]
    typed = {"accounted": Accounted.SPOKEN.value, "finding": "late"}
    assert event(responder.read_close, form, typed).continues is False


def test_closing_asks_first_what_must_be_answered_and_nothing_else_must_be():
    for visit, must in ((True, ["accounted", "continues"]), (False, ["accounted"])):
        blocks = responder.close_form(M, 3, drill=False, visit=visit)["blocks"]
        assert [one["block_id"] for one in blocks if not one["optional"]] == must
        assert [one["block_id"] for one in blocks] == [*must, "witness", "finding"]
        assert not any("initial_option" in one["element"] for one in blocks)


def test_whoever_closes_need_not_guess_what_it_was_and_cannot_pick_that_nothing_was_said():
    form = responder.close_form(M, 3, drill=False)
    typed = {"accounted": Accounted.SPOKEN.value, "continues": "over"}
    assert event(responder.read_close, form, typed).finding is Finding.NOT_SAID
    assert "not written down" not in readable(form["blocks"])


@pytest.mark.parametrize(
    ("form", "asks"),
    [
        (responder.close_form(M, 3, drill=False), "accounted"),
        (responder.proxy_form(M), "challenge"),
    ],
)
def test_the_challenge_is_explained_where_it_is_asked_for(form, asks):
    hint = next(one for one in form["blocks"] if one["block_id"] == asks)["hint"]["text"]
    assert "the question that your team agreed on" in hint
    assert "do not close this" in hint


def test_a_drill_can_only_be_what_began_as_one():
    assert "Drill" not in readable(responder.close_form(M, 3, drill=False)["blocks"])
    assert "Drill" in readable(responder.close_form(M, 3, drill=True)["blocks"])


def test_a_confirmed_tap_is_not_something_that_can_be_said_in_a_form():
    form = responder.close_form(M, 3, drill=False)
    typed = {"accounted": Accounted.CONFIRMED_TAP.value, "finding": "late"}
    assert refused(responder.read_close, form, typed).field is Field.ACCOUNTED


def test_a_form_that_carries_garbage_is_refused_with_a_sentence():
    body = submission({**responder.emergency_form(M), "private_metadata": "?"})
    assert isinstance(responder.read_emergency(body, NOON), BadInput)
