"""Somebody was deactivated in Slack: their page cannot arrive, and the next people are paged."""

from tests.harness import PAGE
from tests.scenarios import given


async def deactivated(c, *people):
    gone = [{"id": one.user, "deleted": True} for one in people]
    await c.workspace.post("/setup", {"people": gone})
    await c.clock.settle()


async def test_a_page_to_people_who_are_gone_makes_the_ladder_climb_at_once(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        # Belay wrote to them minutes ago, and Slack takes messages to them without an error.
        await deactivated(c, c.rosa, c.theo)
        for minutes in (25, 5, 5):
            await c.clock.forward(minutes=minutes)
            await c.jo.expects_dm("Belay: reminder")
        await c.clock.forward(minutes=5)
        await c.jo.expects_dm("people were told")
        # Not five minutes later, as it would be had the first two been reached.
        for one in (c.lin, c.maya):
            await one.expects_page("Missed check-in: Jo Alvarez", "[I have it]")
        await c.clinical.expects(PAGE, "Missed check-in: Jo Alvarez")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1: 2 people were paged.")
        await c.incidents.expects("Step 2: 2 people were paged; 4 in all so far.")
