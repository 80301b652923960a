"""I have it: the first owns it, it is no all-clear, and it ends."""

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page
from protocol.records import EscalationState
from tests.protocol.seen import (
    RATED,
    after_noon,
    asked,
    helped,
    open_one,
    paged_at,
    pages,
    said,
    taken,
    visit,
    watch,
)
from tests.protocol.world import (
    HELD_ROLES,
    INES,
    JO,
    LIN,
    MAYA,
    OUTSIDER,
    ROSA,
    SAM,
    cover,
    missed,
    situation,
    underway,
)


def uneasy():
    life = underway()
    life.do(e.Uneasy(life.now, JO))
    return life


# How it came to be open, and for how long an acknowledgement holds.
HELD_FOR = {
    "low": (missed, 60),
    "elevated": (lambda: missed(**RATED["elevated"]), 60),
    "high": (lambda: missed(**RATED["high"]), 60),
    "help": (helped, 15),
    "quiet": (lambda: helped(e.HelpForm.QUIET), 15),
}


def owned(kind, by=ROSA):
    start, hold = HELD_FOR[kind]
    life = start()
    life.do(e.Acknowledge(life.now, by))
    return life, after_noon(life.now), hold


def test_the_first_to_acknowledge_owns_it_and_the_climb_stops():
    life = taken(ROSA)
    assert open_one(life).owner == ROSA
    assert open_one(life).state is EscalationState.ACKNOWLEDGED
    assert watch(life, 160 + 59, Page) == []


def test_a_second_is_refused_kindly_and_changes_nothing():
    life = taken(ROSA)
    before = life.matter
    decision = life.do(e.Acknowledge(life.now, MAYA))
    assert decision.reason is Reason.TAKEN_BY_ANOTHER
    assert life.matter == before


def test_the_same_person_twice_is_no_mistake():
    life = taken(ROSA)
    decision = life.do(e.Acknowledge(life.now, ROSA))
    assert decision.reason is Reason.ALREADY_YOURS
    assert not decision.changed


@pytest.mark.parametrize("by", [ROSA, MAYA, LIN, INES])
def test_no_permission_keeps_whoever_was_paged_from_acknowledging(by):
    life = missed().at(175)
    assert by in pages(life)
    assert life.do(e.Acknowledge(life.now, by)).reason is Reason.ACKNOWLEDGED


def test_whoever_was_paged_acknowledges_though_their_role_ended_since():
    life = missed()
    assert ROSA in pages(life)
    held = tuple(one for one in HELD_ROLES if one[1] != ROSA)
    life.world = situation(covered=cover(held=held))
    assert life.do(e.Acknowledge(life.now, ROSA)).reason is Reason.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (e.Acknowledge, ()),
        (e.Escalate, ()),
        (e.LogAttempt, (e.ContactMethod.CALL, e.ContactOutcome.SPOKE)),
        (e.SendSupport, ("mobile crisis",)),
        (e.CallEmergency, ()),
        (e.ConfirmTap, (1,)),
    ],
)
def test_whoever_was_not_paged_and_serves_in_no_role_stops_no_climb(kind, more):
    life = missed()
    decision = life.do(kind(life.now, OUTSIDER, *more))
    assert decision.reason is Reason.NOT_A_RESPONDER
    assert not decision.changed


@pytest.mark.parametrize("by", [JO, SAM])
def test_the_worker_and_the_partner_do_not_take_their_own(by):
    life = missed(partner=SAM)
    assert life.do(e.Acknowledge(life.now, by)).reason is Reason.ABOUT_YOURSELF


def test_an_acknowledgement_is_no_all_clear():
    life = taken(ROSA)
    assert life.matter.is_active
    assert visit(life).state == "escalated"
    assert open_one(life).due_at is not None


def test_the_worker_is_told_who_saw_it():
    life = taken(ROSA)
    assert (JO, "seen") in said(life)


@pytest.mark.parametrize("kind", HELD_FOR)
def test_the_owner_is_asked_five_minutes_before_it_ends(kind):
    life, since, hold = owned(kind)
    mark = len(life.effects)
    life.at(since + hold - 5.1)
    assert asked(life, mark) == []
    life.at(since + hold - 5)
    assert asked(life, mark) == [(ROSA, "still_on_it")]


@pytest.mark.parametrize("kind", HELD_FOR)
def test_an_acknowledgement_expires_and_the_climb_starts_again_from_the_first_rung(kind):
    life, since, hold = owned(kind)
    mark = len(life.effects)
    life.at(since + hold - 0.1)
    assert pages(life, mark) == []
    life.at(since + hold)
    assert ROSA in pages(life, mark)
    assert open_one(life).state is EscalationState.CLIMBING
    assert open_one(life).rung == 0
    assert open_one(life).owner is None
    assert (ROSA, "hold_expired") in said(life, mark)


