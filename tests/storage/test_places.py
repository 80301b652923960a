"""This holds the registry of places and its flags to what they promise."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.rating import FlagKind
from storage import audit, places, policies, programs, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.storage.programs_for_tests import SMALL, read, there

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
RIVER = ProgramId("river")
GATE, HOME = PlaceId("river/gate"), PlaceId("river/home-17")
ROSA = PersonId("rosa")
DAY = timedelta(days=1)


@pytest.fixture
def sealer():
    return Sealer([b"k" * 32])


@pytest.fixture
def conn(database_url, sealer, tmp_path):
    """This is a database with the small program in it."""
    database = Database.open(database_url)
    database.run_sync(tables.metadata.create_all)
    with database.engine.begin() as connection:
        programs.apply(connection, sealer, read(tmp_path, SMALL).file, AT)
        yield connection
    database.dispose()


@pytest.fixture
def flagged(conn, sealer):
    """This raises a flag on the gate."""
    policy = there(programs.by_id(conn, RIVER)).policy

    def raise_flag(flag_id, kind=FlagKind.CONCERN, at=AT, evidence=""):
        return places.raise_flag(
            conn,
            sealer,
            policy,
            flag_id=flag_id,
            program=RIVER,
            place=GATE,
            kind=kind,
            author=ROSA,
            at=at,
            evidence=evidence,
        )

    return raise_flag


def add(conn, sealer, label, address=None, **more):
    return places.add_place(conn, sealer, RIVER, label, address, at=AT, by=ROSA, **more)


def test_the_places_of_a_program_are_listed_by_label(conn, sealer):
    new = add(conn, sealer, "bus station", send="a pair", solo_transport_prohibited=True)
    assert new == "river/bus-station"
    listed = places.places_of(conn, RIVER, AT)
    assert [place.label for place in listed] == ["bus station", "Home 17", "Jail gate"]
    assert (listed[0].send, listed[0].solo_transport_prohibited) == ("a pair", True)
    assert places.places_of(conn, ProgramId("creek"), AT) == []


def test_a_label_names_one_place_of_a_program(conn, sealer):
    with pytest.raises(IntegrityError):
        add(conn, sealer, "Jail gate", which=PlaceId("river/other"))


def test_an_address_is_sealed_and_each_read_of_it_is_written_down(conn, sealer):
    new = add(conn, sealer, "Home 18", "9 Elder Way")
    blob = conn.execute(select(tables.place.c.address).where(tables.place.c.id == new)).scalar()
    assert "Elder" not in blob
    opened = places.exact_address(conn, sealer, new, reader=ROSA, why="sent_to_look", at=AT)
    assert opened == "9 Elder Way"
    assert audit.reads_of(conn, f"place/{new}/") == [(AT, "rosa")]
    assert places.exact_address(conn, sealer, GATE, reader=ROSA, why="x", at=AT) is None


def test_a_flag_counts_for_ninety_days_and_is_reviewed_within_seven(conn, flagged):
    flag = flagged("f1")
    assert flag.expires_at == AT + 90 * DAY
    row = conn.execute(select(tables.flag)).one()
    assert row.review_due_at == AT + 7 * DAY
    [standing] = [place for place in places.places_of(conn, RIVER, AT) if place.id == GATE]
    assert standing.flags == (flag,)
    after = places.places_of(conn, RIVER, AT + 90 * DAY)
    assert all(place.flags == () for place in after)


def test_the_policy_says_how_long_a_flag_counts(conn, sealer, tmp_path, flagged):
    text = SMALL + "policy: {flag_expires_days: 30, flag_review_days: 3}\n"
    programs.apply(conn, sealer, read(tmp_path, text).file, AT)
    policy = there(programs.by_id(conn, RIVER)).policy
    assert (policy.flag_expires_days, policy.flag_review_days) == (30, 3)


def test_a_disputed_flag_counts_until_it_is_settled(conn, flagged):
    flagged("f1")
    assert places.dispute_flag(conn, "f1", AT + DAY)
    [flag] = there(places.place(conn, GATE)).flags
    assert flag.disputed
    assert flag.counts(AT + DAY)
    assert places.settle_flag(conn, "f1", AT + 2 * DAY)
    assert there(places.place(conn, GATE)).flags == ()


def test_what_was_settled_is_not_settled_or_disputed_again(conn, flagged):
    flagged("f1")
    places.settle_flag(conn, "f1", AT)
    assert not places.settle_flag(conn, "f1", AT)
    assert not places.dispute_flag(conn, "f1", AT)
    assert not places.dispute_flag(conn, "none", AT)


def test_several_flags_of_one_place_come_in_the_order_in_which_they_were_raised(conn, flagged):
    flagged("late", FlagKind.NO_ENTRY, AT + DAY)
    flagged("early", FlagKind.CONCERN, AT)
    kinds = [flag.kind for flag in there(places.place(conn, GATE)).flags]
    assert kinds == [FlagKind.CONCERN, FlagKind.NO_ENTRY]


def test_the_evidence_of_a_flag_is_sealed(conn, sealer, flagged):
    flagged("f1", evidence="shouting by the fence")
    blob = conn.execute(select(tables.flag.c.evidence)).scalar()
    assert "fence" not in blob
    assert sealer.open(blob, places.evidence_of("f1")) == "shouting by the fence"


def test_a_retired_place_is_not_offered_and_still_known(conn, sealer, tmp_path):
    text = SMALL.replace("  - {id: gate, label: Jail gate, send: a pair}\n", "")
    programs.apply(conn, sealer, read(tmp_path, text).file, AT)
    assert [place.id for place in places.places_of(conn, RIVER, AT)] == [HOME]
    assert there(places.place(conn, GATE)).retired
    assert set(places.by_ids(conn, [GATE, HOME, PlaceId("none")])) == {GATE, HOME}


def test_places_that_nobody_asks_for_cost_no_query(conn):
    assert places.by_ids(conn, []) == {}
    assert places.place(conn, PlaceId("none")) is None


def test_the_default_policy_is_the_one_that_ships():
    assert policies.defaults()["flag_expires_days"] == 90
