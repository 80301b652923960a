"""On an elevated visit a late tap is told to responders, and one tap of theirs is not enough."""

import pytest

from bot.demo.screen import NotThereError
from tests.harness import UPDATE
from tests.scenarios import given


async def test_somebody_speaks_with_the_worker_before_it_closes(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo, every="30 min", more=given.DANGEROUS)
        await c.clock.forward(minutes=35)
        for _ in range(3):
            await c.jo.expects_dm("Belay: reminder")
        await c.jo.expects_dm("people were told")
        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez", "Rating: Elevated")

        await c.jo.presses("OK")
        await c.jo.expects_dm("Your tap came in")
        for one in (c.rosa, c.theo):
            await one.expects_dm(UPDATE, "Jo Alvarez has tapped since", "does not close it")
            with pytest.raises(NotThereError):
                await one.finds("Yes, they are OK")

        await given.acknowledged(c, c.rosa, c.jo)
        await c.rosa.presses("Accounted for...")
        await c.rosa.submits(given.GOES_ON)
        for one in (c.rosa, c.theo):
            await one.expects_dm("Stand down. Jo Alvarez is accounted for.", "The visit goes on")
        await c.jo.expects_dm("You are accounted for.", "Your visit goes on.")
        await c.jo.sees("Check in by", "[OK] [Leaving]")
