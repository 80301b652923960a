"""A channel is posted to only while it is known who reads it; whom it was for gets it otherwise."""

from tests.harness import CARD, PLAN
from tests.scenarios import given

FIELD, CLINICAL, INCIDENTS = "C_FIELD", "C_CLINICAL", "C_INCIDENTS"
GUEST = {"id": "U_GUEST", "name": "guest", "real_name": "A Guest", "is_restricted": True}


async def test_a_shared_field_channel_gets_no_plan_and_the_approvers_get_it_by_dm(county):
    async with county() as c:
        await c.rosa.does("share_channel", channel=FIELD, team="T_OTHER")
        await c.jo.commands("/visit")
        await c.jo.submits(given.answers())
        await c.retries_are_due()
        await c.jo.expects_dm(CARD, "Plan sent")
        for one in (c.rosa, c.theo):
            await one.expects_dm(PLAN, "Jo Alvarez", "[Confirm plan]")
        # Rosa was asked first, before it was known that the channel gets nothing.
        await c.rosa.expects_dm(PLAN, "Jo Alvarez")
        await c.field_safety.expects_nothing()


async def test_a_guest_in_the_clinical_channel_keeps_the_page_out_and_people_get_theirs(county):
    async with county() as c:
        await given.missed(c, c.jo)
        await c.workspace.post("/setup", {"people": [GUEST]})
        await c.lin.does("join", user="U_GUEST", channel=CLINICAL, by=c.lin.user)

        await c.clock.forward(minutes=5)
        for one in (c.lin, c.maya):
            await one.expects_page("Missed check-in: Jo Alvarez")
        await c.incidents.expects("Incident")
        await c.incidents.expects("Step 1: 2 people were paged.")
        await c.incidents.expects("Step 2: ", "people were paged")
        await c.retries_are_due()
        await c.clinical.expects_nothing()


async def test_a_page_of_a_duress_never_reaches_a_channel_that_the_worker_reads(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        for channel in (CLINICAL, INCIDENTS):
            await c.lin.does("join", user=c.jo.user, channel=channel, by=c.lin.user)
        await c.jo.presses("OK", which=1)
        await c.clock.forward(minutes=4)
        for one in (c.rosa, c.theo, c.lin, c.maya):
            await one.expects_page("Duress: Jo Alvarez", "Do not call or message them.")
        await c.retries_are_due()
        await c.clinical.expects_nothing()
        await c.incidents.expects_nothing()
        assert "duress" not in "".join(await c.jo.reads()).lower()
