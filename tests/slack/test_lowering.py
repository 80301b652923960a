"""A lower rating in Slack: who asked, who agreed and why stand on the plan; one button agrees."""

import pytest

from bot.slack import render
from bot.slack.carried import unpack
from bot.slack.ids import Field
from bot.slack.modals import approver
from bot.slack.read.payload import BadInput
from protocol import events as e
from protocol.effects import Ask, Asked, Said, Surface, Tell
from protocol.override import AgreeLowering, LowerRating
from protocol.rating import Factor, Rating
from tests.protocol.world import JO, MAYA, NOON, ROSA, THEO, confirmed, planned
from tests.slack.examples import view
from tests.slack.payloads import submission, tap
from tests.slack.readable import (
    assert_slack_opens,
    assert_slack_takes,
    elements,
    labels,
    readable,
)

ELEVATED = {"factors": frozenset({Factor.ENCAMPMENT})}
HIGH = {"factors": frozenset({Factor.RECENT_VIOLENCE}), "backup": THEO}
WHY = "the <van> is parked there"


def proposed(by=ROSA):
    life = planned(**ELEVATED)
    life.do(LowerRating(NOON, by, 1, Rating.LOW, WHY))
    return life


def lowered():
    life = proposed()
    life.do(AgreeLowering(NOON, MAYA, 1))
    return life


def card(life):
    blocks = render.surface(Surface.APPROVAL, view(life)).blocks
    assert_slack_takes(blocks)
    return blocks


@pytest.mark.parametrize(
    ("life", "offered"),
    [
        (planned(**ELEVATED), True),
        (planned(**HIGH), True),
        (planned(), False),
        (proposed(), False),
        (lowered(), False),
        (confirmed(**ELEVATED), False),
    ],
)
def test_the_card_offers_it_only_where_there_is_a_step_to_go_down(life, offered):
    assert ("<Lower the rating>" in readable(card(life))) is offered


def test_the_card_names_who_asked_and_why_while_a_second_is_missing():
    text = readable(card(proposed()))
    assert "Rating: *Elevated*, because: Encampment" in text
    assert (
        "Rosa asks for *Low* instead. It needs a second approver. "
        "Why: the &lt;van&gt; is parked there" in text
    )


@pytest.mark.parametrize("yes", [False, True])
def test_the_card_names_both_people_and_the_reason_before_and_after_the_yes(yes):
    life = lowered()
    if yes:
        life.do(e.ConfirmPlan(NOON, THEO, 2))
    text = readable(card(life))
    assert "Rating: *Low*, because: Encampment" in text
    assert "Lowered to *Low* by Rosa and Maya. Why: the &lt;van&gt; is parked there" in text


def test_a_second_approver_is_asked_with_the_plan_and_one_button():
    life = proposed()
    drawn = render.message(Ask("k", MAYA, Asked.AGREE_LOWERING, NOON, 1, ROSA), view(life))
    assert_slack_takes(drawn.blocks)
    text = readable(drawn.blocks)
    assert text.startswith("*Rosa asks to lower the rating of this plan.*")
    assert "Where: Main Street shelter" in text
    assert "Rosa asks for *Low* instead." in text
    assert labels(drawn.blocks) == ["Agree to the lower rating"]
    assert unpack(elements(drawn.blocks)[0]["value"]).number == 1
    assert drawn.text == "Belay: please answer"


def test_a_question_that_comes_late_has_no_button():
    drawn = render.message(Ask("k", MAYA, Asked.AGREE_LOWERING, NOON, 1, ROSA), view(lowered()))
    assert readable(drawn.blocks).startswith("The plan has changed since.")
    assert labels(drawn.blocks) == []


def test_whoever_waits_hears_who_agreed_and_that_it_is_not_a_yes():
    drawn = render.message(Tell("k", JO, Said.RATING_LOWERED, NOON, MAYA), view(lowered()))
    assert "Maya was the second to agree." in readable(drawn.blocks)
    assert "still needs a yes" in readable(drawn.blocks)


def test_the_form_shows_the_plan_and_the_step_and_asks_for_a_reason():
    form = approver.lower_form(view(planned(**HIGH)))
    assert form is not None
    assert_slack_opens(form)
    assert "From *High* to *Elevated*, if a second approver agrees." in readable(form["blocks"])
    body = submission(form, {"reason": "seen today"}, user="U_ROSA")
    request = approver.read_lower(body, NOON)
    assert request.event(ROSA) == LowerRating(NOON, ROSA, 1, Rating.ELEVATED, "seen today")


@pytest.mark.parametrize("typed", [{}, {"reason": "mrn 448812 moved out"}])
def test_a_reason_is_needed_and_names_nobody(typed):
    form = approver.lower_form(view(planned(**ELEVATED)))
    assert form is not None
    found = approver.read_lower(submission(form, typed), NOON)
    assert isinstance(found, BadInput)
    assert found.field is Field.REASON
    assert "448812" not in found.sentence


@pytest.mark.parametrize("life", [planned(), confirmed(**ELEVATED), proposed(), lowered()])
def test_there_is_no_form_where_there_is_no_step(life):
    assert approver.lower_form(view(life)) is None


def test_agreeing_is_bound_to_the_revision_that_was_shown():
    drawn = render.message(Ask("k", MAYA, Asked.AGREE_LOWERING, NOON, 1, ROSA), view(proposed()))
    request = approver.agree_lowering(tap(elements(drawn.blocks)[0], user="U_MAYA"), NOON)
    assert request.reply
    assert request.event(MAYA) == AgreeLowering(NOON, MAYA, 1)
