"""Somebody takes it on, looks for the worker, and closes it; everybody who was paged hears so."""

import re

from tests.harness import THANKS
from tests.scenarios import given
from tests.scenarios.backstage import on_both_engines


@on_both_engines
async def test_an_incident_is_acknowledged_worked_on_closed_and_stood_down(county):
    async with county() as c:
        thread = await given.missed_twice(c, c.jo)

        await given.acknowledged(c, c.lin, c.jo)
        await c.incidents.expects("has it.")
        number, *_rest = re.findall(r"[0-9a-f]{8}-1", thread.whole)
        await c.rosa.sees(
            "Dr. Lin has it.",
            "Dr. Lin, please call Jo Alvarez now.",
            "This is not an all-clear",
            f"Incident {number}: Open the thread",
        )
        await c.clinical.sees("Dr. Lin has it.")

        await c.clock.forward(minutes=2)
        await c.lin.presses("Log a contact attempt")
        await c.lin.submits(
            {"What did you try?": "Called the worker", "What came of it?": "No answer"}
        )
        await c.incidents.expects("contact attempt", "Called the worker: no answer")
        await c.lin.sees("Contact attempts logged: 1")

        await c.clock.forward(minutes=5)
        await c.lin.presses("Accounted for...")
        await c.lin.submits(given.IS_OVER)
        await given.stood_down(c, (c.rosa, c.theo, c.maya, c.lin), "Jo Alvarez")
        await c.jo.expects_dm(THANKS, "You are accounted for.", "Your visit is closed")
        await c.rosa.sees(
            "The worker is accounted for",
            "Dr. Lin closed it",
            "A responder spoke with them.",
            "What it was: Visit took longer.",
            "The visit is over",
            f"Incident {number}: Open the thread",
        )

        await c.clock.forward(minutes=24 * 60)


async def test_whoever_has_it_is_asked_again_and_then_people_are_paged_anew(county):
    async with county() as c:
        await given.missed_twice(c, c.jo)
        await given.acknowledged(c, c.lin, c.jo)
        await c.incidents.expects("has it.")

        await c.clock.forward(minutes=55)
        await c.lin.expects_dm("Are you still on it?", "[Still on it]")
        await c.clock.forward(minutes=4)
        await c.lin.presses("Still on it")
        await c.clock.forward(minutes=55)
        await c.lin.expects_dm("Are you still on it?")
        await c.clock.forward(minutes=5)
        await c.lin.expects_dm("People are being paged again")
        for one in (c.rosa, c.theo):
            await one.expects_page("Missed check-in: Jo Alvarez")
        await c.incidents.expects("did not answer in time")
        await c.incidents.expects("Step ", "people were paged")
