"""Flags from raised to ended: reviews, disputes, the record, and what the history says of them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.rating import FlagKind
from storage import audit, flags, places, programs, tables
from storage.database import Database
from storage.flags import Spoken, Told
from storage.sealing import Sealer
from tests.storage.programs_for_tests import SMALL, read

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RIVER, GATE = ProgramId("river"), PlaceId("river/gate")
JO, ROSA = PersonId("jo"), PersonId("rosa")
SEALER = Sealer([b"k" * 32])
CONCERN, NO_ENTRY = FlagKind.CONCERN, FlagKind.NO_ENTRY


@pytest.fixture
def conn(ready_database_url, tmp_path):
    database = Database.open(ready_database_url)
    with database.engine.begin() as conn:
        programs.apply(conn, SEALER, read(tmp_path, SMALL).file, AT - DAY)
        yield conn
    database.dispose()


def policy(conn):
    return programs.by_id(conn, RIVER).policy


def raised(conn, flag_id="f1", at=AT, kind=CONCERN, evidence="a man with a dog"):
    return flags.raise_one(
        conn,
        SEALER,
        policy(conn),
        flag_id=flag_id,
        program=RIVER,
        place=GATE,
        kind=kind,
        author=JO,
        at=at,
        evidence=evidence,
    )


def said(word="w1", by=ROSA, at=AT + DAY, flag="f1"):
    return Spoken(word, flag, by, at, "it is calm now")


def review(conn, verdict, seen=0, **more):
    return flags.review(conn, SEALER, policy(conn), said(**more), verdict, seen)


def dispute(conn, **more):
    return flags.dispute(conn, SEALER, policy(conn), said(**{"by": JO, **more}))


def lines(conn, flag="f1"):
    line = tables.audit_line.c
    found = select(line.event, line.reason, line.actor).where(line.chain == flags.chain_of(flag))
    return [tuple(row) for row in conn.execute(found.order_by(line.seq))]


def ids(found):
    return [one.id for one in found]


def test_a_flag_counts_at_once_and_the_same_form_raises_it_once(conn):
    assert raised(conn)
    assert not raised(conn)
    [flag] = places.place(conn, GATE).flags
    assert (flag.kind, flag.author) == (CONCERN, JO)
    assert flag.counts(AT)
    assert ids(flags.standing(conn, RIVER, AT)) == ["f1"]


def test_a_flag_waits_for_its_review_until_it_has_one(conn):
    raised(conn)
    assert ids(flags.to_review(conn, RIVER, AT)) == ["f1"]
    assert flags.to_review(conn, RIVER, AT)[0].review_due_at == AT + 7 * DAY
    assert review(conn, CONCERN) is Told.DONE
    assert flags.to_review(conn, RIVER, AT + DAY) == []


def test_a_review_lets_it_count_for_ninety_days_from_then(conn):
    raised(conn)
    review(conn, CONCERN, at=AT + 5 * DAY)
    assert flags.one(conn, "f1", AT + 94 * DAY) is not None
    assert flags.one(conn, "f1", AT + 95 * DAY) is None


def test_an_expired_flag_stops_counting_and_stays_in_the_record(conn):
    raised(conn)
    assert flags.standing(conn, RIVER, AT + 90 * DAY) == []
    assert flags.to_review(conn, RIVER, AT + 90 * DAY) == []
    assert places.places_of(conn, RIVER, AT + 90 * DAY)[0].flags == ()
    assert review(conn, CONCERN, at=AT + 90 * DAY) is Told.GONE
    assert conn.execute(select(tables.flag.c.id)).scalars().all() == ["f1"]


def test_a_review_can_change_what_a_flag_says(conn):
    raised(conn)
    assert review(conn, NO_ENTRY) is Told.DONE
    [flag] = places.place(conn, GATE).flags
    assert flag.kind is NO_ENTRY


def test_a_review_can_end_a_flag_and_nothing_is_deleted(conn):
    raised(conn)
    assert review(conn, None) is Told.DONE
    assert places.place(conn, GATE).flags == ()
    assert review(conn, CONCERN, word="w2") is Told.GONE
    assert conn.execute(select(tables.flag.c.settled_at)).scalar() == AT + DAY
    word = conn.execute(select(tables.flag_word)).one()
    assert (word.word, word.by) == ("ended", ROSA)
    assert SEALER.open(word.reason, flags.reason_of("w1")) == "it is calm now"


def test_a_disputed_flag_counts_until_it_is_reviewed_and_is_due_within_seven_days(conn):
    raised(conn)
    review(conn, CONCERN)
    assert dispute(conn, word="w2", at=AT + 30 * DAY) is Told.DONE
    [waiting] = flags.to_review(conn, RIVER, AT + 30 * DAY)
    assert waiting.disputed
    assert waiting.review_due_at == AT + 37 * DAY
    assert places.place(conn, GATE).flags[0].counts(AT + 30 * DAY)
    assert flags.dispute_reason(conn, SEALER, "f1") == "it is calm now"
    assert review(conn, CONCERN, seen=2, word="w3", at=AT + 31 * DAY) is Told.DONE
    assert flags.to_review(conn, RIVER, AT + 31 * DAY) == []


def test_a_dispute_does_not_put_off_a_review_that_is_due(conn):
    raised(conn)
    dispute(conn, at=AT + 6 * DAY)
    [waiting] = flags.to_review(conn, RIVER, AT + 6 * DAY)
    assert waiting.review_due_at == AT + 7 * DAY


def test_of_two_who_review_at_once_the_second_looks_again(conn):
    raised(conn)
    assert review(conn, CONCERN, seen=0) is Told.DONE
    assert review(conn, None, seen=0, word="w2") is Told.CHANGED_SINCE
    assert places.place(conn, GATE).flags


def test_the_same_word_sent_twice_is_kept_once(conn):
    raised(conn)
    assert dispute(conn) is Told.DONE
    assert dispute(conn) is Told.REPEATED
    assert len(conn.execute(select(tables.flag_word.c.id)).all()) == 1


def test_every_change_is_in_the_history_without_what_was_typed(conn):
    raised(conn)
    dispute(conn)
    review(conn, NO_ENTRY, seen=1, word="w2")
    review(conn, None, seen=2, word="w3")
    assert lines(conn) == [
        ("FlagRaised", "concern", JO),
        ("FlagDisputed", "disputed", JO),
        ("FlagReviewed", "changed", ROSA),
        ("FlagReviewed", "ended", ROSA),
    ]
    bodies = " ".join(conn.execute(select(tables.audit_body.c.body)).scalars())
    assert "dog" not in bodies
    assert "calm" not in bodies
    assert audit.verify(conn, {}).ok


def test_what_was_seen_is_sealed_and_each_read_is_written_down(conn):
    raised(conn)
    row = conn.execute(select(tables.flag)).one()
    assert "dog" not in row.evidence
    assert flags.evidence(conn, SEALER, "f1", ROSA, AT) == "a man with a dog"
    assert audit.reads_of(conn, "flag/f1/") == [(AT, ROSA)]


def test_a_flag_without_evidence_is_read_by_nobody(conn):
    raised(conn, evidence="")
    assert flags.evidence(conn, SEALER, "f1", ROSA, AT) == ""
    assert audit.reads_of(conn, "flag/") == []


def test_people_are_reminded_once_and_again_after_a_dispute(conn):
    raised(conn)
    assert ids(flags.unreminded(conn, AT)) == ["f1"]
    flags.reminded(conn, "f1", AT + 6 * DAY)
    assert flags.unreminded(conn, AT + 6 * DAY) == []
    review(conn, CONCERN, at=AT + 7 * DAY)
    assert flags.unreminded(conn, AT + 7 * DAY) == []
    dispute(conn, word="w2", at=AT + 20 * DAY)
    assert ids(flags.unreminded(conn, AT + 20 * DAY)) == ["f1"]


@pytest.mark.parametrize("ready_database_url", ["postgresql"], indirect=True)
def test_whoever_plans_a_visit_there_does_not_wait_for_whoever_flags_it(
    ready_database_url, tmp_path
):
    database = Database.open(ready_database_url)
    database.run_sync(programs.apply, SEALER, read(tmp_path, SMALL).file, AT - DAY)
    with database.engine.begin() as flagging, database.engine.begin() as planning:
        raised(flagging)
        policy_ = policy(planning)
        # Any row that names the place, as the stop of a plan does.
        places.raise_flag(
            planning,
            SEALER,
            policy_,
            flag_id="f2",
            program=RIVER,
            place=GATE,
            kind=CONCERN,
            author=JO,
            at=AT,
        )
    assert len(database.run_sync(flags.standing, RIVER, AT)) == 2
    database.dispose()


@pytest.mark.parametrize("label", ["gate", "GATE", "Gate"])
def test_a_place_is_found_by_its_label_however_it_is_written(conn, label):
    known = conn.execute(select(tables.place.c.label).where(tables.place.c.id == GATE)).scalar()
    if known.casefold() != label.casefold():
        label = known.upper()
    assert flags.place_called(conn, SEALER, RIVER, label, by=JO, at=AT) == GATE


def test_a_place_that_is_not_in_the_registry_is_added_with_who_named_it(conn):
    first = flags.place_called(conn, SEALER, RIVER, "Old mill", by=JO, at=AT)
    again = flags.place_called(conn, SEALER, RIVER, "old mill", by=ROSA, at=AT)
    other = flags.place_called(conn, SEALER, RIVER, "Old-mill!", by=JO, at=AT)
    assert first == again == "river/old-mill"
    assert other not in (first, GATE)
    row = conn.execute(select(tables.place).where(tables.place.c.id == first)).one()
    assert (row.label, row.created_by, row.retired_at) == ("Old mill", JO, None)


def test_a_flag_of_the_file_that_a_review_ended_is_not_brought_back_by_the_file(conn, tmp_path):
    flagged = "flags: [{kind: no_entry, author: maya, raised: 2026-03-01}]"
    file = read(tmp_path, SMALL.replace("send: a pair", flagged)).file
    programs.apply(conn, SEALER, file, AT)
    [flag] = flags.standing(conn, RIVER, AT)
    assert review(conn, None, flag=flag.id) is Told.DONE
    programs.apply(conn, SEALER, file, AT + 2 * DAY)
    assert flags.standing(conn, RIVER, AT + 2 * DAY) == []
