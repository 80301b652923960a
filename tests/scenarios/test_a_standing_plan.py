"""A low visit every week: confirmed once, made day by day, ended by whatever is new."""

from tests.harness import CARD, PLAN, PLAN_ANSWERED, UPDATE, hears
from tests.scenarios import given
from tests.scenarios.backstage import on_both_engines
from tests.scenarios.test_app_home import opens_home, presses_home

SHELTER = given.SHELTER


async def asked(c, *days):
    """Jo asks for a visit like today's on these days; today's is moved and called off."""
    await given.confirmed(c, c.jo)
    await c.jo.presses("Plan this every week")
    said = await c.jo.submits({"On which days?": list(days)})
    assert said["errors"] == {}
    for one in (c.rosa, c.theo):
        await one.expects_dm(PLAN, "Jo Alvarez asks for a standing plan", "[Read and answer]")
    # A visit that she has, or had, at that very time would not be made again.
    await c.jo.presses("Running late")
    await c.jo.submits({"How much later?": "30 minutes"})
    await c.rosa.expects_dm(UPDATE, "30 minutes later")
    await c.jo.presses("Call off")
    await c.rosa.expects_dm(UPDATE, "called the visit off")


async def stands(c, *days):
    """It is confirmed by somebody else."""
    await asked(c, *days)
    await c.rosa.presses("Read and answer")
    said = await c.rosa.submits()
    assert said["errors"] == {}
    await c.jo.expects_dm(
        PLAN_ANSWERED, "Rosa Delgado confirmed your standing plan", SHELTER, "Next:"
    )


@on_both_engines
async def test_each_visit_comes_confirmed_and_with_a_card_and_clock_of_its_own(county):
    async with county() as c:
        await stands(c, "Tuesday", "Wednesday")
        await c.jo.expects_dm(CARD, SHELTER, "Tue Dec 1, 1:15 PM", "Plan confirmed")
        await c.clock.forward(minutes=15)
        await c.jo.expects_dm(CARD, SHELTER, "Wed Dec 2, 1:15 PM", "Plan confirmed")
        await c.jo.presses("I'm here", among="Tue Dec 1")
        await c.jo.sees("1:15 PM I'm here", "[OK]")
        await c.jo.presses("Leaving")
        await c.jo.presses("I'm clear")
        shown = await opens_home(c.jo)
        assert "Every Tuesday and Wednesday at 1:15 PM, 2 h" in shown
        assert "Next: Tue Dec 8, 1:15 PM" in shown


async def test_one_tap_skips_a_visit_and_one_ends_it_all(county):
    async with county() as c:
        await stands(c, "Wednesday", "Friday")
        await opens_home(c.jo)
        await presses_home(c, c.jo, "Skip Wed Dec 2, 1:15 PM")
        assert "Next: Fri Dec 4, 1:15 PM" in await opens_home(c.jo)
        await c.clock.forward(minutes=30)
        await c.jo.expects_nothing()
        await presses_home(c, c.jo, "End it")
        await c.rosa.expects_dm(UPDATE, "standing plan of Jo Alvarez has ended", "peer ended it")
        assert "Standing plans" not in await opens_home(c.jo)


async def test_a_new_flag_ends_it_and_the_visit_waits_for_an_answer(county):
    async with county() as c:
        await stands(c, "Wednesday")
        await c.sam.does("home")
        await presses_home(c, c.sam, "Flag a place")
        assert (await c.sam.submits({"Where?": SHELTER}))["errors"] == {}
        await c.clock.forward(minutes=30)
        await c.jo.expects_dm(CARD, "Wed Dec 2, 1:15 PM", "Elevated", "Plan sent")
        await c.rosa.expects_dm(PLAN, "Jo Alvarez", "Elevated", "[Confirm plan]")
        await c.field_safety.expects(PLAN, "Jo Alvarez", "Elevated")
        for one in (c.jo, c.rosa):
            await one.expects_dm(
                UPDATE, "has ended", "new flag on the place", "waits for an answer"
            )


async def test_nobody_confirms_their_own_and_no_is_one_tap(county):
    async with county() as c:
        await asked(c, "Wednesday")
        await c.rosa.presses("Decline")
        await c.jo.expects_dm(UPDATE, "has ended", "It was not confirmed.")
        await c.theo.presses("Read and answer")
        await c.theo.expects_dm("This standing plan was answered or has ended.")


@on_both_engines
async def test_a_kill_while_a_visit_is_made_makes_it_once(killable_county):
    async with killable_county() as c:
        await stands(c, "Wednesday")
        await c.bot.kill()
        await c.clock.jump(minutes=30)
        await c.bot.start()
        await hears(c)
        await c.bot.kill()
        await c.bot.start()
        await hears(c)
        await c.jo.expects_dm(CARD, "Wed Dec 2, 1:15 PM", "Plan confirmed")
