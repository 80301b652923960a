"""Handing over: nobody is let go before somebody holds it, and every clock goes on as before."""

from dataclasses import replace

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page
from protocol.ids import PersonId
from protocol.offers import DeclineHandover, Handed, OfferHandover, TakeHandover
from protocol.people import Role
from protocol.records import EscalationState
from tests.protocol.seen import asked, covered, helped, open_one, pages, said, taken, to, visit
from tests.protocol.test_duress import silenced
from tests.protocol.world import (
    INES,
    JO,
    LIN,
    MAYA,
    OMAR,
    ON_DUTY,
    OUTSIDER,
    PAT,
    ROSA,
    SAM,
    THEO,
    Life,
    confirmed,
    cover,
    minutes,
    missed,
    underway,
)

ESCALATION, VISIT = Handed.ESCALATION, Handed.VISIT
THEO_TOO = cover(on_duty=(*ON_DUTY, (Role.COORDINATOR, THEO)))


def offered(life: Life, by: PersonId, to_whom: PersonId, what: Handed = ESCALATION) -> Life:
    decision = life.do(OfferHandover(life.now, by, to_whom, what))
    assert decision.reason is Reason.HANDOVER_OFFERED
    return life


def on_visit() -> Life:
    """A visit that Rosa has confirmed, with Theo on duty, too."""
    return covered(underway(), THEO_TOO)


# --- an escalation ---------------------------------------------------------------------------


def test_until_the_other_says_yes_the_giver_has_it_and_no_clock_moves():
    life = taken(ROSA)
    before = open_one(life)
    offered(life, ROSA, OMAR)
    after = open_one(life)
    assert replace(after, offer=None) == before
    assert asked(life)[-1] == (OMAR, "take_escalation")


def test_whoever_says_yes_has_it_with_a_hold_of_their_own():
    life = taken(ROSA)
    life.now += minutes(20)
    since = len(life.effects)
    offered(life, ROSA, OMAR).do(TakeHandover(life.now, OMAR, ESCALATION))
    held = open_one(life)
    assert (held.owner, held.owned_at, held.state) == (OMAR, life.now, EscalationState.ACKNOWLEDGED)
    assert held.until_at == life.now + held.ladder.hold
    assert set(said(life, since)) == {(ROSA, "has_it_now"), (JO, "has_it_now")}
    assert life.do(e.StillOnIt(life.now, ROSA)).reason is Reason.NOT_THE_OWNER


def test_whoever_takes_it_gets_the_page_once_and_is_stood_down_later():
    life = taken(ROSA)
    since = len(life.effects)
    offered(life, ROSA, OMAR).do(TakeHandover(life.now, OMAR, ESCALATION))
    assert pages(life, since) == [OMAR]
    assert OMAR in open_one(life).paged
    offered(life, OMAR, ROSA).do(TakeHandover(life.now, ROSA, ESCALATION))
    assert pages(life, since) == [OMAR], "Rosa was paged by the ladder before"


@pytest.mark.parametrize(("minute", "asked_at"), [(3, 10), (12, 12)])
def test_a_next_look_that_was_promised_comes_no_later_for_a_handover(minute, asked_at):
    life = taken(ROSA)
    start = life.now
    life.do(e.SendSupport(life.now, ROSA, "mobile crisis", look_in=minutes(10)))
    life.sweep(start + minutes(minute))
    offered(life, ROSA, OMAR).do(TakeHandover(life.now, OMAR, ESCALATION))
    since = len(life.effects)
    life.sweep(start + minutes(asked_at))
    assert (OMAR, "next_look") in asked(life, since)
    assert open_one(life).state is EscalationState.SUPPORT_SENT


def test_a_no_is_told_to_the_giver_who_has_it_still():
    life = offered(taken(ROSA), ROSA, OMAR)
    since = len(life.effects)
    assert life.do(DeclineHandover(life.now, OMAR, ESCALATION)).reason is Reason.HANDOVER_DECLINED
    assert said(life, since) == [(ROSA, "handover_declined")]
    assert open_one(life).owner == ROSA


