"""This holds the question which matter somebody means to its answers: a tap acts on the present."""

from dataclasses import replace
from datetime import timedelta

from protocol.plan import Purpose
from protocol.records import EscalationKind, VisitState
from storage import matters
from tests.storage import samples
from tests.storage.samples import (
    LEAD,
    MINUTE,
    NOW,
    PARTNER,
    PROGRAM,
    WORKER,
    escalation,
    matter,
    open_matter,
    plan,
    quiet_visit,
    save,
    visit,
)

LATER = NOW + 60 * MINUTE


def current(database, person=WORKER):
    """Whose id is asked for, and who is loaded at once, is the same matter."""
    named = database.run_sync(matters.current_of, person)
    loaded = database.run_sync(matters.current, samples.SEALER, person)
    assert (loaded and loaded.id) == named
    assert loaded == (named and database.run_sync(samples.read, named))
    return named


def planned(name, start_at, **changes):
    visit_of_it = quiet_visit(
        plan=plan(start_at=start_at), state=VisitState.PLANNED, started_at=None
    )
    return matter(name, visit=visit_of_it, **changes)


def test_a_worker_means_the_visit_they_are_on_and_not_the_one_planned_since(database):
    assert current(database) is None
    database.run_sync(open_matter, matter("on"))
    database.run_sync(open_matter, planned("tomorrow", NOW + timedelta(days=1)))
    assert current(database) == "on"


def test_a_worker_who_is_not_out_means_the_plan_that_starts_first(database):
    database.run_sync(open_matter, planned("a", NOW + timedelta(days=1)))
    database.run_sync(open_matter, planned("b", NOW + timedelta(hours=1)))
    database.run_sync(open_matter, planned("c", NOW + timedelta(days=2)))
    assert current(database) == "b"


def test_of_two_that_are_on_the_newest_is_meant(database):
    database.run_sync(open_matter, matter("visit"))
    call = matter("call", visit=None, escalations=(escalation(kind=EscalationKind.HELP_CALL),))
    database.run_sync(lambda conn: save(conn, call, call, at=NOW + MINUTE))
    assert current(database) == "call"


def test_of_those_begun_or_planned_at_one_instant_the_same_is_meant_each_time(database):
    for name in ("b", "a", "c"):
        database.run_sync(open_matter, planned(name, NOW + timedelta(days=1)))
    assert current(database) == "a"
    for name in ("y", "x", "z"):
        database.run_sync(open_matter, matter(name))
    assert current(database) == "z"


def test_a_partner_means_the_visit_of_the_pair(database):
    pair = matter(visit=visit(plan=plan(partner=PARTNER)))
    database.run_sync(open_matter, pair)
    assert current(database, PARTNER) == "m1"
    assert current(database, LEAD) is None


def test_nobody_ever_means_a_silent_matter(database):
    database.run_sync(open_matter, matter("m1", visit=samples.closed_visit()))
    duress = escalation(kind=EscalationKind.DURESS)
    silent = matter("m1.worker", visit=None, silent=True, about="m1", escalations=(duress,))
    assert database.run_sync(open_matter, silent) == replace(silent, version=1)
    assert current(database) is None
    assert database.run_sync(matters.open_matters) == []
    assert database.run_sync(matters.open_matters, silent=True) == ["m1.worker"]


def test_open_matters_are_listed_by_program_the_next_due_first(database):
    database.run_sync(samples.populate, people=("x",), program="south")
    for name, minutes, program in (("a", 20, "north"), ("b", 10, "north"), ("c", 5, "south")):
        due_at = LATER + minutes * MINUTE
        made = matter(name, visit=quiet_visit(due_at=due_at), program=program)
        database.run_sync(open_matter, made)
    database.run_sync(open_matter, matter("d", visit=samples.closed_visit()))
    assert database.run_sync(matters.open_matters) == ["c", "b", "a"]
    assert database.run_sync(matters.open_matters, PROGRAM) == ["b", "a"]


def test_the_visits_to_plan_again_are_a_workers_own_open_or_not_the_newest_first(database):
    database.run_sync(samples.populate, people=("x",), program="south")
    for minutes, made in enumerate(
        (
            matter("done", visit=samples.closed_visit()),
            matter("on"),
            matter("call", visit=None, escalations=(escalation(kind=EscalationKind.HELP_CALL),)),
            matter("elsewhere", program="south"),
            matter("look", visit=quiet_visit(plan=plan(purpose=Purpose.SENT_TO_LOOK))),
            matter("sams", worker=PARTNER, visit=quiet_visit(plan=plan(partner=WORKER))),
        )
    ):
        at = NOW + minutes * MINUTE
        database.run_sync(lambda conn, made=made, at=at: save(conn, made, made, at=at))
    assert database.run_sync(matters.visits_of, WORKER, PROGRAM, 5) == ["on", "done"]
    assert database.run_sync(matters.visits_of, WORKER, PROGRAM, 1) == ["on"]
    assert database.run_sync(matters.visits_of, WORKER, None, 5) == ["elsewhere", "on", "done"]
