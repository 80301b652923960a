"""This holds the migrations to the tables: up, down and up again, with every rule still kept."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, func, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from storage import schema, tables
from storage.database import Database
from tests.storage import matrix_rows, raised_rows, standing_rows
from tests.storage.standing_rows import AT, LATER

# One row for each table that no rule forbids, in the order in which they may be written.
ROWS: dict[str, dict[str, Any]] = {
    "program": {
        "id": "river",
        "name": "River County",
        "zone": "America/Los_Angeles",
        "policy": {},
        "channels": {},
        "coordinator_line": "+15555550100",
        "county_number": "+15555550199",
        "created_at": AT,
    },
    "person": {"id": "jo", "name": "Jo", "slack_user": "U_JO", "excludes": [], "created_at": AT},
    "role_grant": {"program_id": "river", "person_id": "jo", "role": "peer", "from_at": AT},
    "duty": {
        "program_id": "river",
        "role": "coordinator",
        "person_id": "rosa",
        "from_at": AT,
        "until_at": LATER,
    },
    "place": {"id": "river/gate", "program_id": "river", "label": "Gate", "created_at": AT},
    "flag": {
        "id": "f1",
        "program_id": "river",
        "place_id": "river/gate",
        "kind": "concern",
        "author": "jo",
        "raised_at": AT,
        "expires_at": LATER,
        "review_due_at": LATER,
    },
    "onboarding": {"person_id": "jo", "step": "answers", "state": "done", "at": AT},
    "send_choice": {"person_id": "jo", "place_id": "", "send": ["pair"], "at": AT},
    "flag_word": {
        "id": "w1",
        "program_id": "river",
        "flag_id": "f1",
        "word": "kept",
        "kind": "concern",
        "by": "maya",
        "at": AT,
        "reason": "sealed",
    },
    **matrix_rows.ROWS,
    "matter": {
        "id": "m1",
        "program_id": "river",
        "worker": "jo",
        "version": 1,
        "silent": False,
        "active": True,
        "due_at": LATER,
        "attempt_at": LATER,
        "opened_at": AT,
    },
    "visit": {
        "matter_id": "m1",
        "program_id": "river",
        "worker": "jo",
        "partner": "sam",
        "state": "underway",
        "rating": "low",
        "approval": "confirmed",
        "approver": "rosa",
        "expecting": "check_in",
        "start_at": AT,
        "due_at": LATER,
        "revision": 1,
        "body": {},
        "body_schema": 1,
    },
    "stop": {"matter_id": "m1", "no": 0, "program_id": "river", "label": "Gate"},
    "escalation": {
        "matter_id": "m1",
        "no": 1,
        "program_id": "river",
        "worker": "jo",
        "kind": "help_call",
        "state": "closed",
        "rung": 0,
        "cycle": 1,
        "opened_at": AT,
        "base_at": AT,
        "closed_at": LATER,
        "closed_by": "rosa",
        "second_by": "maya",
        "accounted": "spoken_with_challenge",
        "body": {},
        "body_schema": 1,
    },
    "outbox": {
        "key": "river/m1/1.1/page/0/rosa",
        "program_id": "river",
        "matter_id": "m1",
        "kind": "Page",
        "priority": 0,
        "body": {},
        "body_schema": 1,
        "created_at": AT,
        "queued_at": AT,
        "attempt_at": AT,
    },
    "message": {"program_id": "river", "slack_channel": "D1", "ts": "1.0", "posted_at": AT},
    "home": {"person_id": "jo", "opened_at": AT, "attempt_at": AT},
    "roll_call": {
        "matter_id": "m1",
        "program_id": "river",
        "asked_by": "maya",
        "asked_at": AT,
        "due_at": LATER,
        "body": {},
        "body_schema": 1,
    },
    **raised_rows.ROWS,
    **standing_rows.ROWS,
    "inbound": {"key": "e1", "at": AT},
    "audit_head": {"chain": "m1", "seq": 1, "digest": "d", "anchored_seq": 0},
    "audit_line": {
        "chain": "m1",
        "seq": 1,
        "at": AT,
        "event": "Help",
        "reason": "help",
        "body_digest": "b",
        "previous": "p",
        "digest": "d",
    },
    "audit_body": {"chain": "m1", "seq": 1, "salt": "s", "body": "{}"},
    "audit_anchor": {"no": 1, "at": AT, "heads": "[]", "previous": "p", "digest": "d"},
    "sealing_key": {"fingerprint": "f"},
    "belay_version": {"id": 1, "behaviour": 1, "changed_at": AT},
}
MORE_PEOPLE = ("sam", "rosa", "maya")

CLOSED_VISIT: dict[str, Any] = {"state": "closed", "due_at": None, "outcome": "completed"}
OPEN_CLIMB: dict[str, Any] = {
    "no": 2,
    "state": "climbing",
    "due_at": LATER,
    "closed_at": None,
    "closed_by": None,
    "second_by": None,
    "accounted": None,
}
# For each rule of the database: a table, and what turns its row into one that the rule forbids.
FORBIDDEN: list[tuple[str, str, dict[str, Any]]] = [
    ("a_programs_language_is_known", "program", {"id": "creek", "language": "fr"}),
    ("a_persons_language_is_known", "person", {"id": "kim", "slack_user": None, "language": "fr"}),
    ("a_granted_role_is_known", "role_grant", {"role": "boss"}),
    ("a_grant_ends_after_it_starts", "role_grant", {"role": "oversight", "until_at": AT}),
    ("a_role_on_duty_is_known", "duty", {"role": "boss"}),
    ("a_duty_ends_after_it_starts", "duty", {"until_at": AT, "role": "executive"}),
    ("a_flag_expires", "flag", {"id": "f2", "expires_at": AT}),
    ("a_step_of_getting_ready_is_known", "onboarding", {"step": "dance"}),
    ("how_far_a_step_is_is_known", "onboarding", {"step": "send", "state": "maybe"}),
    ("a_word_on_a_flag_is_known", "flag_word", {"id": "w2", "word": "maybe"}),
    (
        "a_roll_call_looks_after_it_asked",
        "roll_call",
        {"matter_id": "m2", "due_at": AT - (LATER - AT)},
    ),
    *raised_rows.FORBIDDEN,
    *standing_rows.FORBIDDEN,
    ("a_version_counts_from_one", "matter", {"id": "m2", "version": 0}),
    ("an_open_matter_has_a_due_time", "matter", {"id": "m2", "due_at": None, "attempt_at": None}),
    ("whatever_is_due_is_tried", "matter", {"id": "m2", "attempt_at": None}),
    (
        "an_active_matter_is_open",
        "matter",
        {"id": "m2", "due_at": None, "attempt_at": None, "closed_at": LATER},
    ),
    ("a_visit_state_is_known", "visit", {"matter_id": "m3", "state": "lost"}),
    ("an_approval_is_known", "visit", {"matter_id": "m3", "approval": "maybe"}),
    (
        "an_outcome_is_known",
        "visit",
        {"matter_id": "m3", **CLOSED_VISIT, "outcome": "vanished"},
    ),
    ("an_open_visit_has_a_due_time", "visit", {"matter_id": "m3", "due_at": None}),
    (
        "a_closed_visit_has_an_outcome",
        "visit",
        {"matter_id": "m3", **CLOSED_VISIT, "outcome": None},
    ),
    ("a_confirmed_plan_names_its_approver", "visit", {"matter_id": "m3", "approver": None}),
    ("nobody_confirms_their_own_plan", "visit", {"matter_id": "m3", "approver": "jo"}),
    ("nobody_confirms_their_own_plan", "visit", {"matter_id": "m3", "approver": "sam"}),
    ("an_escalation_kind_is_known", "escalation", {"no": 2, "kind": "fire"}),
    ("an_escalation_state_is_known", "escalation", {**OPEN_CLIMB, "state": "forgotten"}),
    ("how_somebody_is_accounted_for_is_known", "escalation", {"no": 2, "accounted": "guessed"}),
    ("an_open_escalation_has_a_due_time", "escalation", {**OPEN_CLIMB, "due_at": None}),
    ("an_escalation_closes_at_an_instant", "escalation", {"no": 2, "closed_at": None}),
    (
        "closed_means_accounted_for_by_a_named_person",
        "escalation",
        {"no": 2, "kind": "missed", "closed_by": None, "second_by": None},
    ),
    (
        "closed_means_accounted_for_by_a_named_person",
        "escalation",
        {"no": 2, "kind": "missed", "accounted": None},
    ),
    ("a_call_for_help_is_closed_by_two", "escalation", {"no": 2, "second_by": None}),
    ("a_call_for_help_is_closed_by_two", "escalation", {"no": 2, "second_by": "rosa"}),
    ("nobody_accounts_for_themselves", "escalation", {"no": 2, "closed_by": "jo"}),
    ("nobody_accounts_for_themselves", "escalation", {"no": 2, "second_by": "jo"}),
    ("a_row_is_done_or_is_tried_again", "outbox", {"key": "k2", "attempt_at": None}),
    (
        "what_is_done_is_claimed_by_nobody",
        "outbox",
        {"key": "k2", "attempt_at": None, "outcome": "sent", "claimed_by": "a"},
    ),
    (
        "an_outbox_outcome_is_known",
        "outbox",
        {"key": "k2", "attempt_at": None, "outcome": "perhaps"},
    ),
    ("there_is_one_version", "belay_version", {"id": 2}),
    *matrix_rows.FORBIDDEN,
]


@pytest.fixture
def database(database_url):
    opened = Database.open(database_url)
    yield opened
    opened.dispose()


def fill(conn):
    for name, row in ROWS.items():
        conn.execute(insert(tables.metadata.tables[name]), row)
        if name == "person":
            for who in MORE_PEOPLE:
                conn.execute(insert(tables.person), {**row, "id": who, "slack_user": None})
    # A visit that may be tried again needs a matter without one.
    conn.execute(insert(tables.matter), {**ROWS["matter"], "id": "m3"})


def count_rows(conn):
    return {
        table.name: conn.execute(select(func.count()).select_from(table)).scalar()
        for table in tables.metadata.sorted_tables
    }


def is_refused_by(conn, name, table, changes):
    """Whether this rule, and not another, refuses the row."""
    point = conn.begin_nested()
    try:
        conn.execute(insert(tables.metadata.tables[table]), {**ROWS[table], **changes})
    except IntegrityError as refusal:
        return name in str(refusal.orig)
    finally:
        point.rollback()
    return False


def the_shape(conn):
    """This is all that the database itself says of its tables."""
    inspector = inspect(conn)
    return {
        table: {
            "columns": [
                (found["name"], str(found["type"]), found["nullable"], found["default"])
                for found in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table),
            "known": in_order(inspector.get_foreign_keys(table)),
            "unique": in_order(inspector.get_unique_constraints(table)),
            "rules": in_order(inspector.get_check_constraints(table)),
            "indexes": [
                (one["name"], one["column_names"], one["unique"], where(one))
                for one in in_order(inspector.get_indexes(table))
            ],
        }
        for table in sorted(set(inspector.get_table_names()) - {"alembic_version"})
    }


def in_order(found):
    return sorted(found, key=lambda one: one["name"])


def where(index):
    options = index.get("dialect_options", {})
    clauses = [str(value) for key, value in options.items() if key.endswith("_where")]
    return clauses[0].replace(f"{index.get('table', '')}.", "") if clauses else None


def test_an_empty_database_has_no_revision_and_a_migrated_one_has_the_newest(
    database, database_url
):
    assert database.run_sync(schema.current) is None
    schema.upgrade(database_url)
    assert database.run_sync(schema.current) == schema.head()
    schema.upgrade(database_url)
    assert database.run_sync(schema.current) == schema.head()


def test_the_migrated_schema_is_that_of_the_tables(database, database_url):
    schema.upgrade(database_url)

    def differences(conn):
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        return compare_metadata(context, tables.metadata)

    assert database.run_sync(differences) == []


def test_the_migrated_schema_has_every_rule_key_and_index_under_its_name(database, database_url):
    schema.upgrade(database_url)
    migrated = database.run_sync(the_shape)
    schema.downgrade(database_url, "base")
    database.run_sync(tables.metadata.create_all)
    assert migrated == database.run_sync(the_shape)


def test_every_rule_of_the_tables_is_named_and_tried():
    rules = {
        constraint.name
        for table in tables.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert None not in rules
    assert rules == {name for name, _, _ in FORBIDDEN}
    assert set(ROWS) == set(tables.metadata.tables)


def test_up_down_and_up_again_with_rows_inside_and_every_rule_still_kept(database, database_url):
    for _ in range(2):
        schema.upgrade(database_url)
        database.run_sync(fill)
        for name, table, changes in FORBIDDEN:
            assert database.run_sync(is_refused_by, name, table, changes), (name, changes)
        assert all(database.run_sync(count_rows).values())
        schema.downgrade(database_url, "base", force=True)
        assert database.run_sync(lambda conn: set(inspect(conn).get_table_names())) <= {
            "alembic_version"
        }


def test_a_matter_has_at_most_one_open_escalation(database, database_url):
    schema.upgrade(database_url)

    def two_open(conn):
        fill(conn)
        for number in (2, 3):
            conn.execute(
                insert(tables.escalation), {**ROWS["escalation"], **OPEN_CLIMB, "no": number}
            )

    with pytest.raises(Exception, match=r"a_matter_has_one_open|escalation\.matter_id"):
        database.run_sync(two_open)


def test_going_back_is_refused_while_a_matter_is_open_and_loses_no_row(database, database_url):
    schema.upgrade(database_url)
    database.run_sync(fill)
    before = database.run_sync(count_rows)
    with pytest.raises(RuntimeError, match="2 matters are open"):
        schema.downgrade(database_url, "base")
    assert database.run_sync(count_rows) == before
    assert database.run_sync(schema.current) == schema.head()


def test_going_back_is_allowed_when_nothing_is_open(database, database_url):
    schema.upgrade(database_url)
    schema.downgrade(database_url, "base")
    assert database.run_sync(schema.current) is None


def test_a_migration_that_fails_halfway_leaves_the_database_as_it_was(database, database_url):
    def in_the_way(conn):
        # Among the last tables that the migration makes.
        tables.sealing_key.create(conn)

    database.run_sync(in_the_way)
    with pytest.raises(Exception, match="sealing_key"):
        schema.upgrade(database_url)
    assert database.run_sync(lambda conn: inspect(conn).get_table_names()) == ["sealing_key"]
