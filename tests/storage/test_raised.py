"""Triggers as rows: read as they were written, sealed as a whole, and silent where private."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.request import NewMatter, raise_trigger
from protocol.ids import MatterId
from protocol.people import Role
from protocol.trigger import Chosen, Tier
from storage import matters, raised_rows, rotation, tables
from storage.sealing import Sealer
from tests.county import KEY, PROGRAM, County
from tests.protocol.world import JO, LIN, NOON, page_of

M1 = MatterId("m1")
TYPED = "He has pills. Call 555-555-0188, born 4/12/1987, MRN 4455667"


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    yield made
    made.ctx.database.dispose()


async def raises(county, page, **more):
    asked = raise_trigger("k", "U_JO", M1, page, NOON, heard=TYPED, **more)
    assert isinstance(asked.target, NewMatter)
    outcome = await county.does(JO, asked.event, asked.target)
    assert not outcome.decision.refused, outcome.decision.reason
    return outcome.matter


def row_of(county):
    return county.ctx.database.run_sync(lambda conn: conn.execute(select(tables.raised)).one())


async def test_a_trigger_is_read_as_it_was_written(county):
    saved = await raises(county, page_of(Tier.U1), call_back="555-555-0111")
    ctx = county.ctx
    read = ctx.database.run_sync(matters.load, ctx.sealer, M1)
    assert (read.trigger, read.escalations) == (saved.trigger, saved.escalations)
    assert read.trigger.call_back == "555-555-0111"
    assert not read.is_active


async def test_what_may_identify_somebody_is_taken_out_before_it_is_stored(county):
    saved = await raises(county, page_of())
    assert saved.trigger.heard == "He has pills. Call [removed], [removed], [removed]"


async def test_nothing_that_was_typed_stands_in_the_row(county):
    await raises(county, page_of(), call_back="555-555-0111")
    row = row_of(county)
    assert (row.row_key, row.matrix_version, row.tier) == ("suicidal_intent", "3f2a", "U1")
    for typed in ("pills", "0111"):
        assert typed not in str(row)


async def test_a_private_row_is_named_nowhere_and_stands_in_no_list_but_its_own(county):
    page = replace(page_of(), private=True)
    await raises(county, page, chosen=Chosen(role=Role.PEER_SUPERVISOR))
    row = row_of(county)
    named = (row.row_key, row.matrix_version, row.tier, row.title_en, row.title_es, row.owner)
    assert named == (None,) * 6
    run = county.ctx.database.run_sync
    assert run(raised_rows.open_ones, [PROGRAM], LIN) == []
    assert [one.title for one in run(raised_rows.open_ones, [PROGRAM], JO)] == [None]
    bodies = run(lambda conn: list(conn.scalars(select(tables.audit_body.c.body))))
    assert not [body for body in bodies if "suicidal" in body or "peer_supervisor" in body]


async def test_it_is_sealed_anew_when_a_key_goes(county):
    await raises(county, page_of())
    ctx, before = county.ctx, row_of(county).body
    newer = Sealer([b"n" * 32, KEY])
    ctx.database.run_sync(newer.register)
    rotation.rotate(ctx.database, newer)
    assert row_of(county).body != before
    assert ctx.database.run_sync(matters.load, newer, M1).trigger.heard.startswith("He has pills")
