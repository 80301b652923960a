"""Closing: only when the worker is accounted for, by a named person; then all stand down."""

from collections.abc import Callable
from datetime import datetime

import pytest

from protocol import events as e
from protocol.decision import Reason
from protocol.effects import Page, PostStandDown, StandDown
from protocol.ids import PersonId
from protocol.matter import blank, decide
from protocol.plan import StartNow
from protocol.rating import Factor
from protocol.records import Accounted, EscalationState, Finding, Unplanned, VisitState
from tests.protocol.seen import (
    RATED,
    asked,
    due,
    helped,
    open_one,
    pages,
    said,
    taken,
    visit,
    watch,
)
from tests.protocol.world import (
    INES,
    JO,
    LIN,
    MAYA,
    NOON,
    OMAR,
    OUTSIDER,
    PAT,
    ROSA,
    SAM,
    THEO,
    Life,
    minutes,
    missed,
    underway,
)

SPOKEN = (Accounted.SPOKEN, "")
WAYS = [SPOKEN, (Accounted.SEEN, "Theo Ruiz"), (Accounted.IN_CARE, "County General")]


def close(life, by=ROSA, how=SPOKEN, finding=Finding.LATE, continues=True, stale=0):
    accounted, witness = how
    mark = open_one(life).mark - stale
    return life.do(e.Close(life.now, by, mark, accounted, finding, witness, continues))


def second(life, by=MAYA, stale=0):
    return life.do(e.ConfirmClosing(life.now, by, open_one(life).mark - stale))


@pytest.mark.parametrize("how", WAYS, ids=[way.value for way, _ in WAYS])
def test_a_miss_is_closed_by_one_named_person_who_says_how(how):
    life = taken(ROSA)
    assert close(life, how=how).reason is Reason.CLOSED
    closed = life.matter.escalations[-1]
    assert closed.state is EscalationState.CLOSED
    assert (closed.closing.by, closed.closing.accounted, closed.closing.witness) == (ROSA, *how)


@pytest.mark.parametrize("how", [Accounted.SEEN, Accounted.IN_CARE])
@pytest.mark.parametrize("witness", ["", "   "])
def test_seen_and_in_care_need_a_name(how, witness):
    life = missed()
    assert close(life, how=(how, witness)).reason is Reason.WITNESS_MISSING
    assert open_one(life).state is EscalationState.CLIMBING


def test_a_confirmed_tap_is_no_way_to_close_it_by_hand():
    life = missed()
    assert close(life, how=(Accounted.CONFIRMED_TAP, "")).refused


def test_a_drill_exists_only_where_it_began_as_one():
    assert close(missed(), finding=Finding.DRILL).reason is Reason.NOT_A_DRILL


@pytest.mark.parametrize("by", [JO, SAM])
def test_the_worker_and_the_partner_close_nothing_about_themselves(by):
    life = missed(partner=SAM)
    assert close(life, by=by).reason is Reason.ABOUT_YOURSELF
    assert second(helped(), by=JO).reason is Reason.ABOUT_YOURSELF


def test_who_was_not_paged_and_has_no_role_closes_nothing():
    assert close(missed(), by=OUTSIDER).reason is Reason.NOT_A_RESPONDER


def test_whoever_has_not_seen_the_latest_closes_nothing():
    life = missed()
    life.do(e.CheckIn(life.now, JO))
    assert close(life, stale=1).reason is Reason.CHANGED_SINCE


@pytest.mark.parametrize("form", list(e.HelpForm))
@pytest.mark.parametrize("how", WAYS, ids=[way.value for way, _ in WAYS])
def test_a_call_for_help_is_closed_by_one_and_confirmed_by_a_second(form, how):
    life = helped(form)
    assert close(life, how=how).reason is Reason.CLOSED_BY_ONE
    assert open_one(life).state is EscalationState.AWAITING_SECOND
    assert visit(life).state is VisitState.ESCALATED
    assert second(life).reason is Reason.CLOSING_CONFIRMED
    closed = life.matter.escalations[-1]
    assert (closed.closing.by, closed.second) == (ROSA, MAYA)


def test_the_second_is_not_the_first():
    life = helped()
    close(life)
    assert second(life, by=ROSA).reason is Reason.SECOND_IS_FIRST
    assert open_one(life).state is EscalationState.AWAITING_SECOND


def test_the_second_is_a_responder():
    life = helped()
    close(life)
    assert second(life, by=OUTSIDER).reason is Reason.NOT_A_RESPONDER


