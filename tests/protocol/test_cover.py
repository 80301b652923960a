"""Cover arithmetic: responders exist for the whole visit and for the tail of its ladder."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.people import Cover, Duty, Role
from protocol.plan import Transport
from protocol.records import Approval
from tests.protocol.seen import RATED, covered, due, visit
from tests.protocol.world import (
    HELD_ROLES,
    INES,
    JO,
    LIN,
    MAYA,
    NOON,
    ON_DUTY,
    PAT,
    ROSA,
    SAM,
    THEO,
    confirmed,
    cover,
    minutes,
    planned,
)

# A low visit from 60 to 150; its ladder decides on help 40 after what was due.
END, TAIL = 150, 190


def duty(person, role, start, end):
    return Duty(person, role, NOON + minutes(start), NOON + minutes(end))


def rota(*duties, **more):
    return Cover(duties=duties, holders=HELD_ROLES, **more)


def confirm(life, by=THEO):
    return life.do(e.ConfirmPlan(life.now, by, visit(life).revision)).reason


def test_a_visit_with_responders_all_along_is_confirmed():
    life = covered(planned(), rota(duty(ROSA, Role.COORDINATOR, 0, 600)))
    assert confirm(life) is Reason.CONFIRMED


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD])
def test_each_responders_role_is_cover(role):
    assert confirm(covered(planned(), rota(duty(LIN, role, 0, 600)))) is Reason.CONFIRMED


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.PROGRAM_MANAGER, Role.PEER])
def test_nobody_else_is_cover(role):
    assert confirm(covered(planned(), rota(duty(INES, role, 0, 600)))) is Reason.NO_COVER


@pytest.mark.parametrize(
    ("off", "on"),
    [
        (0, 61),  # nobody at the start
        (100, 110),  # a hole in the middle
        (100, 101),  # a minute is a hole
        (END - 1, 600),  # nobody at the end
        (END + 1, 600),  # nobody when the exit is due
        (TAIL - 1, 600),  # nobody when help is decided on
        (TAIL - 20, TAIL - 19),  # a hole in the tail
    ],
)
def test_a_gap_in_the_rota_during_the_visit_or_its_tail_stops_the_confirming(off, on):
    duties = (duty(ROSA, Role.COORDINATOR, -60, off), duty(LIN, Role.CLINICAL_LEAD, on, 900))
    assert confirm(covered(planned(), rota(*duties))) is Reason.NO_COVER


def test_the_tail_begins_when_the_worker_is_due_to_be_clear_by_bus_half_an_hour_later():
    for until, answer in ((END + 69, Reason.NO_COVER), (END + 71, Reason.CONFIRMED)):
        rosa = rota(duty(ROSA, Role.COORDINATOR, 0, until))
        assert confirm(covered(planned(transport=Transport.BUS), rosa)) is answer


def test_a_handover_without_a_gap_is_cover():
    duties = (duty(ROSA, Role.COORDINATOR, 0, 100), duty(LIN, Role.CLINICAL_LEAD, 100, 900))
    assert confirm(covered(planned(), rota(*duties))) is Reason.CONFIRMED


def test_a_gap_that_one_of_them_leaves_is_none_where_another_is_on_duty():
    duties = (
        duty(ROSA, Role.COORDINATOR, 0, 100),
        duty(ROSA, Role.COORDINATOR, 120, 900),
        duty(MAYA, Role.PEER_SUPERVISOR, 90, 130),
    )
    assert confirm(covered(planned(), rota(*duties))) is Reason.CONFIRMED


@pytest.mark.parametrize("why", ["in_field", "unreachable"])
def test_whoever_is_in_the_field_or_cannot_be_reached_does_not_count(why):
    only_rosa = rota(duty(ROSA, Role.COORDINATOR, 0, 600), **{why: frozenset({ROSA})})
    assert confirm(covered(planned(), only_rosa)) is Reason.NO_COVER
    both = rota(
        duty(ROSA, Role.COORDINATOR, 0, 600),
        duty(LIN, Role.CLINICAL_LEAD, 0, 600),
        **{why: frozenset({ROSA})},
    )
    assert confirm(covered(planned(), both)) is Reason.CONFIRMED


def test_the_worker_and_the_partner_are_not_their_own_cover():
    duties = (duty(JO, Role.COORDINATOR, 0, 600), duty(SAM, Role.PEER_SUPERVISOR, 0, 600))
    life = covered(planned(partner=SAM), rota(*duties))
    assert confirm(life) is Reason.NO_COVER


def test_the_backup_on_site_is_in_the_field_and_not_cover():
    only_theo = rota(duty(THEO, Role.COORDINATOR, 0, 600))
    life = covered(planned(**RATED["high"]), only_theo)
    assert confirm(life, by=PAT) is Reason.NO_COVER


def test_the_tail_is_that_of_the_ladder_of_the_visits_own_rating():
    # A high visit decides on help after 15, so its tail is 25 minutes shorter than a low one's.
    until = rota(duty(ROSA, Role.COORDINATOR, 0, END + 46))
    assert confirm(covered(planned(**RATED["high"]), until), by=MAYA) is Reason.CONFIRMED
    assert confirm(covered(planned(), until)) is Reason.NO_COVER


def test_a_visit_without_cover_is_not_confirmed_and_is_watched_all_the_same():
    life = covered(planned(), rota())
    assert confirm(life) is Reason.NO_COVER
    assert visit(life).approval is Approval.ASKED
    life.at(85)
    assert life.matter.open_escalation is not None


def test_running_late_needs_cover_for_the_new_time():
    life = covered(confirmed(), rota(duty(ROSA, Role.COORDINATOR, 0, 230)))
    answer = life.do(e.RunningLate(NOON, JO, minutes(30)))
    assert answer.reason is Reason.NO_COVER
    assert due(life) == 75
    assert life.do(e.RunningLate(NOON, JO, minutes(5))).reason is Reason.START_MOVED


def test_a_gap_before_the_visit_or_long_after_it_does_not_matter():
    assert confirm(covered(planned(), rota(duty(ROSA, Role.COORDINATOR, 59, 260)))) is (
        Reason.CONFIRMED
    )


def test_everyone_on_duty_is_the_responders_and_one_executive():
    two = cover(on_duty=(*ON_DUTY, (Role.EXECUTIVE, INES), (Role.EXECUTIVE, PAT)))
    assert two.everyone(NOON) == (ROSA, MAYA, LIN, INES)
    none_on_duty = cover()
    assert none_on_duty.everyone(NOON) == (ROSA, MAYA, LIN, INES)


def test_a_duty_ends_where_it_ends():
    one = duty(ROSA, Role.COORDINATOR, 0, 10)
    assert one.covers(NOON)
    assert not one.covers(NOON + minutes(10))
    assert not replace(one, from_at=NOON + minutes(1)).covers(NOON)
