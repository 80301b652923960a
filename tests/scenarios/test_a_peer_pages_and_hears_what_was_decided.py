"""A peer pages for what they heard: the lead writes back, and the peer says that it is sorted."""

from tests.harness import ASK, PAGE, UPDATE
from tests.scenarios import rows
from tests.scenarios.backstage import on_both_engines

TITLE = "Somebody talks of suicide"
HEARD = {
    "What did you see or hear?": "He said he has the pills ready. His number is 555-555-0188",
    "When?": "15 min ago",
    "Where can they call you back?": "555-555-0111",
}
DECIDED = {"What was decided?": "Dr. Lin calls him within the hour", "Who does it?": "Dr. Lin"}


async def pages(c, who, **more):
    await who.commands("/page")
    said = await who.submits({**HEARD, **more})
    assert said["errors"] == {}
    await who.expects_dm(UPDATE, "Paged.", TITLE)


async def writes_back(c, lead, asker):
    await lead.presses("Write back...")
    said = await lead.submits(DECIDED)
    assert said["errors"] == {}
    await asker.expects_dm(ASK, TITLE, "calls him within the hour", "Is it sorted?")


@on_both_engines
async def test_the_lead_is_paged_writes_back_and_the_peer_says_it_is_sorted(county, monkeypatch):
    rows.shows(monkeypatch, rows.SUICIDAL_INTENT)
    async with county() as c:
        await pages(c, c.jo)
        # First what to do first; then who asks, what they heard, and where to call.
        page = await c.lin.expects_page(TITLE, "Jo Alvarez asks. Heard at 12:45 PM, paged at")
        told, first = page.lines[:2]
        assert told == "Jo Alvarez was told this first. Make sure that it is done:"
        assert first.startswith("• In progress? Call <tel:911|911> first.")
        assert "He said he has the pills ready. His number is [removed]" in page.whole
        assert "<tel:5555550111|555-555-0111>" in page.whole
        # A channel has no place for what was heard.
        shown = await c.clinical.expects(PAGE, TITLE, "Ask Jo Alvarez in person")
        assert "pills" not in shown.whole
        assert "0111" not in shown.whole

        await c.lin.presses("I have it")
        await c.jo.expects_dm(UPDATE, "Dr. Lin has seen this.")
        await c.clinical.sees(TITLE, "Dr. Lin has it")
        await c.lin.presses("Log a contact attempt")
        tried = {"What did you try?": "Called them", "What came of it?": "No answer"}
        assert (await c.lin.submits(tried))["errors"] == {}
        await c.lin.sees("Contact attempts logged: 1", "Dr. Lin: Called them. No answer.")
        await writes_back(c, c.lin, c.jo)
        assert "calls him" not in await c.clinical.sees(TITLE, "Dr. Lin wrote back")

        await c.jo.presses("Sorted")
        await c.lin.expects_dm("Sorted. Jo Alvarez closed it")
        await c.clinical.expects("Sorted. Jo Alvarez closed it")
        await c.clock.forward(minutes=12 * 60)


async def test_not_sorted_pages_the_backup_and_the_peer_supervisor(county, monkeypatch):
    rows.shows(monkeypatch, rows.SUICIDAL_INTENT)
    async with county() as c:
        await pages(c, c.jo)
        await c.lin.expects_page(TITLE)
        await c.clinical.expects(PAGE, TITLE)
        await writes_back(c, c.lin, c.jo)

        await c.jo.presses("Not sorted")
        await c.jo.expects_dm(UPDATE, "It is open again.")
        await c.lin.expects_dm(UPDATE, "Jo Alvarez says that it is not sorted.")
        for one in (c.rosa, c.theo, c.maya):
            await one.expects_page(TITLE, "Jo Alvarez said that it was not sorted", "pills")
        await c.clinical.expects(PAGE, TITLE)
        await c.maya.presses("I have it")
        await c.jo.expects_dm(UPDATE, "Maya Okafor has seen this.")


async def test_nobody_acknowledges_and_it_climbs_to_the_executive(county, monkeypatch):
    rows.shows(monkeypatch, rows.SUICIDAL_INTENT)
    async with county() as c:
        await pages(c, c.jo)
        await c.lin.expects_page(TITLE)
        await c.clinical.expects(PAGE, TITLE)
        await c.clock.forward(minutes=5)
        for one in (c.rosa, c.theo):
            await one.expects_page(TITLE, "Nobody has it yet.")
        await c.clinical.expects(PAGE, TITLE)
        await c.clock.forward(minutes=5)
        await c.ines.expects_page(TITLE, "Nobody has it yet.")
        await c.clinical.expects(PAGE, TITLE)
        for one in (c.rosa, c.theo, c.maya, c.lin, c.ines):
            await one.expects_page(TITLE)
        await c.clinical.expects(PAGE, TITLE)


async def test_what_was_promised_is_asked_about_until_it_is_sorted(county, monkeypatch):
    rows.shows(monkeypatch, rows.SUICIDAL_INTENT)
    async with county() as c:
        await pages(c, c.jo)
        await c.lin.expects_page(TITLE)
        await c.clinical.expects(PAGE, TITLE)
        await writes_back(c, c.lin, c.jo)
        home = await c.maya.does("home")
        assert TITLE in str(home["home"])
        assert "Dr. Lin has it" in str(home["home"])

        await c.clock.forward(minutes=120)
        for _ in range(2):
            await c.jo.expects_dm(ASK, "Is it sorted?")
            await c.lin.expects_dm(ASK, "The time for this has passed.")
            await c.clock.forward(minutes=60)
        await c.jo.presses("Sorted")
        await c.lin.expects_dm("Sorted. Jo Alvarez closed it")
        await c.clinical.expects("Sorted. Jo Alvarez closed it")


async def test_a_page_put_down_for_the_night_is_written_up_by_ten(county, monkeypatch):
    rows.shows(monkeypatch, rows.SUICIDAL_INTENT)
    async with county() as c:
        await pages(c, c.jo)
        await c.lin.expects_page(TITLE)
        await c.clinical.expects(PAGE, TITLE)
        await c.lin.presses("I have it")
        await c.jo.expects_dm(UPDATE, "Dr. Lin has seen this.")
        await c.lin.presses("They are safe tonight")
        await c.jo.expects_dm(UPDATE, "Dr. Lin has it for the night", "Wed Dec 2, 10:00 AM")
        await c.clock.forward(minutes=20 * 60)
        await c.lin.expects_nothing()
        await c.clock.forward(minutes=60)
        await c.lin.expects_dm(ASK, "Please write back now.", "[Write back...]")
        await writes_back(c, c.lin, c.jo)