def test_no_answer_is_told_to_the_giver_after_a_few_minutes():
    life = offered(taken(ROSA), ROSA, OMAR)
    since, start = len(life.effects), life.now
    life.sweep(start + minutes(4.9))
    assert said(life, since) == []
    life.sweep(start + minutes(5))
    assert said(life, since) == [(ROSA, "handover_unanswered")]
    assert open_one(life).owner == ROSA
    assert life.do(TakeHandover(life.now, OMAR, ESCALATION)).reason is Reason.OFFER_OVER
    assert open_one(life).owner == ROSA


def test_an_offer_that_is_open_when_the_hold_ends_does_not_stop_the_climb():
    life = taken(ROSA)
    until_at = open_one(life).until_at
    assert until_at is not None
    life.sweep(until_at - minutes(1))
    offered(life, ROSA, OMAR)
    since = len(life.effects)
    life.sweep(until_at)
    assert open_one(life).state is EscalationState.CLIMBING
    assert pages(life, since) == [ROSA]
    life.sweep(until_at + minutes(4.5))
    assert "handover_unanswered" not in {what for _, what in said(life, since)}
    # Whoever takes on what nobody has is welcome.
    life.do(TakeHandover(life.now, OMAR, ESCALATION))
    assert open_one(life).owner == OMAR


def test_somebody_on_duty_may_ask_for_the_owner_and_both_hear():
    life = offered(taken(ROSA), MAYA, OMAR)
    since = len(life.effects)
    life.do(TakeHandover(life.now, OMAR, ESCALATION))
    assert {who for who, _ in said(life, since)} == {ROSA, MAYA, JO}


@pytest.mark.parametrize("by", [JO, OUTSIDER, INES])
def test_nobody_else_may_ask(by):
    life = taken(ROSA)
    assert life.do(OfferHandover(life.now, by, OMAR, ESCALATION)).refused


@pytest.mark.parametrize("whom", [JO, SAM, OUTSIDER])
def test_neither_the_worker_nor_who_answers_no_pages_can_be_asked(whom):
    life = taken(ROSA)
    assert life.do(OfferHandover(life.now, ROSA, whom, ESCALATION)).reason is Reason.CANNOT_BE_ASKED


@pytest.mark.parametrize(
    "away",
    [cover(in_field=frozenset({OMAR})), cover(unreachable=frozenset({OMAR}))],
    ids=["in the field", "unreachable"],
)
def test_nobody_can_be_asked_who_is_out_or_cannot_be_reached(away):
    life = covered(taken(ROSA), away)
    assert life.do(OfferHandover(life.now, ROSA, OMAR, ESCALATION)).reason is Reason.CANNOT_BE_ASKED


def test_what_nobody_has_cannot_be_handed_over():
    life = missed()
    assert life.do(OfferHandover(life.now, ROSA, OMAR, ESCALATION)).reason is Reason.NOBODY_HAS_IT


@pytest.mark.parametrize("by", [THEO, MAYA])
def test_only_whoever_was_asked_takes_it(by):
    life = offered(taken(ROSA), ROSA, OMAR)
    assert life.do(TakeHandover(life.now, by, ESCALATION)).reason is Reason.OFFER_OVER
    assert open_one(life).owner == ROSA


def test_a_silent_matter_goes_to_nobody_whom_the_worker_excluded_and_says_nothing_to_them():
    silent = silenced()
    silent.do(e.Acknowledge(silent.now, ROSA))
    asked_them = silent.do(OfferHandover(silent.now, ROSA, THEO, ESCALATION))
    assert asked_them.reason is Reason.CANNOT_BE_ASKED
    since = len(silent.effects)
    offered(silent, ROSA, OMAR).do(TakeHandover(silent.now, OMAR, ESCALATION))
    assert open_one(silent).owner == OMAR
    assert not to(JO, silent.effects[since:])


def test_a_handover_of_a_quiet_call_pushes_nothing_to_the_worker():
    life = helped(e.HelpForm.QUIET)
    life.do(e.Acknowledge(life.now, ROSA))
    since = len(life.effects)
    offered(life, ROSA, OMAR).do(TakeHandover(life.now, OMAR, ESCALATION))
    assert not to(JO, life.effects[since:])


