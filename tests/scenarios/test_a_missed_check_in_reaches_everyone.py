"""A check-in does not come: the worker is asked, then people are, and it does not end by itself."""

from tests.harness import PAGE, REMINDER
from tests.scenarios import given

EVERYONE = ("rosa", "theo", "maya", "lin", "ines")


async def test_silence_reaches_the_worker_then_the_coordinators_then_the_lead_then_everyone(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)

        await c.clock.forward(minutes=25)
        await c.jo.expects_dm(REMINDER, "Your check-in is due at 1:45 PM", "[OK]")
        await c.clock.forward(minutes=5)
        await c.jo.expects_dm(REMINDER, "was due at 1:45 PM")
        await c.clock.forward(minutes=5)
        await c.jo.expects_dm(REMINDER, "was due at 1:45 PM")
        await c.rosa.expects_nothing()

        await c.clock.forward(minutes=5)
        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez", given.SHELTER, "[I have it]")
        await c.jo.expects_dm("people were told", "take their call")
        await c.lin.expects_nothing()
        await c.incidents.expects_nothing()

        await c.clock.forward(minutes=5)
        await c.lin.expects_page("Missed check-in: Jo Alvarez")
        await c.maya.expects_page("Missed check-in: Jo Alvarez")
        await c.clinical.expects(PAGE, "Missed check-in: Jo Alvarez", "[I have it]")
        await c.incidents.expects("Incident", "Missed check-in", "Facts only. No names")
        await c.incidents.expects("Step 1: 2 people were paged.")
        await c.incidents.expects("Step 2: ", "people were paged")
        await c.ines.expects_nothing()

        await c.clock.forward(minutes=10)
        await everyone_is_paged(c)
        await c.clock.forward(minutes=15)
        await everyone_is_paged(c, "Decide now")
        # Past the top it goes on, every ten minutes, until somebody has it.
        for _ in range(2):
            await c.clock.forward(minutes=10)
            await everyone_is_paged(c, "Decide now")


async def everyone_is_paged(c, *texts):
    for name in EVERYONE:
        await c.people[name].expects_page("Missed check-in: Jo Alvarez", *texts)
    await c.clinical.expects(PAGE, "Missed check-in: Jo Alvarez", *texts)
    await c.incidents.expects("Step ", "people were paged")
