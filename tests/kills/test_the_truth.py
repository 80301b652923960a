"""The witness and the wedged line of `make kills` do what the judge relies on."""

import asyncio

from sqlalchemy import text

from storage.sealing import Sealer
from tests.county import KEY, PROGRAM, County
from tests.kills import truth, wedge
from tests.protocol.world import JO, NOON, ROSA, plan


async def test_the_witness_notes_every_version_with_its_due_time(ready_database_url):
    truth.place_witness(ready_database_url)
    county = County.on(ready_database_url)
    await county.plans(JO, plan())
    await county.confirms(ROSA)
    database = county.ctx.database
    stored = sorted(database.run_sync(truth.stored), key=lambda one: one.version)
    assert [(one.version, one.event) for one in stored] == [(1, "PlanVisit"), (2, "ConfirmPlan")]
    assert stored[-1].due_at == county.rows("matter")[0].due_at.timestamp()
    assert [line.actor for line in database.run_sync(truth.lines)] == [JO, ROSA]
    assert {row.key.split("/")[0] for row in database.run_sync(truth.outbox)} == {PROGRAM}
    database.dispose()


async def test_a_stored_due_time_that_the_rules_do_not_give_is_found(ready_database_url):
    county = County.on(ready_database_url)
    await county.plans(JO, plan())
    database, now = county.ctx.database, NOON.timestamp()
    before = truth.broken(database, Sealer([KEY]), now)
    later = text("UPDATE matter SET due_at = attempt_at, version = version + 1, attempt_at = :at")
    with database.engine.begin() as conn:
        conn.execute(later, {"at": "2040-01-01 00:00:00+00"})
    found = set(truth.broken(database, Sealer([KEY]), now)) - set(before)
    assert any("S2" in one for one in found)
    database.dispose()


async def test_a_wedged_line_holds_what_was_sent_until_it_is_free():
    async def answers(reader, writer):
        writer.write(b"got " + await reader.readexactly(2))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    async with server, wedge.line() as line:
        line.target = server.sockets[0].getsockname()[1]
        line.wedge(outwards=False, inwards=True)
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(b"hi")
        answer = asyncio.ensure_future(reader.read())
        done, _ = await asyncio.wait([answer], timeout=0.05)
        assert not done
        line.free()
        assert await asyncio.wait_for(answer, 20) == b"got hi"
        writer.close()
