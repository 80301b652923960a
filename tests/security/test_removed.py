"""Somebody who left: their duties end, nothing is sent to them, and nothing waits for them.

That the buttons they once got do nothing any more is a column of the table in roles.py.
"""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.request import OfMatter
from bot.scheduler import compose
from bot.scheduler.sweep import Sweep
from protocol import events as e
from protocol.ids import PersonId
from storage import deadlines, outbox, people, tables
from tests.county import PROGRAM
from tests.protocol.world import LIN, OMAR, ROSA
from tests.security import states
from tests.security.states import M1


@pytest.fixture
async def missed(tmp_path):
    """Rosa and Lin were paged; nobody has it."""
    with states.county(tmp_path, "removed") as county:
        await states.missed(county)
        yield county


def leaves(c, who: PersonId) -> None:
    """What `belay apply` does where somebody is in the file no longer."""
    now = c.clock.now()

    def work(conn):
        conn.execute(update(tables.person).where(tables.person.c.id == who).values(active=False))
        for table in (tables.role_grant, tables.duty):
            mine = (table.c.person_id == who, table.c.until_at.is_(None) | (table.c.until_at > now))
            conn.execute(update(table).where(*mine).values(until_at=now))

    c.ctx.database.run_sync(work)


async def passes(c, minutes):
    end = c.clock.at + timedelta(minutes=minutes)
    while (due := c.ctx.database.run_sync(deadlines.next_due)) is not None and due <= end:
        c.clock.at = max(c.clock.at, due)
        await Sweep(c.ctx).work()
    c.clock.at = end


def waiting(c, who):
    """What is still to be sent to somebody."""
    rows = c.rows("outbox")
    return [row.kind for row in rows if row.to_person == who and row.attempt_at is not None]


async def test_who_left_is_paged_no_more_and_the_climb_goes_on_with_the_others(missed):
    leaves(missed, LIN)
    before = [row.id for row in missed.rows("outbox")]
    await passes(missed, 60)
    new = [row for row in missed.rows("outbox") if row.id not in before and row.kind == "Page"]
    assert new
    assert LIN not in {row.to_person for row in new}
    assert missed.matter().open_escalation.state == "climbing"


async def test_what_still_waits_for_who_left_is_sent_nowhere(missed):
    assert "Page" in waiting(missed, LIN)
    leaves(missed, LIN)
    lease = timedelta(seconds=30)
    rows = missed.ctx.database.run_sync(outbox.claim, missed.clock.transport(), 100, lease)
    mine = [row for row in rows if row.to == LIN]
    assert mine
    for row in mine:
        draft = missed.ctx.database.run_sync(compose.compose, missed.ctx.sealer, row)
        assert draft == compose.Nowhere("no_slack_user")


async def test_what_somebody_held_who_left_is_let_go_when_it_ends(missed):
    now = missed.clock.now()
    await missed.does(ROSA, lambda by: e.Acknowledge(now, by), OfMatter(M1))
    leaves(missed, ROSA)
    await passes(missed, 61)
    escalation = missed.matter().open_escalation
    assert escalation.state == "climbing"
    assert escalation.owner != ROSA
    # Theo is whom Jo excluded; Maya is on duty, and Omar holds a role.
    assert {LIN, OMAR} & set(escalation.paged)


async def test_who_left_is_nobody_to_whoever_reads_the_county(missed):
    leaves(missed, LIN)
    assert missed.ctx.database.run_sync(people.by_slack, "U_LIN") is None
    now = missed.clock.now()
    assert LIN not in missed.ctx.database.run_sync(people.serving, PROGRAM, now)
    assert "U_LIN" not in missed.ctx.database.run_sync(people.readers, now)