def test_the_second_is_neither_worker_nor_partner():
    for by in (JO, SAM):
        life = helped(partner=SAM)
        close(life)
        assert second(life, by=by).reason is Reason.ABOUT_YOURSELF


def test_what_happened_since_the_first_is_seen_by_the_second():
    life = helped()
    close(life)
    life.do(e.CheckIn(life.now, JO))
    assert second(life, stale=1).reason is Reason.CHANGED_SINCE


def test_the_others_are_asked_to_confirm_and_again_every_so_often_for_ever():
    life = helped()
    close(life)
    assert {to for to, what in asked(life) if what == "confirm_closing"} >= {LIN, MAYA}
    assert ROSA not in {to for to, what in asked(life) if what == "confirm_closing"}
    since = len(life.effects)
    life.at(3 * 24 * 60)
    assert open_one(life).state is EscalationState.AWAITING_SECOND
    assert len(asked(life, since)) > 100


def test_nobody_is_a_second_where_nobody_was_first():
    assert second(helped()).reason is Reason.NOTHING_TO_CONFIRM
    assert second(missed()).reason is Reason.NOTHING_TO_CONFIRM


def test_a_second_who_does_not_agree_has_it_from_then_on():
    life = helped()
    close(life)
    since = len(life.effects)
    assert life.do(e.RejectClosing(life.now, MAYA)).reason is Reason.CLOSING_REJECTED
    assert open_one(life).state is EscalationState.ACKNOWLEDGED
    assert open_one(life).owner == MAYA
    assert (ROSA, "closing_rejected") in said(life, since)
    assert next(at for at, _ in watch(life, 75, Page)) == 75, "and that ends, too"


def test_the_first_does_not_reject_their_own_closing():
    life = helped()
    close(life)
    assert life.do(e.RejectClosing(life.now, ROSA)).reason is Reason.SECOND_IS_FIRST


def test_stand_down_reaches_everybody_who_was_paged_in_any_climb_and_every_channel():
    life = missed().at(190)
    life.do(e.Acknowledge(life.now, ROSA))
    life.at(190 + 65)
    since = len(life.effects)
    close(life, by=INES)
    down = life.of(StandDown, since)
    assert {effect.to for effect in down} == set(pages(life)) == {ROSA, MAYA, LIN, INES}
    assert all(effect.closed_by == INES for effect in down)
    assert [post.channel for post in life.of(PostStandDown, since)] == ["clinical"]


def test_stand_down_of_help_waits_for_the_second():
    life = helped()
    close(life)
    assert life.of(StandDown) == []
    second(life)
    assert {effect.to for effect in life.of(StandDown)} == {ROSA, LIN}


def test_a_miss_that_reached_no_channel_is_not_posted_when_it_is_over():
    life = missed()
    close(life)
    assert life.of(PostStandDown) == []


def test_the_worker_is_told_that_they_are_accounted_for():
    life = missed()
    close(life)
    assert (JO, "accounted_for") in said(life)


def test_after_it_is_closed_nobody_is_paged_and_the_visit_goes_on_or_ends():
    for continues, state in ((True, VisitState.UNDERWAY), (False, VisitState.CLOSED)):
        life = missed()
        close(life, continues=continues)
        assert visit(life).state is state
        since = len(life.effects)
        life.at(160 + 29)
        assert life.of(Page, since) == []


def test_a_visit_that_goes_on_is_watched_as_before():
    life = missed(**RATED["high"])
    close(life)
    assert due(life) == 94 + 30
    life.at(94 + 34)
    assert life.matter.open_escalation is not None


def test_a_closed_escalation_is_not_closed_again():
    life = missed()
    close(life)
    answer = life.do(e.Close(life.now, MAYA, 1, Accounted.SPOKEN, Finding.LATE))
    assert answer.reason is Reason.ALREADY_CLOSED
    assert life.matter.escalations[-1].closing.by == ROSA


# --- support and emergency services ----------------------------------------------------------


SENT: dict[str, tuple[Callable[[datetime, PersonId], e.Event], str]] = {
    "support": (lambda at, by: e.SendSupport(at, by, "mobile crisis"), "support_sent"),
    "emergency": (e.CallEmergency, "emergency_called"),
}


@pytest.mark.parametrize("what", SENT)
@pytest.mark.parametrize("start", [missed, helped])
def test_support_and_emergency_services_are_open_states_with_a_next_look(start, what):
    life, (event, state) = start(), SENT[what]
    life.do(event(life.now, ROSA))
    assert open_one(life).state == state
    assert open_one(life).owner == ROSA
    assert open_one(life).due_at == life.now + minutes(15)


