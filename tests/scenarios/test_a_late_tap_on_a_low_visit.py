"""A late tap closes nothing by itself; on a low visit one tap of whoever was paged confirms it."""

from tests.harness import ASK, UPDATE
from tests.scenarios import given


async def test_a_late_tap_is_confirmed_by_one_tap_of_a_person_who_was_paged(county):
    async with county() as c:
        await given.missed(c, c.jo)

        await c.jo.presses("OK")
        await c.jo.expects_dm(UPDATE, "Your tap came in", "will also speak with you")
        for one in (c.rosa, c.theo):
            await one.expects_dm(ASK, "Jo Alvarez checked in late", "[Yes, they are OK]")
        await c.rosa.sees("Missed check-in", "Nobody has it yet.", "A tap came at 1:55 PM")

        await c.rosa.presses("Yes, they are OK")
        for one in (c.rosa, c.theo):
            await one.expects_dm("Stand down. Jo Alvarez is accounted for.")
        await c.jo.expects_dm("You are accounted for.")
        # The visit goes on, and its clock with it.
        await c.jo.sees("Check in by", "[OK] [Leaving]")
        await c.clock.forward(minutes=25)
        await c.jo.expects_dm("Belay: reminder")


async def test_without_that_tap_the_ladder_climbs_on(county):
    async with county() as c:
        await given.missed(c, c.jo)
        await c.jo.presses("OK")
        await c.jo.expects_dm("Your tap came in")
        for one in (c.rosa, c.theo):
            await one.expects_dm(ASK, "checked in late")

        await c.clock.forward(minutes=5)
        await c.lin.expects_page("Missed check-in", "A tap came at 1:55 PM")
        await c.maya.expects_page("Missed check-in")
        await c.clinical.expects("Missed check-in")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1: 2 people were paged.")
        await c.incidents.expects("1:55 PM · A tap came from the worker's phone.")
        await c.incidents.expects("Step 2: ", "people were paged")
