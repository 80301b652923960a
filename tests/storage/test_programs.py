"""This holds the applying of a program's file to what it promises: all of it, once, and told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from protocol.ids import PersonId, ProgramId
from protocol.people import Cover, Role
from protocol.policy import ChannelRole
from storage import audit, people, places, programs, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.storage.programs_for_tests import EXAMPLE, SMALL, open_visit, read, small, there

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)  # a Monday, ten in the morning in Los Angeles
RIVER = ProgramId("river")
PHONES = ("+15555550111", "+15555550121", "1724 Alder")


@pytest.fixture
def sealer():
    return Sealer([b"k" * 32])


@pytest.fixture
def conn(database_url):
    database = Database.open(database_url)
    database.run_sync(tables.metadata.create_all)
    with database.engine.begin() as connection:
        yield connection
    database.dispose()


@pytest.fixture
def applied(conn, sealer, tmp_path):
    """This applies the small program with some text replaced, and says what changed."""

    def apply(*changes, at=AT):
        file = read(tmp_path, small(*changes)).file
        return [str(change) for change in programs.apply(conn, sealer, file, at)]

    return apply


def utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def count_rows(conn):
    return {
        table.name: conn.execute(select(func.count()).select_from(table)).scalar()
        for table in tables.metadata.sorted_tables
    }


def turns(conn):
    duty = tables.duty.c
    rows = select(duty.person_id, duty.from_at, duty.until_at).order_by(duty.person_id, duty.id)
    return [tuple(row) for row in conn.execute(rows)]


# --- the example -----------------------------------------------------------------------------


def test_the_example_is_applied_without_a_warning_and_twice_without_a_change(conn, sealer):
    reading = programs.read(EXAMPLE)
    assert reading.warnings == ()
    assert programs.apply(conn, sealer, reading.file, AT)
    assert programs.apply(conn, sealer, reading.file, AT + timedelta(hours=5)) == []


@pytest.mark.parametrize("month", range(1, 13))
def test_the_example_has_somebody_on_duty_in_every_role_at_every_hour(month):
    at = datetime(2026, month, 1 + month, 3, 17, tzinfo=UTC)
    cover = Cover(programs.read(EXAMPLE).file.turns(at))
    for hour in range(24 * 30):
        for role in (Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD, Role.EXECUTIVE):
            assert cover.on_duty(role, at + timedelta(hours=hour)), (role, hour)


def test_the_example_speaks_of_nobody_who_could_be_called():
    text = EXAMPLE.read_text()
    numbers = [word.strip('"') for word in text.split() if word.startswith('"+')]
    assert len(numbers) > 10
    assert all(number.startswith("+1555555") for number in numbers)


# --- applying --------------------------------------------------------------------------------


def test_applying_twice_changes_nothing_the_second_time(conn, applied):
    assert applied()
    before = count_rows(conn)
    assert applied() == []
    assert applied(at=AT + timedelta(hours=1)) == []
    assert count_rows(conn) == before


def test_a_program_is_stored_as_its_file_says(conn, applied):
    applied()
    [stored] = programs.all_programs(conn)
    assert stored == programs.by_id(conn, RIVER)
    assert (stored.name, stored.zone) == ("River", "America/Los_Angeles")
    assert stored.channels == {ChannelRole.FIELD_SAFETY: "C_FIELD"}
    assert (stored.coordinator_line, stored.county_number) == ("+15555550100", "+15555550199")
    assert stored.policy.windows.arrive_within == timedelta(minutes=15)
    assert programs.by_id(conn, ProgramId("none")) is None


def test_phones_and_addresses_are_nowhere_in_the_clear(conn, applied):
    said = applied()
    rows = [
        str(row) for table in tables.metadata.sorted_tables for row in conn.execute(select(table))
    ]
    for secret in PHONES:
        assert secret not in "".join([*rows, *said])


def test_what_changed_is_said_without_what_is_sealed(applied):
    applied()
    said = applied(
        ('"+15555550111"', '"+15555550112"'),
        ("1724 Alder", "1726 Alder"),
        ("name: River\n", "name: Riverside\n"),
    )
    assert said == [
        "program river: changed (name)",
        "person jo: changed (phone)",
        "place home-17: changed (address)",
    ]


def test_a_changed_policy_has_a_new_version_and_says_which_figure(conn, applied, tmp_path, sealer):
    applied()
    file = read(tmp_path, SMALL + "policy: {windows: {arrive_within: 9}}\n").file
    [change] = programs.apply(conn, sealer, file, AT)
    assert str(change) == "program river: changed (policy.windows.arrive_within)"
    stored = there(programs.by_id(conn, RIVER))
    assert stored.policy_version == 2
    assert stored.policy.windows.arrive_within == timedelta(minutes=9)


def test_each_import_that_changed_something_is_a_line_of_the_history(conn, applied):
    applied()
    applied()
    bodies = conn.execute(select(tables.audit_body.c.body)).scalars().all()
    assert len(bodies) == 1
    assert "person jo: added" in json.loads(bodies[0])["changes"]
    assert audit.verify(conn).ok


JO = '  - {id: jo, name: Jo, slack: U_JO, phone: "+15555550111", roles: [peer], excludes: [theo]}\n'


def test_who_is_no_longer_in_the_file_is_deactivated_and_not_deleted(conn, applied):
    applied()
    later = AT + timedelta(days=1)
    assert applied((JO, ""), at=later) == ["person jo: deactivated", "role peer of jo: ended"]
    jo = there(people.by_id(conn, PersonId("jo")))
    assert (jo.active, jo.name) == (False, "Jo")
    assert people.by_slack(conn, "U_JO") is None
    assert people.roles(conn, RIVER, PersonId("jo"), AT) == {Role.PEER}
    assert people.roles(conn, RIVER, PersonId("jo"), later) == frozenset()


@pytest.mark.parametrize("state", ["planned", "underway", "escalated"])
def test_who_is_out_is_not_left_alone_by_a_file_that_leaves_them_out(conn, applied, state):
    applied()
    open_visit(conn, "m1", "rosa", partner="jo", state=state, start_at=AT)
    with pytest.raises(programs.ApplyRefusedError, match="jo is not in the file"):
        applied((JO, ""))
    assert there(people.by_slack(conn, "U_JO")).active


def test_who_was_out_may_leave(conn, applied):
    applied()
    open_visit(conn, "m1", "jo", state="closed", start_at=AT)
    assert "person jo: deactivated" in applied((JO, ""), at=AT + timedelta(days=1))


def test_who_comes_back_is_the_same_person(conn, applied):
    applied()
    applied((JO, ""), at=AT + timedelta(days=1))
    said = applied(at=AT + timedelta(days=2))
    assert said == ["person jo: changed (active)", "role peer of jo: given"]
    assert there(people.by_slack(conn, "U_JO")).id == "jo"


def test_two_people_may_swap_their_slack_ids(conn, applied):
    applied()
    applied(
        ("slack: U_ROSA", "slack: U_THEO"),
        ("name: Theo, slack: U_THEO", "name: Theo, slack: U_ROSA"),
    )
    assert there(people.by_slack(conn, "U_THEO")).id == "rosa"
    assert there(people.by_slack(conn, "U_ROSA")).id == "theo"


def test_a_role_begins_and_ends_on_its_days_in_the_programs_zone(conn, applied):
    applied(("roles: [peer]", "roles: [{role: peer, from: 2026-03-03, until: 2026-03-04}]"))
    held = [
        bool(people.roles(conn, RIVER, PersonId("jo"), utc(2026, 3, day, hour)))
        for day, hour in ((3, 7), (3, 8), (5, 7), (5, 8))
    ]
    assert held == [False, True, True, False]


def test_a_role_that_is_given_again_is_held_again(conn, applied):
    applied()
    applied(("roles: [coordinator, executive]", "roles: [executive]"), at=AT + timedelta(hours=1))
    applied(at=AT + timedelta(hours=2))
    held = [
        Role.COORDINATOR in people.roles(conn, RIVER, PersonId("theo"), AT + timedelta(minutes=m))
        for m in (30, 90, 150)
    ]
    assert held == [True, False, True]


def test_a_role_whose_last_day_is_past_ends_now_and_stays_ended(conn, applied):
    applied()
    over = ("roles: [peer]", "roles: [{role: peer, until: 2026-02-27}]")
    assert applied(over, at=AT + timedelta(hours=1)) == ["role peer of jo: ended"]
    assert applied(over, at=AT + timedelta(hours=2)) == []
    assert people.roles(conn, RIVER, PersonId("jo"), AT) == {Role.PEER}


def test_nobody_is_on_duty_longer_than_they_hold_the_role(conn, applied):
    applied(("roles: [clinical_lead]", "roles: [{role: clinical_lead, until: 2026-03-04}]"))
    assert ("lin", AT, utc(2026, 3, 5, 8)) in turns(conn)
    assert ("maya", AT, utc(2026, 3, 9, 7)) in turns(conn)
    over = ("roles: [clinical_lead]", "roles: [{role: clinical_lead, until: 2026-03-01}]")
    applied(over, at=AT + timedelta(hours=1))
    assert [turn for turn in turns(conn) if turn[0] == "lin"] == [
        ("lin", AT, AT + timedelta(hours=1))
    ]


def test_duties_are_replaced_from_now_on_and_the_past_stays(conn, applied):
    applied(at=AT - timedelta(hours=1))
    rosa = [turn for turn in turns(conn) if turn[0] == "rosa"]
    assert rosa == [("rosa", AT - timedelta(hours=1), utc(2026, 3, 3, 4))]
    said = applied(("person: rosa", "person: theo"), at=AT)
    assert said == [
        "duty of rosa as coordinator: 1 turn removed",
        "duty of theo as coordinator: 1 turn added",
    ]
    assert ("rosa", AT - timedelta(hours=1), AT) in turns(conn)
    assert ("theo", AT, utc(2026, 3, 3, 4)) in turns(conn)


def test_a_running_turn_may_be_prolonged(conn, applied):
    applied()
    said = applied(("2026-03-02 20:00", "2026-03-02 22:00"), at=AT + timedelta(hours=1))
    assert said == ["duty of rosa as coordinator: 1 turn moved"]
    assert ("rosa", AT, utc(2026, 3, 3, 6)) in turns(conn)


def test_a_turn_that_was_over_is_left_alone(conn, applied):
    applied(at=AT)
    before = turns(conn)
    assert applied(("2026-03-02 20:00", "2026-03-02 19:00"), at=utc(2026, 3, 4)) == []
    assert turns(conn) == before


def test_a_place_that_left_the_file_is_retired_and_its_label_is_free(conn, applied):
    applied()
    said = applied(("id: home-17", "id: home-seventeen"), at=AT + timedelta(days=1))
    assert said == ["place home-seventeen: added", "place home-17: retired"]
    labels = [place.label for place in places.places_of(conn, RIVER, AT)]
    assert labels == ["Home 17", "Jail gate"]


def test_two_places_may_swap_their_labels(conn, applied):
    applied()
    swapped = (
        ("label: Jail gate", "label: Home 17"),
        ("id: home-17, label: Home 17", "id: home-17, label: Jail gate"),
    )
    said = applied(*swapped)
    assert said == ["place gate: changed (label)", "place home-17: changed (label)"]
    assert applied(*swapped) == []


def test_a_place_that_was_added_in_slack_is_left_alone(conn, applied, sealer):
    applied()
    places.add_place(conn, sealer, RIVER, "Old mill", at=AT, by=PersonId("rosa"))
    assert applied() == []
    with pytest.raises(programs.ApplyRefusedError, match="added in Slack"):
        applied(("label: Jail gate", "label: Old mill"))


FLAG = ("send: a pair", "flags: [{kind: no_entry, author: maya, raised: 2026-03-01}]")


def test_a_flag_of_the_file_counts_until_it_is_taken_out(conn, applied):
    assert "place gate: flagged (no_entry)" in applied(FLAG)
    [flag] = there(places.place(conn, places.place_id(RIVER, "gate"))).flags
    assert flag.expires_at - flag.raised_at == timedelta(days=90)
    assert applied(FLAG) == []
    assert applied() == ["place gate: changed (send)", "place gate: flag taken off"]
    assert there(places.place(conn, places.place_id(RIVER, "gate"))).flags == ()


# --- several programs ------------------------------------------------------------------------

OTHER = (("id: river\n", "id: creek\n"), ("name: River\n", "name: Creek\n"))


def test_a_person_may_serve_two_programs_and_leave_one(conn, applied):
    applied()
    applied(*OTHER)
    assert people.programs_of(conn, PersonId("jo"), AT) == ["creek", "river"]
    said = applied(*OTHER, (JO, ""), at=AT + timedelta(days=1))
    assert said == ["role peer of jo: ended"]
    assert there(people.by_slack(conn, "U_JO")).id == "jo"


def test_what_a_worker_excluded_in_one_program_is_not_forgotten_by_another(conn, applied):
    applied()
    renamed = (
        ("excludes: [theo]", "excludes: [rosa]"),
        ("id: theo", "id: tom"),
        (", slack: U_THEO", ""),
    )
    applied(*OTHER, *renamed)
    assert there(people.by_id(conn, PersonId("jo"))).excludes == ("rosa", "theo")


def test_an_id_that_means_somebody_else_in_another_program_is_refused(conn, applied):
    applied()
    before = count_rows(conn)
    with pytest.raises(programs.ApplyRefusedError, match="id jo belongs to somebody"):
        applied(*OTHER, ("slack: U_JO", "slack: U_JOE"))
    with pytest.raises(programs.ApplyRefusedError, match="Call the person jo here too"):
        applied(*OTHER, ("id: jo", "id: joan"))
    assert count_rows(conn) == before
