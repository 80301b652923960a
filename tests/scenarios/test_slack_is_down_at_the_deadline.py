"""Slack is away when a check-in is missed: the ladder climbs all the same, and all of it is said
as soon as Slack is there again."""

from tests.harness import PAGE, REMINDER
from tests.scenarios import given
from tests.scenarios.backstage import PATIENT


async def test_what_came_due_while_slack_was_away_is_said_afterwards(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.clock.forward(minutes=26)
        await c.jo.expects_dm(REMINDER)

        await c.faults.add("outage")
        c.declares_error("rolling.failed")
        await c.clock.forward(minutes=20)
        await c.rosa.expects_nothing()

        await c.faults.lift()
        await c.retries_are_due()
        for one in (c.rosa, c.theo, c.lin, c.maya):
            await one.expects_page("Missed check-in: Jo Alvarez", "Since: Tue Dec 1, 1:45 PM")
        await c.clinical.expects(PAGE, "Missed check-in: Jo Alvarez")
        await c.incidents.expects("Incident", "Missed check-in")
        await c.incidents.expects("Step 1: 2 people were paged.")
        await c.incidents.expects("Step 2: ", "people were paged")
        # The reminders of that time say nothing any more, but what people were told does.
        await c.jo.expects_dm("people were told")
        await c.dead_mans_note_is_posted()


async def test_a_tap_that_was_lost_in_an_outage_can_be_made_again(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        c.jo.patient = False
        await c.faults.add("lose", "interactive")
        await c.workspace.post("/timing", {"ack_within": 0.0})
        said = await c.jo.presses("OK")
        assert not said["ok"]
        await c.workspace.post("/timing", {"ack_within": PATIENT.ack_within})
        c.jo.patient = True
        await c.clock.forward(minutes=10)
        await c.jo.presses("OK")
        await c.jo.sees("1:25 PM Last heard")
