"""One writer: an event is stored whole, once, or not at all."""

import asyncio

import pytest
from sqlalchemy import update

from bot import runner
from bot.request import HelpTarget, OfMatter, Problem
from protocol import events as e
from protocol.decision import Reason
from protocol.ids import MatterId, PersonId
from protocol.records import Approval, EscalationKind, VisitState
from storage import audit, matters, people, tables
from storage.database import Conflict
from storage.verification import verify
from tests.protocol.world import JO, LIN, NOON, OUTSIDER, ROSA, SAM, minutes, plan


async def test_a_plan_is_stored_with_its_clock_its_audit_line_and_its_messages(county):
    outcome = await county.plans(JO, plan())
    assert outcome.decision.reason is Reason.PLANNED
    stored = county.matter()
    assert stored.version == 1
    assert stored.visit.state is VisitState.PLANNED
    [row] = county.rows("matter")
    assert row.due_at == row.attempt_at == NOON + minutes(45)
    assert [line.reason for line in county.rows("audit_line")] == ["planned"]
    assert {row.kind for row in county.rows("outbox")} == {"Refresh", "Ask", "PostApproval"}


async def test_a_form_that_is_delivered_twice_opens_one_matter(county):
    first = await county.plans(JO, plan(), key="trigger-1")
    second = await county.plans(JO, plan(), key="trigger-1")
    assert not first.repeated
    assert second.repeated
    assert second.matter.id == first.matter.id
    assert len(county.rows("matter")) == len(county.rows("audit_line")) == 1


async def test_a_form_that_is_sent_twice_opens_one_matter(county):
    await county.plans(JO, plan())
    again = await county.plans(JO, plan())
    assert again.decision.reason is Reason.ALREADY_PLANNED
    assert len(county.rows("matter")) == 1


async def test_a_refusal_that_is_delivered_twice_has_its_words_twice(county):
    await county.plans(JO, plan())
    for delivery in range(2):
        outcome = await county.does(
            JO, lambda by: e.ConfirmPlan(NOON, by, 1), OfMatter(MatterId("m1")), key="same"
        )
        assert outcome.decision.reason is Reason.OWN_PLAN
        assert outcome.repeated is bool(delivery)
    assert county.matter().version == 1


async def test_a_refused_tap_is_answered_by_a_message_to_whoever_tapped(county):
    await county.plans(JO, plan())
    await county.does(LIN, lambda by: e.Acknowledge(NOON, by), OfMatter(MatterId("m1")), reply=True)
    [reply] = [row for row in county.rows("outbox") if row.kind == "Reply"]
    assert reply.to_person == LIN


async def test_a_person_whom_nobody_knows_changes_nothing(county):
    outcome = await county.plans(PersonId("stranger"), plan())
    assert outcome.problem is Problem.UNKNOWN_PERSON
    assert not county.rows("matter")


async def test_a_word_without_a_visit_is_answered_and_not_stored(county):
    outcome = await county.does(JO, lambda by: e.CheckIn(NOON, by))
    assert outcome.problem is Problem.NO_OPEN_VISIT
    assert not county.rows("audit_line")


async def test_help_without_a_visit_opens_a_matter_and_pages(county):
    target = HelpTarget(None, MatterId("sos-1"))
    await county.does(JO, lambda by: e.Help(NOON, by, e.HelpForm.CALL), target)
    assert county.matter("sos-1").open_escalation.kind is EscalationKind.HELP_CALL
    paged = {row.to_person for row in county.rows("outbox") if row.kind == "Page"}
    assert paged == {ROSA, LIN}


async def test_a_peer_who_serves_here_may_take_on_what_they_were_not_paged_about(county):
    target = HelpTarget(None, MatterId("sos-1"))
    await county.does(JO, lambda by: e.Help(NOON, by, e.HelpForm.CALL), target)
    for who, reason in ((OUTSIDER, Reason.NOT_A_RESPONDER), (SAM, Reason.ACKNOWLEDGED)):
        taken = await county.does(
            who, lambda by: e.Acknowledge(NOON, by), OfMatter(MatterId("sos-1"))
        )
        assert taken.decision.reason is reason


async def test_help_on_a_closed_visit_opens_a_new_matter(county):
    await county.plans(JO, plan())
    await county.does(JO, lambda by: e.CallOff(NOON, by))
    target = HelpTarget(MatterId("m1"), MatterId("sos-1"))
    await county.does(JO, lambda by: e.Help(NOON, by, e.HelpForm.QUIET), target)
    assert county.matter("sos-1").open_escalation is not None
    assert county.matter("m1").open_escalation is None


async def test_help_again_from_an_old_message_joins_the_call_that_is_open(county):
    for delivery in ("sos-1", "sos-2"):
        target = HelpTarget(None, MatterId(delivery))
        await county.does(JO, lambda by: e.Help(NOON, by, e.HelpForm.CALL), target)
    assert [row.id for row in county.rows("matter")] == ["sos-1"]


