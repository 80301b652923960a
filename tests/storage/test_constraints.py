"""Each forbidden row is tried, and each is refused by the rule that is named for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint, delete, insert, update

from protocol.calls import RollCall
from protocol.records import Approval, EscalationKind, EscalationState, VisitState
from storage import codec, outbox, tables
from storage.batch_tables import batch, batch_plan
from storage.database import Forbidden
from storage.standing_tables import standing
from tests.storage import matrix_rows, raised_rows, samples
from tests.storage.samples import LEAD, NOW, PARTNER, SECOND, TRANSPORT, WORKER

LATER = NOW + timedelta(hours=1)
OPEN, CLOSED = EscalationState.ACKNOWLEDGED.value, EscalationState.CLOSED.value
DONE = {
    "state": CLOSED,
    "due_at": None,
    "closed_at": NOW,
    "closed_by": LEAD,
    "accounted": "spoken_with_challenge",
}
OVER = {"state": "ended", "due_at": None, "attempt_at": None}
SORTED = {"state": CLOSED, "due_at": None, "closed_at": NOW, "closed_by": WORKER}
VISIT_DONE = {"state": "closed", "due_at": None, "outcome": "completed"}

# Table, rule, and a change to a row that was right before.
FORBIDDEN = [
    ("matter", "a_version_counts_from_one", {"version": 0}),
    ("matter", "an_open_matter_has_a_due_time", {"due_at": None, "attempt_at": None}),
    ("matter", "an_open_matter_has_a_due_time", {"closed_at": NOW, "active": False}),
    ("matter", "whatever_is_due_is_tried", {"attempt_at": None}),
    (
        "matter",
        "an_active_matter_is_open",
        {"due_at": None, "attempt_at": None, "closed_at": NOW},
    ),
    ("visit", "a_visit_state_is_known", {"state": "Closed"}),
    ("visit", "an_approval_is_known", {"approval": "yes"}),
    ("visit", "an_outcome_is_known", {"outcome": "fine"}),
    ("visit", "an_open_visit_has_a_due_time", {"due_at": None}),
    ("visit", "an_open_visit_has_a_due_time", {**VISIT_DONE, "due_at": NOW}),
    ("visit", "a_closed_visit_has_an_outcome", {**VISIT_DONE, "outcome": None}),
    ("visit", "a_confirmed_plan_names_its_approver", {"approver": None}),
    ("visit", "nobody_confirms_their_own_plan", {"approver": WORKER}),
    ("visit", "nobody_confirms_their_own_plan", {"approver": PARTNER, "partner": PARTNER}),
    ("escalation", "an_escalation_kind_is_known", {"kind": "other"}),
    ("escalation", "an_escalation_state_is_known", {"state": "Closed"}),
    ("escalation", "how_somebody_is_accounted_for_is_known", {"accounted": "probably"}),
    ("escalation", "an_open_escalation_has_a_due_time", {"due_at": None}),
    ("escalation", "an_open_escalation_has_a_due_time", {**DONE, "due_at": LATER}),
    ("escalation", "an_escalation_closes_at_an_instant", {**DONE, "closed_at": None}),
    ("escalation", "an_escalation_closes_at_an_instant", {"closed_at": NOW}),
    ("escalation", "closed_means_accounted_for_by_a_named_person", {**DONE, "closed_by": None}),
    ("escalation", "closed_means_accounted_for_by_a_named_person", {**DONE, "accounted": None}),
    ("escalation", "nobody_accounts_for_themselves", {**DONE, "closed_by": WORKER}),
    ("escalation", "nobody_accounts_for_themselves", {**DONE, "second_by": WORKER}),
    *(
        (
            "escalation",
            "a_call_for_help_is_closed_by_two",
            {**DONE, "kind": kind, "second_by": second},
        )
        for kind in ("help_call", "help_quiet", "duress")
        for second in (None, LEAD)
    ),
    ("outbox", "a_row_is_done_or_is_tried_again", {"attempt_at": None}),
    ("outbox", "a_row_is_done_or_is_tried_again", {"outcome": "sent"}),
    (
        "outbox",
        "what_is_done_is_claimed_by_nobody",
        {"outcome": "sent", "attempt_at": None, "claimed_by": "one"},
    ),
    ("outbox", "an_outbox_outcome_is_known", {"outcome": "lost", "attempt_at": None}),
    ("role_grant", "a_granted_role_is_known", {"role": "chief"}),
    ("role_grant", "a_grant_ends_after_it_starts", {"until_at": NOW}),
    ("duty", "a_role_on_duty_is_known", {"role": "chief"}),
    ("duty", "a_duty_ends_after_it_starts", {"until_at": NOW}),
    ("flag", "a_flag_expires", {"expires_at": NOW}),
    ("onboarding", "a_step_of_getting_ready_is_known", {"step": "dance"}),
    ("onboarding", "how_far_a_step_is_is_known", {"state": "maybe"}),
    ("flag_word", "a_word_on_a_flag_is_known", {"word": "maybe"}),
    ("roll_call", "a_roll_call_looks_after_it_asked", {"due_at": NOW - samples.MINUTE}),
    ("program", "a_programs_language_is_known", {"language": "fr"}),
    ("person", "a_persons_language_is_known", {"language": "fr"}),
    ("batch_plan", "a_plan_was_read_as_a_revision", {"revision": 0}),
    ("standing", "a_standing_state_is_known", {"state": "sleeping"}),
    ("standing", "why_a_standing_plan_ended_is_known", {**OVER, "why": "boredom"}),
    ("standing", "an_ended_standing_plan_says_why", {**OVER, "why": None}),
    ("standing", "an_open_standing_plan_has_a_due_time", {"due_at": None, "attempt_at": None}),
    ("standing", "whatever_a_standing_plan_owes_is_tried", {"attempt_at": None}),
    ("standing", "a_standing_plan_lasts_thirty_days", {"days": 31}),
    ("standing", "an_active_standing_plan_names_its_approver_and_its_end", {"approver": None}),
    ("standing", "nobody_confirms_their_own_standing_plan", {"approver": WORKER}),
    ("raised", "a_raised_state_is_known", {"state": "lost"}),
    ("raised", "a_raised_tier_is_known", {"tier": "U9"}),
    ("raised", "an_open_trigger_has_a_due_time", {"due_at": None}),
    ("raised", "a_trigger_closes_at_an_instant", {**SORTED, "closed_at": None, "closed_by": None}),
    ("raised", "a_trigger_is_sorted_by_a_named_person", {**SORTED, "closed_by": None}),
    ("raised", "nothing_was_heard_after_it_was_told", {"heard_at": LATER}),
    ("raised", "a_private_row_is_named_in_no_column", {"private": True}),
    ("belay_version", "there_is_one_version", {"id": 2}),
    *(
        (table, rule, {name: one for name, one in change.items() if name != "id"})
        for rule, table, change in matrix_rows.FORBIDDEN
    ),
]
# A name in a column is the id of somebody who is known.
STRANGERS = [
    ("matter", "worker"),
    ("visit", "worker"),
    ("visit", "partner"),
    ("visit", "approver"),
    ("escalation", "owner"),
    ("escalation", "closed_by"),
    ("escalation", "second_by"),
    ("duty", "person_id"),
    ("role_grant", "person_id"),
    ("flag", "author"),
    ("flag_word", "by"),
    ("roll_call", "asked_by"),
    ("batch", "by"),
    ("raised", "raised_by"),
    ("raised", "owner"),
    ("raised", "closed_by"),
    ("standing", "worker"),
    ("standing", "partner"),
    ("standing", "approver"),
]


@pytest.fixture
def filled(database):
    """A database with one good row in every table that has rules."""

    def fill(conn):
        remind = samples.effect("Remind")
        made = samples.matter(escalations=(samples.escalation(),))
        samples.open_matter(conn, made, remind)
        grant = {"program_id": "north", "person_id": LEAD, "role": "coordinator", "from_at": NOW}
        conn.execute(insert(tables.role_grant), grant)
        conn.execute(insert(tables.duty), {**grant, "until_at": LATER})
        owned = {"program_id": "north", "created_at": NOW}
        conn.execute(insert(tables.place), {**owned, "id": "p", "label": "Gate"})
        conn.execute(insert(tables.flag), _flag())
        conn.execute(insert(tables.flag_word), _flag_word())
        ready = {"person_id": WORKER, "step": "answers", "state": "done", "at": NOW}
        conn.execute(insert(tables.onboarding), ready)
        conn.execute(insert(tables.roll_call), _roll_call())
        named = {"raised_by": WORKER, "owner": LEAD, "program_id": "north"}
        times = {"raised_at": NOW, "heard_at": NOW, "due_at": LATER}
        conn.execute(insert(tables.raised), {**raised_rows.ROWS["raised"], **named, **times})
        whose = {"program_id": "north", "by": LEAD, "author": WORKER, "person_id": WORKER}
        whose |= {"peer_supervisor": LEAD, "clinical_lead": WORKER}
        for table, row in matrix_rows.ROWS.items():
            own = {**row, **{name: one for name, one in whose.items() if name in row}}
            conn.execute(insert(tables.metadata.tables[table]), own)
        conn.execute(insert(batch), {"program_id": "north", "id": "b", "by": LEAD, "asked_at": NOW})
        conn.execute(insert(batch_plan), _batch_plan())
        conn.execute(insert(standing), _standing())
        conn.execute(insert(tables.belay_version), {"id": 1, "behaviour": 1, "changed_at": NOW})

    database.run_sync(fill)
    return database


def _flag():
    return {
        "id": "f",
        "program_id": "north",
        "place_id": "p",
        "kind": "concern",
        "author": LEAD,
        "raised_at": NOW,
        "expires_at": LATER,
        "review_due_at": LATER,
    }


def _flag_word():
    return {
        "id": "w",
        "program_id": "north",
        "flag_id": "f",
        "word": "kept",
        "kind": "concern",
        "by": LEAD,
        "at": NOW,
        "reason": "sealed",
    }


def _batch_plan():
    return {"batch_id": "b", "no": 0, "program_id": "north", "matter_id": "m1", "revision": 1}


def _standing():
    return {
        "id": "s",
        "program_id": "north",
        "worker": WORKER,
        "state": "active",
        "days": 30,
        "approver": LEAD,
        "asked_at": NOW,
        "until_at": LATER,
        "due_at": LATER,
        "attempt_at": LATER,
        "body": {},
        "body_schema": 1,
    }


def _roll_call():
    return {
        "matter_id": "m1",
        "program_id": "north",
        "asked_by": LEAD,
        "asked_at": NOW,
        "due_at": LATER,
        "body": codec.roll_call_body(RollCall(LEAD, NOW, LATER, LATER, ())),
        "body_schema": codec.schema_of("RollCall"),
    }


def change(conn, table, values):
    assert conn.execute(update(tables.metadata.tables[table]).values(values)).rowcount == 1


def refused_by(database, table, values):
    """The rule that refused a change; None where the row was taken."""
    try:
        database.run_sync(change, table, values)
    except Forbidden as refusal:
        return refusal.rule
    return None


def test_each_forbidden_row_is_refused_by_its_rule(filled):
    taken = [
        (table, rule, values)
        for table, rule, values in FORBIDDEN
        if refused_by(filled, table, values) != rule
    ]
    assert taken == []


def test_a_name_of_nobody_is_refused(filled):
    taken = [
        (table, column)
        for table, column in STRANGERS
        if refused_by(filled, table, {column: "nobody"}) is None
    ]
    assert taken == []


def test_every_rule_of_the_schema_was_tried():
    rules = {
        rule.name
        for table in tables.metadata.tables.values()
        for rule in table.constraints
        if isinstance(rule, CheckConstraint)
    }
    assert {rule for _, rule, _ in FORBIDDEN} == rules


def test_every_constraint_has_a_name_that_postgresql_does_not_cut():
    for table in tables.metadata.tables.values():
        for rule in table.constraints:
            assert isinstance(rule.name, str), table
            assert len(rule.name) <= 63, rule.name


def test_what_is_right_is_taken(filled):
    two = {**DONE, "kind": "duress", "second_by": SECOND}
    for table, values in (("visit", VISIT_DONE), ("escalation", DONE), ("escalation", two)):
        filled.run_sync(change, table, values)
    filled.run_sync(change, "visit", {"approval": "asked", "approver": None})


def test_a_matter_never_has_two_open_escalations(filled):
    second = samples.matter(escalations=(samples.escalation(), samples.escalation(no=2)))
    # This row was made by hand, and no code can read its body.
    filled.run_sync(lambda conn: conn.execute(delete(tables.raised)))
    with pytest.raises(Forbidden):
        filled.run_sync(lambda conn: samples.save(conn, samples.read(conn, "m1"), second))


@pytest.mark.parametrize("approver", [WORKER, PARTNER])
def test_a_decision_in_which_somebody_confirms_their_own_plan_is_not_saved(database, approver):
    visit = samples.visit(approver=approver, plan=samples.plan(partner=PARTNER))
    with pytest.raises(Forbidden, match="nobody_confirms_their_own_plan"):
        database.run_sync(samples.open_matter, samples.matter(visit=visit))
    asked = samples.matter(visit=replace(visit, approval=Approval.ASKED))
    database.run_sync(samples.open_matter, asked)


def test_a_visit_that_waits_for_an_escalation_that_nobody_opened_is_not_saved(database):
    """Its own clock stands still while people look for the worker, so somebody must be looking."""
    waiting = samples.quiet_visit(state=VisitState.ESCALATED)
    with pytest.raises(Forbidden, match="an_open_matter_has_a_due_time"):
        database.run_sync(samples.open_matter, samples.matter(visit=waiting))


def test_a_decision_that_closes_a_call_for_help_by_one_is_not_saved(database):
    calling = samples.escalation(kind=EscalationKind.HELP_CALL)
    before = database.run_sync(samples.open_matter, samples.matter(escalations=(calling,)))
    by_one = samples.closed_escalation(kind=EscalationKind.HELP_CALL)
    after = replace(before, escalations=(by_one,))
    with pytest.raises(Forbidden, match="a_call_for_help_is_closed_by_two"):
        database.run_sync(samples.save, before, after)
    assert database.run_sync(samples.read, "m1") == before


def test_a_page_to_somebody_unknown_does_not_undo_the_decision(database):
    page = replace(samples.effect("Page"), to="nobody")
    database.run_sync(samples.open_matter, None, page)
    [row] = database.run_sync(outbox.claim, TRANSPORT, 5, timedelta(seconds=15))
    assert row.to == "nobody"
