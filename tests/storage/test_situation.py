"""This holds the situation to what the rules may know of the world, and to few queries."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event, update

from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.people import Role
from protocol.situation import DuressChoice, Worker
from storage import people, programs, situation, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.storage.programs_for_tests import SMALL, open_visit, read, small, there

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
RIVER = ProgramId("river")
JO, ROSA, THEO, MAYA, LIN = (PersonId(name) for name in ("jo", "rosa", "theo", "maya", "lin"))
HOUR = timedelta(hours=1)


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
def load(conn, sealer):
    def load(*, who=(), where=(), at=AT, until=None, program=RIVER, **more):
        return situation.load(
            conn,
            sealer,
            program,
            people=frozenset(who),
            places=frozenset(where),
            at=at,
            until=until or at,
            **more,
        )

    return load


def test_the_situation_has_the_programs_policy_and_zone(load, conn):
    found = load()
    assert found.policy == there(programs.by_id(conn, RIVER)).policy
    assert found.zone == "America/Los_Angeles"
    assert (found.places, found.workers) == ({}, {})


def test_a_program_that_is_not_there_is_said(load):
    with pytest.raises(situation.UnknownProgramError):
        load(program=ProgramId("creek"))


def test_the_same_policy_is_parsed_once_and_a_changed_one_anew(load, conn, sealer, tmp_path):
    before = load().policy
    assert load().policy is before
    text = SMALL + "policy: {windows: {arrive_within: 9}}\n"
    programs.apply(conn, sealer, read(tmp_path, text).file, AT)
    assert load().policy.windows.arrive_within == timedelta(minutes=9)


def test_the_duties_are_those_that_touch_the_time_asked_for(load):
    evening = datetime(2026, 3, 3, 4, tzinfo=UTC)  # when Rosa's turn is over
    people_at = {
        (at, until): {duty.person for duty in load(at=at, until=until).cover.duties}
        for at, until in (
            (AT, AT),
            (evening - HOUR, evening),
            (evening, evening + HOUR),
            (AT - 72 * HOUR, AT - 48 * HOUR),
            (AT - 72 * HOUR, AT),
        )
    }
    assert list(people_at.values()) == [
        {ROSA, MAYA, LIN},
        {ROSA, MAYA, LIN},
        {MAYA, LIN},
        set(),
        {ROSA, MAYA, LIN},
    ]


def test_on_duty_is_answered_for_each_instant(load):
    cover = load(until=AT + 24 * HOUR).cover
    assert cover.on_duty(Role.COORDINATOR, AT) == (ROSA,)
    assert cover.on_duty(Role.COORDINATOR, datetime(2026, 3, 3, 4, tzinfo=UTC)) == ()


def test_holders_are_those_who_hold_a_role_now_on_duty_or_not(load):
    cover = load().cover
    assert cover.holding(Role.COORDINATOR) == (ROSA, THEO)
    assert cover.holding(Role.EXECUTIVE) == (THEO,)
    assert load(at=AT - HOUR).cover.holders == ()


def test_of_the_peers_only_those_are_read_who_are_asked_for(load):
    assert load().cover.holding(Role.PEER) == ()
    assert load(peers=[JO, PersonId("sam")]).cover.holding(Role.PEER) == (JO,)


@pytest.mark.parametrize(
    ("state", "starts_in", "is_out"),
    [
        ("planned", HOUR, False),
        ("confirmed", HOUR, False),
        # An unapproved visit is watched from its start all the same.
        ("planned", timedelta(), True),
        ("confirmed", -HOUR, True),
        ("underway", HOUR, True),
        ("leaving", -HOUR, True),
        ("overdue", -HOUR, True),
        ("escalated", -HOUR, True),
        ("closed", -HOUR, False),
    ],
)
def test_in_the_field_are_both_of_a_pair_whose_visit_has_begun(
    conn, load, state, starts_in, is_out
):
    open_visit(conn, "m1", "jo", partner="rosa", state=state, start_at=AT + starts_in)
    assert load(peers=[JO]).cover.in_field == (frozenset({JO, ROSA}) if is_out else frozenset())


def test_who_is_out_for_another_program_is_in_the_field_here_too(conn, sealer, load, tmp_path):
    other = small(("id: river\n", "id: creek\n"), ("name: River\n", "name: Creek\n"))
    programs.apply(conn, sealer, read(tmp_path, other).file, AT)
    open_visit(conn, "m1", "rosa", start_at=AT, program="creek")
    assert load().cover.in_field == {ROSA}


def test_who_has_no_slack_id_or_is_not_active_cannot_be_reached(conn, load):
    person = tables.person
    conn.execute(update(person).where(person.c.id == THEO).values(slack_user=None))
    conn.execute(update(person).where(person.c.id == LIN).values(active=False))
    assert load().cover.unreachable == {THEO, LIN}


def test_workers_come_with_their_training_and_whom_they_exclude(conn, load):
    trained = AT + 48 * HOUR
    conn.execute(
        update(tables.person).where(tables.person.c.id == JO).values(trained_until=trained)
    )
    found = load(who=[JO, ROSA, PersonId("nobody")]).workers
    assert found == {JO: Worker(JO, trained, (THEO,)), ROSA: Worker(ROSA)}


def test_duress_choices_are_opened_only_for_who_reads_answers(conn, sealer, load):
    people.set_duress(conn, sealer, JO, "ok-2", "phrase")
    assert load(who=[JO]).workers[JO].duress is None
    opened = load(who=[JO, ROSA], with_duress=True).workers
    assert opened[JO].duress == DuressChoice("ok-2", "phrase")
    assert opened[ROSA].duress is None


def test_places_come_with_their_flags_retired_or_not(load):
    gate = PlaceId("river/gate")
    found = load(where=[gate, PlaceId("river/none")]).places
    assert set(found) == {gate}
    assert found[gate].send == "a pair"


def test_a_situation_takes_few_queries_however_many_it_serves(conn, load, sealer):
    for number in range(20):
        open_visit(conn, f"m{number}", "jo", start_at=AT)
    everybody = [JO, ROSA, THEO, MAYA, LIN]
    for who in everybody:
        people.set_duress(conn, sealer, who, "b", "p")
    statements = []

    def count(_conn, _cursor, statement, *_):
        statements.append(statement)

    event.listen(conn, "before_cursor_execute", count)
    load(who=everybody, where=[PlaceId("river/gate"), PlaceId("river/home-17")], with_duress=True)
    event.remove(conn, "before_cursor_execute", count)
    assert len(statements) <= 8


def test_two_programs_are_read_as_one_is_and_each_has_its_own_cover(conn, sealer, tmp_path):
    other = small(("id: river\n", "id: creek\n"), ("name: River\n", "name: Creek\n"))
    programs.apply(conn, sealer, read(tmp_path, other).file, AT)
    creek = ProgramId("creek")
    conn.execute(delete(tables.duty).where(tables.duty.c.program_id == creek))
    statements = []

    def count(_conn, _cursor, statement, *_):
        statements.append(statement)

    def queries(which):
        statements.clear()
        found = situation.load_many(
            conn, sealer, which, people=[JO], places=[PlaceId("river/gate")], at=AT, until=AT
        )
        return found, len(statements)

    event.listen(conn, "before_cursor_execute", count)
    both, asked = queries([RIVER, creek])
    assert queries([RIVER])[1] == asked
    event.remove(conn, "before_cursor_execute", count)
    assert both[RIVER].cover.on_duty(Role.COORDINATOR, AT) == (ROSA,)
    assert both[creek].cover.on_duty(Role.COORDINATOR, AT) == ()
    assert both[creek].cover.holding(Role.COORDINATOR) == (ROSA, THEO)
