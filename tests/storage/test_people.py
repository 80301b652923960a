"""This holds the rows about people to what they promise."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from protocol.ids import PersonId, ProgramId
from protocol.people import Role
from protocol.situation import DuressChoice
from storage import audit, people, programs, tables
from storage.database import Database
from storage.sealing import CannotOpenError, Sealer
from tests.storage.programs_for_tests import SMALL, read, there

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
RIVER = ProgramId("river")
JO, ROSA, THEO, NOBODY = (PersonId(name) for name in ("jo", "rosa", "theo", "nobody"))


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


def test_a_person_is_found_by_slack_id_and_by_id(conn):
    jo = there(people.by_slack(conn, "U_JO"))
    assert jo == people.by_id(conn, JO)
    assert (jo.id, jo.name, jo.slack_user, jo.excludes) == ("jo", "Jo", "U_JO", ("theo",))
    assert people.by_slack(conn, "U_NOBODY") is None
    assert people.by_id(conn, NOBODY) is None


def test_who_is_not_active_is_not_found_by_slack_id_and_not_reached(conn):
    conn.execute(update(tables.person).where(tables.person.c.id == JO).values(active=False))
    assert people.by_slack(conn, "U_JO") is None
    assert there(people.by_id(conn, JO)).active is False
    assert people.slack_ids(conn, [JO, ROSA]) == {ROSA: "U_ROSA"}


def test_names_are_known_of_those_who_are_known(conn):
    assert people.names(conn, [JO, THEO, NOBODY]) == {JO: "Jo", THEO: "Theo"}
    assert people.names(conn, []) == {}


def test_whoever_holds_any_role_at_the_instant_serves_the_program(conn):
    assert {JO, THEO} <= people.serving(conn, RIVER, AT)
    assert THEO not in people.serving(conn, RIVER, AT - timedelta(microseconds=1))
    assert people.serving(conn, ProgramId("elsewhere"), AT) == set()


def test_roles_and_programs_are_those_of_the_instant(conn):
    assert people.roles(conn, RIVER, THEO, AT) == {Role.COORDINATOR, Role.EXECUTIVE}
    assert people.programs_of(conn, THEO, AT) == [RIVER]
    before = AT - timedelta(microseconds=1)
    assert people.roles(conn, RIVER, THEO, before) == frozenset()
    assert people.programs_of(conn, THEO, before) == []


def test_a_phone_number_is_opened_only_with_a_line_about_who_read_it_and_why(conn, sealer):
    opened = people.contact(
        conn, sealer, JO, reader=ROSA, why="missed_check_in", at=AT, program=RIVER
    )
    assert opened == "+15555550111"
    assert audit.reads_of(conn, "person/jo/") == [(AT, "rosa")]
    line = tables.audit_line.c
    [row] = conn.execute(select(tables.audit_line).where(line.chain == audit.READS)).all()
    assert (row.actor, row.reason, row.program_id) == ("rosa", "person/jo/phone", "river")
    assert audit.verify(conn).ok


def test_where_there_is_no_phone_number_nothing_is_opened_and_nothing_written(conn, sealer):
    for who in (THEO, NOBODY):
        assert people.contact(conn, sealer, who, reader=ROSA, why="x", at=AT) is None
    assert audit.reads_of(conn, "person/") == []


def test_a_number_that_was_moved_to_another_person_does_not_open(conn, sealer):
    phone = select(tables.person.c.phone).where(tables.person.c.id == JO).scalar_subquery()
    conn.execute(update(tables.person).where(tables.person.c.id == THEO).values(phone=phone))
    with pytest.raises(CannotOpenError):
        people.contact(conn, sealer, THEO, reader=ROSA, why="x", at=AT)


def test_a_duress_choice_is_sealed_and_opens_for_its_worker(conn, sealer):
    people.set_duress(conn, sealer, JO, "ok-2", "tell Martha I said hi")
    [blob] = conn.execute(
        select(tables.person.c.duress).where(tables.person.c.duress.is_not(None))
    ).scalars()
    assert "Martha" not in blob
    choices = people.duress_choices(conn, sealer, [JO, THEO, NOBODY])
    assert choices == {JO: DuressChoice("ok-2", "tell Martha I said hi")}


def test_choices_are_given_in_turn_to_those_who_have_none(conn, sealer):
    first, second = DuressChoice("a", "one"), DuressChoice("b", "two")
    people.set_duress(conn, sealer, ROSA, "mine", "own")
    given = people.assign_duress(conn, sealer, [JO, ROSA, THEO, PersonId("lin")], [first, second])
    assert given == ("jo", "lin", "theo")
    assert people.duress_choices(conn, sealer, [JO, ROSA, THEO, PersonId("lin")]) == {
        "jo": first,
        "lin": second,
        "theo": first,
        "rosa": DuressChoice("mine", "own"),
    }
    assert people.assign_duress(conn, sealer, [JO], [second]) == ()


def test_applying_the_file_again_leaves_duress_choices_alone(conn, sealer, tmp_path):
    people.set_duress(conn, sealer, JO, "ok-2", "phrase")
    text = SMALL.replace("name: Jo,", "name: Joanna,")
    programs.apply(conn, sealer, read(tmp_path, text).file, AT)
    assert there(people.by_id(conn, JO)).name == "Joanna"
    assert people.duress_choices(conn, sealer, [JO]) == {JO: DuressChoice("ok-2", "phrase")}
