"""The machine sleeps over a deadline: what came due is done late, in order, and people hear why."""

from tests.harness import PAGE
from tests.scenarios import given


async def test_an_hour_of_sleep_makes_a_check_in_late_and_is_owned_up_to(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.sleeps(minutes=60)
        await c.clock.settle()

        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez", "1:45 PM")
        await c.jo.expects_dm("people were told")
        for one in (c.jo, c.rosa, c.theo, c.maya, c.lin):
            await one.expects_dm("Monitoring was interrupted from")
        await c.dead_mans_note_is_posted()
        # The rungs do not fall together: the second has its five minutes.
        await c.lin.expects_nothing()
        await c.clock.forward(minutes=5)
        await c.lin.expects_page("Missed check-in: Jo Alvarez")
        await c.maya.expects_page("Missed check-in: Jo Alvarez")
        await c.clinical.expects(PAGE, "Missed check-in: Jo Alvarez")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1: 2 people were paged.")
        await c.incidents.expects("Step 2: ", "people were paged")
