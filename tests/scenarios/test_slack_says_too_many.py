"""Slack answers 429: pages wait as long as Slack says, no longer, and each is sent once."""

from tests.scenarios import given


async def test_pages_that_slack_refused_for_a_while_arrive_once(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.clock.forward(minutes=39)
        for _ in range(3):
            await c.jo.expects_dm("Belay: reminder")
        await c.faults.add("ratelimited", "chat.postMessage", count=3, retry_after=3)
        await c.clock.forward(minutes=1)
        await c.retries_are_due()
        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez")
        await c.jo.expects_dm("people were told")
