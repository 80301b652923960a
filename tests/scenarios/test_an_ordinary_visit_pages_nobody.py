"""A visit goes as planned, and nobody but its worker and its approver hears of it."""

from tests.scenarios import given


async def test_a_visit_from_plan_to_clear_pages_nobody(county):
    async with county() as c:
        await given.planned(c, c.jo)
        await c.rosa.presses("Confirm plan")
        await c.rosa.submits({"Check in every": "30 min"})
        await c.jo.expects_dm("Confirmed by Rosa Delgado.", "You can still turn back.")
        await c.jo.sees("Plan confirmed", "by 1:30 PM", "[I'm here]", "[Running late]")
        await c.rosa.sees("Confirmed by Rosa Delgado")
        await c.field_safety.sees("Confirmed by Rosa Delgado", "Checks in every 30 min")

        await c.clock.forward(minutes=15)
        await c.jo.presses("I'm here")
        await c.jo.sees("1:15 PM I'm here", "Check in by 1:45 PM", "[OK] [Leaving]")
        await c.clock.forward(minutes=20)
        await c.jo.presses("OK")
        await c.jo.sees("1:35 PM Last heard", "Check in by 2:05 PM")
        await c.clock.forward(minutes=20)
        await c.jo.presses("Leaving")
        await c.jo.sees("1:55 PM Leaving", "Tap I'm clear by 2:10 PM", "[I'm clear] [Not yet]")
        await c.clock.forward(minutes=5)
        await c.jo.presses("I'm clear")
        await c.jo.sees("2:00 PM Clear", "Visit done. You are clear.")

        await c.clock.forward(minutes=24 * 60)
