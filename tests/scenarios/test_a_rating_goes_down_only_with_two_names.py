"""A rating is lowered by two people with a reason, and only against what was known then."""

from protocol.ids import PersonId, ProgramId
from protocol.rating import FlagKind
from storage import places
from storage.database import Database
from storage.sealing import Sealer
from tests.harness import ASK, PLAN, PLAN_ANSWERED, UPDATE, County
from tests.protocol.world import POLICY
from tests.scenarios import given
from tests.scenarios.backstage import FILE, KEY, NOON

WHY = "The outreach van is parked there all day."
ASKED = "Rosa Delgado asks for Low instead. It needs a second approver."


async def proposed(c: County) -> None:
    """Rosa asks to lower the rating of Jo's elevated plan; Theo and Maya are asked to agree."""
    await given.planned(c, c.jo, given.DANGEROUS)
    await c.rosa.presses("Lower the rating")
    said = await c.rosa.submits({"What makes this visit safer?": WHY})
    assert said["errors"] == {}
    for one in (c.theo, c.maya):
        await one.expects_dm(ASK, "Rosa Delgado asks to lower the rating", ASKED, WHY, "[Agree")


async def agreed(c: County) -> None:
    """Theo agrees: who waits hears so, and Theo gets the plan as it is now."""
    await c.theo.presses("Agree to the lower rating")
    for one in (c.rosa, c.jo):
        await one.expects_dm(UPDATE, "Theo Brandt was the second to agree", "still needs a yes")
    lowered = f"Lowered to Low by Rosa Delgado and Theo Brandt. Why: {WHY}"
    await c.theo.expects_dm(PLAN, "Rating: Low", lowered, "[Confirm plan]")
    await c.field_safety.sees("Rating: Low", lowered, "[Confirm plan]")


def flag_the_shelter(c: County) -> None:
    """Lin flags the place at this moment."""
    database, program = Database.open(c.database_url, threads=1), ProgramId(FILE.program.id)
    database.run_sync(
        lambda conn: places.raise_flag(
            conn,
            Sealer.from_text(KEY),
            POLICY,
            flag_id="flag-1",
            program=program,
            place=places.place_id(program, "main-st-shelter"),
            kind=FlagKind.CONCERN,
            author=PersonId("lin"),
            at=NOON,
        )
    )
    database.dispose()


async def test_two_names_and_a_reason_lower_it_and_the_plan_is_confirmed_as_usual(county):
    async with county() as c:
        await proposed(c)
        await c.field_safety.sees("Rating: Elevated", ASKED)
        await agreed(c)
        await c.maya.presses("Agree to the lower rating")
        await c.maya.expects_dm(UPDATE, "The plan changed after you opened it.")
        await c.theo.presses("Confirm plan")
        assert (await c.theo.submits())["errors"] == {}
        await c.jo.expects_dm(PLAN_ANSWERED, "Confirmed by Theo Brandt.")
        await c.field_safety.sees("Lowered to Low", "Confirmed by Theo Brandt")


async def test_without_a_second_name_the_computed_rating_stands(county):
    async with county() as c:
        await proposed(c)
        await c.rosa.presses("Confirm plan")
        assert (await c.rosa.submits())["errors"] == {}
        await c.jo.expects_dm(PLAN_ANSWERED, "Confirmed by Rosa Delgado.")
        await c.field_safety.sees("Rating: Elevated", "Confirmed by Rosa Delgado")
        await c.theo.presses("Agree to the lower rating")
        await c.theo.expects_dm(UPDATE, "This plan is confirmed already.")
        await c.field_safety.sees("Rating: Elevated", "Confirmed by Rosa Delgado")


async def test_a_new_flag_takes_the_lower_rating_back(county):
    async with county() as c:
        await proposed(c)
        await agreed(c)
        flag_the_shelter(c)
        await c.theo.presses("Confirm plan")
        said = await c.theo.submits()
        assert "a new flag raised the rating" in " ".join(said["errors"].values())
        await c.theo.expects_dm(PLAN, "Rating: Elevated", "1 flag on the place", "[Confirm plan]")
        await c.field_safety.sees("Rating: Elevated", "1 flag on the place")