@pytest.mark.parametrize("what", SENT)
def test_at_the_next_look_the_owner_is_asked_and_without_an_answer_the_climb_goes_on(what):
    life = missed()
    life.do(SENT[what][0](life.now, ROSA))
    since = len(life.effects)
    life.at(174.9)
    assert asked(life, since) == []
    assert pages(life, since) == []
    life.at(175)
    assert asked(life, since) == [(ROSA, "next_look")]
    life.at(160 + 60)
    assert pages(life, since)
    assert open_one(life).state is EscalationState.CLIMBING


@pytest.mark.parametrize("what", SENT)
def test_the_worker_reads_of_help_on_its_way_only_after_a_person_said_so(what):
    life = helped()
    event, state = SENT[what]
    assert state not in [word for _, word in said(life)]
    life.do(event(life.now, ROSA))
    assert (JO, state) in said(life)


def test_support_is_a_named_service_or_a_person():
    assert missed().do(e.SendSupport(NOON, ROSA, "  ")).refused


@pytest.mark.parametrize("person", [JO, SAM])
def test_nobody_is_sent_to_look_for_themselves(person):
    life = missed(partner=SAM)
    assert life.do(e.SendSupport(life.now, ROSA, person=person)).refused


def looked_for(life, person=THEO):
    """Somebody is sent to look; the matter of their own watched visit."""
    follow, *_warnings = life.do(e.SendSupport(life.now, ROSA, person=person)).follow
    theirs = Life(now=life.now, world=life.world)
    theirs.matter = decide(
        blank(follow.matter, life.matter.program, person),
        follow.event,
        life.world,
    ).matter
    return follow, theirs


def test_whoever_is_sent_to_look_gets_a_watched_visit_of_their_own():
    life = missed()
    follow, theirs = looked_for(life)
    assert follow.matter != life.matter.id
    assert follow.event.start_now is StartNow.SENT_TO_LOOK
    assert visit(theirs).unplanned is Unplanned.SENT_TO_LOOK
    assert visit(theirs).plan.stops[0].place == visit(life).stop.place
    assert visit(theirs).due_at is not None
    assert watch(theirs, 300, Page), "and is missed like anybody else"


@pytest.mark.parametrize("factor", [Factor.RECENT_VIOLENCE, Factor.WEAPONS])
def test_whoever_is_sent_to_look_is_watched_at_least_as_closely_as_the_worker_was(factor):
    life = missed(factors=frozenset({factor}), backup=OMAR)
    _, theirs = looked_for(life)
    assert visit(theirs).rating.rank >= visit(life).rating.rank


# --- proxy check-in --------------------------------------------------------------------------


@pytest.mark.parametrize("by", [ROSA, MAYA, LIN, PAT])
def test_a_supervisor_who_spoke_to_the_worker_checks_in_for_them(by):
    life = missed()
    assert life.do(e.ProxyCheckIn(life.now, by, True)).reason is Reason.PROXY_CHECKED_IN
    closed = life.matter.escalations[-1]
    assert (closed.closing.by, closed.closing.accounted) == (by, Accounted.SPOKEN)
    assert visit(life).state is VisitState.UNDERWAY


def test_without_the_challenge_it_does_not_count():
    life = missed()
    answer = life.do(e.ProxyCheckIn(life.now, ROSA, False))
    assert answer.reason is Reason.CHALLENGE_MISSING
    assert open_one(life).state is EscalationState.CLIMBING


@pytest.mark.parametrize("form", list(e.HelpForm))
@pytest.mark.parametrize("before", [(), (e.Acknowledge,)])
def test_it_never_closes_a_call_for_help(form, before):
    life = helped(form)
    for event in before:
        life.do(event(life.now, ROSA))
    assert life.do(e.ProxyCheckIn(life.now, ROSA, True)).reason is Reason.PROXY_NOT_ENOUGH
    assert life.matter.open_escalation is not None


@pytest.mark.parametrize(("by", "why"), [(OUTSIDER, "NOT_A_RESPONDER"), (JO, "ABOUT_YOURSELF")])
def test_it_takes_a_supervisor_and_never_the_worker(by, why):
    life = missed()
    assert life.do(e.ProxyCheckIn(life.now, by, True)).reason is Reason[why]


def test_before_anybody_was_paged_it_moves_the_clock_as_an_ok_would():
    life = underway(lasts=290).at(182)
    life.do(e.ProxyCheckIn(life.now, ROSA, True))
    assert visit(life).state is VisitState.UNDERWAY
    assert due(life) == 302
