"""What somebody has goes to a named person who says yes; until then it stays where it is."""

from tests.harness import ASK, UPDATE
from tests.scenarios import given


async def test_an_escalation_stays_with_the_giver_until_the_other_says_yes(county):
    async with county() as c:
        await given.missed(c, c.jo)
        await given.acknowledged(c, c.rosa, c.jo)
        await c.rosa.presses("Hand over to somebody")
        said = await c.rosa.submits({"Who takes it?": "Theo Brandt"})
        assert said["errors"] == {}
        await c.theo.expects_dm(
            ASK, "Rosa Delgado asks you to take this over", "Missed check-in: Jo", "[I take it]"
        )
        await c.rosa.sees("Rosa Delgado has it.")

        await c.theo.presses("I can't take it")
        await c.rosa.expects_dm(UPDATE, "Theo Brandt can't take it.", "It stays with you.")

        await c.rosa.presses("Hand over to somebody")
        await c.rosa.submits({"Who takes it?": "Dr. Lin"})
        await c.lin.expects_dm(ASK, "Rosa Delgado asks you to take this over")
        await c.clock.forward(minutes=5)
        await c.rosa.expects_dm(UPDATE, "Dr. Lin has not answered.", "It stays with you.")
        await c.lin.presses("I take it")
        await c.lin.expects_dm(UPDATE, "not offered to you any more")

        await c.rosa.presses("Hand over to somebody")
        await c.rosa.submits({"Who takes it?": "Dr. Lin"})
        await c.lin.expects_dm(ASK, "Rosa Delgado asks you to take this over")
        await c.lin.presses("I take it")
        await c.rosa.expects_dm(UPDATE, "Dr. Lin has it now.")
        await c.jo.expects_dm(UPDATE, "Dr. Lin has it now.")
        # No rung had paged her: she works from the page, and is stood down with the others.
        await c.lin.expects_page("Missed check-in: Jo Alvarez", "Dr. Lin has it.")
        await c.rosa.sees("Dr. Lin has it.")

        await c.lin.presses("Accounted for...")
        await c.lin.submits(given.IS_OVER)
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_dm("Belay: accounted for", "Jo Alvarez is accounted for.")
        await c.jo.expects_dm("You are accounted for.")


async def test_everything_somebody_has_is_offered_at_once_and_each_is_an_answer_of_its_own(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.rosa.commands("/visit handover")
        said = await c.rosa.submits({"Who takes it?": "Maya Okafor"})
        assert said["errors"] == {}
        await c.maya.expects_dm(ASK, "asks you to take over this visit", "as before", "[I take it]")
        await c.maya.presses("I take it")
        await c.rosa.expects_dm(UPDATE, "Maya Okafor has taken over this visit.")
        await c.jo.expects_dm(UPDATE, "Maya Okafor has taken over this visit.")
        await c.rosa.sees("Confirmed by Rosa Delgado", "Maya Okafor has taken this visit over.")

        # From now on it is Maya who hears how it goes.
        await c.jo.presses("Extend")
        await c.jo.submits({"How much longer?": "15 minutes"})
        await c.maya.expects_dm(UPDATE, "15 more minutes")
        await c.rosa.commands("/visit handover")
        await c.rosa.expects_dm("You have nothing to hand over right now.")
