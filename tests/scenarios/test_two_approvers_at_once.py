"""Two people answer the same plan: one answer counts, and the other is told so kindly."""

import asyncio

from tests.scenarios import given


async def test_of_two_who_confirm_at_once_one_is_told_that_it_is_done(county):
    async with county() as c:
        await given.planned(c, c.jo)
        for one in (c.rosa, c.theo):
            await one.presses("Confirm plan")
        c.settles = False
        said = await asyncio.gather(c.rosa.submits(), c.theo.submits())
        c.settles = True
        assert [one["ok"] for one in said].count(True) >= 1
        await c.jo.expects_dm("Confirmed by")
        await c.jo.sees("Plan confirmed. You can still turn back.")
        await c.field_safety.sees("Confirmed by")


async def test_an_old_revision_cannot_be_confirmed(county):
    async with county() as c:
        await given.planned(c, c.jo)
        await c.theo.presses("Confirm plan")
        await c.rosa.presses("Ask for changes")
        await c.rosa.submits({"What should the worker know?": "Please go a little later."})
        await c.jo.expects_dm("Rosa Delgado asks for changes", "Please go a little later.")
        await c.jo.sees("Changes asked for", "[I'm here]", "[Help: call me]")
        await c.jo.presses("Change plan", among="asks for changes")
        said = await c.jo.submits({"When?": "13:30"})
        assert said["errors"] == {}
        await c.rosa.expects_dm("Belay: a plan to look at", "1:30 PM to 3:30 PM")
        await c.field_safety.expects("1:30 PM to 3:30 PM", "[Confirm plan]")

        said = await c.theo.submits()
        assert "The plan changed after you opened it" in " ".join(said["errors"].values())
        await c.jo.expects_nothing()
