"""A worker who is there already is never refused a clock."""

from tests.harness import CARD, PLAN, UPDATE
from tests.scenarios import given


async def test_i_am_here_now_starts_the_clock_at_once(county):
    async with county() as c:
        await c.jo.commands("/visit here")
        await c.jo.submits({"Where?": given.SHELTER})
        await c.rosa.expects_dm(PLAN, "Not planned ahead", "[Confirm plan]")
        await c.field_safety.expects(PLAN, "Not planned ahead")
        for one in (c.rosa, c.theo):
            await one.expects_dm(UPDATE, "Jo Alvarez is on a visit that was not planned ahead")
        await c.jo.expects_dm(CARD, "[OK] [Leaving]")
        # Nobody answers: after three minutes the others are asked.
        await c.clock.forward(minutes=3)
        for one in (c.theo, c.maya):
            await one.expects_dm(PLAN, "[Confirm plan]")
        await c.jo.expects_dm(UPDATE, "Nobody has confirmed your plan yet")
        await c.rosa.presses("Confirm plan")
        await c.rosa.submits()
        await c.jo.expects_dm("Confirmed by Rosa Delgado.")


async def test_a_refused_plan_is_watched_all_the_same_by_whoever_is_there(county):
    async with county() as c:
        await c.jo.commands("/visit")
        dangerous = given.answers(
            **{"What do you know about the place?": ["Violence going on now"]}
        )
        said = await c.jo.submits(dangerous)
        assert "No visits while there is active violence" in " ".join(said["errors"].values())
        said = await c.jo.submits({"I'm already there: watch me": ["I'm already there: watch me"]})
        assert said["errors"] == {}
        await c.rosa.expects_dm(PLAN, "Prohibited", "asked to be watched")
        await c.field_safety.expects(PLAN, "Prohibited")
        for one in (c.rosa, c.theo):
            await one.expects_dm(UPDATE, "not planned ahead")
        await c.jo.expects_dm(CARD, "[OK] [Leaving]")
