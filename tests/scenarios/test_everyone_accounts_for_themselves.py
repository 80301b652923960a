"""Everyone who is out is asked at once; whoever asked sees who has answered, and who is missed."""

from tests.harness import REMINDER, UPDATE
from tests.scenarios import given
from tests.scenarios.backstage import DURESS_BUTTON

CALLED = "Everyone is asked to check in now."
# Which of the two equal buttons is an ordinary answer.
ORDINARY = {who: 1 - ("a", "b").index(button) for who, button in DURESS_BUTTON.items()}


async def called(c, by, count: str) -> None:
    """Somebody asks everyone, and is asked first whether they mean it."""
    await by.commands("/visit everyone")
    form = await by.form()
    assert count in str(form["blocks"])
    await by.submits({})
    await by.expects_dm(UPDATE, "Everyone who is out was asked to check in.", "0 of")


async def test_who_does_not_answer_is_missed_and_the_ordinary_ladder_is_climbed(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await given.confirmed(c, c.sam)
        await c.clock.forward(minutes=1)
        await called(c, c.maya, "2 people are out now")
        await c.jo.expects_dm(REMINDER, CALLED, "[OK]", "[Leaving]", "[Help: call me]")
        await c.sam.expects_dm(REMINDER, CALLED, "[OK, on my way]", "[I'm here]")

        await c.theo.commands("/visit everyone")
        await c.theo.submits({})
        await c.theo.expects_dm(UPDATE, "Everyone was asked already")

        await c.sam.presses("OK, on my way", which=ORDINARY["sam"])
        await c.clock.forward(minutes=1)
        await c.maya.sees("1 of 2 have answered.", "Still waiting for: Jo Alvarez")

        await c.clock.forward(minutes=4)
        await c.jo.expects_dm(REMINDER, "people were told")
        await c.rosa.expects_page("Missed check-in", "Jo Alvarez")
        await c.theo.expects_page("Missed check-in", "Jo Alvarez")
        await c.clock.forward(minutes=1)
        await c.maya.expects_dm(
            UPDATE, "Not everyone has answered.", "No answer from: Jo Alvarez.", "1 of 2"
        )

        await given.acknowledged(c, c.rosa, c.jo)
        await c.rosa.presses("Accounted for...")
        await c.rosa.submits(given.IS_OVER)
        for one in (c.rosa, c.theo):
            await one.expects_dm("Belay: accounted for")
        await c.jo.expects_dm("You are accounted for.")


async def test_when_all_have_answered_whoever_asked_hears_so(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await called(c, c.rosa, "1 person is out now")
        await c.jo.expects_dm(REMINDER, CALLED)
        await c.jo.presses("OK")
        await c.clock.forward(minutes=1)
        await c.rosa.expects_dm(UPDATE, "Everyone has answered.", "1 of 1")
        # Nobody was put off by it, and the next one may be asked for.
        await c.clock.forward(minutes=20)
        await called(c, c.rosa, "1 person is out now")
        await c.jo.expects_dm(REMINDER, CALLED)
        await c.jo.presses("OK")
        await c.clock.forward(minutes=1)
        await c.rosa.expects_dm(UPDATE, "Everyone has answered.")


async def test_a_phone_that_must_stay_quiet_does_not_ring(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.jo.presses("Help: stay quiet")
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Do not ring them")
        await c.clinical.expects("Do not ring them")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1")
        await c.maya.commands("/visit everyone")
        await c.maya.submits({})
        await c.maya.expects_dm(UPDATE, "People are on it already for 1 of them.")
        await c.clock.forward(minutes=1)
        await c.maya.expects_dm(UPDATE, "The roll call is over.")
        await c.jo.expects_nothing()


async def test_a_worker_under_duress_is_asked_and_counted_as_any_other(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.jo.presses("OK", which=1 - ORDINARY["jo"])
        await c.clock.forward(minutes=1)
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Do not call or message them.")
        await c.clinical.expects("Do not call or message them.")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1")
        await called(c, c.maya, "1 person is out now")
        await c.jo.expects_dm(REMINDER, CALLED, "[OK]")
        await c.jo.presses("OK", which=ORDINARY["jo"])
        await c.clock.forward(minutes=0.5)
        await c.maya.expects_dm(UPDATE, "Everyone has answered.", "1 of 1")
