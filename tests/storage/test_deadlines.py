"""This holds the deadlines to what the loop relies on: late is late, and nothing spins."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from storage import deadlines
from storage.database import Database
from tests.storage import samples
from tests.storage.samples import MINUTE, NOW, quiet_visit

HOUR = timedelta(hours=1)
# Elevated visits are first looked at five minutes before they are due.
FIRST_LOOK = timedelta(minutes=-5)


def watch(database, name, due_at):
    visit = quiet_visit(due_at=due_at)
    return database.run_sync(samples.open_matter, samples.matter(name, visit=visit))


def due(database, now, limit=10):
    return database.run_sync(deadlines.due, now, limit)


def test_what_is_due_comes_longest_due_first_and_nothing_else_comes(database):
    for name, minutes in (("b", 20), ("a", 10), ("c", 21)):
        watch(database, name, NOW + minutes * MINUTE)
    assert due(database, NOW + 15 * MINUTE) == ["a", "b"]
    assert due(database, NOW + 15 * MINUTE, limit=1) == ["a"]


def test_the_next_deadline_is_the_first_that_will_be_due(database):
    assert database.run_sync(deadlines.next_due) is None
    watch(database, "a", NOW + HOUR)
    watch(database, "b", NOW + 2 * HOUR)
    at = NOW + HOUR + FIRST_LOOK
    assert database.run_sync(deadlines.next_due) == at
    assert due(database, at) == ["a"]
    assert due(database, at - timedelta(microseconds=1)) == []


def test_a_fault_moves_the_next_try_and_never_the_deadline(database):
    watch(database, "a", NOW)
    noticed, later = NOW + 20 * MINUTE, NOW + 30 * MINUTE
    assert database.run_sync(deadlines.postpone, "a", noticed, later) == 1
    assert due(database, later - MINUTE) == []
    assert database.run_sync(deadlines.next_due) == later
    assert database.run_sync(deadlines.late, NOW + 10 * MINUTE) == 15 * MINUTE
    assert database.run_sync(deadlines.postpone, "a", later, later + MINUTE) == 2


def test_a_decision_forgets_the_faults_before_it(database):
    before = watch(database, "a", NOW)
    database.run_sync(deadlines.postpone, "a", NOW + 20 * MINUTE, NOW + HOUR)
    after = replace(before, visit=quiet_visit(due_at=NOW + HOUR, due_no=2))
    database.run_sync(samples.save, before, after)
    assert database.run_sync(deadlines.next_due) == NOW + HOUR + FIRST_LOOK
    assert database.run_sync(deadlines.postpone, "a", NOW + 2 * HOUR, NOW + 3 * HOUR) == 1


def test_what_another_replica_decided_meanwhile_is_not_postponed(database):
    # Found by the soak, seed 5: it was tried before its new deadline, which a fault then counts.
    before = watch(database, "a", NOW)
    after = replace(before, visit=quiet_visit(due_at=NOW + HOUR, due_no=2))
    database.run_sync(samples.save, before, after)
    noticed = NOW + 20 * MINUTE
    assert database.run_sync(deadlines.postpone, "a", noticed, noticed + MINUTE) == 0
    assert database.run_sync(deadlines.next_due) == NOW + HOUR + FIRST_LOOK


def test_a_closed_matter_is_not_postponed(database):
    database.run_sync(samples.open_matter, samples.matter("a", visit=samples.closed_visit()))
    assert database.run_sync(deadlines.postpone, "a", NOW + HOUR, NOW + 2 * HOUR) == 0
    assert database.run_sync(deadlines.next_due) is None


def test_nothing_is_late_before_it_is_due(database):
    assert database.run_sync(deadlines.late, NOW) == timedelta(0)
    watch(database, "a", NOW + HOUR)
    assert database.run_sync(deadlines.late, NOW) == timedelta(0)


def test_two_sweeps_never_hold_the_same_matter(database, ready_database_url):
    if database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    for name in ("a", "b", "c"):
        watch(database, name, NOW)
    other = Database.open(ready_database_url)

    def sweep(conn):
        mine = deadlines.due(conn, NOW, 2)
        theirs = other.run_sync(deadlines.due, NOW, 10)
        return mine, theirs

    mine, theirs = database.run_sync(sweep)
    assert sorted([*mine, *theirs]) == ["a", "b", "c"]
    other.dispose()


def test_what_is_due_is_found_in_the_index_however_much_is_open(database):
    if database.dialect == "postgresql":
        pytest.skip("its planner reads small tables whole")
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    due(database, NOW)
    [(statement, values)] = [one for one in asked if one[0].startswith("SELECT")]

    def plan(conn):
        return conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()

    [(*_, step)] = database.run_sync(plan)
    assert step.startswith("SEARCH matter USING COVERING INDEX matter_by_attempt")
