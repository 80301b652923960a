"""What somebody does while the matrix has no row for them: kept with the gap, without them."""

import pytest
import structlog

from bot.matcher import Matcher
from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render import huddle as draw_huddle
from bot.slack.render.answer_row import DID
from protocol.ids import MatterId
from storage import gaps
from storage.matrix_tables import Asker, Settled
from tests.answering import FakeEngine, hit, matrix
from tests.county import PROGRAM
from tests.handlers.test_asking import actions_of, ask, everything, pressed, waiting
from tests.protocol.world import MAYA
from tests.slack.payloads import tap
from tests.slack.readable import readable

PARROT = "my client wants a parrot"


@pytest.fixture(autouse=True)
def engine(real_workplace):
    matcher = real_workplace.door.ctx.matcher
    made = FakeEngine({"maybe": (hit("transport_request"),)})
    matcher.engine, matcher.state = made, Matcher(made).state


@pytest.mark.parametrize(("action", "did"), list(DID.items()))
async def test_one_tap_keeps_what_the_asker_does_meanwhile_and_says_so(real_workplace, action, did):
    answer = await ask(real_workplace, PARROT)
    assert "What do you do meanwhile?" in readable(answer["blocks"])
    await real_workplace.gets(pressed(answer, action))
    [gap] = waiting(real_workplace)
    assert gap.did is did
    again = real_workplace.said[-1]
    assert again["replace_original"] is True
    said = readable(again["blocks"])
    assert "Noted, without your name" in said
    assert "outside the matrix" in said
    assert "Pause and ask" in said
    assert actions_of(again) == [Action.PROPOSE_CHANGE, Action.PAGE_LEAD]


async def test_the_tap_leaves_no_name_with_the_gap_and_none_in_a_log(real_workplace):
    answer = await ask(real_workplace, PARROT)
    with structlog.testing.capture_logs() as lines:
        await real_workplace.gets(pressed(answer, Action.GAP_WENT_AHEAD))
    stored = everything(real_workplace, "matrix_gap")
    assert "went_ahead" in stored
    assert "U_JO" not in stored
    assert "'jo'" not in stored
    [gap] = waiting(real_workplace)
    assert gap.id not in str(lines)


async def test_after_that_is_not_it_the_same_is_asked(real_workplace):
    answer = await ask(real_workplace, "maybe this")
    await real_workplace.gets(pressed(answer, Action.NOT_THAT))
    last = real_workplace.said[-1]
    assert waiting(real_workplace)[0].did is Asker.NOT_THAT
    await real_workplace.gets(pressed(last, Action.GAP_ASKED))
    [gap] = waiting(real_workplace)
    assert (gap.did, gap.shown) == (Asker.ASKED, ("transport_request",))
    assert "no row for it" in readable(real_workplace.said[-1]["blocks"])


async def test_those_who_settle_the_gap_read_what_was_done(real_workplace):
    for did in DID.values():
        [gap] = waiting(real_workplace) or [await a_gap(real_workplace)]
        real_workplace.door.ctx.database.run_sync(gaps.did, gap.id, did)
        shown = draw_huddle.gaps(waiting(real_workplace), matrix(), "UTC", {})
        assert "the asker " in readable(shown.blocks)


async def test_what_is_settled_is_not_said_anew_and_the_last_word_before_it_counts(real_workplace):
    answer = await ask(real_workplace, PARROT)
    await real_workplace.gets(pressed(answer, Action.GAP_WAITED))
    await real_workplace.gets(pressed(answer, Action.GAP_ASKED))
    [gap] = waiting(real_workplace)
    assert gap.did is Asker.ASKED
    database, at = real_workplace.door.ctx.database, real_workplace.door.ctx.clock.now()
    done = {"by": MAYA, "at": at, "row": None}
    assert database.run_sync(gaps.settle, gap.id, Settled.OUTSIDE, **done)
    await real_workplace.gets(pressed(answer, Action.GAP_WENT_AHEAD))
    assert database.run_sync(gaps.some, [gap.id])[0].did is Asker.ASKED
    assert "settled already" in str(real_workplace.said[-1])


@pytest.mark.parametrize("user", ["U_NOBODY", "U_ELSEWHERE"])
async def test_a_stranger_says_nothing_about_a_gap(real_workplace, user):
    gap = await a_gap(real_workplace)
    await real_workplace.gets(tap(button(Action.GAP_WAITED, gap.id), user=user))
    assert waiting(real_workplace)[0].did is Asker.NOTHING


async def test_a_gap_that_is_not_there_is_said_to_be_gone(real_workplace):
    await real_workplace.gets(tap(button(Action.GAP_WAITED, "nowhere")))
    assert "not there any more" in str(real_workplace.said[-1])


@pytest.mark.parametrize("text", ["i used last night", "是谁负责"])
async def test_where_no_gap_is_kept_nothing_is_asked(real_workplace, text):
    answer = await ask(real_workplace, text)
    assert actions_of(answer) == [Action.PAGE_LEAD]


def button(action, which):
    text = {"type": "plain_text", "text": "x"}
    value = pack(MatterId(which))
    return {"type": "button", "text": text, "action_id": action.value, "value": value}


async def a_gap(workplace):
    await ask(workplace, PARROT)
    [gap] = waiting(workplace)
    assert gap.program == PROGRAM
    return gap
