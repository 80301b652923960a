"""The App Home, through the workspace: opened, pressed, kept up to date, and telling no duress."""

from datetime import timedelta

from bot.demo import screen
from bot.slack.homes import PACE
from tests.harness import CARD, PAGE
from tests.scenarios import given


async def opens_home(who):
    said = await who.does("home")
    return "\n".join(screen.lines(said["home"]["blocks"]))


async def presses_home(c, who, label):
    home = (await c.workspace.get("/see", user=who.user))["home"]
    one = next(one for one in screen.pressables(home["blocks"]) if one.label == label)
    return await who.does(
        "click", view_id=home["id"], action_id=one.action_id, block_id=one.block_id, value=one.value
    )


async def home_shows(c, who, *texts):
    """Their Home comes to show all this, without their opening it anew."""
    c.bot.clock.skip(PACE + timedelta(seconds=1))

    async def found():
        home = (await c.workspace.get("/see", user=who.user))["home"]
        shown = "\n".join(screen.lines(home["blocks"]))
        return shown if all(text in shown for text in texts) else None

    return await c.until(found, f"{who.key}'s home to show {texts}")


async def test_a_home_follows_a_visit_from_plan_to_clear(county):
    async with county() as c:
        assert "You are not on a visit." in await opens_home(c.jo)
        assert "Nobody is out." in await opens_home(c.rosa)
        await given.planned(c, c.jo)
        await home_shows(c, c.jo, "Your plans", given.SHELTER)
        await home_shows(c, c.rosa, "Plans that wait for a yes", "Jo Alvarez", "[Open]")
        await presses_home(c, c.rosa, "Open")
        said = await c.rosa.submits()
        assert said["errors"] == {}
        await c.jo.expects_dm("Confirmed by Rosa Delgado.")
        await c.clock.forward(minutes=15)
        await c.jo.presses("I'm here")
        await home_shows(c, c.jo, given.SHELTER, "Check in, or tap", "[Send my card to Messages]")
        shown = await home_shows(c, c.rosa, "there · ", "confirmed by Rosa Delgado")
        assert "Nobody is out." not in shown
        await c.jo.presses("Leaving")
        await c.jo.presses("I'm clear")
        await home_shows(c, c.jo, "You are not on a visit.")
        await home_shows(c, c.rosa, "Nobody is out.")


async def test_the_card_is_posted_again_where_it_is_seen_and_goes_on_working(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await opens_home(c.jo)
        await presses_home(c, c.jo, "Send my card to Messages")
        await c.jo.expects_dm(CARD, given.SHELTER, "[OK]", "[Help: call me]")
        await c.jo.presses("Leaving")
        await c.jo.presses("I'm clear")
        await c.jo.sees("Visit done. You are clear.")
        await c.retries_are_due()
        cards = [text for text in await c.jo.reads(direct=True) if "Visit done." in text]
        assert len(cards) == 2, "the one from before and the one that was asked for"


async def test_quiet_help_from_the_home_pages_people_and_makes_no_sound(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await opens_home(c.jo)
        await opens_home(c.lin)
        await presses_home(c, c.jo, "Help: stay quiet")
        for one in (c.rosa, c.theo, c.lin):
            await one.expects_page("Help: stay quiet: Jo Alvarez")
        await c.clinical.expects(PAGE, "Help: stay quiet")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step ", "people were paged")
        await home_shows(c, c.jo, "Received")
        await home_shows(c, c.lin, "Open now", "Help: stay quiet: Jo Alvarez", "Nobody has it yet")


ORDINARY, DURESS = 0, 1  # Jo's duress answer is the second of the two equal buttons


async def every_home_after(county, which):
    """Everybody's Home, as they see it without opening it anew, and how often each changed."""
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        watched = (c.jo, c.sam, c.rosa, c.theo, c.maya, c.lin, c.ines, c.pat)
        for who in watched:
            await opens_home(who)
        await c.clock.forward(minutes=20)
        await c.jo.presses("OK", which=which)
        await home_shows(c, c.jo, "Check in by")
        await c.clock.forward(minutes=4)
        await home_shows(c, c.rosa, "Jo Alvarez")
        await c.jo.presses("Leaving")
        await home_shows(c, c.jo, "I'm clear")
        await home_shows(c, c.rosa, "leaving · ")
        await home_shows(c, c.lin, "leaving · ")
        seen = {}
        for who in watched:
            opened = await opens_home(who)
            events, _ = await c.workspace.seen(who.user)
            seen[who.key] = (opened, {one["kind"] for one in events if one["kind"] == "home"})
        await c.inbox.look()
        paged = [news.whole for news in c.inbox.left if "Duress" in news.whole]
        c.inbox.left.clear()
        return seen, paged


async def test_a_duress_answer_changes_nobodys_home(county, county_again):
    ordinary, nobody = await every_home_after(county, ORDINARY)
    duress, paged = await every_home_after(county_again, DURESS)
    assert nobody == []
    assert paged, "somebody hears of it, on a page"
    assert duress == ordinary
