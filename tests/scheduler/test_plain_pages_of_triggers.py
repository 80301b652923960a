"""A trigger that cannot be read any more is called open, and a private one is told to nobody."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.request import NewMatter, raise_trigger
from bot.scheduler import plain
from protocol.ids import MatterId
from protocol.people import Role
from protocol.trigger import Chosen
from storage import tables
from tests.county import TRANSPORT, County
from tests.protocol.world import JO, NOON, page_of

M1 = MatterId("m1")


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    yield made
    made.ctx.database.dispose()


async def said_of(county, page, **more):
    """Whom the plain pages reach, and what they say."""
    asked = raise_trigger("k", "U_JO", M1, page, NOON, **more)
    await county.does(JO, asked.event, NewMatter(M1))

    def give_up(conn):
        plain.page_as_missed(conn, M1, 3, at=NOON, transport_now=TRANSPORT)
        wanted = select(tables.outbox).where(tables.outbox.c.kind == plain.PAGE)
        return {row.to_person or row.channel: row.body["text"] for row in conn.execute(wanted)}

    return county.ctx.database.run_sync(give_up)


async def test_everybody_on_duty_is_told_to_treat_it_as_open(county):
    said = await said_of(county, page_of())
    assert {"rosa", "lin", "clinical"} <= said.keys()
    assert JO not in said
    assert all("Treat it as open" in text for text in said.values())


async def test_of_a_private_one_only_the_worker_hears(county):
    page = replace(page_of(), private=True)
    said = await said_of(county, page, chosen=Chosen(role=Role.PEER_SUPERVISOR))
    assert said.keys() == {JO}
    assert "911 or 988" in said[JO]
