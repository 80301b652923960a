"""A roll call is one transaction over many visits, and one bad record stops nobody's."""

from functools import partial

import pytest
from sqlalchemy import update
from sqlalchemy.event import listen

from bot.request import NewMatter
from bot.runner import Write, run_many
from protocol.calls import CallRoll
from protocol.decision import Reason
from protocol.events import Arrive, PlanVisit
from protocol.ids import MatterId, PersonId
from protocol.plan import StartNow
from protocol.records import VisitState
from storage import matters, tables
from tests.county import County
from tests.protocol.world import JO, MAYA, ROSA, SAM, plan


async def two_out(url: str) -> County:
    county = County.on(url)
    for person, name in ((JO, "m1"), (SAM, "m2")):
        await county.plans(person, plan(start_in=5), name)
        await county.confirms(ROSA, name)
    county.clock.pass_time(10)
    for person in (JO, SAM):
        await county.does(person, partial(Arrive, county.clock.now()))
    return county


async def calls(county: County, person, name: str):
    now = county.clock.now()
    target = NewMatter(MatterId(name))
    return await county.does(person, lambda by: CallRoll(now, by), target, reply=True)


async def test_everybody_is_asked_in_the_transaction_that_asks(ready_database_url):
    county = await two_out(ready_database_url)
    outcome = await calls(county, MAYA, "call")
    assert outcome.decision.reason is Reason.ROLL_CALLED
    for name in ("m1", "m2"):
        assert county.matter(name).visit.state is VisitState.OVERDUE
    asked = [row for row in county.rows("outbox") if row.key.endswith(("call/jo", "call/sam"))]
    assert len(asked) == 2
    county.ctx.database.dispose()


async def test_a_second_call_is_answered_and_asks_nobody_again(ready_database_url):
    county = await two_out(ready_database_url)
    await calls(county, MAYA, "call")
    before = [row.key for row in county.rows("outbox")]
    outcome = await calls(county, ROSA, "again")
    assert outcome.decision.reason is Reason.ALREADY_CALLED
    new = [row for row in county.rows("outbox") if row.key not in before]
    assert [(row.kind, row.to_person) for row in new] == [("Reply", ROSA)]
    assert [row.id for row in county.rows("matter") if row.id == "again"] == []
    county.ctx.database.dispose()


async def test_a_visit_that_cannot_be_read_stops_no_call_and_is_named(ready_database_url):
    county = await two_out(ready_database_url)
    damage = update(tables.visit).where(tables.visit.c.matter_id == "m2").values(body={})
    county.ctx.database.run_sync(lambda conn: conn.execute(damage))
    outcome = await calls(county, MAYA, "call")
    assert outcome.decision.reason is Reason.ROLL_CALLED
    standing = {one.person: one.standing for one in outcome.matter.roll_call.people}
    assert standing == {JO: "waiting", SAM: "unreadable"}
    assert county.matter("m1").visit.state is VisitState.OVERDUE
    county.ctx.database.dispose()


async def test_a_private_answer_that_cannot_be_read_stops_no_call(ready_database_url):
    county = await two_out(ready_database_url)
    damage = update(tables.person).where(tables.person.c.id == JO).values(duress="not sealed by us")
    county.ctx.database.run_sync(lambda conn: conn.execute(damage))
    outcome = await calls(county, MAYA, "call")
    assert outcome.decision.reason is Reason.ROLL_CALLED
    for name in ("m1", "m2"):
        assert county.matter(name).visit.state is VisitState.OVERDUE
    county.ctx.database.dispose()


async def test_it_takes_no_more_statements_for_many_than_for_few(ready_database_url):
    county = await two_out(ready_database_url)
    seen: list[str] = []
    listen(county.ctx.database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    await calls(county, MAYA, "call")
    for_two = len(seen)
    for person in (JO, SAM):
        await county.does(person, partial(Arrive, county.clock.now()))
    county.clock.pass_time(1)
    for name in ("m1", "m2", "call"):
        write = Write.of(county.ctx)
        county.ctx.database.run_sync(run_many, write, [MatterId(name)])
    here = StartNow.HERE_NOW
    for person, name in ((ROSA, "m3"), (PersonId("theo"), "m4"), (PersonId("omar"), "m5")):
        start = partial(PlanVisit, county.clock.now(), plan=plan(), start_now=here)
        await county.does(person, start, NewMatter(MatterId(name)))
    seen.clear()
    outcome = await calls(county, MAYA, "again")
    assert len(outcome.matter.roll_call.people) == 5
    # A row of the audit's heads more or less, and whatever SQLAlchemy splits; not ten for each.
    assert len(seen) <= for_two + 3, "nobody can tap while everybody is being asked"
    county.ctx.database.dispose()


@pytest.mark.parametrize("written", [0, 1])
async def test_whoever_died_in_the_middle_has_asked_nobody(
    ready_database_url, monkeypatch, written
):
    county = await two_out(ready_database_url)
    real, seen = matters.save_many, []

    def dies(*args, **kwargs):
        seen.append(1)
        if len(seen) == 2:  # the call is written; of the visits none or one is
            conn, sealer, changes = args
            real(conn, sealer, changes[:written], **kwargs)
            raise SystemError("the machine is gone")
        return real(*args, **kwargs)

    monkeypatch.setattr(matters, "save_many", dies)
    with pytest.raises(SystemError):
        await calls(county, MAYA, "call")
    monkeypatch.undo()
    assert len(seen) == 2
    assert {county.matter(name).visit.state for name in ("m1", "m2")} == {VisitState.UNDERWAY}
    assert not county.rows("roll_call")
    county.ctx.database.dispose()


async def test_the_sweep_sees_who_has_answered_and_who_is_missed(ready_database_url):
    county = await two_out(ready_database_url)
    await calls(county, MAYA, "call")
    county.clock.pass_time(5)
    # Answers are read first, then what is due is done; whoever called looks last.
    for name in ("m1", "m2", "m1", "m2", "call"):
        write = Write.of(county.ctx)
        county.ctx.database.run_sync(run_many, write, [MatterId(name)])
    people = county.matter("call").roll_call.people
    assert {one.standing for one in people} == {"missed"}
    told = [row.body["said"] for row in county.rows("outbox") if row.kind == "Tell"]
    assert "roll_call_missed" in told
    county.ctx.database.dispose()
