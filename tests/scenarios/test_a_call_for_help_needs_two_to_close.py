"""Help: call me. It pages at once, and one person's word does not close it."""

from tests.scenarios import given


async def test_help_pages_at_once_and_a_second_person_confirms_its_end(county):
    async with county() as c:
        await given.called_for_help(c, c.sam)
        await given.acknowledged(c, c.rosa, c.sam)
        await c.incidents.expects("has it.")

        await c.clock.forward(minutes=4)
        await c.rosa.presses("Accounted for...")
        await c.rosa.submits(given.ACCOUNTED)
        await given.asked_to_confirm((c.theo, c.lin, c.maya, c.ines), "Rosa Delgado")
        await c.incidents.expects("A second person confirms.")
        await c.sam.expects_nothing()

        # Whoever closed it is not the second.
        await c.rosa.presses("Confirm")
        await c.rosa.expects_dm("someone else confirms")
        await c.lin.presses("Confirm")
        await c.sam.expects_dm("You are accounted for.")
        await given.stood_down(c, (c.rosa, c.theo, c.lin), "Sam Whitaker")
        await c.clock.forward(minutes=24 * 60)


async def test_a_second_who_does_not_agree_has_it_from_then_on(county):
    async with county() as c:
        await given.called_for_help(c, c.sam)
        await given.acknowledged(c, c.rosa, c.sam)
        await c.incidents.expects("has it.")
        await c.rosa.presses("Accounted for...")
        await c.rosa.submits(given.ACCOUNTED)
        await given.asked_to_confirm((c.theo, c.lin, c.maya, c.ines), "Rosa Delgado")
        await c.incidents.expects("A second person confirms.")

        await c.lin.presses("Not yet")
        await c.rosa.expects_dm("Dr. Lin does not agree")
        await c.incidents.expects("does not agree")
        await c.theo.sees("Dr. Lin has it.", "Help: call me: Sam Whitaker")


async def test_help_that_nobody_takes_climbs_fast(county):
    async with county() as c:
        await given.called_for_help(c, c.sam)
        await c.clock.forward(minutes=2)
        await c.maya.expects_page("Help: call me")
        await c.clinical.expects("Help: call me")
        await c.incidents.expects("Step 2: 1 person was paged; 4 in all so far.")
        await c.clock.forward(minutes=3)
        for one in (c.rosa, c.theo, c.maya, c.lin, c.ines):
            await one.expects_page("Help: call me", "Decide now")
        await c.clinical.expects("Help: call me", "Decide now")
        await c.incidents.expects("Step ", "people were paged")
