"""Low plans are read one by one and confirmed together; each is a decision of its own."""

from bot.demo import screen
from tests.harness import PLAN_ANSWERED, UPDATE, hears
from tests.scenarios import given
from tests.scenarios.backstage import on_both_engines
from tests.scenarios.test_app_home import opens_home, presses_home

BUTTON = "Read and confirm low plans (2)"


async def two_plans(c):
    await given.planned(c, c.jo)
    await given.planned(c, c.sam, {"When?": "14:30"})
    await opens_home(c.rosa)


async def reads(who, number):
    """Open this plan of the list; those above it are open already."""
    view = await who.form()
    found = [one for one in screen.pressables(view["blocks"]) if one.label == "Read"]
    one = found[number]
    await who.does(
        "click", view_id=view["id"], action_id=one.action_id, block_id=one.block_id, value=one.value
    )
    return "\n".join(screen.lines((await who.form())["blocks"]))


def ticks(view, *names):
    return {
        label: ["I read it. Confirm it."]
        for label in screen.questions(view)
        if any(name in label for name in names)
    }


async def confirmed_by_rosa(c, *people):
    for one in people:
        await one.expects_dm(
            PLAN_ANSWERED, "Confirmed by Rosa Delgado.", "You can still turn back."
        )


@on_both_engines
async def test_what_was_read_and_ticked_is_confirmed_plan_by_plan(county):
    async with county() as c:
        await two_plans(c)
        await presses_home(c, c.rosa, BUTTON)
        assert ticks(await c.rosa.form(), "The plan of") == {}, "nothing was read yet"
        shown = await reads(c.rosa, 0)
        assert "Jo Alvarez" in shown
        for text in ("Main St shelter", "1:15 PM", "2 h", "Outreach", "Goes alone", "On duty then"):
            assert text in shown
        (only,) = ticks(await c.rosa.form(), "The plan of")
        assert "Jo Alvarez" in only
        await reads(c.rosa, 0)
        view = await c.rosa.form()
        said = await c.rosa.submits({**ticks(view, "Jo", "Sam"), "Check in every": "30 min"})
        assert said["errors"] == {}
        await confirmed_by_rosa(c, c.jo, c.sam)
        await c.rosa.expects_dm(UPDATE, "Confirmed: 2 of 2 plans.")
        await c.clock.forward(minutes=15)
        await c.jo.presses("I'm here")
        await c.jo.sees("by 1:45 PM")


async def test_a_plan_that_changed_meanwhile_is_refused_and_the_other_goes_through(county):
    async with county() as c:
        await two_plans(c)
        await presses_home(c, c.rosa, BUTTON)
        await reads(c.rosa, 0)
        await reads(c.rosa, 0)
        view = await c.rosa.form()
        await c.jo.presses("Change plan")
        assert (await c.jo.submits({"How long?": "3 h"}))["errors"] == {}
        await c.rosa.expects_dm("Jo Alvarez", "[Confirm plan]")
        await c.field_safety.expects("Jo Alvarez", "[Confirm plan]")
        await c.rosa.submits(ticks(view, "Jo", "Sam"))
        await confirmed_by_rosa(c, c.sam)
        await c.rosa.expects_dm(
            UPDATE, "Not confirmed: the plan of Jo Alvarez.", "changed", "[Confirm plan]"
        )
        await c.rosa.expects_dm(UPDATE, "Confirmed: 1 of 2 plans.")
        await c.jo.sees("not confirmed")


async def test_what_was_not_ticked_is_not_confirmed_and_no_tick_is_a_question(county):
    async with county() as c:
        await two_plans(c)
        await presses_home(c, c.rosa, BUTTON)
        await reads(c.rosa, 1)
        said = await c.rosa.submits()
        assert "Read a plan and tick it" in str(said["errors"])
        await c.rosa.submits(ticks(await c.rosa.form(), "Sam"))
        await confirmed_by_rosa(c, c.sam)
        await c.rosa.expects_dm(UPDATE, "Confirmed: 1 of 1 plans.")
        await c.jo.sees("not confirmed")


async def test_an_elevated_plan_is_never_among_them(county):
    async with county() as c:
        await two_plans(c)
        await given.planned(c, c.jo, {"How long?": "1 h", **given.DANGEROUS})
        assert f"[{BUTTON}]" in await opens_home(c.rosa), "two of three"
        await presses_home(c, c.rosa, BUTTON)
        assert len(list(screen.pressables((await c.rosa.form())["blocks"]))) == 2


@on_both_engines
async def test_a_kill_after_sending_loses_no_yes_and_says_nothing_twice(killable_county):
    async with killable_county() as c:
        await two_plans(c)
        await presses_home(c, c.rosa, BUTTON)
        await reads(c.rosa, 0)
        await reads(c.rosa, 0)
        c.settles = False
        await c.rosa.submits(ticks(await c.rosa.form(), "Jo", "Sam"))
        await c.bot.kill()
        await c.bot.start()
        c.settles = True
        await hears(c)
        await confirmed_by_rosa(c, c.jo, c.sam)
        await c.rosa.expects_dm(UPDATE, "Confirmed: 2 of 2 plans.")
