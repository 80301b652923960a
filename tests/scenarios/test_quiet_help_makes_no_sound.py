"""Help: stay quiet. Responders are paged; nothing on the worker's phone rings or lights up."""

from tests.harness import PAGE
from tests.scenarios import given


async def test_nothing_is_pushed_to_a_worker_who_asks_quietly(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        before = await c.jo.lock_screen()

        await c.jo.presses("Help: stay quiet")
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Help: stay quiet: Jo Alvarez", "Do not ring them.")
        await c.clinical.expects(PAGE, "Help: stay quiet", "Do not ring them.")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step ", "people were paged")
        # The tick on the card is all there is, and it does not name what was asked for.
        await c.jo.sees("1:15 PM Received")

        await c.rosa.presses("I have it")
        await c.incidents.expects("has it.")
        await c.jo.sees("Rosa Delgado has seen this")
        await c.clock.forward(minutes=2)
        await c.rosa.presses("Support sent")
        await c.rosa.submits({"Or which service?": "mobile crisis"})
        await c.incidents.expects("support was sent")
        await c.clock.forward(minutes=2)
        await c.rosa.presses("Accounted for...")
        await c.rosa.submits(
            {
                "How do you know?": "A named service has them and said so",
                "Who saw them, or which service has them?": "mobile crisis",
                "And the visit?": "Over: the clock stops",
                "What was it?": "Real danger or harm",
            }
        )
        await given.asked_to_confirm((c.theo, c.lin, c.maya, c.ines), "Rosa Delgado")
        await c.incidents.expects("A second person confirms.")
        await c.lin.presses("Confirm")
        await given.stood_down(c, (c.rosa, c.theo, c.lin), "Jo Alvarez")

        assert await c.jo.lock_screen() == before
