"""The worker's card: what stands on it in each state, and what never does."""

from dataclasses import replace

import pytest

from bot.slack import render
from bot.slack.carried import unpack
from bot.slack.render.card import card, former_card
from protocol import events as e
from protocol.effects import Surface
from protocol.plan import Purpose, Stop
from protocol.records import Accounted, Answer, EscalationKind, Finding
from tests.protocol.world import (
    JO,
    LIN,
    NOON,
    ROSA,
    SAM,
    SHELTER,
    confirmed,
    minutes,
    missed,
    planned,
    underway,
)
from tests.slack.examples import NO_CLUE, calling, silent, taken, view, with_visit
from tests.slack.readable import assert_slack_takes, elements, labels, readable

HELPS = ["Help: call me", "Help: stay quiet"]


def drawn(life):
    blocks = card(view(life)).blocks
    assert_slack_takes(blocks)
    return blocks


def leaving():
    life = underway()
    life.do(e.Leave(life.now, JO))
    return life


def test_before_the_visit_the_card_says_what_was_planned_and_what_comes_next():
    assert readable(drawn(confirmed())) == (
        "*Main Street shelter*\n"
        "Tue Mar 10, 1:00 PM, 1 h 30 min · Outreach · Rating: Low\n"
        "✓ 12:00 PM Plan sent\n"
        "✓ 12:00 PM Plan confirmed. You can still turn back.\n"
        "Tap *I'm here* by *1:15 PM*.\n"
        "[I'm here] [Running late]\n"
        "[I'm here] <Change plan | Call off | Flag this place | Plan this every week>\n"
        "---\n"
        "[Help: call me] [Help: stay quiet]\n"
        "~ No tick? It did not arrive. Call or text 555-0100."
    )


def test_a_plan_that_nobody_confirmed_says_so_and_is_watched_all_the_same():
    shown = readable(drawn(planned()))
    assert "Plan sent, not confirmed yet" in shown
    assert "Tap *I'm here* by *1:15 PM*." in shown


@pytest.mark.parametrize(
    ("life", "buttons"),
    [
        (planned, ["I'm here", "Running late", "I'm here", *HELPS]),
        (confirmed, ["I'm here", "Running late", "I'm here", *HELPS]),
        (underway, ["OK", "Leaving", "OK", *HELPS]),
        (leaving, ["I'm clear", "Not yet", "I'm clear", *HELPS]),
    ],
)
def test_each_state_has_one_answer_one_other_button_and_two_kinds_of_help(life, buttons):
    blocks = drawn(life())
    assert labels(blocks) == buttons
    assert len(set(labels(blocks))) == 4


@pytest.mark.parametrize("life", [planned, confirmed, underway, leaving])
def test_the_two_answers_look_the_same_and_differ_in_a_letter(life):
    first, second = (
        block["elements"][0] for block in drawn(life()) if block.get("block_id", "")[:6] == "answer"
    )
    assert {**first, "value": ""} == {**second, "value": ""}
    assert [unpack(one["value"]).said for one in (first, second)] == ["a", "b"]


@pytest.mark.parametrize("life", [planned, confirmed, underway, leaving])
def test_help_is_never_in_a_row_with_an_answer(life):
    for block in drawn(life()):
        row = labels([block])
        assert not any(one.startswith("Help") for one in row) or row == HELPS


def test_during_the_visit_what_was_recorded_is_ticked_with_its_local_time():
    life = underway().at(80)
    life.do(e.CheckIn(life.now, JO, "a"))
    shown = readable(drawn(life))
    assert "✓ 1:00 PM I'm here" in shown
    assert "✓ 1:20 PM Last heard" in shown
    assert "Check in, or tap *Leaving*, by *2:30 PM*." in shown


@pytest.mark.parametrize("said", ["a", "b", "ok all good here", ""])
def test_the_card_is_the_same_whatever_was_said(said):
    life = underway()
    answers = (Answer(JO, NOON, said),)
    with_answer = with_visit(life.matter, answers=answers, answers_due_at=NOON)
    assert card(view(with_answer)) == card(view(life))


def test_a_silent_matter_has_no_card():
    life, visit = silent()
    with pytest.raises(ValueError, match="no card"):
        render.surface(Surface.WORKER_CARD, view(life, visit))


def test_after_the_visit_help_is_left_on_the_card_and_what_comes_after():
    life = leaving()
    life.do(e.Clear(life.now, JO))
    blocks = drawn(life)
    assert labels(blocks) == ["Plan it again", "Flag this place", *HELPS]
    assert "Visit done. You are clear." in readable(blocks)


def test_nobody_plans_again_to_look_after_a_colleague():
    life = leaving()
    life.do(e.Clear(life.now, JO))
    assert life.matter.visit is not None
    sent = replace(life.matter.visit.plan, purpose=Purpose.SENT_TO_LOOK)
    assert "Plan it again" not in labels(card(view(with_visit(life.matter, plan=sent))).blocks)


