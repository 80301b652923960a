"""The bot dies in the middle of a climb, as in a power cut, and starts again: nothing is lost,
nothing is repeated, and the ladder goes on where it stood."""

from tests import harness
from tests.scenarios import given
from tests.scenarios.backstage import on_both_engines


@on_both_engines
async def test_a_climb_goes_on_where_it_stood_after_kill_9(killable_county):
    async with killable_county() as c:
        await given.missed(c, c.jo)

        await c.bot.kill()
        await c.bot.start()
        await harness.hears(c)
        await c.rosa.expects_nothing()
        await c.clock.forward(minutes=5)
        await c.lin.expects_page("Missed check-in: Jo Alvarez")
        await c.maya.expects_page("Missed check-in: Jo Alvarez")
        await c.clinical.expects("Missed check-in: Jo Alvarez")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1: 2 people were paged.")
        await c.incidents.expects("Step 2: ", "people were paged")

        await c.lin.presses("I have it")
        await c.jo.expects_dm("Dr. Lin has seen this.")
        await c.incidents.expects("has it.")


async def test_a_deadline_that_passed_while_it_was_dead_is_late_and_not_skipped(killable_county):
    async with killable_county() as c:
        await given.on_a_visit(c, c.jo)
        await c.bot.kill()
        await c.clock.jump(minutes=41)  # the check-in was due after 30, a human after 40
        await c.bot.start()
        await harness.hears(c)
        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez", "1:45 PM")
        await c.jo.expects_dm("people were told")
        for one in (c.jo, c.rosa, c.theo, c.maya, c.lin):
            await one.expects_dm("Monitoring was interrupted")
        await c.dead_mans_note_is_posted()


async def test_what_was_accepted_before_a_kill_is_there_after_it(killable_county):
    async with killable_county() as c:
        await given.on_a_visit(c, c.jo)
        c.settles = False
        await c.jo.presses("Help: call me")
        await c.bot.kill()
        c.settles = True
        await c.bot.start()
        await harness.hears(c)
        # Whatever had gone out before the kill is looked up and not sent again.
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Help: call me: Jo Alvarez")
        await c.clinical.expects("Help: call me: Jo Alvarez")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step ", "people were paged")
        await c.jo.expects_dm("Belay: update", "")
