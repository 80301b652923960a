"""A backlog after a quiet hour: the next message is found without reading everything that waits."""

import pytest
from sqlalchemy import event, text

from protocol.ids import PersonId
from tests.storage.boxes import LEASE
from tests.storage.samples import effect

# The sizes that matter are thousands; the plan is the same, and fails here as well as there.
BACKLOG = 300


@pytest.fixture
def backlog(box):
    """Messages to many, after statistics were taken while hardly any waited."""
    box.add(*(effect("Page", f"sent{number}") for number in range(BACKLOG)))
    for row in box.claim(limit=BACKLOG):
        box.sent(row)
    box.run(lambda conn: conn.execute(text("ANALYZE")))
    box.add(*(effect("Tell", f"t{n}", to=PersonId(f"p{n}")) for n in range(BACKLOG)))
    return box


@pytest.fixture
def planned(backlog):
    """This is how the database goes about what is asked, line by line."""

    def planned(ask):
        asked = []

        def note(_conn, _cursor, statement, values, *_):
            asked.append((statement, values))

        event.listen(backlog.database.engine, "before_cursor_execute", note)
        ask()
        event.remove(backlog.database.engine, "before_cursor_execute", note)
        [(statement, values), *_] = [one for one in asked if one[0].startswith("SELECT")]
        how = "EXPLAIN" if backlog.database.dialect == "postgresql" else "EXPLAIN QUERY PLAN"

        def explained(conn):
            return conn.exec_driver_sql(f"{how} {statement}", values).all()

        return [str(line[-1]) for line in backlog.run(explained)]

    return planned


def test_when_the_next_may_be_sent_is_found_in_the_indexes(backlog, planned):
    assert finds_its_way(planned(backlog.next_attempt))


def test_what_may_be_sent_is_claimed_in_the_order_of_its_index(backlog, planned):
    assert finds_its_way(planned(lambda: backlog.claim(limit=3)))


def test_a_backlog_is_claimed_in_order_and_whole(backlog):
    taken = []
    while rows := backlog.claim(limit=40):
        taken += [row.id for row in rows]
    assert len(taken) == BACKLOG
    assert taken == sorted(taken)
    assert backlog.next_attempt() == backlog.now + LEASE


def finds_its_way(plan):
    """Whether each lane is looked up by itself, and nothing that waits is read whole or sorted."""
    whole = [line for line in plan if "outbox" in line and ("Seq Scan" in line or "SCAN" in line)]
    sorted_ = [line for line in plan if "Sort  (" in line or "TEMP B-TREE" in line]
    lanes = [line for line in plan if "outbox_by_lane" in line]
    allowed = [line for line in whole if "USING INDEX outbox_to_send" in line]
    others = [line for line in plan if "outbox_by_matter" in line]
    return bool(lanes) and whole == allowed and not sorted_ and not others
