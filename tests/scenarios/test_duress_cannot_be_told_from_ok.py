"""A duress answer leaves the same on the worker's screen, and in every channel they can read."""

import re

import pytest

from tests.harness import PAGE
from tests.scenarios import given
from tests.scenarios.backstage import DURESS_PHRASE

ORDINARY, DURESS = 0, 1  # Jo's duress answer is the second of the two equal buttons


async def everything_jo_can_see(c):
    """This is every event on Jo's screen, in order, without the ids that differ by chance."""
    seen, _ = await c.workspace.seen(c.jo.user)
    assert {"message", "edit", "notification"} <= {one["kind"] for one in seen}
    named = re.compile(r"\b[0-9a-f]{24}\b|\bb[0-9A-F]{4,}\b")
    return [
        {name: named.sub("a matter", str(value)) for name, value in one.items() if name != "seq"}
        for one in seen
        if one.get("user") != c.jo.user  # what Jo typed is not what anybody answered
    ]


async def visit_with(county, answer):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.clock.forward(minutes=20)
        await answer(c)
        await c.clock.forward(minutes=4)
        await c.jo.presses("Leaving")
        await c.clock.forward(minutes=4)
        await c.jo.presses("I'm clear")
        await c.clock.forward(minutes=30)
        await c.jo.sees("Visit done. You are clear.")
        await c.inbox.look()
        responders = [news.whole for news in c.inbox.left if c.jo.user not in news.readers]
        rooms = {news.channel for news in c.inbox.left if news.channel in c.rooms_by_id}
        seen = await everything_jo_can_see(c)
        c.inbox.left = [news for news in c.inbox.left if c.jo.user in news.readers]
        return seen, responders, rooms


def by_button(which):
    async def answer(c):
        await c.jo.presses("OK", which=which)

    return answer


def by_words(words):
    async def answer(c):
        await c.jo.writes(words)
        await c.jo.expects_dm("Got it.")

    return answer


@pytest.mark.parametrize(
    ("ordinary", "duress"),
    [
        (by_button(ORDINARY), by_button(DURESS)),
        (by_words("ok all fine at the river"), by_words(f"ok {DURESS_PHRASE}")),
    ],
    ids=["by button", "by phrase"],
)
async def test_what_the_worker_can_see_is_the_same(county, county_again, ordinary, duress):
    plain, nobody, _ = await visit_with(county, ordinary)
    silent, responders, rooms = await visit_with(county_again, duress)
    assert nobody == []
    assert silent == plain
    assert responders, "somebody hears of it"
    # The field-safety channel is one that peers read.
    assert rooms == {"C_CLINICAL", "C_INCIDENTS"}


async def test_responders_read_first_not_to_call_or_message(county):
    async with county() as c:
        await given.on_a_visit(c, c.jo)
        await c.jo.presses("OK", which=DURESS)
        await c.clock.forward(minutes=1)
        for one in (c.rosa, c.theo, c.lin):
            page = await one.expects_page("Duress: Jo Alvarez", given.SHELTER)
            assert page.lines[0] == "Do not call or message them."
        await c.clinical.expects(PAGE, "Do not call or message them.", "Duress")
        await c.incidents.expects("Incident", "Duress")
        await c.incidents.expects("Step ", "people were paged")

        await c.rosa.presses("I have it")
        await c.incidents.expects("has it.")
        await c.clock.forward(minutes=9)
        await c.jo.expects_nothing()
        await c.rosa.presses("Accounted for...")
        await c.rosa.submits(given.ACCOUNTED)
        await given.asked_to_confirm((c.theo, c.lin, c.maya, c.ines), "Rosa Delgado")
        await c.incidents.expects("A second person confirms.")
        await c.lin.presses("Confirm")
        await given.stood_down(c, (c.rosa, c.theo, c.lin), "Jo Alvarez")
