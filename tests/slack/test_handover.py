"""What people read of a handover and of a roll call."""

from dataclasses import replace

from bot.slack import render
from bot.slack.render.roll_call import TogetherView, part
from protocol import events as e
from protocol.calls import AskAccount, OnRoll, RollCall, Standing
from protocol.effects import Ask, Asked, Remind, Said, Surface, Tell
from protocol.ids import MatterId, ProgramId
from protocol.matter import blank
from protocol.offers import Handed, OfferHandover
from tests.protocol.test_duress import silenced
from tests.protocol.world import JO, MAYA, NOON, OMAR, ROSA, SAM, Life, confirmed, minutes
from tests.slack.examples import view
from tests.slack.readable import assert_slack_takes, labels, readable

CALL = MatterId("call")


def roll(*standing: Standing) -> Life:
    people = tuple(
        OnRoll(MatterId(f"m{number}"), who, how)
        for number, (who, how) in enumerate(zip((JO, SAM), standing, strict=False))
    )
    called = RollCall(MAYA, NOON, NOON + minutes(5), NOON + minutes(1), people)
    return Life(matter=replace(blank(CALL, ProgramId("county"), MAYA), roll_call=called))


def news(said: Said, life: Life) -> str:
    drawn = render.message(Tell("k", MAYA, said, NOON), view(life))
    assert_slack_takes(drawn.blocks)
    assert drawn.text == "Belay: update"
    return readable(drawn.blocks)


def test_whoever_asked_reads_how_many_have_answered_and_who_has_not():
    text = news(Said.ROLL_CALL, roll(Standing.ANSWERED, Standing.WAITING))
    assert "1 of 2 have answered." in text
    assert "Still waiting for: Sam" in text
    kept = render.surface(Surface.ROLL_CALL, view(roll(Standing.ANSWERED, Standing.WAITING)))
    assert readable(kept.blocks) == text


def test_whoever_is_missed_is_named_with_what_is_being_done():
    text = news(Said.ROLL_CALL_MISSED, roll(Standing.MISSED, Standing.UNREADABLE))
    assert "No answer from: *Jo*. People are being paged." in text
    assert "Belay could not ask: *Sam*. Call them now." in text


def test_whom_people_look_after_already_is_counted_and_not_named():
    text = news(Said.ROLL_CALL_OVER, roll(Standing.RESPONDERS, Standing.ANSWERED))
    assert "People are on it already for 1 of them." in text
    assert "Jo" not in text


def test_all_is_said_only_where_all_have_answered():
    assert "Everyone has answered" in news(
        Said.ROLL_CALL_OVER, roll(Standing.ANSWERED, Standing.ANSWERED)
    )
    assert "Everyone has answered" not in news(
        Said.ROLL_CALL_OVER, roll(Standing.ANSWERED, Standing.MISSED)
    )


def test_whoever_is_still_on_the_way_can_say_so_twice_over_and_help_is_apart():
    life = confirmed().at(61)
    life.do(AskAccount(life.now, ROSA, CALL))
    (asked,) = [one for one in life.of(Remind) if one.nudge == 0]
    drawn = render.message(asked, view(life))
    assert_slack_takes(drawn.blocks)
    assert drawn.text == "Belay: reminder"
    assert labels(drawn.blocks) == [
        "OK, on my way",
        "I'm here",
        "OK, on my way",
        "Help: call me",
        "Help: stay quiet",
    ]


def test_whoever_is_asked_to_take_a_silent_matter_reads_first_not_to_call():
    silent = silenced()
    silent.do(e.Acknowledge(silent.now, ROSA))
    silent.do(OfferHandover(silent.now, ROSA, OMAR, Handed.ESCALATION))
    (asked,) = silent.of(Ask)
    drawn = render.message(asked, view(silent))
    assert readable(drawn.blocks).startswith("*Do not call or message them.*")
    assert labels(drawn.blocks) == ["I take it", "I can't take it"]


def test_an_offer_that_is_over_has_no_buttons():
    drawn = render.message(Ask("k", OMAR, Asked.TAKE_VISIT, NOON, about=ROSA), view(confirmed()))
    assert labels(drawn.blocks) == []
    assert "not offered to you any more" in readable(drawn.blocks)


def test_only_who_may_ask_everyone_has_the_button():
    assert labels(part(TogetherView(may_call=False))) == ["Hand over what I have"]
    assert "Everyone, account for yourself" in labels(part(TogetherView(may_call=True)))
