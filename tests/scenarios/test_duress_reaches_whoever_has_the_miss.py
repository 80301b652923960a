"""Whoever looks into a missed check-in is told at once not to call, when duress is answered."""

from tests.harness import UPDATE
from tests.scenarios import given

DURESS = 1  # Jo's duress answer is the second of the two equal buttons


async def test_the_owner_of_the_miss_is_paged_before_any_rung_would_reach_them(county):
    async with county() as c:
        await given.missed_twice(c, c.jo)
        await given.acknowledged(c, c.maya, c.jo)
        await c.incidents.expects("has it.")

        await c.jo.presses("OK", which=DURESS)
        await c.jo.expects_dm(UPDATE, "Your tap came in.")
        await c.maya.expects_dm(UPDATE, "Jo Alvarez has tapped since.")
        await c.incidents.expects("A tap came from the worker's phone.")
        # A peer supervisor is on the second rung, two minutes later.
        await c.clock.forward(minutes=0.5)
        page = await c.maya.expects_page("Duress: Jo Alvarez")
        assert page.lines[0] == "Do not call or message them."
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Do not call or message them.", "Duress")
        await c.clinical.expects("Do not call or message them.", "Duress")
        await c.incidents.expects("Incident", "Duress")
        await c.incidents.expects("Step 1: 4 people were paged.")
        await c.jo.expects_nothing()