# --- the watching of a visit -----------------------------------------------------------------


def test_whoever_takes_a_visit_over_hears_how_it_goes_and_the_ladder_is_as_before():
    life = offered(on_visit(), ROSA, THEO, VISIT)
    since = len(life.effects)
    life.do(TakeHandover(life.now, THEO, VISIT))
    assert set(said(life, since)) == {(ROSA, "watches_now"), (JO, "watches_now")}
    assert visit(life).approver == ROSA, "who confirmed it stays on record"
    since = len(life.effects)
    life.do(e.Extend(life.now, JO, minutes(15)))
    assert (THEO, "extended") in said(life, since)
    life.at(180)
    assert set(pages(life)) >= {ROSA, THEO}, "whoever is on duty"


@pytest.mark.parametrize("answer", [None, DeclineHandover])
def test_until_then_the_approver_hears_as_before(answer):
    life = offered(on_visit(), ROSA, THEO, VISIT)
    since = len(life.effects)
    if answer is not None:
        life.do(answer(life.now, THEO, VISIT))
    else:
        life.sweep(life.now + minutes(5))
    told = "handover_declined" if answer else "handover_unanswered"
    assert said(life, since) == [(ROSA, told)]
    since = len(life.effects)
    life.do(e.Extend(life.now, JO, minutes(15)))
    assert (ROSA, "extended") in said(life, since)


@pytest.mark.parametrize("whom", [JO, SAM, LIN, OUTSIDER, THEO])
def test_a_visit_goes_only_to_whoever_may_approve_it_and_is_on_duty(whom):
    life = underway()  # Theo is a coordinator, and not on duty
    assert life.do(OfferHandover(life.now, ROSA, whom, VISIT)).reason is Reason.CANNOT_BE_ASKED


@pytest.mark.parametrize("part", ["partner", "backup"])
def test_a_visit_does_not_go_to_somebody_who_is_on_it(part):
    life = covered(underway(**{part: THEO}), THEO_TOO)
    assert life.do(OfferHandover(life.now, ROSA, THEO, VISIT)).reason is Reason.CANNOT_BE_ASKED


def test_a_duty_that_begins_within_the_offer_is_soon_enough():
    life = underway()
    begins = [d for d in THEO_TOO.duties if d.person == THEO]
    soon = tuple(replace(d, from_at=life.now + minutes(4)) for d in begins)
    covered(life, replace(THEO_TOO, duties=(*life.world.cover.duties, *soon)))
    offered(life, ROSA, THEO, VISIT)


@pytest.mark.parametrize("by", [MAYA, PAT, THEO])
def test_only_whoever_answers_for_a_visit_hands_it_over(by):
    life = on_visit()
    assert life.do(OfferHandover(life.now, by, MAYA, VISIT)).reason is Reason.NOT_THE_WATCHER


def test_a_plan_that_is_confirmed_anew_is_its_new_approvers():
    life = confirmed()
    covered(life, THEO_TOO)
    offered(life, ROSA, THEO, VISIT).do(TakeHandover(life.now, THEO, VISIT))
    life.do(e.AskChanges(life.now, MAYA, 1, "please go with Sam"))
    life.do(e.ConfirmPlan(life.now, MAYA, 1))
    assert visit(life).watcher is None
    assert visit(life).approver == MAYA


def test_a_visit_that_nobody_confirmed_has_nobody_to_hand_it_over():
    life = Life()
    life.do(e.PlanVisit(life.now, JO, confirmed().matter.visit.plan))
    assert life.do(OfferHandover(life.now, ROSA, MAYA, VISIT)).reason is Reason.NOBODY_WATCHES


def test_what_is_over_cannot_be_taken():
    life = offered(taken(ROSA), ROSA, OMAR)
    life.do(e.ProxyCheckIn(life.now, ROSA, True))
    assert life.do(TakeHandover(life.now, OMAR, ESCALATION)).reason is Reason.ALREADY_CLOSED
    assert not [page for page in life.of(Page) if page.to == OMAR]
