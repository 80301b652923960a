"""Never 4: a worker's tap silently clears an emergency."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from protocol import events as e
from protocol.ids import MatterId
from protocol.records import Accounted, EscalationState, Finding
from storage import tables
from tests.never.life import (
    M1,
    PAGES,
    acts,
    calls_help,
    missed,
    on_a_visit,
    open_one,
    pages,
    sweeps,
)
from tests.protocol.world import JO, LIN, ROSA, SAM, plan

M2 = MatterId("m2")
TAPS = {
    "I'm here": (e.Arrive, "a"),
    "OK": (e.CheckIn, "a"),
    "Leaving": (e.Leave, "a"),
    "I'm clear": (e.Clear, "a"),
    "Next stop": (e.MoveOn,),
    "Call off": (e.CallOff,),
    "Running late": (e.RunningLate, timedelta(minutes=15)),
    "Extend": (e.Extend, timedelta(minutes=15)),
    "We split up": (e.Split,),
}
KEPT = ("state", "due_at", "owner", "rung", "cycle", "kind", "until_at", "base_at")


async def an_emergency(c, which):
    if which == "help":
        return (await calls_help(c)).matter.id
    await missed(c)
    if which == "taken":
        await acts(c, LIN, e.Acknowledge)
    return M1


@pytest.mark.parametrize("tap", TAPS)
@pytest.mark.parametrize("which", ["missed", "taken", "help"])
async def test_no_tap_closes_slows_or_takes_back_anything(office, which, tap):
    matter = await an_emergency(office, which)
    before, unsent = open_one(office, matter), unsent_pages(office)
    kind, *more = TAPS[tap]
    await acts(office, JO, kind, *more, matter=matter)
    after = open_one(office, matter)
    assert [getattr(after, name) for name in KEPT] == [getattr(before, name) for name in KEPT]
    assert unsent_pages(office) >= unsent


def unsent_pages(c):
    row = tables.outbox.c
    wanted = select(row.key).where(row.kind.in_(PAGES), row.outcome.is_(None))
    return set(c.ctx.database.run_sync(lambda conn: conn.execute(wanted).scalars().all()))


async def test_the_ladder_of_one_who_taps_goes_on_as_that_of_one_who_does_not(office):
    for who, matter in ((JO, M1), (SAM, M2)):
        await office.plans(who, plan(), matter)
        await office.confirms(ROSA, matter)
    await sweeps(office, 60)
    for who, matter in ((JO, M1), (SAM, M2)):
        await acts(office, who, e.Arrive, matter=matter)
    await sweeps(office, 131)
    await acts(office, SAM, e.CheckIn, "a", matter=M2)
    await sweeps(office, 40)
    mine, theirs = ([at for _, at in pages(office, matter)] for matter in (M1, M2))
    assert mine == theirs
    assert len(mine) > 5


async def test_after_somebody_had_it_even_a_low_visit_is_not_closed_by_one_tap(office):
    await missed(office)
    await acts(office, LIN, e.Acknowledge)
    await acts(office, JO, e.CheckIn, "a")
    mark = open_one(office).mark
    outcome = await acts(office, ROSA, e.ConfirmTap, mark)
    assert outcome.decision.refused
    assert open_one(office).state is EscalationState.ACKNOWLEDGED
    await acts(office, LIN, e.Close, mark, Accounted.SPOKEN, Finding.LATE)
    assert office.matter().open_escalation is None


async def test_whoever_has_it_reads_of_the_tap_and_it_stays_open(whole_county):
    async with whole_county() as c:
        await on_a_visit(c, c.jo)
        await c.clock.forward(minutes=40)
        await c.rosa.presses("I have it")
        await c.jo.presses("OK")
        await c.rosa.sees(
            "Missed check-in: Jo Alvarez", "Rosa Delgado has it.", "[Accounted for...]"
        )
        await c.jo.sees("Someone will also speak with you before this closes.")
        await c.clock.forward(minutes=60)
        await c.rosa.sees("Missed check-in: Jo Alvarez", "Nobody has it yet")
        await c.clock.settle()
        await c.inbox.look()
        c.inbox.left.clear()
