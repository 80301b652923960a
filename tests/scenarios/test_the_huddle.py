"""The huddle: posted in the morning, a gap settled together, nothing of it in any other channel."""

from functools import partial

import pytest

from tests.answering import FakeEngine, hit, matrix
from tests.scenarios.backstage import on_both_engines
from tests.scenarios.test_who_handles_this import all_of_it_was_expected, newest

RIDE = matrix().by_key["transport_request"]
# The story begins on a Tuesday at one; the huddle is at a quarter to nine.
UNTIL_MORNING = (24 - 13 + 8) * 60 + 45


@pytest.fixture
def answering(county):
    """A county whose matcher answers as told."""
    return partial(county, engines=(lambda: FakeEngine({"lift": (hit(RIDE.key),)}),))


@on_both_engines
async def test_what_had_no_row_is_settled_in_the_next_mornings_huddle(answering):
    async with answering() as c:
        await c.jo.commands("/whohandles he wants me to hold his wallet")
        await newest(c.jo, "outside the matrix")
        await c.jo.commands("/whohandles she asks for a lift")
        await newest(c.jo, RIDE.title.en)
        await all_of_it_was_expected(c)
        await c.clock.forward(UNTIL_MORNING - 1)
        await c.room("huddle").expects_nothing()
        await c.clock.forward(1)
        await c.room("huddle").expects(
            "Huddle, Wed Dec 2",
            "Visits today: none planned yet",
            f"A row to look at again: {RIDE.title.en}",
            RIDE.do_not.en[0],
        )
        await c.room("huddle").expects(
            "he wants me to hold his wallet", "[It is this row...]", "[New row...]", "[Outside...]"
        )
        await c.maya.presses("It is this row...")
        said = await c.maya.submits({"Which row is it?": RIDE.title.en})
        assert said["errors"] == {}
        await c.room("huddle").sees(
            "he wants me to hold his wallet", RIDE.title.en, "Maya Okafor proposed it"
        )
        for who in (c.maya, c.lin):
            await who.expects_dm("A change to the matrix needs your yes", "[Look at it]")


async def test_a_machine_that_slept_through_the_morning_posts_no_huddle_at_noon(county):
    async with county() as c:
        await c.sleeps(UNTIL_MORNING + 4 * 60)
        await c.clock.settle()
        await c.room("huddle").expects_nothing()
