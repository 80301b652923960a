"""From a tap to the stored matter and back, with the runner itself and on both databases."""

import json
from datetime import timedelta

from bot.slack.render.approval import approval
from bot.slack.render.card import card
from protocol.plan import StartNow
from protocol.records import Approval, EscalationKind, VisitState
from tests.protocol.world import NOON, SHELTER
from tests.slack.examples import DIRECTORY, view
from tests.slack.payloads import command, in_form, message, submission, tap
from tests.slack.readable import elements, readable

ONE = int((NOON + timedelta(hours=1)).timestamp())
TYPED = {"place": SHELTER.id, "purpose": "outreach", "when": ONE}


def form_of(workplace):
    given = workplace.slack.calls[-1][1]["view"]
    return json.loads(given) if isinstance(given, str) else given


async def plan(workplace, typed=TYPED):
    await workplace.gets(command("/visit"))
    if "note" in typed:
        await workplace.gets(in_form(form_of(workplace), "more_details", "more"))
    return await workplace.gets(submission(form_of(workplace), typed))


def button_of(blocks, action: str, number: int = 0):
    return [one for one in elements(blocks) if one["action_id"] == action][number]


async def test_a_plan_is_stored_confirmed_and_its_visit_checked_in_and_out(real_workplace):
    workplace = real_workplace
    assert await plan(workplace) == {"response_action": "clear"}
    (matter,) = workplace.matters()
    assert matter.visit.state is VisitState.PLANNED
    assert matter.visit.plan.start_at == NOON + timedelta(hours=1)

    shown = approval(view(matter)).blocks
    await workplace.gets(tap(button_of(shown, "confirm_plan"), user="U_ROSA"))
    form = form_of(workplace)
    assert "Where: Main Street shelter" in readable(form["blocks"])
    sent = submission(form, {"every": "60"}, user="U_ROSA", trigger="t1")
    assert await workplace.gets(sent) == {"response_action": "clear"}
    (matter,) = workplace.matters()
    assert matter.visit.approval is Approval.CONFIRMED
    assert matter.visit.timings.check_in_every == timedelta(hours=1)

    workplace.door.ctx.clock.pass_time(60)
    await workplace.gets(tap(button_of(card(view(matter)).blocks, "arrive", 1), trigger="t2"))
    await workplace.gets(message("OK all well"))
    (matter,) = workplace.matters()
    assert matter.visit.state is VisitState.UNDERWAY
    assert [answer.said for answer in matter.visit.answers] == ["b", "OK all well"]

    await workplace.gets(command("/checkout", trigger="t3"))
    answer = await workplace.gets(command("/checkout", trigger="t4"))
    assert answer["text"] == "Got it: you are clear. Thank you for closing the loop."


async def test_the_same_form_delivered_twice_is_one_visit(real_workplace):
    workplace = real_workplace
    await workplace.gets(command("/visit"))
    body = submission(form_of(workplace), TYPED)
    assert await workplace.gets(body) == await workplace.gets(body)
    assert len(workplace.matters()) == 1


async def test_a_refused_plan_can_be_watched_with_one_tick(real_workplace):
    workplace = real_workplace
    risky = {**TYPED, "known": ["weapons"]}
    answer = await plan(workplace, risky)
    assert list(answer["errors"]) == ["known"]
    assert workplace.matters() == []
    watched = {**risky, "already_there": [StartNow.WATCH_ME.value]}
    body = submission(form_of(workplace), watched, trigger="again")
    assert await workplace.gets(body) == {"response_action": "clear"}
    (matter,) = workplace.matters()
    assert matter.visit.started_at == NOON


async def test_a_plan_that_changed_meanwhile_is_not_opened_for_confirming(real_workplace):
    workplace = real_workplace
    await plan(workplace)
    (matter,) = workplace.matters()
    stale = button_of(approval(view(matter)).blocks, "confirm_plan")
    await workplace.gets(tap({**stale, "value": f"{matter.id}||7"}, user="U_ROSA"))
    assert len(workplace.slack.calls) == 1  # the plan form alone
    assert "The plan changed" in workplace.said[-1]["text"]


async def test_a_worker_changes_their_own_plan_and_nobody_else_sees_its_note(real_workplace):
    workplace = real_workplace
    await plan(workplace, {**TYPED, "note": "case code K7"})
    (matter,) = workplace.matters()
    menu = button_of(card(view(matter)).blocks, "more")
    await workplace.gets(tap(menu, chosen="Change plan", user="U_SAM"))
    assert "Only the people on this visit" in workplace.said[-1]["text"]
    await workplace.gets(tap(menu, chosen="Change plan"))
    form = form_of(workplace)
    assert "case code K7" in json.dumps(form)
    await workplace.gets(submission(form, {"length": "30"}, trigger="t5"))
    (matter,) = workplace.matters()
    assert matter.visit.plan.expected == timedelta(minutes=30)
    assert matter.visit.plan.note == "case code K7"


async def test_sos_without_a_visit_is_quiet_help_and_one_tap_makes_it_a_call(real_workplace):
    workplace = real_workplace
    answer = await workplace.gets(command("/sos"))
    assert "Nothing rings" in answer["text"]
    (matter,) = workplace.matters()
    assert matter.open_escalation.kind is EscalationKind.HELP_QUIET
    await workplace.gets(tap(button_of(answer["blocks"], "help_call"), trigger="t6"))
    (matter,) = workplace.matters()
    assert matter.open_escalation.kind is EscalationKind.HELP_CALL


async def test_a_command_without_a_visit_says_how_to_start_one(real_workplace):
    answer = await real_workplace.gets(command("/checkin"))
    assert answer["text"].startswith("You have no open visit.")


async def test_both_answers_lead_to_the_same_card(real_workplace):
    workplace = real_workplace
    await workplace.gets(command("/visit", "here"))
    await workplace.gets(submission(form_of(workplace), {"place": SHELTER.id}))
    (matter,) = workplace.matters()
    cards = []
    for number in (0, 1):
        workplace.door.ctx.clock.pass_time(1)
        pressed = tap(button_of(card(view(matter)).blocks, "ok", number), trigger=f"ok{number}")
        assert await workplace.gets(pressed) == ""
        cards.append(readable(card(view(workplace.matters()[0])).blocks))
    first, second = cards
    assert first.replace("12:01 PM", "-").replace("12:02 PM", "-") == second.replace(
        "12:01 PM", "-"
    ).replace("12:02 PM", "-")
    assert DIRECTORY.zone == matter.visit.plan.zone
