"""A form that is sent twice, or delivered twice, makes one visit and one set of messages."""

from tests.harness import CARD, PLAN
from tests.scenarios import given
from tests.scenarios.backstage import PATIENT


async def test_a_form_that_slack_delivers_twice_makes_one_visit(county):
    async with county() as c:
        await c.jo.commands("/visit")
        await c.faults.add("duplicate", "interactive")
        await c.jo.submits(given.answers())
        await c.jo.expects_dm(CARD, "Plan sent")
        await c.rosa.expects_dm(PLAN)
        await c.field_safety.expects(PLAN)


async def test_a_form_whose_answer_was_lost_is_sent_again_and_makes_one_visit(county):
    async with county() as c:
        await c.jo.commands("/visit")
        c.jo.patient = False
        await c.workspace.post("/timing", {"ack_within": 0.0})
        said = await c.jo.submits(given.answers())
        assert not said["ok"]
        await c.workspace.post("/timing", {"ack_within": PATIENT.ack_within})
        said = await c.jo.submits()
        assert said["ok"]
        await c.jo.expects_dm(CARD, "Plan sent")
        await c.rosa.expects_dm(PLAN)
        await c.field_safety.expects(PLAN)
