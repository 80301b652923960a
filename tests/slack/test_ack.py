"""Answers in the same breath: a sentence for a command, the form again for a refusal."""

import pytest

from bot.request import Outcome, Problem
from bot.slack.ids import Field, Form
from bot.slack.modals import approver, plan, responder
from bot.slack.read.payload import BadInput
from bot.slack.render import ack
from bot.slack.words import labels, reasons
from protocol import events as e
from protocol.decision import Decision, Reason, idle, refuse
from protocol.ids import MatterId
from tests.protocol.world import JO, NOON, planned
from tests.slack.examples import calling
from tests.slack.payloads import submission
from tests.slack.readable import assert_slack_takes
from tests.slack.test_plan_form import CHOICES

MATTER = planned().matter


def refused(reason: Reason) -> Outcome:
    return Outcome(refuse(MATTER, reason), MATTER, JO)


def sent(form):
    return submission(form)["view"]


PLAN = sent(plan.plan_form(CHOICES, MatterId("m1"), NOON))
REVISE = sent(plan.revise_form(CHOICES, MatterId("m1"), MATTER.visit.plan))
CONFIRM = sent(approver.ask_changes_form(MatterId("m1"), 1)) | {"callback_id": "confirm_plan"}
CLOSE = sent(responder.close_form(MatterId("m1"), 1, drill=False))


@pytest.mark.parametrize("reason", sorted(Reason))
def test_a_command_is_answered_with_the_reason_in_words_to_its_sender_alone(reason):
    answer = ack.command(Outcome(Decision(MATTER, reason), MATTER, JO))
    assert answer == {"response_type": "ephemeral", "text": reasons.words(reason)}


@pytest.mark.parametrize("problem", sorted(Problem))
def test_a_problem_is_answered_with_a_way_out(problem):
    assert ack.command(Outcome(problem=problem))["text"]


def test_quiet_help_offers_a_call_with_one_tap():
    life = calling(e.HelpForm.QUIET)
    answer = ack.command(Outcome(life.decisions[-1], life.matter, JO))
    assert_slack_takes(answer["blocks"])
    assert answer["blocks"][1]["elements"][0]["action_id"] == "help_call"


def test_a_call_for_a_call_offers_nothing_more():
    life = calling(e.HelpForm.CALL)
    assert "blocks" not in ack.command(Outcome(life.decisions[-1], life.matter, JO))


def test_a_form_that_was_taken_closes():
    done = Outcome(Decision(MATTER, Reason.PLANNED), MATTER, JO)
    again = Outcome(idle(MATTER, Reason.ALREADY_PLANNED), MATTER, JO)
    assert ack.form(PLAN, done) == ack.form(PLAN, again) == {"response_action": "clear"}


@pytest.mark.parametrize("reason", sorted(reasons.PLAN_REFUSED))
def test_a_refused_plan_comes_back_with_its_rule_and_the_offer_to_watch(reason):
    answer = ack.form(PLAN, refused(reason))
    assert answer["response_action"] == "errors"
    ((field, sentence),) = answer["errors"].items()
    assert field in {block["block_id"] for block in PLAN["blocks"] if block["type"] == "input"}
    assert sentence.endswith("Tick I'm already there: watch me.")


@pytest.mark.parametrize(
    ("reason", "field"),
    [
        (Reason.NEEDS_PAIR, Field.KNOWN),
        (Reason.NO_ENTRY, Field.PLACE),
        (Reason.START_IN_PAST, Field.WHEN),
        (Reason.VISIT_PROHIBITED, Field.KNOWN),
        (Reason.TRAINING_MISSING, Field.PLACE),
    ],
)
def test_the_sentence_stands_under_the_question_it_is_about(reason, field):
    assert list(ack.form(PLAN, refused(reason))["errors"]) == [field.value]


def test_where_a_form_lacks_the_question_its_first_one_is_used():
    bare = sent(plan.plan_form(plan.Choices(CHOICES.zone), MatterId("m1"), NOON))
    assert list(ack.form(bare, refused(Reason.CARRYING_CASH))["errors"]) == ["new_place"]


def test_a_question_that_was_filled_in_anew_is_found_under_its_new_id():
    form = plan.plan_form(CHOICES, MatterId("m1"), NOON, MATTER.visit.plan, turn=2)
    assert list(ack.form(sent(form), refused(Reason.TOO_LONG))["errors"]) == ["length~2"]


def test_a_changed_plan_and_an_approver_are_told_in_words_of_their_own():
    (revise,) = ack.form(REVISE, refused(Reason.NO_COVER))["errors"].values()
    (confirm,) = ack.form(CONFIRM, refused(Reason.NO_COVER))["errors"].values()
    assert revise.endswith("Tap I'm here on your card.")
    assert "Tick" not in revise + confirm


def test_a_plan_that_became_stricter_is_not_taken_for_confirmed():
    risen = Outcome(Decision(MATTER, Reason.RATING_ROSE), MATTER, JO)
    (sentence,) = ack.form(CONFIRM, risen)["errors"].values()
    assert sentence.startswith("Not confirmed yet")


def test_a_missing_witness_is_asked_for_at_its_question():
    assert list(ack.form(CLOSE, refused(Reason.WITNESS_MISSING))["errors"]) == ["witness"]


def test_what_cannot_be_read_comes_back_at_its_question():
    bad = BadInput("Please.", Field.FINDING)
    assert ack.bad_form(CLOSE, bad) == {
        "response_action": "errors",
        "errors": {"finding": "Please."},
    }
    assert ack.bad_form({}, bad) == {"response_action": "clear"}


def test_no_answer_is_longer_than_a_phone_shows():
    longest = max(len(reasons.in_form(reason, form)) for reason in Reason for form in Form)
    assert longest <= ack.ERROR_MAX


def test_an_unknown_outcome_names_whom_to_call():
    assert ack.unknown("555-0100").endswith("Send it again, or call 555-0100.")
    assert ack.unknown("") == labels.UNKNOWN_NO_LINE


def test_a_tap_has_no_words():
    assert ack.action() == {}


def test_typed_words_are_answered_with_a_quiet_lock_screen():
    answer = ack.typed_words(Outcome(idle(MATTER, Reason.NOT_DUE), MATTER, JO))
    assert answer["text"] == "Belay: update"
    assert_slack_takes(answer["blocks"])
