"""A worker gets ready in the Home, practises alone, and what they chose works in the field."""

from storage.onboarding_tables import Step
from tests.harness import PAGE
from tests.ready import form_text, home_text, opens_step, presses_at_home, presses_in_form
from tests.scenarios import given

PHRASE = "the heron stands by the pond"
CHOICE = {
    "Which one means: I am not safe?": "The upper OK button",
    "And which words mean the same?": PHRASE,
}


async def test_a_choice_made_and_practised_at_home_is_read_in_the_field(county):
    async with county() as c:
        assert "Get ready" in await home_text(c.jo)
        await opens_step(c.jo, Step.ANSWERS)
        assert (await c.jo.submits(CHOICE))["errors"] == {}
        assert "✓ The two OK buttons" in await home_text(c.jo)

        await opens_step(c.jo, Step.PRACTICE)
        assert "Are you alone?" in await form_text(c.jo)
        await presses_in_form(c.jo, "OK", which=0)
        assert "This means: I am not safe." in await form_text(c.jo)
        await presses_in_form(c.jo, "OK", which=1)
        assert "This means: I am OK." in await form_text(c.jo)
        await c.jo.submits({"Or what would you write?": f"Ok. {PHRASE.upper()}!"})
        assert "This means: I am not safe." in await form_text(c.jo)
        await c.jo.closes()
        for one in (c.rosa, c.theo, c.lin, c.jo):
            await one.expects_nothing()

        await given.on_a_visit(c, c.jo)
        await c.jo.presses("OK", which=0)
        await c.clock.forward(minutes=1)
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Duress: Jo Alvarez")
        await c.clinical.expects(PAGE, "Duress")
        await c.incidents.expects("Incident", "Duress")
        await c.incidents.expects("Step ", "people were paged")


async def test_whom_to_send_stands_on_the_page_as_the_worker_wants_it(county):
    async with county() as c:
        await opens_step(c.jo, Step.SEND)
        wanted = {"Who should come, in this order?": ["A pair from the team", "Mobile crisis"]}
        assert (await c.jo.submits(wanted))["errors"] == {}
        await given.called_for_help(c, c.jo)
        await c.rosa.sees("Whom to send, as the worker wants it: A pair from the team, Mobile")


async def test_every_step_can_be_put_off_and_nothing_is_refused_for_it(county):
    async with county() as c:
        for step in ("The two OK buttons", "Practice with a card", "Contacts"):
            await presses_at_home(c.sam, f"Skip for now: {step}")
        assert "Contacts (later)" in await home_text(c.sam)
        await given.on_a_visit(c, c.sam)
        await c.sam.presses("Leaving")
        await c.sam.presses("I'm clear")
        await c.sam.sees("Visit done. You are clear.")


async def test_a_place_is_flagged_from_the_home_and_reviewed_there(county):
    async with county() as c:
        await presses_at_home(c.jo, "Flag a place")
        said = await c.jo.submits({"Where?": given.SHELTER, "What is it?": "No entry"})
        assert said["errors"] == {}
        shown = await home_text(c.rosa)
        assert f"{given.SHELTER} · No entry" in shown
        assert "Flagged by Jo Alvarez" in shown
