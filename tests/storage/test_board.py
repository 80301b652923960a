"""What one person's Home is made of: who sees whom, and that nothing sealed is opened for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, update

from protocol.effects import Surface
from protocol.ids import MatterId, PersonId
from protocol.people import Language, Role
from protocol.plan import Stop
from protocol.policy import ChannelRole
from protocol.records import (
    Approval,
    EscalationKind,
    EscalationState,
    Expecting,
    VisitState,
)
from storage import board, messages, tables
from storage.messages import Standing
from tests.storage.samples import (
    LEAD,
    MINUTE,
    NOW,
    OTHER,
    PARTNER,
    PROGRAM,
    SECOND,
    TRANSPORT,
    WORKER,
    closed_visit,
    escalation,
    matter,
    open_matter,
    plan,
    populate,
    quiet_visit,
)

ROLES = {
    WORKER: Role.PEER,
    PARTNER: Role.PEER,
    LEAD: Role.COORDINATOR,
    SECOND: Role.CLINICAL_LEAD,
    OTHER: Role.PROGRAM_MANAGER,
}
QUERIES_MAX = 8


@pytest.fixture
def staffed(database):
    """The program of the samples; everybody has a role and can be found by Slack."""
    database.run_sync(staff)
    return database


def staff(conn, roles=ROLES):
    for who, role in roles.items():
        row = update(tables.person).where(tables.person.c.id == who)
        conn.execute(row.values(slack_user=slack(who)))
        grant = {"program_id": PROGRAM, "person_id": who, "role": role, "from_at": NOW - MINUTE}
        conn.execute(insert(tables.role_grant), grant)


def slack(who):
    return f"U_{who.upper()}"


def look(database, who, at=NOW):
    found = database.run_sync(board.look, slack(who), at)
    assert found is not None
    return found


def open_one(database, name="m1", **changes):
    database.run_sync(open_matter, matter(name, **{"visit": quiet_visit(), **changes}))


def seen(found):
    return [one.matter for one in found.matters]


def test_a_peer_sees_their_own_visits_and_a_coordinator_and_a_lead_see_all(staffed):
    open_one(staffed, "m1")
    open_one(staffed, "m2", worker=PARTNER)
    open_one(staffed, "m3", worker=OTHER, visit=quiet_visit(plan=plan(partner=WORKER)))
    open_one(staffed, "m4", worker=PARTNER, visit=closed_visit())
    assert seen(look(staffed, WORKER)) == ["m1", "m3"]
    for who in (LEAD, SECOND):
        found = look(staffed, who)
        assert sorted(seen(found)) == ["m1", "m2", "m3"]
        assert len(found.boarded) == 3
    assert seen(look(staffed, OTHER)) == ["m3"]
    assert look(staffed, WORKER).boarded == ()


def test_strangers_have_no_home_and_whoever_lost_their_role_sees_nothing(staffed):
    open_one(staffed)
    assert staffed.run_sync(board.look, "U_NOBODY", NOW) is None
    assert look(staffed, LEAD, NOW - timedelta(days=1)).programs == ()
    assert look(staffed, LEAD, NOW - timedelta(days=1)).matters == ()


def test_another_programs_matters_are_not_seen(staffed):
    open_one(staffed)
    staffed.run_sync(populate, (PersonId("far"),), "south")
    open_one(staffed, "far", worker=PersonId("far"), program="south")
    assert seen(look(staffed, LEAD)) == ["m1"]


def test_a_row_says_who_is_where_what_is_due_and_who_confirmed(staffed):
    open_one(staffed, visit=quiet_visit(plan=plan(partner=PARTNER)))
    [one] = look(staffed, LEAD).matters
    assert one.members == (WORKER, PARTNER)
    assert one.visit.place == "Home 17"
    assert one.visit.state is VisitState.UNDERWAY
    assert one.visit.due_at == NOW + 60 * MINUTE
    assert one.visit.approver == LEAD
    assert look(staffed, LEAD).names[PARTNER] == "Partner"


@pytest.mark.parametrize(
    ("left", "expecting", "place"),
    [
        (0, Expecting.ARRIVAL, "first"),
        (1, Expecting.ARRIVAL, "second"),
        (1, Expecting.CLEAR, "first"),
        (2, Expecting.CLEAR, "second"),
    ],
)
def test_on_a_route_the_place_is_the_stop_they_are_at_or_on_the_way_to(
    staffed, left, expecting, place
):
    labels = ("first", "second")
    stops = tuple(Stop(one, left_at=NOW if no < left else None) for no, one in enumerate(labels))
    open_one(staffed, visit=quiet_visit(plan=plan(stops=stops), expecting=expecting))
    assert look(staffed, LEAD).matters[0].visit.place == place


def test_a_plan_is_out_from_its_start_and_a_call_for_help_without_a_visit_at_once(staffed):
    ahead = quiet_visit(
        plan=plan(start_at=NOW + MINUTE),
        state=VisitState.PLANNED,
        approval=Approval.ASKED,
        approver=None,
    )
    open_one(staffed, "m1", visit=ahead)
    call = escalation(kind=EscalationKind.HELP_CALL)
    open_one(staffed, "m2", worker=PARTNER, visit=None, escalations=(call,))
    found = {one.matter: one for one in look(staffed, LEAD).matters}
    assert not found["m1"].is_out(NOW)
    assert found["m1"].is_out(NOW + MINUTE)
    assert found["m2"].is_out(NOW)
    assert found["m2"].visit is None


def test_an_open_escalation_says_who_has_it_since_when_and_where_its_thread_is(staffed):
    held = escalation(
        state=EscalationState.ACKNOWLEDGED, owner=LEAD, owned_at=NOW, acknowledged=True
    )
    open_one(staffed, escalations=(held,))
    head = Standing(
        PROGRAM,
        MatterId("m1"),
        "C_INCIDENTS",
        "17.5",
        surface=Surface.THREAD,
        channel=ChannelRole.INCIDENTS,
        episode=1,
        thread=True,
    )
    staffed.run_sync(messages.record, head, TRANSPORT)
    [one] = look(staffed, SECOND).matters
    assert (one.call.owner, one.call.since) == (LEAD, NOW - MINUTE)
    assert one.call.thread == ("C_INCIDENTS", "17.5")


def test_a_silent_matter_is_in_nobodys_home(staffed):
    open_one(staffed)
    before = {who: look(staffed, who) for who in ROLES}
    duress = escalation(kind=EscalationKind.DURESS)
    silent = matter("m1.worker", visit=None, silent=True, about=MatterId("m1"))
    staffed.run_sync(open_matter, replace(silent, escalations=(duress,)))
    assert {who: look(staffed, who) for who in ROLES} == before


def test_quiet_help_is_kept_from_whom_the_worker_named_and_shown_to_the_others(staffed):
    row = update(tables.person).where(tables.person.c.id == WORKER)
    staffed.run_sync(lambda conn: conn.execute(row.values(excludes=[LEAD])))
    open_one(staffed, visit=quiet_visit())
    calm = look(staffed, LEAD).matters
    quiet = escalation(kind=EscalationKind.HELP_QUIET)
    open_one(staffed, "m2", visit=quiet_visit(state=VisitState.ESCALATED), escalations=(quiet,))
    by_id = {one.matter: one for one in look(staffed, LEAD).matters}
    assert by_id["m2"] == replace(calm[0], matter="m2")
    shown = {one.matter: one for one in look(staffed, SECOND).matters}
    assert shown["m2"].call.kind is EscalationKind.HELP_QUIET
    own = {one.matter: one for one in look(staffed, WORKER).matters}
    assert own["m2"].call.kind is EscalationKind.HELP_QUIET, "as on their card"


def test_whom_the_worker_named_learns_nothing_from_quiet_help_without_a_visit(staffed):
    row = update(tables.person).where(tables.person.c.id == WORKER)
    staffed.run_sync(lambda conn: conn.execute(row.values(excludes=[LEAD])))
    quiet = escalation(kind=EscalationKind.HELP_QUIET)
    open_one(staffed, visit=None, escalations=(quiet,))
    assert seen(look(staffed, LEAD)) == []
    assert seen(look(staffed, SECOND)) == ["m1"]


def test_a_coordinators_own_quiet_call_is_not_on_the_board_that_others_may_look_at(staffed):
    open_one(staffed, worker=LEAD, visit=quiet_visit(approver=SECOND))
    before = look(staffed, LEAD).boarded
    quiet = escalation(kind=EscalationKind.HELP_QUIET)
    escalated = quiet_visit(approver=SECOND, state=VisitState.ESCALATED)
    open_one(staffed, "m2", worker=LEAD, visit=escalated, escalations=(quiet,))
    open_one(staffed, "m3", worker=LEAD, visit=None, escalations=(quiet,))
    found = look(staffed, LEAD)
    assert found.boarded == (*before, replace(before[0], matter="m2"))
    assert [one.is_quiet for one in found.mine] == [False, True, True]
    assert len(look(staffed, SECOND).boarded) == 3


def test_a_visit_whose_record_is_damaged_stands_on_the_board_all_the_same(staffed):
    open_one(staffed)
    staffed.run_sync(lambda conn: conn.execute(update(tables.visit).values(body={})))
    assert seen(look(staffed, LEAD)) == ["m1"]


def test_whoever_is_on_duty_now_is_named_with_the_programs_numbers(staffed):
    duty = {
        "program_id": PROGRAM,
        "role": Role.COORDINATOR,
        "person_id": LEAD,
        "from_at": NOW,
        "until_at": NOW + MINUTE,
    }
    staffed.run_sync(lambda conn: conn.execute(insert(tables.duty), duty))
    [served] = look(staffed, WORKER).programs
    assert served.duties == ((Role.COORDINATOR, LEAD),)
    assert (served.line, served.county_number) == ("+15555550100", "+15555550199")
    assert look(staffed, WORKER, NOW + MINUTE).programs[0].duties == ()


def test_a_home_speaks_its_persons_language_or_their_programs(staffed):
    def set_(conn, table, **values):
        conn.execute(update(table).values(**values))

    assert look(staffed, LEAD).language is Language.EN
    staffed.run_sync(set_, tables.program, language="es")
    assert look(staffed, LEAD).language is Language.ES
    staffed.run_sync(set_, tables.person, language="en")
    assert look(staffed, LEAD).language is Language.EN


def test_however_many_are_out_a_home_is_read_in_few_queries(staffed):
    for number in range(30):
        climbs = (escalation(),) if number % 3 == 0 else ()
        open_one(staffed, f"m{number}", escalations=climbs)
    asked = []

    def count(conn, cursor, statement, *rest):
        asked.append(statement)

    event.listen(staffed.engine, "before_cursor_execute", count)
    found = look(staffed, LEAD)
    event.remove(staffed.engine, "before_cursor_execute", count)
    assert len(found.matters) == 30
    assert 0 < len([one for one in asked if one.startswith("SELECT")]) <= QUERIES_MAX
    assert not [one for one in asked if "body" in one or "duress" in one or "phone" in one]
