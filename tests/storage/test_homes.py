"""Which Homes are open, whose turn it is to publish one, and what tells that it changed."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, insert, update

from protocol.ids import MatterId
from protocol.records import Approval, EscalationKind, VisitState
from storage import homes, tables
from tests.storage.samples import (
    LEAD,
    MINUTE,
    NOW,
    OTHER,
    PARTNER,
    PROGRAM,
    TRANSPORT,
    WORKER,
    closed_visit,
    escalation,
    matter,
    open_matter,
    plan,
    quiet_visit,
    read,
    save,
)

SECOND = timedelta(seconds=1)
BOARDS = frozenset({PROGRAM})


def known_to_slack(conn, *people):
    for who in people:
        row = update(tables.person).where(tables.person.c.id == who)
        conn.execute(row.values(slack_user=f"U_{who.upper()}"))


def opened(database, who, shown="d1", now=TRANSPORT):
    database.run_sync(known_to_slack, who)
    database.run_sync(homes.opened, who, shown, "h1", now=now, next_at=now)


def kept(database, now=TRANSPORT):
    return {one.person: one for one in database.run_sync(homes.kept, now)}


def pulse(database, at=NOW):
    return database.run_sync(homes.pulse, at)


def test_a_home_is_kept_for_a_day_after_it_was_opened(database):
    opened(database, WORKER)
    almost, over = TRANSPORT + homes.KEPT_FOR - SECOND, TRANSPORT + homes.KEPT_FOR
    assert set(kept(database, almost)) == {WORKER}
    assert kept(database, over) == {}
    assert database.run_sync(homes.forget, almost) == 0
    assert database.run_sync(homes.forget, over) == 1


def test_a_home_that_is_opened_again_is_one_home_with_what_it_shows_now(database):
    opened(database, WORKER)
    opened(database, WORKER, "d2", TRANSPORT + MINUTE)
    assert kept(database)[WORKER].shown == "d2"


def test_whoever_left_has_no_home(database):
    opened(database, WORKER)
    opened(database, LEAD)
    database.run_sync(lambda conn: conn.execute(update(tables.person).values(active=False)))
    assert kept(database) == {}


def test_of_two_that_publish_one_home_only_the_first_has_the_turn(database):
    opened(database, WORKER)
    home = kept(database)[WORKER]
    until = TRANSPORT + MINUTE
    assert database.run_sync(homes.claim, home, until)
    assert not database.run_sync(homes.claim, home, until + SECOND)
    assert database.run_sync(homes.published, home, until, "d2", "h2", until)
    assert kept(database)[WORKER].shown == "d2"


def test_an_edition_that_was_overtaken_by_an_opening_is_not_recorded(database):
    opened(database, WORKER)
    home, until = kept(database)[WORKER], TRANSPORT + MINUTE
    assert database.run_sync(homes.claim, home, until)
    opened(database, WORKER, "opened", TRANSPORT + SECOND)
    assert not database.run_sync(homes.published, home, until, "older", "h9", until)
    assert kept(database)[WORKER].shown == "opened"


def test_a_doubted_home_is_looked_at_anew_and_others_are_not(database):
    opened(database, WORKER)
    opened(database, LEAD)
    grant = {"program_id": PROGRAM, "person_id": LEAD, "role": "coordinator", "from_at": NOW}
    database.run_sync(lambda conn: conn.execute(insert(tables.role_grant), grant))
    database.run_sync(homes.doubt, PROGRAM)
    assert kept(database)[LEAD].shown is None
    assert kept(database)[WORKER].shown == "d1"
    database.run_sync(homes.drop, LEAD)
    assert set(kept(database)) == {WORKER}


def test_a_change_of_a_matter_is_in_the_pulse_of_its_people_and_of_the_boards(database):
    mine = matter(visit=quiet_visit(plan=plan(partner=PARTNER)))
    database.run_sync(open_matter, mine)
    before = pulse(database)
    stored = database.run_sync(read, "m1")
    later = replace(stored.visit, last_heard_at=NOW + MINUTE)
    database.run_sync(save, stored, replace(stored, visit=later))
    after = pulse(database)
    for who in (WORKER, PARTNER):
        assert before.of(who, [PROGRAM], ()) != after.of(who, [PROGRAM], ())
    assert before.of(LEAD, [PROGRAM], BOARDS) != after.of(LEAD, [PROGRAM], BOARDS)
    assert before.of(OTHER, [PROGRAM], ()) == after.of(OTHER, [PROGRAM], ())


def test_a_silent_matter_has_no_part_in_any_pulse(database):
    database.run_sync(open_matter, matter(visit=quiet_visit()))
    before = pulse(database)
    silent = matter("m1.worker", visit=None, about=MatterId("m1"), silent=True)
    database.run_sync(
        open_matter, replace(silent, escalations=(escalation(kind=EscalationKind.DURESS),))
    )
    assert pulse(database) == before


def test_a_plan_whose_start_passes_and_a_duty_that_ends_are_in_the_pulse(database):
    start = NOW + 10 * MINUTE
    ahead = quiet_visit(
        plan=plan(start_at=start), state=VisitState.PLANNED, approval=Approval.ASKED, approver=None
    )
    database.run_sync(open_matter, matter(visit=ahead))
    duty = {
        "program_id": PROGRAM,
        "role": "coordinator",
        "person_id": LEAD,
        "from_at": NOW,
        "until_at": NOW + 20 * MINUTE,
    }
    database.run_sync(lambda conn: conn.execute(insert(tables.duty), duty))
    now, begun, alone = (pulse(database, NOW + n * MINUTE) for n in (0, 10, 20))
    assert now.of(LEAD, [PROGRAM], BOARDS) != begun.of(LEAD, [PROGRAM], BOARDS)
    assert begun.of(OTHER, [PROGRAM], ()) != alone.of(OTHER, [PROGRAM], ())
    assert begun.of(OTHER, [], ()) == alone.of(OTHER, [], ()), "another program's duty"


def cards(database):
    statement = tables.outbox.select().where(tables.outbox.c.kind == homes.CARD)
    return database.run_sync(lambda conn: conn.execute(statement).all())


def ask(database, user="U_WORKER"):
    return database.run_sync(homes.ask_for_card, user, at=NOW, transport_now=TRANSPORT)


def test_a_card_is_asked_for_once_for_each_state_that_it_shows(database):
    database.run_sync(known_to_slack, WORKER, PARTNER)
    database.run_sync(open_matter, matter(visit=quiet_visit(plan=plan(partner=PARTNER))))
    assert [ask(database), ask(database), ask(database, "U_PARTNER")] == [True, True, True]
    assert [row.to_person for row in cards(database)] == [WORKER, PARTNER]
    stored = database.run_sync(read, "m1")
    database.run_sync(save, stored, replace(stored, visit=replace(stored.visit, due_no=2)))
    assert ask(database)
    assert len(cards(database)) == 3


def test_without_an_open_visit_there_is_no_card_to_ask_for(database):
    database.run_sync(known_to_slack, WORKER)
    database.run_sync(open_matter, matter(visit=closed_visit()))
    assert not ask(database)
    assert not ask(database, "U_STRANGER")
    assert cards(database) == []


def test_a_home_can_be_lost_without_harm(database):
    opened(database, WORKER)
    home = kept(database)[WORKER]
    database.run_sync(lambda conn: conn.execute(delete(tables.home)))
    assert not database.run_sync(homes.claim, home, TRANSPORT + MINUTE)
