"""The approval card: the plan, why it is rated as it is, and the answer to it."""

import pytest

from bot.slack import render
from bot.slack.carried import unpack
from protocol import events as e
from protocol.effects import Ask, Asked, PostApproval, Surface
from protocol.plan import Transport
from protocol.rating import Factor, Rating
from tests.protocol.world import JO, NOON, ROSA, SAM, SHELTER, THEO, flagged, planned
from tests.slack.examples import view
from tests.slack.readable import assert_slack_takes, elements, labels, readable


def shown(life, **more):
    drawn = render.surface(Surface.APPROVAL, view(life, **more))
    assert_slack_takes(drawn.blocks)
    return drawn


def test_the_card_has_the_plan_its_rating_with_reasons_and_three_answers():
    life = planned(
        factors=frozenset({Factor.ISOLATED, Factor.NO_SIGNAL}),
        partner=SAM,
        backup=THEO,
        transport=Transport.BUS,
        note="case code K7",
    )
    drawn = shown(life)
    assert readable(drawn.blocks) == (
        "*A visit plan needs your answer.*\n"
        "*Jo* · Outreach\n"
        "Where: Main Street shelter\n"
        "When: Tue Mar 10, 1:00 PM to 2:30 PM (1 h 30 min)\n"
        "Rating: *High*, because: Isolated, No phone signal\n"
        "Partner: Sam\n"
        "Backup on site: Theo\n"
        "Getting there: Bus\n"
        "Checks in every 30 min\n"
        "There is a sealed note. It is read only if something happens.\n"
        "[Confirm plan] [Ask for changes] [Decline] <Lower the rating>"
    )
    assert drawn.text == "Belay: a plan to look at"
    assert "K7" not in readable(drawn.blocks)


@pytest.mark.parametrize(
    ("lasts", "said"),
    [
        (60, "No check-in before the planned end at 2:00 PM"),
        (120, "No check-in before the planned end at 3:00 PM"),
        (180, "Checks in every 2 h"),
    ],
)
def test_whoever_confirms_reads_whether_a_check_in_comes_before_the_end(lasts, said):
    assert said in readable(shown(planned(lasts=lasts)).blocks)


def test_flags_on_the_place_are_counted_among_the_reasons():
    life = planned()
    assert "because: 1 flag on the place" in readable(shown(life, place=flagged(SHELTER)).blocks)


def test_a_plan_that_the_worker_rated_higher_says_so():
    life = planned(raised=Rating.ELEVATED)
    assert "because: raised by the worker" in readable(shown(life).blocks)


def test_the_buttons_are_bound_to_the_revision_that_is_shown():
    life = planned()
    life.do(e.RevisePlan(NOON, JO, life.matter.visit.plan))
    revision = life.matter.visit.revision
    assert {unpack(one["value"]).number for one in elements(shown(life).blocks)} == {revision}


def test_after_the_answer_the_card_says_who_and_when_and_can_only_be_handed_over():
    life = planned()
    life.do(e.ConfirmPlan(NOON, ROSA, 1))
    blocks = shown(life).blocks
    assert "✓ Confirmed by Rosa, 12:00 PM" in readable(blocks)
    assert labels(blocks) == ["Hand over"]
    assert "needs your answer" not in readable(blocks)


def test_a_declined_plan_keeps_its_reason_to_itself():
    life = planned()
    life.do(e.DeclinePlan(NOON, ROSA, 1, "please take Sam along"))
    text = readable(shown(life).blocks)
    assert "Plan declined" in text
    assert "Sam along" not in text


def test_the_posted_card_and_the_question_by_dm_are_the_same():
    life = planned()
    posted = render.message(PostApproval("k", 1), view(life))
    asked = render.message(Ask("k", ROSA, Asked.APPROVE, NOON), view(life))
    assert posted == asked