def test_after_an_expired_hold_the_rungs_keep_the_ladders_distances():
    life = taken(ROSA)
    assert [at for at, _ in paged_at(life, 160 + 60 + 30)] == [220, 225, 235, 250]


@pytest.mark.parametrize("kind", HELD_FOR)
def test_still_on_it_is_one_tap_and_the_hold_starts_again(kind):
    life, since, hold = owned(kind)
    life.at(since + hold - 4)
    assert life.do(e.StillOnIt(life.now, ROSA)).reason is Reason.STILL_ON_IT
    again = since + hold - 4
    assert watch(life, again + hold - 0.1, Page) == []
    assert asked(life)[-1] == (ROSA, "still_on_it")
    assert watch(life, again + hold, Page)


def test_only_the_owner_is_still_on_it():
    life = taken(ROSA)
    assert life.do(e.StillOnIt(life.now, MAYA)).reason is Reason.NOT_THE_OWNER
    assert missed().do(e.StillOnIt(life.now, ROSA)).reason is Reason.NOT_THE_OWNER


def test_an_owner_who_cannot_take_it_after_all_passes_it_to_the_next_rung_at_once():
    life = taken(ROSA)
    since = len(life.effects)
    life.do(e.CannotTake(life.now, ROSA))
    assert pages(life, since) == [LIN, MAYA]
    assert open_one(life).owner is None
    assert open_one(life).rung == 1


def test_the_only_one_paged_who_cannot_take_it_passes_it_on_at_once():
    life = missed()
    since = len(life.effects)
    life.do(e.CannotTake(life.now, ROSA))
    assert set(pages(life, since)) == {LIN, MAYA}


def test_while_another_was_paged_the_climb_keeps_its_time():
    life = missed().at(165)
    since = len(life.effects)
    life.do(e.CannotTake(life.now, LIN))
    assert pages(life, since) == []
    life.do(e.CannotTake(life.now, MAYA))
    assert set(pages(life, since)) == {ROSA, MAYA, LIN, INES}


def test_saying_it_twice_climbs_once():
    life = missed()
    life.do(e.CannotTake(life.now, ROSA))
    rung = open_one(life).rung
    life.do(e.CannotTake(life.now, ROSA))
    assert open_one(life).rung == rung


def test_who_was_not_paged_has_nothing_to_pass_on():
    assert missed().do(e.CannotTake(missed().now, MAYA)).reason is Reason.NOT_PAGED


def test_somebody_elses_hold_is_not_ended_by_who_cannot_take_it():
    life = missed().at(165)
    life.do(e.Acknowledge(life.now, LIN))
    life.do(e.CannotTake(life.now, ROSA))
    assert open_one(life).owner == LIN


@pytest.mark.parametrize("owner", [None, ROSA])
def test_escalating_pages_the_next_rung_now(owner):
    life = missed()
    if owner:
        life.do(e.Acknowledge(life.now, owner))
    since = len(life.effects)
    assert life.do(e.Escalate(life.now, ROSA)).reason is Reason.ESCALATED
    assert set(pages(life, since)) == {LIN, MAYA}
    assert open_one(life).state is EscalationState.CLIMBING
    assert [at for at, _ in paged_at(life, 175)] == [175]


def test_a_contact_attempt_is_logged_and_keeps_the_owners_hold():
    life = taken(ROSA).at(200)
    attempt = e.LogAttempt(life.now, ROSA, e.ContactMethod.CALL, e.ContactOutcome.NO_ANSWER)
    life.do(attempt)
    assert open_one(life).attempts == 1
    assert watch(life, 259, Page) == []
    assert watch(life, 260, Page)


def test_an_attempt_of_another_is_logged_and_moves_no_deadline():
    life = taken(ROSA)
    before = open_one(life).due_at
    life.do(e.LogAttempt(life.now, LIN, e.ContactMethod.TEXT, e.ContactOutcome.NO_ANSWER))
    assert open_one(life).attempts == 1
    assert open_one(life).due_at == before


def test_what_is_already_closed_is_nobodys_mistake():
    life = missed()
    life.do(e.ProxyCheckIn(life.now, ROSA, True))
    decision = life.do(e.Acknowledge(life.now, ROSA))
    assert decision.reason is Reason.ALREADY_CLOSED
    assert not decision.refused


def test_an_uneasy_call_is_held_and_runs_out_too():
    life = uneasy()
    life.do(e.Acknowledge(life.now, ROSA))
    assert watch(life, 180, Page)
    assert life.matter.open_escalation is not None


def test_a_hold_that_nobody_looked_at_for_hours_ends_late_and_is_not_forgotten():
    life = taken(ROSA)
    since = len(life.effects)
    life.late(160 + 200)
    assert ROSA in pages(life, since)
    assert open_one(life).rung == 0
