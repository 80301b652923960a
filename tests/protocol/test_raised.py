"""A trigger that was raised: who is paged when, what ends it, and who must not hear of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Ask, Asked, OpenThread, Page, PostPage, Said, StandDown, Tell
from protocol.matter import next_deadline
from protocol.offers import Handed, OfferHandover
from protocol.people import Role
from protocol.policy import ChannelRole
from protocol.raised import TRIED_MAX
from protocol.records import Accounted, EscalationState, Finding
from protocol.trigger import (
    ACKNOWLEDGE_WITHIN,
    Chosen,
    NightClose,
    NotSorted,
    RaiseTrigger,
    Sorted,
    Tier,
    UntilMorning,
    Who,
    WriteConsult,
    ladder,
)
from tests.protocol.world import (
    HELD_ROLES,
    INES,
    JO,
    LIN,
    MAYA,
    NOON,
    OUTSIDER,
    PAT,
    ROSA,
    SAM,
    THEO,
    ZONE,
    Life,
    cover,
    minutes,
    page_of,
)


def raised(tier=Tier.U0, heard_ago=0, **more):
    life = Life()
    page = page_of(tier, **{k: v for k, v in more.items() if k in ("private", "danger")})
    chosen = more.get("chosen")
    life.do(RaiseTrigger(NOON, JO, NOON - minutes(heard_ago), page, "heard", chosen=chosen))
    return life


def local(day, hour):
    return datetime(2026, 3, day, hour, tzinfo=ZoneInfo(ZONE))


def written(life, by=LIN, within=60, **more):
    return life.do(WriteConsult(life.now, by, "seen today", life.now + minutes(within), **more))


def paged(life, since=0):
    return [one.to for one in life.of(Page, since)]


def the_open(life):
    return life.matter.open_escalation


def test_a_life_at_risk_reaches_owner_backup_executive_and_everyone():
    life = raised(Tier.U0)
    assert paged(life) == [LIN]
    life.at(4.9)
    assert paged(life) == [LIN]
    life.at(5)
    assert paged(life) == [LIN, ROSA]
    life.at(10)
    assert set(paged(life)) == {LIN, ROSA, MAYA, INES}
    assert not life.of(OpenThread), "nobody is missing, so there is no incident"


@pytest.mark.parametrize("tier", [one for one in Tier if one is not Tier.U4])
def test_the_backup_is_paged_when_the_time_of_the_tier_has_passed(tier):
    life = raised(tier)
    within = ACKNOWLEDGE_WITHIN[tier] / timedelta(minutes=1)
    life.at(within - 0.1)
    assert paged(life) == [LIN]
    life.at(within)
    assert paged(life) == [LIN, ROSA]


def test_a_row_that_can_wait_pages_nobody():
    life = Life()
    page = replace(page_of(), row=replace(page_of().row, tier=Tier.U4))
    assert life.do(RaiseTrigger(NOON, JO, NOON, page)).reason is Reason.NO_PAGE_FOR_THIS
    with pytest.raises(ValueError, match="pages nobody"):
        ladder(Tier.U4, Role.CLINICAL_LEAD, Role.COORDINATOR)


def test_the_steps_of_the_matrix_are_taken_and_end_with_everyone():
    steps = [(minutes(0), Who.OWNER), (minutes(240), Who.BACKUP)]
    made = ladder(Tier.U3, Role.MAT_COORDINATOR, Role.CASE_MANAGER, None, steps)
    assert [one.after for one in made.rungs] == [minutes(0), minutes(240), minutes(480)]
    assert made.rungs[-1].everyone


def test_timeliness_counts_from_when_it_was_heard_and_the_rungs_keep_their_distance():
    life = raised(Tier.U0, heard_ago=30)
    assert the_open(life).base_at == NOON - minutes(30)
    life.at(4.9)
    assert paged(life) == [LIN]
    life.at(5)
    assert paged(life) == [LIN, ROSA]


def test_a_role_without_a_rota_is_reached_through_its_holders():
    held = (*HELD_ROLES, (Role.MAT_COORDINATOR, SAM))
    life = Life(world=replace(Life().world, cover=cover(held=held)))
    page = page_of(Tier.U2)
    steps = ladder(Tier.U2, Role.MAT_COORDINATOR, Role.CLINICAL_LEAD)
    life.do(RaiseTrigger(NOON, JO, NOON, replace(page, ladder=steps, channel=None)))
    assert paged(life) == [SAM]
    assert not life.of(PostPage)


def test_a_role_that_nobody_holds_is_skipped_at_once_and_the_keeper_of_the_rota_hears():
    life = Life()
    steps = ladder(Tier.U2, Role.MAT_COORDINATOR, Role.CLINICAL_LEAD)
    life.do(RaiseTrigger(NOON, JO, NOON, replace(page_of(Tier.U2), ladder=steps)))
    assert paged(life) == [LIN]
    assert (Said.NOBODY_ON_RUNG, PAT) in [(one.said, one.to) for one in life.of(Tell)]


def test_whoever_raised_it_is_never_asked_to_take_it():
    life = Life(world=replace(Life().world, cover=cover(on_duty=((Role.CLINICAL_LEAD, JO),))))
    life.do(RaiseTrigger(NOON, JO, NOON, page_of()))
    assert JO not in paged(life)
    assert life.do(e.Acknowledge(NOON, JO)).reason is Reason.RAISED_BY_YOU
    assert written(life, by=JO).reason is Reason.RAISED_BY_YOU


def test_an_acknowledgement_ends_and_it_climbs_again():
    life = raised(Tier.U0)
    life.do(e.Acknowledge(NOON, LIN))
    since = len(life.effects)
    life.at(14.9)
    assert not paged(life, since)
    life.at(15)
    assert paged(life, since) == [LIN]


def test_an_undeliverable_page_climbs_at_once():
    life = raised()
    since = len(life.effects)
    life.do(e.Undeliverable(NOON, "1.1", 0, LIN))
    assert paged(life, since) == [ROSA]


def test_it_is_handed_over_to_whoever_says_yes():
    life = raised()
    life.do(e.Acknowledge(NOON, LIN))
    assert not life.do(OfferHandover(NOON, LIN, THEO, Handed.ESCALATION)).refused


def test_nobody_is_accounted_for_and_no_plan_is_made_in_it():
    life = raised()
    for event in (
        e.Close(NOON, LIN, 1, Accounted.SPOKEN, Finding.LATE),
        e.ProxyCheckIn(NOON, LIN, challenge_right=True),
        e.CheckIn(NOON, JO, "a"),
        e.SendSupport(NOON, LIN, "mobile crisis"),
    ):
        assert life.do(event).reason is Reason.NOT_ABOUT_A_VISIT
    assert not life.matter.is_active
    assert life.matter.is_open


def test_the_outcome_reaches_the_asker_and_whoever_is_to_do_it():
    life = raised()
    decision = written(life, owner=THEO)
    assert decision.reason is Reason.CONSULT_WRITTEN
    assert [(one.to, one.asked) for one in life.of(Ask)] == [(JO, Asked.SORTED)]
    assert (Said.YOURS_TO_DO, THEO) in [(one.said, one.to) for one in life.of(Tell)]
    assert the_open(life).state is EscalationState.CONSULTED
    assert next_deadline(life.matter) == NOON + minutes(60)


@pytest.mark.parametrize(
    ("decision", "within", "reason"),
    [
        (" ", 60, Reason.NEEDS_DECISION),
        ("today", 0, Reason.BY_WHEN_WRONG),
        ("today", 60 * 24 * 31, Reason.BY_WHEN_WRONG),
    ],
)
def test_an_answer_has_a_decision_and_a_time_that_is_ahead(decision, within, reason):
    life = raised()
    asked = WriteConsult(NOON, LIN, decision, NOON + minutes(within))
    assert life.do(asked).reason is reason


def test_only_whoever_has_it_writes_back_and_no_peer_is_asked_to_decide():
    life = raised()
    for who in (SAM, OUTSIDER):
        assert written(life, by=who).reason is Reason.NOT_PAGED
    life.do(e.Acknowledge(NOON, ROSA))
    assert written(life, by=LIN).reason is Reason.TAKEN_BY_ANOTHER


def test_sorted_closes_it_by_name_and_everybody_who_was_paged_hears():
    life = raised()
    written(life)
    assert life.do(Sorted(NOON, JO, 1)).reason is Reason.CHANGED_SINCE
    life.do(Sorted(NOON, JO, 2))
    assert the_open(life) is None
    assert life.matter.trigger.settled_by == JO
    assert [one.to for one in life.of(StandDown)] == [LIN]
    assert next_deadline(life.matter) is None


def test_nothing_is_sorted_before_there_is_an_answer():
    life = raised()
    assert life.do(Sorted(NOON, JO, 1)).reason is Reason.NOTHING_WRITTEN
    assert life.do(NotSorted(NOON, JO)).reason is Reason.ALREADY_RAISED


def test_not_sorted_pages_the_backup_and_the_peer_supervisor():
    life = raised(Tier.U1)
    written(life)
    since = len(life.effects)
    life.do(NotSorted(NOON, JO))
    assert set(paged(life, since)) == {ROSA, MAYA}
    assert (Said.NOT_SORTED, LIN) in [(one.said, one.to) for one in life.of(Tell)]
    assert the_open(life).state is EscalationState.CLIMBING


def test_an_answer_that_nobody_says_is_sorted_is_asked_about_again_and_never_closes_itself():
    life = raised()
    written(life)
    since = len(life.effects)
    life.at(60 * 24 * 7)
    asked = [(one.to, one.asked) for one in life.of(Ask, since)]
    assert asked.count((JO, Asked.SORTED)) == asked.count((LIN, Asked.BY_WHEN_PASSED)) > 10
    assert the_open(life) is not None


def test_a_lead_says_it_for_the_asker_once_the_time_has_passed():
    life = raised()
    written(life)
    assert life.do(Sorted(NOON, MAYA, 2)).reason is Reason.ASKER_FIRST
    life.at(60)
    assert life.do(Sorted(life.now, SAM, 2)).reason is Reason.NOT_PAGED
    assert life.do(Sorted(life.now, MAYA, 2)).reason is Reason.SORTED
    assert (Said.SORTED_FOR_YOU, JO) in [(one.said, one.to) for one in life.of(Tell)]


@pytest.mark.parametrize(
    ("put_down", "written_up"),
    [
        (local(10, 22), local(11, 10)),
        (local(11, 3), local(11, 10)),
        # The night in which the clocks go forward.
        (local(7, 23), local(8, 10)),
    ],
)
def test_what_is_put_down_for_the_night_is_written_up_by_ten(put_down, written_up):
    life = raised()
    life.do(NightClose(put_down, LIN, UntilMorning.CALM))
    assert next_deadline(life.matter) == written_up
    assert not life.of(Ask), "the asker hears what happens now, and is not asked if it is sorted"
    life.sweep(next_deadline(life.matter))
    assert [(one.to, one.asked) for one in life.of(Ask)] == [(LIN, Asked.WRITE_UP)]


# --- what is about a worker's own life --------------------------------------------------------


def private(**more):
    return raised(Tier.U2, private=True, **more)


def test_a_private_page_goes_to_whom_the_worker_chose_and_to_nobody_else_ever():
    life = private(chosen=Chosen(role=Role.PEER_SUPERVISOR))
    life.at(60 * 24)
    assert set(paged(life)) == {MAYA}
    assert not life.of(PostPage)
    told = [one.to for one in life.of(Tell)]
    assert set(told) == {JO}
    assert Said.CHOSEN_SILENT in {one.said for one in life.of(Tell)}


def test_a_private_page_goes_to_one_named_person():
    assert paged(private(chosen=Chosen(person=THEO))) == [THEO]


def test_a_private_page_needs_a_choice_that_reaches_somebody():
    assert private().decisions[-1].reason is Reason.NEEDS_CHOICE
    nobody = private(chosen=Chosen(role=Role.HUMAN_RESOURCES))
    assert nobody.decisions[-1].reason is Reason.NOBODY_CHOSEN
    assert private(chosen=Chosen(person=OUTSIDER)).decisions[-1].reason is Reason.NOBODY_CHOSEN


def test_danger_now_reaches_whoever_is_on_call_by_message_alone():
    life = private(danger=True)
    assert set(paged(life)) == {ROSA, MAYA, LIN, INES}
    life.at(60 * 5)
    assert not life.of(PostPage)


def test_nobody_but_whom_they_chose_answers_a_private_page_or_gets_it_handed_over():
    life = private(chosen=Chosen(role=Role.PEER_SUPERVISOR))
    assert life.do(e.Acknowledge(NOON, LIN)).reason is Reason.NOT_PAGED
    assert written(life, by=LIN).reason is Reason.NOT_PAGED
    life.do(e.Acknowledge(NOON, MAYA))
    assert life.do(OfferHandover(NOON, MAYA, LIN, Handed.ESCALATION)).reason is Reason.PRIVATE


def test_the_worker_takes_a_private_page_back_at_any_time():
    life = private(chosen=Chosen(role=Role.PEER_SUPERVISOR))
    assert life.do(Sorted(NOON, JO, 0)).reason is Reason.SORTED
    assert the_open(life) is None


def test_a_public_page_stands_in_its_channel():
    assert {one.channel for one in raised().of(PostPage)} == {ChannelRole.CLINICAL}


def test_what_was_tried_stays_with_it_whoever_takes_it_over():
    life = raised()
    life.do(e.Acknowledge(life.now, LIN))
    attempt = e.LogAttempt(life.now, LIN, e.ContactMethod.CALL, e.ContactOutcome.NO_ANSWER)
    assert life.do(attempt).reason is Reason.ATTEMPT_LOGGED
    [one] = life.matter.trigger.tried
    assert (one.by, one.at, one.what) == (LIN, life.now, "call: no_answer")
    written(life)
    for _ in range(TRIED_MAX):
        life.do(e.LogAttempt(life.now, LIN, e.ContactMethod.TEXT, e.ContactOutcome.SPOKE))
    assert len(life.matter.trigger.tried) == TRIED_MAX
    assert the_open(life).attempts == TRIED_MAX + 1
    assert the_open(life).state is EscalationState.CONSULTED


def test_an_attempt_that_is_refused_is_not_kept():
    life = raised(private=True, chosen=Chosen(role=Role.PEER_SUPERVISOR))
    for who in (LIN, JO, OUTSIDER):
        attempt = e.LogAttempt(life.now, who, e.ContactMethod.CALL, e.ContactOutcome.SPOKE)
        assert life.do(attempt).refused
    assert life.matter.trigger.tried == ()
