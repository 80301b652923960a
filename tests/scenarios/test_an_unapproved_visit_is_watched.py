"""Nobody answers a plan: others are asked, and the clock runs from its start all the same."""

from tests.harness import PLAN, REMINDER, UPDATE
from tests.scenarios import given


async def test_a_plan_that_nobody_confirms_is_watched_from_its_start(county):
    async with county() as c:
        await given.planned(c, c.jo, {"When?": "14:00"})
        # A quarter of an hour before the start, everybody else who may confirm it is asked.
        await c.clock.forward(minutes=45)
        for one in (c.theo, c.maya):
            await one.expects_dm(PLAN, "Jo Alvarez", "[Confirm plan]")
        await c.jo.expects_dm(UPDATE, "Nobody has confirmed your plan yet")
        await c.clock.forward(minutes=15)
        for one in (c.rosa, c.theo, c.maya, c.lin, c.ines):
            await one.expects_dm(UPDATE, "started a visit that nobody has confirmed")

        await c.clock.forward(minutes=25)
        for _ in range(3):
            await c.jo.expects_dm(REMINDER, "Are you there?", "[I'm here]")
        await c.jo.expects_dm("people were told")
        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez", "not yet on this visit")
