"""What must always hold, as SQL: each statement finds what was planted, and nothing in sound rows.

What cannot be planted, because the schema refuses it, is in `test_constraints.py`.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from protocol.ids import MatterId
from protocol.records import EscalationState
from storage import invariants, messages, outbox, tables
from storage.messages import Standing
from tests.storage import samples
from tests.storage.samples import LEAD, MINUTE, NOW, PROGRAM, TRANSPORT, WORKER, effect, quiet_visit

MATTER, ESCALATION, OUTBOX = tables.matter, tables.escalation, tables.outbox
SECONDS = timedelta(seconds=1)
BEFORE_DUE = NOW - 10 * MINUTE


@pytest.fixture
def sound(database):
    """A climb with its pages, a held one, one that ended, a visit: all as the runner writes it."""
    run = database.run_sync
    pages = [effect("Page"), effect("PostPage", "m1/1.1/page/0/clinical", rung=0)]
    climbing = samples.matter("m1", visit=quiet_visit(), escalations=(samples.escalation(),))
    run(samples.open_matter, climbing, *pages, effect("Tell"), effect("Refresh"))
    held = samples.escalation(
        state=EscalationState.ACKNOWLEDGED, owner=LEAD, until_at=NOW + 60 * MINUTE
    )
    for name, escalation in (("m2", held), ("m3", samples.closed_escalation())):
        run(samples.open_matter, samples.matter(name, visit=None, escalations=(escalation,)))
    run(samples.open_matter, samples.matter("m4", visit=quiet_visit()))
    run(send_all)
    return run


def send_all(conn):
    for row in outbox.claim(conn, TRANSPORT, 10, 15 * SECONDS):
        where = Standing(PROGRAM, row.matter, "C1", f"{row.id}.0", outbox_key=row.key)
        outbox.sent(conn, row, None if row.kind == "Refresh" else where, TRANSPORT)


def broken(run, now=BEFORE_DUE, transport_now=TRANSPORT, after=""):
    """The names of what does not hold."""
    seen = run(invariants.window, now, transport_now, after)
    return {one.name for one in invariants.ALL if run(invariants.broken, one, seen)}


def change(run, statement):
    run(lambda conn: conn.execute(statement))


def plant_row(conn, matter="m1", kind="PostPage", **changes):
    """One more row of the outbox, as if it had been asked for."""
    key = f"{matter}/{changes.pop('episode', '1.1')}/page/{changes.pop('rung', 0)}/planted"
    part = key.split("/")
    made = effect(kind, key) if kind != "PostPage" else None
    made = made or effect(kind, key, episode=part[1], rung=int(part[3]))
    outbox.add(conn, PROGRAM, MatterId(matter), [made], at=NOW, transport_now=TRANSPORT)
    if changes:
        conn.execute(update(OUTBOX).where(OUTBOX.c.key == f"{PROGRAM}/{key}").values(**changes))


def climb(matter="m1"):
    return update(ESCALATION).where(ESCALATION.c.matter_id == matter)


def of(matter="m1"):
    return update(MATTER).where(MATTER.c.id == matter)


def row(kind):
    return update(OUTBOX).where(OUTBOX.c.kind == kind)


def later(**changes):
    return {name: NOW + minutes * MINUTE for name, minutes in changes.items()}


def line_gone(conn):
    conn.execute(delete(tables.audit_line).where(tables.audit_line.c.chain == "m4"))


def line_after_the_end(conn):
    line = tables.audit_line
    conn.execute(update(line).where(line.c.chain == "m3").values(at=NOW + MINUTE))


def message_of_nothing(conn):
    where = Standing(PROGRAM, MatterId("m4"), "C1", "9.9", outbox_key="north/never/decided")
    messages.record(conn, where, TRANSPORT)


def message_gone(conn):
    of_a_page = tables.message.c.outbox_key.like("%page/0/lead")
    conn.execute(delete(tables.message).where(of_a_page))


def overtaken(conn):
    tell = effect("Tell")
    first = replace(tell, key="m1/first", to=WORKER)
    outbox.add(conn, PROGRAM, MatterId("m1"), [first], at=NOW, transport_now=TRANSPORT)
    second = replace(tell, key="m1/second", to=WORKER)
    outbox.add(conn, PROGRAM, MatterId("m1"), [second], at=NOW, transport_now=TRANSPORT)
    done = {"outcome": "sent", "attempt_at": None, "attempts": 1}
    conn.execute(update(OUTBOX).where(OUTBOX.c.key == "north/m1/second").values(**done))
    where = Standing(PROGRAM, MatterId("m1"), "C1", "8.8", outbox_key="north/m1/second")
    messages.record(conn, where, TRANSPORT)


def planted(statement):
    return lambda conn: conn.execute(statement)


OLD = TRANSPORT - 10 * MINUTE
DEFECTS = {
    "an_open_climb_is_watched": planted(of().values(later(due_at=30, attempt_at=30))),
    "an_open_visit_is_watched": planted(of("m4").values(active=False)),
    "every_version_has_its_line": line_gone,
    "no_page_of_a_rung_that_did_not_fire": lambda conn: plant_row(conn, rung=2),
    "nothing_is_tried_before_it_is_due": planted(of("m4").values(later(attempt_at=-9))),
    "no_history_after_the_end": line_after_the_end,
    "no_page_waits_after_the_end": lambda conn: plant_row(conn, "m3"),
    "no_page_waits_while_somebody_has_it": lambda conn: plant_row(conn, "m2"),
    "what_is_held_has_an_owner": planted(climb("m2").values(owner=None)),
    "what_was_sent_was_tried": planted(row("Page").values(attempts=0)),
    "what_was_sent_stands": message_gone,
    "what_stands_was_decided": message_of_nothing,
    "what_is_shown_was_stored": planted(update(tables.message).values(shown_version=7)),
    "lanes_keep_their_order": overtaken,
    "nothing_due_is_left": planted(of("m4").values(later(due_at=-11, attempt_at=-11))),
    "no_rung_due_is_left": planted(climb().values(later(due_at=-11))),
    "every_row_is_tried": lambda conn: plant_row(conn, attempt_at=OLD),
    "a_dead_senders_rows_are_taken_over": lambda conn: plant_row(
        conn, attempt_at=TRANSPORT - 2 * MINUTE, claimed_by="deliver"
    ),
    "somebody_watches": planted(update(tables.program).values(watched_at=BEFORE_DUE - 6 * MINUTE)),
}
# Where one defect breaks two rules: a climb that is due has a matter that is due.
ALSO = {"no_rung_due_is_left": {"an_open_climb_is_watched"}}


def test_sound_rows_break_nothing(sound):
    assert broken(sound) == set()


def test_each_statement_finds_what_was_planted_and_no_other_does(sound, database):
    assert DEFECTS.keys() == {one.name for one in invariants.ALL}
    for name, plant in DEFECTS.items():
        with database.engine.connect() as conn:
            plant(conn)

            def within(fn, *args, conn=conn):
                return fn(conn, *args)

            assert broken(within) == {name} | ALSO.get(name, set())


def test_an_early_climb_of_the_same_escalation_counts_as_decided(sound):
    change(sound, climb().values(cycle=2, rung=0))
    assert broken(sound) == set()


def test_what_was_lost_for_good_is_found_slice_by_slice(sound, monkeypatch):
    monkeypatch.setattr(invariants, "SLICE", 1)
    monkeypatch.setattr(invariants, "NEWEST", 0)
    sound(line_gone)
    after, found = "", []
    for _ in range(4):
        seen = sound(invariants.window, BEFORE_DUE, TRANSPORT, after)
        after = seen.next_slice
        found.append(broken(sound, after=seen.next_slice))
    assert found.count({"every_version_has_its_line"}) == 1


def test_a_thousand_broken_rows_are_counted_only_so_far(sound):
    rows = [
        {"id": f"x{n}", "program_id": PROGRAM, "worker": WORKER, "version": 3, "silent": False}
        | {"active": False, "opened_at": NOW, "closed_at": NOW}
        for n in range(50)
    ]
    change(sound, insert(MATTER).values(rows))
    seen = sound(invariants.window, BEFORE_DUE, TRANSPORT)
    [lines] = [one for one in invariants.ALL if one.name == "every_version_has_its_line"]
    assert sound(invariants.broken, lines, seen) == invariants.ROWS_MAX
