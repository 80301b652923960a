"""Slack takes a page and its answer is lost: it is found again, and not sent a second time."""

import pytest

from tests.scenarios import given


@pytest.mark.parametrize("fault", ["http_500_after", "drop_after"])
async def test_a_page_of_unknown_fate_is_looked_up_and_not_repeated(county, fault):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.clock.forward(minutes=39)
        for _ in range(3):
            await c.jo.expects_dm("Belay: reminder")
        await c.faults.add(fault, "chat.postMessage", count=2)
        await c.clock.forward(minutes=1)
        await c.retries_are_due()
        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez")
        await c.jo.expects_dm("people were told")
        # Where it stands is known, so it is kept up to date.
        await c.rosa.presses("I have it")
        await c.theo.sees("Missed check-in: Jo Alvarez", "Rosa Delgado has it.")
        await c.jo.expects_dm("Rosa Delgado has seen this.")
