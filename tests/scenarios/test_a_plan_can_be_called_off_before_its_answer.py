"""A plan that waits for its answer has its card: the worker calls it off, runs late, gets help."""

from tests.harness import PAGE, UPDATE
from tests.scenarios import given


async def test_a_worker_calls_off_a_plan_that_nobody_has_confirmed(county):
    async with county() as c:
        await given.planned(c, c.jo)
        await c.jo.presses("Call off")
        await c.rosa.expects_dm(UPDATE, "called the visit off")
        await c.jo.sees("Visit called off. That is always fine.")
        await c.clock.forward(minutes=120)


async def test_a_worker_runs_late_and_calls_for_help_before_anybody_answers_the_plan(county):
    async with county() as c:
        await given.planned(c, c.jo)
        await c.jo.presses("Running late")
        said = await c.jo.submits({"How much later?": "30 minutes"})
        assert said["errors"] == {}
        await c.rosa.expects_dm(UPDATE, "starts 30 minutes later")
        await c.jo.sees("Tap I'm here by 2:00 PM", "Plan sent, not confirmed yet")

        await c.jo.presses("Help: call me")
        await c.jo.expects_dm(UPDATE, "Received.")
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Help: call me: Jo Alvarez")
        await c.clinical.expects(PAGE, "Help: call me")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1: 3 people were paged.")