def test_who_was_taken_off_the_plan_keeps_a_card_with_help_alone():
    shown = former_card(view(planned(partner=SAM)))
    assert_slack_takes(shown.blocks)
    assert labels(shown.blocks) == HELPS
    assert "You are no longer on this visit." in readable(shown.blocks)
    assert SHELTER.label not in readable(shown.blocks)


def test_calling_off_is_always_fine():
    life = confirmed()
    life.do(e.CallOff(life.now, JO))
    shown = readable(drawn(life))
    assert "Visit called off. That is always fine." in shown
    assert "PM Clear" not in shown


@pytest.mark.parametrize("said_so", [False, True])
def test_clear_is_ticked_only_where_they_said_so(said_so):
    life = taken(calling(e.HelpForm.CALL))
    for event in (e.Leave, e.Clear) if said_so else ():
        life.do(event(life.now, JO))
    life.now += minutes(5)
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.OTHER, continues=False))
    life.do(e.ConfirmClosing(life.now, LIN, life.matter.open_escalation.mark))
    shown = readable(drawn(life))
    assert "Visit closed. You are accounted for." in shown
    assert ("✓ 1:00 PM Clear" in shown, "PM Clear" in shown) == (said_so, said_so)


def test_a_quiet_call_shows_only_that_it_was_received_and_who_saw_it():
    shown = readable(drawn(taken(calling(e.HelpForm.QUIET))))
    assert "✓ 1:00 PM Received\n✓ Rosa has seen this" in shown
    assert "help" not in shown.lower().replace("[help: call me] [help: stay quiet]", "")


def test_nobody_has_seen_it_until_somebody_said_so():
    assert "has seen" not in readable(drawn(calling(e.HelpForm.CALL)))
    assert "✓ 1:00 PM You asked for help" in readable(drawn(calling(e.HelpForm.CALL)))


def test_a_call_without_a_visit_has_a_card_of_its_own():
    life = underway()
    life.matter = replace(life.matter, visit=None)
    life.do(e.Help(life.now, JO, e.HelpForm.CALL))
    assert life.matter.open_escalation.kind is EscalationKind.HELP_CALL
    blocks = drawn(life)
    assert labels(blocks) == HELPS
    assert "You asked for help" in readable(blocks)


def test_a_pair_may_say_that_both_are_ok_or_that_they_split():
    life = underway(partner=SAM)
    assert "Jo and Sam  <Both of us are OK | We split up>" in readable(drawn(life))
    life.do(e.Split(life.now, JO))
    shown = readable(drawn(life))
    assert "Jo and Sam" in shown
    assert "We split up" not in shown


def test_a_route_moves_on_with_one_tap_until_its_last_stop():
    stops = (Stop(SHELTER.label, SHELTER.id), Stop("Home 17"))
    life = underway(stops=stops)
    shown = readable(drawn(life))
    assert "Stop 1 of 2: Main Street shelter. Next: Home 17  [Next stop]" in shown
    life.do(e.MoveOn(life.now, JO))
    shown = readable(drawn(life))
    assert "*Home 17*" in shown
    assert "Stop 2 of 2: Home 17" in shown
    assert "[Next stop]" not in shown


def test_an_overdue_card_says_since_when_and_blames_nobody():
    life = underway().at(60 + 95)
    shown = readable(drawn(life))
    assert "Your check-in, or *Leaving*, was due at *2:30 PM*." in shown


def test_without_a_coordinator_line_the_card_still_says_what_to_do():
    shown = card(replace(view(confirmed()), directory=NO_CLUE))
    assert "Call or text your coordinator." in readable(shown.blocks)


def test_what_people_typed_cannot_ring_a_channel():
    life = planned(stops=(Stop("<!channel> & <@U1>"),))
    blocks = card(view(life)).blocks
    assert_slack_takes(blocks)
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in readable(blocks)


def test_a_time_that_the_clocks_show_twice_is_told_apart():
    before = planned()
    autumn = NOON.replace(month=11, day=1, hour=8, minute=30)  # 1:30 AM, the first time
    first = with_visit(before.matter, due_at=autumn)
    second = with_visit(first, due_at=autumn + minutes(60))
    assert "*1:30 AM PDT*" in readable(card(view(first)).blocks)
    assert "*1:30 AM PST*" in readable(card(view(second)).blocks)


def test_every_button_of_the_card_carries_its_matter():
    values = [
        option["value"]
        for element in elements(drawn(underway(partner=SAM)))
        for option in element.get("options", [element])
    ]
    assert {unpack(value).matter for value in values} == {"m1"}
    assert ROSA not in " ".join(values)


def test_when_it_is_over_the_card_says_that_they_are_accounted_for():
    life = taken(calling(e.HelpForm.CALL))
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.OTHER, continues=True))
    life.do(e.ConfirmClosing(life.now, LIN, life.matter.open_escalation.mark))
    shown = readable(drawn(life))
    assert "✓ 1:00 PM You are accounted for" in shown
    assert "has seen" not in shown


def test_what_arrived_is_ticked_and_a_check_in_that_did_not_come_is_not():
    shown = readable(drawn(missed()))
    assert "– 2:40 PM No check-in came, so people were told" in shown
    assert "✓ 2:40 PM" not in shown
