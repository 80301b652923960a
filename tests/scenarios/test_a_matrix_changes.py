"""From a question without an answer to a version that answers it: a huddle, and two who sign.

What answers here is the real engine, with words alone, over a matrix of a few rows.
"""

import json
from functools import partial

import pytest

from tests.matrix import small
from tests.scenarios.backstage import on_both_engines
from tests.scenarios.test_the_huddle import UNTIL_MORNING
from tests.scenarios.test_who_handles_this import all_of_it_was_expected, newest

ASKED = "gotta wheel grandma over to dialysis"
ASKED_AGAIN = "can i wheel grandma to dialysis please"


@pytest.fixture(scope="module")
def learnt():
    return small.made(small.matrix())


@pytest.fixture
def answering(county, learnt):
    """A county that is answered by it."""
    return partial(county, engines=(lambda: learnt,))


async def signs(c, who):
    async def offered():
        # What it does to the answers is worked out beside; nobody signs before that.
        await who.presses("Look at it")
        if "I sign it" in json.dumps(await who.form()):
            return True
        await who.closes()
        return None

    await c.until(offered, "its effect to be worked out")
    said = await who.submits({"What do you say?": "I sign it"})
    assert said["errors"] == {}


@on_both_engines
async def test_a_question_without_an_answer_is_answered_once_two_have_signed(answering):
    async with answering() as c:
        await c.jo.commands(f"/whohandles {ASKED}")
        await newest(c.jo, "outside the matrix")
        await c.clock.forward(UNTIL_MORNING)
        await c.room("huddle").expects("Huddle, Wed Dec 2")
        await c.room("huddle").expects(ASKED, "[It is this row...]")
        await c.maya.presses("It is this row...")
        assert (await c.maya.submits({"Which row is it?": "A ride"}))["errors"] == {}
        for who in (c.maya, c.lin):
            await who.expects_dm("A change to the matrix needs your yes")
        await signs(c, c.maya)
        await c.lin.expects_dm("one signature is missing")
        await signs(c, c.lin)
        await c.maya.expects_dm("version 1")

        async def answered():
            await c.jo.commands(f"/whohandles {ASKED_AGAIN}")
            return [one for one in await c.jo.reads() if "A ride" in one and ASKED in one]

        assert await c.until(answered, "the new version to answer")
        await all_of_it_was_expected(c)
