"""What a tap costs the database: how often it is asked, and for what."""

from dataclasses import replace

import pytest
from sqlalchemy import event as sql

from protocol import events as e
from protocol.decision import Reason
from protocol.matter import decide
from protocol.situation import NotReadError, Unread, unread
from protocol.visit import Tap
from tests.protocol.walk import steps
from tests.protocol.world import JO, ROSA, minutes, plan, situation

# The person, the delivery, the matter; its two rows, three of its history and the history's head
# before, what is void, what is asked of the world. SQLite's BEGIN is one more.
STATEMENTS = 11
THE_WORLD = ("duty", "role_grant", "program", "place")


@pytest.fixture
async def out(county):
    """Jo is on a visit that nobody confirmed yet; what the database is asked from now on."""
    await county.plans(JO, plan(start_in=0))
    await county.does(JO, lambda by: e.Arrive(county.clock.now(), by))
    county.clock.pass_time(10)
    asked = []

    def note(_conn, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    sql.listen(county.ctx.database.engine, "before_cursor_execute", note)
    yield county, asked
    sql.remove(county.ctx.database.engine, "before_cursor_execute", note)


async def test_a_check_in_is_a_handful_of_statements(out):
    county, asked = out
    outcome = await county.does(JO, lambda by: e.CheckIn(county.clock.now(), by))
    assert outcome.decision.reason is Reason.CHECKED_IN
    assert len(asked) <= STATEMENTS, "\n".join(asked)
    assert not [one for one in asked if any(f"FROM {table} " in one for table in THE_WORLD)]


async def test_a_tap_that_others_are_told_of_reads_who_they_are(out):
    county, asked = out
    outcome = await county.does(JO, lambda by: e.Leave(county.clock.now(), by, early=True))
    assert outcome.decision.reason is Reason.ENDED_EARLY
    assert [one for one in asked if "FROM duty " in one]
    assert {row.to_person for row in county.rows("outbox") if row.kind == "Tell"} >= {ROSA}


@pytest.mark.xdist_group("walk")
def test_a_tap_is_decided_without_the_world_as_it_is_with_it_or_not_at_all():
    """In every state that random lives and probes reach."""
    alone = asked = 0
    for step in steps():
        if not isinstance(step.event, Tap):
            continue
        try:
            found = decide(step.before, step.event, unread())
        except NotReadError:
            asked += 1
            continue
        alone += 1
        assert found == decide(step.before, step.event, situation())
    assert alone > asked > 0


def test_a_situation_that_was_not_read_tells_nothing_of_the_world():
    nothing = unread()
    assert isinstance(nothing, Unread)
    whole = situation()
    assert nothing.answers_read_after == whole.answers_read_after
    for name in ("policy", "cover", "places", "workers", "zone", "out", "unread", "calling"):
        with pytest.raises(NotReadError, match=name):
            getattr(nothing, name)


def test_what_is_the_same_everywhere_is_what_a_situation_is_given():
    """The runner hands no other value in; otherwise a tap would be decided by another."""
    assert replace(situation()).answers_read_after == unread().answers_read_after == minutes(2) / 60
