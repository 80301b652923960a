"""This holds the saving of matters to its promises: all or nothing, and the first writer wins."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event, func, select, update

from protocol.decision import Decision, Reason
from protocol.events import Acknowledge, CheckIn
from protocol.ids import MatterId, PlaceId
from protocol.plan import Stop
from protocol.records import EscalationState, VisitOutcome, VisitState
from storage import codec, deadlines, matters, outbox, tables
from storage.database import Conflict, Database
from tests.storage import generated, samples
from tests.storage.samples import (
    LEAD,
    MINUTE,
    NOW,
    PROGRAM,
    SEALER,
    TRANSPORT,
    WORKER,
    effect,
    escalation,
    matter,
    open_matter,
    plan,
    quiet_visit,
    read,
    save,
    visit,
)

LATER = NOW + 60 * MINUTE
# Every row that a decision writes to is in one of these.
WRITTEN = ("matter", "visit", "stop", "escalation", "outbox", "audit_line", "audit_body")


def heard(before):
    """The matter after a check-in."""
    later = replace(before.visit, due_at=LATER, due_no=before.visit.due_no + 1)
    return replace(before, visit=later)


def counts(conn):
    tables_of = [tables.metadata.tables[name] for name in WRITTEN]
    return [conn.execute(select(func.count()).select_from(one)).scalar() for one in tables_of]


def lines(conn, chain="m1"):
    line = tables.audit_line.c
    return conn.execute(
        select(tables.audit_line).where(line.chain == chain).order_by(line.seq)
    ).all()


def claimed(database):
    rows = database.run_sync(outbox.claim, TRANSPORT, 100, MINUTE)
    return sorted(row.effect.key for row in rows)


# --- what is saved is read -------------------------------------------------------------------


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)
@given(made=generated.MATTERS)
def test_a_matter_comes_back_as_it_was_saved(database, made):
    assert database.run_sync(open_matter, made) == replace(made, version=1)


def test_an_unknown_matter_is_none(database):
    assert database.run_sync(matters.load, SEALER, MatterId("m9")) is None


def test_many_matters_are_read_in_two_queries(database):
    for number in range(5):
        made = matter(f"m{number}", escalations=(samples.closed_escalation(), escalation(no=2)))
        database.run_sync(open_matter, made)
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    ids = [MatterId(f"m{number}") for number in range(7)]
    found = database.run_sync(matters.load_many, SEALER, ids)
    assert list(found) == ids[:5]
    assert all(len(one.escalations) == 2 for one in found.values())
    assert len([one for one in asked if one.startswith("SELECT")]) == 2


def test_a_row_whose_columns_were_changed_by_hand_is_not_believed(database):
    database.run_sync(open_matter)
    moved = update(tables.visit).values(due_at=LATER + MINUTE)
    database.run_sync(lambda conn: conn.execute(moved))
    with pytest.raises(codec.DamagedError):
        database.run_sync(read, "m1")


# --- the first writer wins -------------------------------------------------------------------


def test_every_decision_advances_the_version_whatever_rows_it_changes(database):
    first = database.run_sync(open_matter)
    database.run_sync(save, first, first, effect("Tell"))
    assert database.run_sync(read, "m1") == replace(first, version=2)


def test_a_decision_on_an_older_version_is_a_conflict_and_leaves_nothing(database):
    first = database.run_sync(open_matter)
    database.run_sync(save, first, heard(first))
    before = database.run_sync(counts)
    overdue = replace(first, escalations=(escalation(),))
    with pytest.raises(Conflict):
        database.run_sync(save, first, overdue, effect("Page"))
    assert database.run_sync(counts) == before


def test_a_visit_and_its_escalation_cannot_both_move_from_one_version(database):
    """Confirmed safe and rung due: only one of the two happens, though their rows differ."""
    first = database.run_sync(open_matter, matter(escalations=(escalation(),)))
    climbed = replace(first, escalations=(escalation(rung=1),))
    database.run_sync(save, first, heard(first))
    with pytest.raises(Conflict):
        database.run_sync(save, first, climbed)


def test_a_matter_that_two_open_at_once_is_opened_once(database):
    database.run_sync(open_matter, matter(), effect("Tell"))
    before = database.run_sync(counts)
    with pytest.raises(Conflict):
        database.run_sync(open_matter, matter(), effect("Remind"))
    assert database.run_sync(counts) == before


def test_of_many_writers_at_once_one_wins_each_version(database, ready_database_url):
    first = database.run_sync(open_matter)
    together = threading.Barrier(4)

    def write(number):
        mine = Database.open(ready_database_url)
        together.wait(10)
        try:
            mine.run_sync(save, first, heard(first), effect("Tell", f"k{number}"))
        except Conflict:
            return 0
        finally:
            mine.dispose()
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(4))) == 1
    assert database.run_sync(read, "m1").version == 2
    assert len(claimed(database)) == 1


def test_a_conflict_in_a_batch_undoes_the_batch(database):
    one, two = (database.run_sync(open_matter, matter(name)) for name in ("m1", "m2"))
    database.run_sync(save, two, heard(two))
    before = database.run_sync(counts)
    with pytest.raises(Conflict):
        save_all(database, (one, heard(one)), (two, heard(two)))
    assert database.run_sync(counts) == before


def save_all(database, *pairs):
    def all_of_them(conn):
        changes = [
            matters.Change(was, Decision(now, Reason.CHECKED_IN), CheckIn(NOW, WORKER))
            for was, now in pairs
        ]
        matters.save_many(conn, SEALER, changes, at=NOW, transport_now=TRANSPORT)

    database.run_sync(all_of_them)


def test_a_batch_saves_what_one_by_one_saves(database):
    one = database.run_sync(open_matter)
    save_all(
        database,
        (one, replace(heard(one), escalations=(samples.closed_escalation(), escalation(no=2)))),
        (matter("m2"), matter("m2")),
        (matter("m3", visit=None), matter("m3", visit=None, escalations=(escalation(),))),
    )
    assert database.run_sync(read, "m1").escalations[1].no == 2
    assert database.run_sync(read, "m2") == matter("m2", version=1)
    assert database.run_sync(read, "m3").escalations == (escalation(),)


class CrashError(Exception):
    """The process died here."""


def test_a_crash_before_the_commit_leaves_nothing(database):
    """Once before each statement of a decision that writes to every table."""
    first = database.run_sync(open_matter, matter(escalations=(escalation(),)))
    after = replace(heard(first), escalations=(samples.closed_escalation(), escalation(no=2)))
    before = database.run_sync(counts)
    left = survived = 0

    def crash(conn, *_):
        nonlocal left
        left -= 1
        if left < 0:
            raise CrashError

    while True:
        left = survived
        event.listen(database.engine, "before_cursor_execute", crash)
        try:
            database.run_sync(save, first, after, effect("Tell"), effect("Refresh"))
            break
        except CrashError:
            survived += 1
        finally:
            event.remove(database.engine, "before_cursor_execute", crash)
        assert database.run_sync(counts) == before
        assert database.run_sync(read, "m1") == first
    assert survived > len(WRITTEN)
    assert database.run_sync(read, "m1") == replace(after, version=2)


# --- only what changed -----------------------------------------------------------------------


def statements(database, before, after):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    database.run_sync(save, before, after)
    verbs = ("INSERT INTO ", "UPDATE ", "DELETE FROM ")
    changed = [one for one in asked if one.startswith(verbs) and " audit_" not in one]
    return [one.replace("INTO ", "").replace("FROM ", "").split()[1] for one in changed]


def test_an_unchanged_record_is_not_written(database):
    first = database.run_sync(open_matter, matter(escalations=(escalation(),)))
    climbed = replace(first, escalations=(escalation(rung=1),))
    assert statements(database, first, climbed) == ["matter", "escalation"]


def test_the_version_is_advanced_before_anything_else(database):
    first = database.run_sync(open_matter, matter(escalations=(escalation(),)))
    stops = (Stop("Home 17", arrived_at=NOW), *first.visit.plan.stops[1:])
    after = heard(replace(first, visit=replace(first.visit, plan=plan(stops=stops))))
    after = replace(after, escalations=(samples.closed_escalation(), escalation(no=2)))
    wrote = statements(database, first, after)
    assert wrote == ["matter", "visit", "stop", "escalation", "escalation", "outbox"]


def test_a_decision_that_changes_nothing_is_not_saved(database):
    first = database.run_sync(open_matter)
    before = database.run_sync(counts)
    database.run_sync(save, first, first, reason=Reason.NOT_DUE)
    assert database.run_sync(counts) == before


def test_the_stops_follow_the_plan(database):
    def stops(conn):
        columns = (tables.stop.c.no, tables.stop.c.label, tables.stop.c.arrived_at)
        return conn.execute(select(*columns).order_by(tables.stop.c.no)).all()

    first = database.run_sync(open_matter)
    assert database.run_sync(stops) == [(0, "Home 17", None), (1, "Main St shelter", None)]
    shorter = plan(stops=(Stop("Gate", arrived_at=NOW),))
    database.run_sync(save, first, replace(first, visit=visit(plan=shorter)))
    assert database.run_sync(stops) == [(0, "Gate", NOW)]


def test_each_decision_is_one_line_of_the_matters_history(database):
    first = database.run_sync(open_matter)
    database.run_sync(save, first, heard(first))
    _, line = database.run_sync(lines)
    assert (line.event, line.reason, line.actor) == ("CheckIn", "checked_in", WORKER)
    assert (line.at, line.program_id) == (NOW, PROGRAM)


# --- the clock -------------------------------------------------------------------------------


def clock(database, name="m1"):
    columns = tables.matter.c
    row = select(columns.due_at, columns.attempt_at, columns.closed_at, columns.active)
    asked = row.where(columns.id == name)
    return tuple(database.run_sync(lambda conn: conn.execute(asked).one()))


def test_an_open_matter_is_due_at_its_next_deadline(database):
    database.run_sync(open_matter, matter(visit=quiet_visit(due_at=LATER)))
    due_at = LATER - 5 * MINUTE
    assert clock(database) == (due_at, due_at, None, True)


def test_a_closed_matter_is_not_due(database):
    database.run_sync(open_matter, matter(visit=samples.closed_visit()))
    assert clock(database) == (None, None, NOW, False)


def test_a_closed_visit_whose_last_answer_is_unread_is_due_and_not_active(database):
    unread = replace(visit(), state=VisitState.CLOSED, due_at=None, outcome=VisitOutcome.COMPLETED)
    database.run_sync(open_matter, matter(visit=unread))
    at = unread.answers_due_at
    assert clock(database) == (at, at, None, False)
    assert database.run_sync(deadlines.due, at, 5) == ["m1"]
    assert database.run_sync(matters.current_of, WORKER) is None


# --- what a decision makes void --------------------------------------------------------------


def test_an_acknowledgement_takes_back_what_was_not_sent_in_its_own_transaction(database):
    climbing = matter(escalations=(escalation(),))
    first = database.run_sync(open_matter, climbing, effect("Page"), effect("PostPage"))
    held = escalation(state=EscalationState.ACKNOWLEDGED, owner=LEAD)
    after = replace(first, escalations=(held,))
    database.run_sync(
        lambda conn: save(conn, first, after, effect("Tell", "seen"), event=Acknowledge(NOW, LEAD))
    )
    assert claimed(database) == ["seen"]


def test_a_pages_own_decision_does_not_make_it_void(database):
    """Somebody cannot take it after all: the climb goes on, and its new page stands."""
    held = escalation(state=EscalationState.ACKNOWLEDGED, owner=LEAD)
    first = database.run_sync(open_matter, matter(escalations=(held,)))
    after = replace(first, escalations=(escalation(rung=1),))
    database.run_sync(save, first, after, effect("Page", "new"))
    assert claimed(database) == ["new"]


def test_a_new_due_time_takes_back_the_old_reminder_and_keeps_its_own(database):
    first = database.run_sync(open_matter, matter(), effect("Remind", "old"))
    database.run_sync(save, first, heard(first), effect("Remind", "new"))
    assert claimed(database) == ["new"]


def test_a_place_that_was_taken_away_refuses_nobody_a_clock(database):
    gone = plan(stops=(Stop("Gate", place=PlaceId("nowhere")),))
    database.run_sync(open_matter, matter(visit=visit(plan=gone)))
    assert database.run_sync(read, "m1").visit.stop.place == "nowhere"


def test_of_a_changed_visit_only_what_changed_is_written(database):
    """References and indexes of what stayed the same are not looked up again."""
    before = matter(visit=visit())
    database.run_sync(open_matter, before)
    stored = database.run_sync(read, before.id)
    later = replace(stored.visit, due_at=LATER + MINUTE)
    written = []

    def note(_conn, _cursor, statement, *_):
        if statement.startswith("UPDATE visit"):
            written.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    database.run_sync(save, stored, replace(stored, visit=later))
    event.remove(database.engine, "before_cursor_execute", note)
    [statement] = written
    assert "due_at" in statement
    assert "body" in statement
    assert "program_id" not in statement
    assert "approver" not in statement
    assert database.run_sync(read, before.id).visit == later
