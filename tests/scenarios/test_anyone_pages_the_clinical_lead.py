"""Anyone may page the clinical lead, without a row and without a permission; and it survives."""

from tests import harness
from tests.harness import PAGE, UPDATE
from tests.scenarios.backstage import on_both_engines

TITLE = "Page to the clinical lead"


async def test_a_page_is_two_taps_and_nothing_has_to_be_typed(county):
    async with county() as c:
        await c.pat.commands("/page")
        assert (await c.pat.submits({}))["errors"] == {}
        await c.pat.expects_dm(UPDATE, "Paged.", TITLE)
        page = await c.lin.expects_page(TITLE, "Pat Lindgren asks. Heard and paged at")
        told, first = page.lines[:2]
        assert told == "Pat Lindgren was told this first. Make sure that it is done:"
        assert first.startswith("• A life in danger? Call <tel:911|911> first.")
        await c.clinical.expects(PAGE, TITLE)


@on_both_engines
async def test_a_page_goes_on_where_it_stood_after_kill_9(killable_county):
    async with killable_county() as c:
        await c.jo.commands("/page")
        await c.jo.submits({"What did you see or hear?": "She shakes and sweats"})
        await c.jo.expects_dm(UPDATE, "Paged.", TITLE)
        await c.lin.expects_page(TITLE, "She shakes and sweats")
        await c.clinical.expects(PAGE, TITLE)

        await c.bot.kill()
        await c.bot.start()
        await harness.hears(c)
        await c.lin.expects_nothing()
        await c.clock.forward(minutes=15)
        await c.maya.expects_page(TITLE, "She shakes and sweats")
        await c.clinical.expects(PAGE, TITLE)

        await c.maya.presses("I have it")
        await c.jo.expects_dm(UPDATE, "Maya Okafor has seen this.")
