"""OK, OUT and HELP typed to the bot do what the buttons do, and are answered in the same place."""

from tests.harness import PAGE
from tests.scenarios import given


async def test_a_visit_can_be_typed_from_arrival_to_clear(county):
    async with county() as c:
        await given.confirmed(c, c.jo, "30 min")
        await c.clock.forward(minutes=15)
        await c.jo.writes("OK")
        await c.jo.expects_dm("you are there")
        await c.jo.sees("1:15 PM I'm here")
        await c.jo.writes("ok, still fine")
        await c.jo.expects_dm("Got it.")
        await c.jo.writes("OUT")
        await c.jo.expects_dm("you are leaving")
        await c.jo.writes("out")
        await c.jo.expects_dm("you are clear")
        await c.jo.sees("Visit done. You are clear.")


async def test_help_that_is_typed_pages_people_quietly(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.jo.writes("help")
        await c.jo.expects_dm("Received. Nothing rings.")
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Help: stay quiet: Jo Alvarez", "Do not ring them.")
        await c.clinical.expects(PAGE, "Help: stay quiet")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step ", "people were paged")


async def test_other_words_are_answered_with_what_can_be_typed(county):
    async with county() as c:
        await c.jo.writes("hello there")
        await c.jo.expects_dm("Here is what you can type")
