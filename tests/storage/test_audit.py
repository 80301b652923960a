"""This holds the history to what it promises: whatever is done to a stored column is found."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select, update

from protocol import events
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.plan import Plan, Stop
from protocol.trigger import MANUAL_PAGE, Both
from storage import audit, digests, tables
from storage.audit import Entry, Fault
from tests.storage.programs_for_tests import there

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
TABLES = (tables.audit_line, tables.audit_body, tables.audit_head, tables.audit_anchor)


@pytest.fixture
def conn(database_url):
    engine = create_engine(database_url)
    with engine.connect() as connection:
        tables.metadata.create_all(connection, TABLES)
        yield connection
    engine.dispose()


def entry(chain, number=0, **changes):
    written = Entry(
        chain=chain,
        program="river",
        at=AT + timedelta(minutes=number),
        actor="jo",
        event="CheckIn",
        reason="checked_in",
        body={"number": number},
    )
    return dataclasses.replace(written, **changes)


def write_history(conn):
    """This writes three chains, one of them shredded, two anchors, and lines after the last."""
    audit.append_many(conn, [entry("m1", 1), entry("m2", 2), entry("m1", 3)])
    audit.append(conn, "m1", **arguments(entry("m1", 4)))
    audit.anchor(conn, AT + timedelta(minutes=5))
    audit.append_many(conn, [entry("m1", 6), entry("gone", 7), entry("gone", 8)])
    audit.shred(conn, "gone", at=AT + timedelta(minutes=9), actor="noor", reason="retention")
    audit.anchor(conn, AT + timedelta(minutes=10))
    audit.append_many(conn, [entry("m2", 11), entry("m3", 12)])


def arguments(written):
    fields = {field.name: getattr(written, field.name) for field in dataclasses.fields(written)}
    del fields["chain"]
    return fields


def faults(conn):
    return {problem.fault for problem in audit.verify(conn).problems}


def test_a_history_that_nobody_touched_is_whole(conn):
    write_history(conn)
    report = audit.verify(conn)
    assert report.ok
    assert report.problems == ()
    assert (report.lines, report.unanchored, report.shredded, report.anchors) == (10, 2, 2, 2)


def test_a_history_of_nothing_is_whole_and_has_nothing_to_anchor(conn):
    assert audit.anchor(conn, AT) is None
    audit.append_many(conn, [])
    assert audit.verify(conn).ok


def test_an_anchor_counts_every_chain_that_grew_and_only_those(conn):
    audit.append_many(conn, [entry("m1"), entry("m2")])
    first = there(audit.anchor(conn, AT))
    assert (first.no, first.chains) == (1, 2)
    audit.append_many(conn, [entry("m2")])
    second = there(audit.anchor(conn, AT))
    assert (second.no, second.chains) == (2, 1)
    assert audit.anchor(conn, AT) is None
    assert audit.verify(conn).unanchored == 0


def other(value):
    """This is a value of the same kind that is not the same."""
    match value:
        case None:
            return "somebody"
        case int():
            return value + 100
        case datetime():
            return value + timedelta(microseconds=1)
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case _:
            raise AssertionError(value)


def test_every_single_change_of_any_stored_column_is_found(conn):
    write_history(conn)
    conn.commit()
    tried = 0
    for table in TABLES:
        for row in conn.execute(select(table)).all():
            for column in table.c:
                is_row = [key == getattr(row, key.name) for key in table.primary_key]
                changed = {column.name: other(getattr(row, column.name))}
                conn.execute(update(table).where(*is_row).values(**changed))
                report = audit.verify(conn)
                assert not report.ok, (table.name, row, column.name)
                conn.rollback()
                tried += 1
    assert tried > 100
    assert audit.verify(conn).ok


def test_every_single_value_that_is_taken_away_is_found(conn):
    write_history(conn)
    conn.commit()
    for table in TABLES:
        for column in table.c:
            known = select(table).where(column.is_not(None))
            for row in conn.execute(known).all() if column.nullable else ():
                is_row = [key == getattr(row, key.name) for key in table.primary_key]
                conn.execute(update(table).where(*is_row).values(**{column.name: None}))
                assert not audit.verify(conn).ok
                conn.rollback()


def test_every_single_row_that_is_removed_is_found(conn):
    write_history(conn)
    conn.commit()
    for table in TABLES:
        for row in conn.execute(select(table)).all():
            is_row = [key == getattr(row, key.name) for key in table.primary_key]
            conn.execute(delete(table).where(*is_row))
            assert not audit.verify(conn).ok, (table.name, row)
            conn.rollback()


def test_two_lines_that_changed_places_are_found(conn):
    write_history(conn)
    line = tables.audit_line.c
    for before, after in ((2, 100), (3, 2), (100, 3)):
        conn.execute(
            update(tables.audit_line)
            .where(line.chain == "m1", line.seq == before)
            .values(seq=after)
        )
    assert Fault.LINE_ALTERED in faults(conn)


def test_a_line_missing_in_the_middle_is_named(conn):
    write_history(conn)
    remove(conn, "m1", 2)
    found = audit.verify(conn).problems
    assert found[0] == audit.Problem(Fault.LINE_MISSING, "m1", 2)


def test_a_chain_that_was_cut_with_care_is_found_by_the_last_anchor(conn):
    write_history(conn)
    remove(conn, "m1", 4)
    last = conn.execute(
        select(tables.audit_line.c.digest).where(
            tables.audit_line.c.chain == "m1", tables.audit_line.c.seq == 3
        )
    ).scalar()
    set_head(conn, "m1", seq=3, digest=last, anchored_seq=3)
    assert faults(conn) == {Fault.CHAIN_TRUNCATED}


def test_a_chain_that_was_cut_whole_is_found_by_the_last_anchor(conn):
    write_history(conn)
    remove(conn, "m1")
    conn.execute(delete(tables.audit_head).where(tables.audit_head.c.chain == "m1"))
    assert faults(conn) == {Fault.CHAIN_TRUNCATED}


def test_a_chain_that_was_written_anew_is_found_by_the_last_anchor(conn):
    write_history(conn)
    remove(conn, "m1")
    conn.execute(delete(tables.audit_head).where(tables.audit_head.c.chain == "m1"))
    audit.append_many(conn, [entry("m1", number) for number in (1, 3, 4, 60)])
    set_head(conn, "m1", anchored_seq=4)
    assert faults(conn) == {Fault.CHAIN_REWRITTEN}


def test_a_history_written_anew_as_a_whole_is_found_by_an_anchor_that_left_the_database(conn):
    audit.append_many(conn, [entry("m1", 1)])
    kept = there(audit.anchor(conn, AT))
    for table in TABLES:
        conn.execute(delete(table))
    audit.append_many(conn, [entry("m1", 2)])
    assert Fault.ANCHOR_MISSING in {
        problem.fault for problem in audit.verify(conn, {kept.no: kept.digest}).problems
    }
    audit.anchor(conn, AT)
    assert audit.verify(conn).ok
    assert not audit.verify(conn, {kept.no: kept.digest}).ok


def test_what_was_cut_after_the_last_anchor_was_reported_as_unanchored(conn):
    audit.append_many(conn, [entry("m1", 1), entry("m1", 2)])
    assert audit.verify(conn).unanchored == 2
    audit.anchor(conn, AT)
    assert audit.verify(conn).unanchored == 0


def test_a_shredded_body_is_gone_and_the_history_holds(conn):
    audit.append_many(conn, [entry("m1", 1, body={"what": "a stone"}), entry("m2", 2)])
    assert audit.shred(conn, "m1", at=AT, actor=None, reason="retention") == 1
    report = audit.verify(conn)
    assert (report.ok, report.shredded) == (True, 1)
    bodies = conn.execute(select(tables.audit_body.c.body)).scalars().all()
    assert not [body for body in bodies if "stone" in body]


def test_a_body_that_somebody_removed_is_not_taken_for_shredded(conn):
    write_history(conn)
    body = tables.audit_body.c
    conn.execute(delete(tables.audit_body).where(body.chain == "m1", body.seq == 2))
    assert audit.verify(conn).problems == (audit.Problem(Fault.BODY_REMOVED, "m1", 2),)


def test_what_comes_after_a_shredding_is_not_covered_by_it(conn):
    audit.append_many(conn, [entry("m1", 1)])
    audit.shred(conn, "m1", at=AT, actor=None, reason="retention")
    audit.append_many(conn, [entry("m1", 2)])
    conn.execute(delete(tables.audit_body).where(tables.audit_body.c.chain == "m1"))
    assert faults(conn) == {Fault.BODY_REMOVED}


def test_shredding_twice_or_nothing_writes_nothing_down(conn):
    audit.append_many(conn, [entry("m1", 1)])
    audit.shred(conn, "m1", at=AT, actor=None, reason="retention")
    assert audit.shred(conn, "m1", at=AT, actor=None, reason="retention") == 0
    assert audit.shred(conn, digests.SHREDDINGS, at=AT, actor=None, reason="retention") == 0
    assert audit.verify(conn).lines == 2


def test_equal_bodies_have_different_digests(conn):
    audit.append_many(conn, [entry("m1", 1), entry("m1", 1)])
    found = conn.execute(select(tables.audit_line.c.body_digest)).scalars().all()
    assert len(set(found)) == 2


def test_a_read_of_something_sealed_is_written_down_for_the_person_to_see(conn):
    audit.sealed_read(conn, program="river", at=AT, actor="rosa", what="person/jo/phone", why="x")
    audit.sealed_read(conn, program="river", at=AT, actor="rosa", what="person/jo_2/phone", why="x")
    assert audit.reads_of(conn, "person/jo/") == [(AT, "rosa")]
    assert audit.reads_of(conn, "person/jo_/") == []
    assert audit.verify(conn).ok


@given(
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), min_size=2, max_size=6),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), min_size=2, max_size=6),
)
def test_different_parts_are_never_digested_alike(one, two):
    same = one == two and list(map(type, one)) == list(map(type, two))
    assert (digests._digest(*one) == digests._digest(*two)) is same


def test_two_who_write_into_one_new_chain_at_once_both_get_their_line(conn):
    if conn.dialect.name != "postgresql":
        pytest.skip("on SQLite one transaction writes at a time")
    conn.commit()
    engine = conn.engine
    with engine.begin() as first:
        audit.append_many(first, [entry("m1", 1)])
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(append_apart, engine, entry("m1", 2))
            with pytest.raises(TimeoutError):
                second.result(timeout=0.2)
            first.commit()
            second.result(timeout=10)
    report = audit.verify(conn)
    assert (report.ok, report.lines) == (True, 2)


def append_apart(engine, written):
    with engine.begin() as connection:
        audit.append_many(connection, [written])


# --- what of an event the history keeps ------------------------------------------------------

HEARD = "SECRET"
IDS = {"by", "person", "worker", "about", "place", "partner", "backup", "zone", "episode"}


def sample(kind):
    """This makes an event of which every text that is not an id says HEARD."""
    row = dataclasses.replace(MANUAL_PAGE.row, title=Both(HEARD, HEARD))
    values = {
        "plan": Plan(
            (Stop(HEARD, PlaceId("p/home-17")), Stop(HEARD)),
            AT,
            timedelta(hours=1),
            "America/Los_Angeles",
            note=HEARD,
        ),
        "at": AT,
        "until": AT,
        "page": dataclasses.replace(MANUAL_PAGE, row=row),
    }
    made = {}
    for field in dataclasses.fields(kind):
        if field.name in values:
            made[field.name] = values[field.name]
        elif field.type is str:
            made[field.name] = "an-id" if field.name in IDS else HEARD
        elif field.default is dataclasses.MISSING:
            made[field.name] = plain(field.type)
    return kind(**made)


def plain(kind):
    if kind in (PersonId, MatterId):
        return "an-id"
    if kind is timedelta:
        return timedelta(minutes=5)
    if kind in (int, bool):
        return kind(1)
    return next(iter(kind)) if hasattr(kind, "__members__") else ()


@pytest.mark.parametrize("kind", get_args(events.Event), ids=lambda kind: kind.__name__)
def test_the_history_keeps_no_text_that_anybody_typed(kind):
    event = sample(kind)
    text = json.dumps(audit.public_body(event))
    # A label of the registry is shown in Slack anyway; the first stop's is one.
    assert text.count(HEARD) == (1 if hasattr(event, "plan") else 0)
    assert audit.public_body(event)["type"] == kind.__name__


def test_a_plan_in_the_history_has_no_note_and_keeps_what_was_chosen():
    body = audit.public_body(sample(events.PlanVisit))
    assert "note" not in body["plan"]
    assert body["plan"]["expected"] == 3600.0
    assert [stop["label"] for stop in body["plan"]["stops"]] == [HEARD, audit.MASK]


@pytest.mark.parametrize("kind", [events.Arrive, events.CheckIn, events.Leave, events.Clear])
def test_a_duress_answer_is_kept_exactly_as_an_ordinary_one(kind):
    bodies = {
        json.dumps(audit.public_body(kind(AT, PersonId("jo"), said)))
        for said in ("", "ok-1", "the weather is fine, tell my sister")
    }
    assert len(bodies) == 1


def test_a_chain_with_a_duress_answer_has_the_same_shape_as_one_without(conn):
    for chain, said in (("m1", "ok-1"), ("m2", "the weather is fine")):
        event = events.CheckIn(AT, PersonId("jo"), said)
        audit.append_many(conn, [entry(chain, body=audit.public_body(event))])
    for table in TABLES[:3]:
        sizes = [[len(str(value)) for value in row] for row in conn.execute(select(table)).all()]
        assert sizes[0] == sizes[1]


def remove(conn, chain, seq=None):
    for table in (tables.audit_body, tables.audit_line):
        which = [table.c.chain == chain]
        if seq is not None:
            which.append(table.c.seq == seq)
        conn.execute(delete(table).where(*which))


def set_head(conn, chain, **values):
    conn.execute(
        update(tables.audit_head).where(tables.audit_head.c.chain == chain).values(**values)
    )
