"""Never 2: a new SOS is refused because one is open."""

import pytest

from protocol import events as e
from protocol.records import NEEDS_SECOND, Accounted, Finding
from tests.never.life import M1, acts, calls_help, missed, open_one, underway
from tests.protocol.world import JO, LIN, ROSA

CLOSE = (e.Close, 1, Accounted.SPOKEN, Finding.LATE)
BEFORE = {
    "nothing is open": (),
    "nobody has it yet": (),
    "somebody has it": ((e.Acknowledge,),),
    "support was sent": ((e.SendSupport, "mobile crisis"),),
    "emergency services were called": ((e.CallEmergency,),),
    "one has closed it": (CLOSE,),
}


@pytest.mark.parametrize("form", e.HelpForm)
@pytest.mark.parametrize("before", BEFORE)
async def test_help_is_taken_whatever_is_open(office, before, form):
    matter = M1
    if before != "nothing is open":
        matter = (await calls_help(office)).matter.id
    for kind, *more in BEFORE[before]:
        outcome = await acts(office, ROSA, kind, *more, matter=matter)
        assert not outcome.decision.refused
    lines = len(office.rows("audit_line"))
    again = await calls_help(office, form=form)
    assert not again.decision.refused
    assert again.decision.changed
    assert open_one(office, again.matter.id).kind in NEEDS_SECOND
    assert len(office.rows("audit_line")) == lines + 1


@pytest.mark.parametrize("form", e.HelpForm)
async def test_help_is_taken_on_a_visit_that_is_missed_and_on_one_that_is_over(office, form):
    await missed(office)
    during = await calls_help(office, form=form)
    assert not during.decision.refused
    mark = open_one(office).mark
    await acts(office, ROSA, e.Close, mark, Accounted.SPOKEN, Finding.LATE)
    await acts(office, LIN, e.ConfirmClosing, open_one(office).mark)
    after = await calls_help(office, form=form)
    assert not after.decision.refused
    assert open_one(office, after.matter.id).kind in NEEDS_SECOND


async def test_help_is_taken_while_a_silent_matter_is_open(office):
    await underway(office)
    await acts(office, JO, e.CheckIn, "b")
    outcome = await calls_help(office)
    assert not outcome.decision.refused


async def test_the_command_is_taken_again_and_again(whole_county):
    async with whole_county() as c:
        for text in ("", "call", "", "call"):
            said = await c.jo.commands(f"/sos {text}".strip())
            assert "Received" in said["answer"]
        await c.clock.settle()
        await c.inbox.look()
        c.inbox.left.clear()
