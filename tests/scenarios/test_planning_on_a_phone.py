"""Planning a visit takes a few taps, and nothing that was typed is lost on the way."""

import pytest

from tests.harness import CARD, PLAN, PLAN_ANSWERED, UPDATE
from tests.scenarios import given

THERE = "I'm already there: watch me"
UNLISTED = "A place not on the list"


async def asked_to_confirm(c, *texts):
    """Rosa and the field-safety channel were asked to look at a plan with these in it."""
    await c.rosa.expects_dm(PLAN, *texts)
    await c.field_safety.expects(PLAN, *texts)


async def test_a_place_not_on_the_list_is_typed_on_the_first_screen(county):
    async with county() as c:
        await c.jo.commands("/visit")
        await c.jo.fills({"What for?": "Bringing supplies", "Where?": UNLISTED})
        said = await c.jo.submits({"What do you call it?": "Home 17b"})
        assert said["errors"] == {}
        await c.jo.expects_dm(CARD, "Home 17b", "Bringing supplies")
        await asked_to_confirm(c, "Where: Home 17b")


async def test_a_template_and_more_details_leave_what_was_typed(county):
    async with county() as c:
        await c.jo.commands("/visit")
        await c.jo.fills({"Where?": "River bend encampment", "When?": "14:00"})
        await c.jo.presses_in_form("Encampment")
        await c.jo.presses_in_form("More details")
        await c.jo.fills({"Partner on this visit": "Sam Whitaker"})
        said = await c.jo.submits()
        assert said["errors"] == {}
        for one in (c.jo, c.sam):
            await one.expects_dm(CARD, "River bend encampment", "2:00 PM, 1 h", "Outreach")
        # The place has a flag besides: two grounds for care, and none of them after dark.
        await asked_to_confirm(c, "Elevated", "Encampment", "1 flag", "Partner: Sam Whitaker")


async def test_a_high_rating_asks_for_company_and_says_where_to_name_it(county):
    async with county() as c:
        await c.jo.commands("/visit")
        weapons = given.answers(**{"What do you know about the place?": ["Weapons"]})
        said = await c.jo.submits(weapons)
        [sentence] = said["errors"].values()
        assert "Name one under More details." in sentence
        await c.jo.presses_in_form("More details")
        said = await c.jo.submits({"Backup on site": "Theo Brandt"})
        assert said["errors"] == {}
        await c.jo.expects_dm(CARD, "High")
        await asked_to_confirm(c, "High", "Weapons", "Backup on site: Theo Brandt")


@pytest.mark.parametrize("way", ["from the card", "from the form", "by a word"])
async def test_the_last_visit_is_planned_again_in_three_taps(county, way):
    async with county() as c:
        await given.planned(c, c.jo)
        await c.jo.presses("Call off")
        await c.rosa.expects_dm(UPDATE, "called the visit off")
        await c.jo.sees("Visit called off", "[Plan it again]", "[Help: call me]")
        # One tap opens the form, or two do; the last sends it.
        if way == "from the card":
            await c.jo.presses("Plan it again")
        elif way == "by a word":
            await c.jo.commands("/visit again")
        else:
            await c.jo.commands("/visit")
            await c.jo.presses_in_form("Same as last time")
        said = await c.jo.submits()
        assert said["errors"] == {}
        await c.jo.expects_dm(CARD, given.SHELTER, "1:15 PM, 2 h", "Outreach")
        await asked_to_confirm(c, given.SHELTER, "1:15 PM to 3:15 PM")


async def test_whoever_is_there_ticks_it_and_sends_the_form_as_it_is(county):
    async with county() as c:
        await c.jo.commands("/visit")
        said = await c.jo.submits({THERE: [THERE]})
        assert said["errors"] == {}
        await c.rosa.expects_dm(PLAN, "Not planned ahead: asked to be watched")
        await c.field_safety.expects(PLAN, "Not planned ahead")
        for one in (c.rosa, c.theo):
            await one.expects_dm(UPDATE, "not planned ahead")
        await c.jo.expects_dm(CARD, "[OK] [Leaving]")


async def test_a_route_is_walked_stop_by_stop_with_one_tap_each(county):
    more = {"Then on to": ["River bend encampment", "Jail release gate"]}
    async with county() as c:
        await c.jo.commands("/visit")
        await c.jo.presses_in_form("More details")
        said = await c.jo.submits(given.answers(**more))
        assert said["errors"] == {}
        await c.jo.expects_dm(CARD, "Stop 1 of 3: Main St shelter")
        route = "Main St shelter → River bend encampment → Jail release gate"
        # The flag on the second stop makes the whole route an elevated one.
        await asked_to_confirm(c, f"Where: {route}", "Elevated")
        await c.rosa.presses("Confirm plan")
        await c.rosa.submits()
        await c.jo.expects_dm(PLAN_ANSWERED, "Confirmed by Rosa Delgado.")
        await c.clock.forward(minutes=15)
        await c.jo.presses("I'm here")
        await c.jo.sees("Stop 1 of 3: Main St shelter. Next: River bend encampment", "[Next stop]")
        await c.clock.forward(minutes=15)
        await c.jo.presses("Next stop")
        await c.jo.sees("Stop 2 of 3: River bend encampment", "Tap I'm here by 2:00 PM")
        await c.jo.presses("I'm here")
        await c.jo.presses("Next stop")
        await c.jo.presses("I'm here")
        await c.jo.sees("Stop 3 of 3: Jail release gate", "[OK] [Leaving]")


async def test_a_partner_who_is_taken_off_is_told_so_and_keeps_no_button_of_the_visit(county):
    async with county() as c:
        await c.jo.commands("/visit")
        await c.jo.presses_in_form("More details")
        await c.jo.submits(given.answers(**{"Partner on this visit": "Sam Whitaker"}))
        for one in (c.jo, c.sam):
            await one.expects_dm(CARD, "[I'm here]")
        await asked_to_confirm(c, "Partner: Sam Whitaker")
        await c.jo.presses("Change plan")
        await c.jo.submits({"Partner on this visit": None})
        await asked_to_confirm(c, "Goes alone")
        await c.sam.expects_dm(UPDATE, "Jo Alvarez changed the plan. You are no longer on this")
        card = await c.sam.sees(CARD, "You are no longer on this visit.", "[Help: call me]")
        assert "[I'm here]" not in card
        await c.jo.sees(CARD, "[I'm here]")
