"""A flag counts at once, is told to whoever goes there, and is reviewed in time."""

from tests.harness import UPDATE
from tests.scenarios import given

SHELTER = given.SHELTER


async def test_two_taps_on_the_card_tell_the_approver_and_count_for_the_next_plan(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.jo.presses("Flag this place")
        said = await c.jo.submits({})
        assert said["errors"] == {}
        await c.rosa.expects_dm(UPDATE, f"A new flag at {SHELTER}", "Jo Alvarez has a visit there")
        await c.jo.presses("Leaving")
        await c.jo.presses("I'm clear")

        await c.sam.commands("/visit")
        assert (await c.sam.submits(given.answers()))["errors"] == {}
        await c.sam.expects_dm("Plan sent", "Elevated")
        await c.rosa.expects_dm("Sam Whitaker", "Rating: Elevated, because: 1 flag on the place")
        await c.field_safety.expects("Sam Whitaker", "Elevated")


async def test_a_review_is_reminded_of_on_the_last_morning_and_ends_the_flag(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.jo.presses("Flag this place")
        await c.jo.submits({"What did you see?": "The door at the back is broken"})
        await c.rosa.expects_dm(UPDATE, f"A new flag at {SHELTER}")
        await c.jo.presses("Leaving")
        await c.jo.presses("I'm clear")
        for _ in range(7):
            await c.clock.forward(minutes=24 * 60)
        for one in (c.rosa, c.theo, c.maya):
            await one.expects_dm(UPDATE, "A flag waits for its review: River bend encampment")
            await one.expects_dm(UPDATE, f"A flag waits for its review: {SHELTER}", "[Review]")
        await c.maya.presses("Review", among=SHELTER)
        assert "The door at the back is broken" in str(await c.maya.form())
        said = await c.maya.submits(
            {"Does it still hold?": "End it: the place is all right now", "Why?": "Mended"}
        )
        assert said["errors"] == {}
        await c.sam.commands("/visit")
        await c.sam.submits(given.answers())
        await c.sam.expects_dm("Plan sent", "Low")
        c.inbox.left.clear()