async def test_two_approvers_at_once_confirm_a_plan_once(county):
    await county.plans(JO, plan())
    outcomes = await asyncio.gather(county.confirms(ROSA), county.confirms("theo"))
    reasons = sorted(outcome.decision.reason for outcome in outcomes)
    assert reasons == [Reason.ALREADY_CONFIRMED, Reason.CONFIRMED]
    assert county.matter().visit.approval is Approval.CONFIRMED


async def test_who_is_beaten_five_times_is_told_and_nothing_is_stored(county, monkeypatch):
    tries = []

    def beaten(*_args, **_more):
        tries.append(1)
        raise Conflict("somebody was first")

    monkeypatch.setattr(matters, "save_many", beaten)
    with pytest.raises(Conflict):
        await county.plans(JO, plan())
    assert len(tries) == runner.TRIES_MAX
    assert not county.rows("inbound")


async def test_a_duress_answer_opens_a_silent_matter_in_the_sweep_that_reads_it(county):
    await county.plans(JO, plan())
    await county.confirms(ROSA)
    await county.does(JO, lambda by: e.Arrive(NOON, by, "b"))
    assert [row.id for row in county.rows("matter")] == ["m1"]
    county.clock.pass_time(1)
    await runner.run_event(county.ctx, MatterId("m1"), e.DeadlinePassed(county.clock.now()))
    silent = county.matter("m1.jo")
    assert silent.silent
    assert silent.about == "m1"
    assert silent.open_escalation.excluded == ("theo",)
    assert county.matter().open_escalation is None


async def test_what_a_partner_said_is_read_though_they_were_taken_off_the_plan_since(county):
    county.ctx.database.run_sync(people.set_duress, county.ctx.sealer, SAM, "b", "a long phrase")
    await county.plans(JO, plan(partner=SAM))
    m1 = OfMatter(MatterId("m1"))
    await county.does(SAM, lambda by: e.Leave(NOON, by, said="b"), m1)
    outcome = await county.does(JO, lambda by: e.RevisePlan(NOON, by, plan()), m1)
    assert outcome.decision.reason is Reason.REVISED
    county.clock.pass_time(1)
    await runner.run_event(county.ctx, MatterId("m1"), e.DeadlinePassed(county.clock.now()))
    assert county.matter("m1.sam").silent


def damage(county, table, values, **which):
    """Put something into rows that nobody can read."""
    rows = update(tables.metadata.tables[table]).filter_by(**which).values(values)
    county.ctx.database.run_sync(lambda conn: conn.execute(rows))


async def test_a_private_answer_that_cannot_be_read_keeps_nobody_from_help(county):
    await county.plans(JO, plan())
    await county.confirms(ROSA)
    await county.does(JO, lambda by: e.Arrive(NOON, by, "a"))
    damage(county, "person", {"duress": "not sealed by us"}, id=JO)
    target = HelpTarget(MatterId("m1"), MatterId("sos-1"))
    outcome = await county.does(JO, lambda by: e.Help(NOON, by, e.HelpForm.CALL), target)
    assert outcome.decision.reason is Reason.HELP
    assert county.matter().open_escalation is not None


async def test_a_silent_matter_that_cannot_be_read_keeps_nobody_from_taking_the_miss_on(county):
    await county.plans(JO, plan())
    await county.confirms(ROSA)
    await county.does(JO, lambda by: e.Arrive(NOON, by, "b"))
    county.clock.pass_time(1)
    await runner.run_event(county.ctx, MatterId("m1"), e.DeadlinePassed(county.clock.now()))
    damage(county, "escalation", {"body": {}}, matter_id="m1.jo")
    await county.does(JO, lambda by: e.Help(county.clock.now(), by, e.HelpForm.CALL))
    taken = OfMatter(MatterId("m1"))
    outcome = await county.does(LIN, lambda by: e.Acknowledge(county.clock.now(), by), taken)
    assert outcome.decision.reason is Reason.ACKNOWLEDGED
    assert county.matter().open_escalation.owner == LIN


async def test_whoever_takes_the_miss_on_is_paged_by_the_silent_matter_in_the_same_write(county):
    await county.plans(JO, plan())
    await county.confirms(ROSA)
    await county.does(JO, lambda by: e.Arrive(NOON, by, "b"))
    for _ in range(2):
        county.clock.pass_time(1)
        for name in ("m1", "m1.jo"):
            event = e.DeadlinePassed(county.clock.now())
            await runner.run_event(county.ctx, MatterId(name), event)
    await county.does(JO, lambda by: e.Help(county.clock.now(), by, e.HelpForm.CALL))
    support = e.SendSupport(county.clock.now(), PersonId("omar"), service="the shelter's staff")
    await county.does(PersonId("omar"), lambda by: support, OfMatter(MatterId("m1")))
    pages = [row for row in county.rows("outbox") if (row.kind, row.to_person) == ("Page", "omar")]
    assert [row.matter_id for row in pages] == ["m1.jo"]


async def test_the_audit_of_all_that_happened_verifies(county):
    await county.plans(JO, plan())
    await county.confirms(ROSA)
    await county.does(JO, lambda by: e.Arrive(NOON, by, "a"))
    county.ctx.database.run_sync(audit.anchor, county.clock.now())
    assert county.ctx.database.run_sync(verify).ok
