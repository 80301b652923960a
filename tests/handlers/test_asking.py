"""Who handles this? Asked everywhere it can be; what is typed stays nowhere."""

import json
import logging

import pytest
import structlog
from prometheus_client import generate_latest
from sqlalchemy import select

from bot import observe
from bot.matcher import Matcher
from bot.slack.carried import NO_MATTER, pack, row_of, unpack, unpack_rows
from bot.slack.ids import Action, Form
from bot.slack.render import answer_row as draw
from storage import gaps, tables
from storage.matrix_tables import Asker
from storage.partner_table import partner as partner_table
from tests.answering import SECRET, FakeEngine, hit, matrix
from tests.county import PROGRAM
from tests.slack.payloads import command, message, submission, tap
from tests.slack.readable import elements, readable

RIDE = (hit("transport_request"),)
SUICIDE = (hit("suicidal_intent"),)
UNSURE = (hit("overdose_risk", 0.4), hit("transport_request", 0.3), hit("care_coordination", 0.2))
TOLD = {
    "lift": RIDE,
    "goodbye": SUICIDE,
    "maybe": UNSURE,
    "both": (hit("suicidal_intent", 0.8), hit("transport_request", 0.7)),
    "quiz": (hit("suicidal_intent", live=False),),
    "assess": (hit("clinical_assessment"),),
    "drinking again": (hit("own_return_to_use"),),
}


@pytest.fixture
def engine(real_workplace):
    made = FakeEngine(dict(TOLD))
    given(real_workplace, made)
    return made


def given(workplace, engine):
    matcher = workplace.door.ctx.matcher
    matcher.engine, matcher.state = engine, Matcher(engine).state


async def ask(workplace, text, **more):
    return await workplace.gets(command("/whohandles", text, **more))


def waiting(workplace):
    return workplace.door.ctx.database.run_sync(gaps.waiting, PROGRAM)


def first_line(answer):
    return readable(answer["blocks"][:1])


def pressed(answer, action, **more):
    [button] = [one for one in elements(answer["blocks"]) if one["action_id"] == action.value][:1]
    return tap(button, **more)


def actions_of(answer):
    return [one["action_id"] for one in elements(answer["blocks"])]


async def test_a_question_is_answered_with_the_row_at_once_and_to_nobody_else(
    real_workplace, engine
):
    answer = await ask(real_workplace, "can i give my client a lift")
    assert answer["response_type"] == "ephemeral"
    said = readable(answer["blocks"])
    row = matrix().by_key["transport_request"]
    for text in (row.title.en, row.wording.en, *row.first_actions.en, *row.do_not.en):
        assert text in said
    assert f"transport_request), matrix {matrix().version}" in said
    assert "something much like it" in said
    assert actions_of(answer)[-1] == Action.PAGE_LEAD
    assert real_workplace.slack.calls == []


async def test_an_urgent_row_begins_with_whom_to_call_and_names_the_lead_with_a_number(
    real_workplace, engine
):
    answer = await ask(real_workplace, "he said goodbye")
    assert "First:" in first_line(answer)
    assert "<tel:988|988>" in str(answer["blocks"][0])
    said = readable(answer["blocks"])
    assert "On duty now: Lin" in said
    assert "tel:" in str(answer["blocks"])
    page = next(one for one in elements(answer["blocks"]) if one["action_id"] == Action.PAGE_ROW)
    carried = unpack(page["value"])
    assert carried is not None
    assert row_of(carried) == ("suicidal_intent", matrix().version)


async def test_a_row_that_is_only_asked_about_offers_no_page(real_workplace, engine):
    answer = await ask(real_workplace, "for the quiz")
    assert Action.PAGE_ROW not in actions_of(answer)
    assert "If it is happening now:" in first_line(answer)


async def test_unsure_shows_a_few_and_opening_one_takes_their_place(real_workplace, engine):
    answer = await ask(real_workplace, "maybe this")
    said = readable(answer["blocks"])
    titles = [matrix().by_key[one.row].title.en for one in UNSURE]
    assert all(title in said for title in titles)
    assert said.index(titles[0]) < said.index(titles[1])
    await real_workplace.gets(pressed(answer, Action.OPEN_ROW))
    opened = real_workplace.said[-1]
    assert opened["replace_original"] is True
    assert matrix().by_key["overdose_risk"].first_actions.en[0] in readable(opened["blocks"])


async def test_several_things_in_one_question_are_all_shown(real_workplace, engine):
    answer = await ask(real_workplace, "both of it")
    assert "more than one thing" in readable(answer["blocks"])
    assert "First:" in first_line(answer)
    assert Action.PAGE_ROW in actions_of(answer)


async def test_that_is_not_it_shows_the_next_and_then_notes_a_gap(real_workplace, engine):
    answer = await ask(real_workplace, "maybe my client Maria at 555-867-5309")
    await real_workplace.gets(pressed(answer, Action.OPEN_ROW))
    await real_workplace.gets(pressed(real_workplace.said[-1], Action.NOT_THAT))
    nexts = real_workplace.said[-1]
    assert matrix().by_key["transport_request"].title.en in readable(nexts["blocks"])
    none_of_them = [
        one for one in elements(nexts["blocks"]) if one["action_id"] == Action.NOT_THAT.value
    ]
    assert not unpack_rows(none_of_them[0]["value"]).rest
    await real_workplace.gets(tap(none_of_them[0]))
    assert "no row for it" in readable(real_workplace.said[-1]["blocks"])
    [gap] = waiting(real_workplace)
    assert gap.text == "maybe my client [removed] at [removed]"
    assert gap.did is Asker.NOT_THAT
    assert "transport_request" in gap.shown


async def test_outside_says_so_whom_to_ask_and_keeps_a_masked_gap_without_the_asker(
    real_workplace, engine
):
    answer = await ask(real_workplace, "my client Pedro born 3/14/1980 wants a parrot")
    said = readable(answer["blocks"])
    assert "outside the matrix" in said
    assert "Pause and ask" in said
    assert actions_of(answer) == [*draw.DID, Action.PROPOSE_CHANGE, Action.PAGE_LEAD]
    [gap] = waiting(real_workplace)
    assert gap.text == "my client [removed] [removed] wants a parrot"
    stored = everything(real_workplace, "matrix_gap")
    assert "U_JO" not in stored
    assert "jo" not in stored.split()


@pytest.mark.parametrize("text", ["i feel like drinking again", "i used last night", "me acosa"])
async def test_of_ones_own_life_nothing_at_all_is_kept(real_workplace, engine, text):
    before = everything(real_workplace)
    answer = await ask(real_workplace, text)
    if "drinking again" in text:
        assert "you choose" in readable(answer["blocks"])
        assert Action.DECLINE_ROW not in actions_of(answer)
        await real_workplace.gets(pressed(answer, Action.NOT_THAT))
    assert everything(real_workplace) == before


@pytest.mark.parametrize("text", ["", "   "])
async def test_an_empty_question_is_told_how_to_ask(real_workplace, engine, text):
    answer = await ask(real_workplace, text)
    assert readable(answer["blocks"]).count("/whohandles") == 2
    assert actions_of(answer) == [Action.PAGE_LEAD]
    assert engine.asked == []


async def test_of_a_long_question_the_first_thousand_letters_are_read(real_workplace, engine):
    answer = await ask(real_workplace, "lift " * 600)
    assert len(engine.asked[0]) == 1000
    assert "first 1000 letters" in readable(answer["blocks"])


@pytest.mark.parametrize("text", ["😀😀😀", "是谁负责", "кто за это отвечает", "???"])
async def test_what_cannot_be_read_is_outside_and_is_not_kept(real_workplace, engine, text):
    answer = await ask(real_workplace, text)
    assert actions_of(answer) == [Action.PAGE_LEAD]
    assert waiting(real_workplace) == []


async def test_the_form_of_the_home_is_answered_in_the_dm(real_workplace, engine):
    await real_workplace.gets(tap(home_button()))
    view = shown(real_workplace)
    assert view["callback_id"] == Form.ASK
    done = await real_workplace.gets(submission(view, {"question": "a lift please"}))
    assert done == {"response_action": "clear"}
    method, sent = real_workplace.slack.calls[-1]
    assert (method, sent["channel"]) == ("chat.postMessage", "U_JO")
    assert "Belay: update" in sent["text"]


async def test_where_slack_does_not_take_the_answer_the_form_keeps_what_was_typed(
    real_workplace, engine
):
    await real_workplace.gets(tap(home_button()))
    view = shown(real_workplace)
    real_workplace.slack.refuses["chat.postMessage"] = "internal_error"
    back = await real_workplace.gets(submission(view, {"question": "a lift please"}))
    assert back["response_action"] == "errors"
    assert "911" in back["errors"]["question"]


async def test_an_empty_form_comes_back(real_workplace, engine):
    await real_workplace.gets(tap(home_button()))
    back = await real_workplace.gets(submission(shown(real_workplace), {"question": "  "}))
    assert back["response_action"] == "errors"


async def test_named_in_a_channel_belay_answers_the_asker_alone(real_workplace, engine):
    body = message("<@U_BELAY> who gives a lift", channel="C7", channel_type="group")
    body["event"]["type"] = "app_mention"
    await real_workplace.gets(body)
    method, sent = real_workplace.slack.calls[-1]
    assert (method, sent["channel"], sent["user"]) == ("chat.postEphemeral", "C7", "U_JO")
    assert engine.asked == ["who gives a lift"]


async def test_a_question_in_the_dm_is_answered_there_and_other_words_as_before(
    real_workplace, engine
):
    await real_workplace.gets(message("<@U_BELAY> a lift"))
    assert matrix().by_key["transport_request"].title.en in str(real_workplace.said[-1])
    await real_workplace.gets(message("who gives a lift?", event_id="Ev2"))
    assert len(engine.asked) == 2
    await real_workplace.gets(message("hello there", event_id="Ev3"))
    assert "what you can type" in str(real_workplace.said[-1])


async def test_what_sounds_urgent_is_answered_in_the_dm_question_or_not(real_workplace):
    given(real_workplace, FakeEngine({**TOLD, "lift": (*RIDE, *SUICIDE)}))
    await real_workplace.gets(message("he has the pills and said goodbye"))
    [answer] = real_workplace.said
    assert actions_of(answer)[0] == Action.PAGE_ROW
    for number, text in enumerate(("quiz on suicide", "gave him a lift", "lovely day")):
        await real_workplace.gets(message(text, event_id=f"Ev1{number}"))
        assert "what you can type" in str(real_workplace.said[-1])
    assert waiting(real_workplace) == []


async def test_what_is_told_while_no_matrix_is_loaded_gets_what_can_be_typed(real_workplace):
    await real_workplace.gets(message("he has the pills and said goodbye"))
    assert "Call 911" in str(real_workplace.said[-1])


async def test_help_that_is_put_as_a_question_is_still_a_call_for_help(workplace):
    given(workplace, FakeEngine(dict(TOLD)))
    await workplace.gets(message("help? <@U_BELAY>"))
    assert len(workplace.run.requests) == 1


async def test_a_shortcut_on_a_message_answers_whoever_used_it(real_workplace, engine):
    await real_workplace.gets(on_message("who_handles", "could you give him a lift"))
    assert real_workplace.said[-1]["response_type"] == "ephemeral"
    assert engine.asked == ["could you give him a lift"]


async def test_while_nothing_is_loaded_the_supervisor_is_named(real_workplace):
    answer = await ask(real_workplace, "a lift")
    assert "can't look that up" in readable(answer["blocks"])
    assert actions_of(answer) == [Action.PAGE_LEAD]


async def test_an_engine_that_fails_is_no_silence_and_its_fault_is_known_by_its_kind(
    real_workplace,
):
    given(real_workplace, FakeEngine(fault=KeyError(SECRET)))
    with structlog.testing.capture_logs() as lines:
        answer = await ask(real_workplace, SECRET)
    assert "can't look that up" in readable(answer["blocks"])
    assert SECRET not in str(lines)


async def test_an_answer_says_when_only_words_are_compared(real_workplace, engine):
    engine.degraded = "a model is missing"
    assert "only compares words" in readable((await ask(real_workplace, "a lift"))["blocks"])


async def test_a_stranger_gets_no_row(real_workplace, engine):
    answer = await ask(real_workplace, "a lift", user="U_NOBODY")
    assert "does not know you" in answer["text"]
    assert not answer.get("blocks")


@pytest.mark.parametrize("text", ["lift", "goodbye", "maybe", "parrots"])
async def test_what_is_typed_is_in_no_log_no_metric_and_no_row(
    real_workplace, engine, text, caplog
):
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        await ask(real_workplace, f"{text} <@U99|{SECRET}> called {SECRET}")
    first = SECRET.split()[0]
    assert first not in str(lines)
    assert first not in caplog.text
    assert first not in generate_latest(observe.registry).decode()
    assert first not in everything(real_workplace)


def everything(workplace, table=None):
    """All rows of all tables, or of one."""

    def read(conn):
        chosen = [one for one in tables.metadata.sorted_tables if table in (None, one.name)]
        return str([conn.execute(select(one)).all() for one in chosen])

    return workplace.door.ctx.database.run_sync(read)


def home_button():
    text = {"type": "plain_text", "text": "x"}
    return {
        "type": "button",
        "text": text,
        "action_id": Action.ASK_WHO.value,
        "value": pack(NO_MATTER),
    }


def on_message(callback, text, user="U_JO", author="U_MAYA"):
    return {
        "type": "message_action",
        "callback_id": callback,
        "trigger_id": "1.2.m",
        "response_url": "https://hooks.slack.com/app/T1/1/x",
        "message_ts": "1773169000.000100",
        "user": {"id": user},
        "team": {"id": "T1", "domain": "county"},
        "channel": {"id": "C9", "name": "huddle"},
        "message": {"type": "message", "user": author, "ts": "1773169000.000100", "text": text},
    }


def shown(workplace):
    method, given_ = workplace.slack.calls[-1]
    assert method == "views.open"
    return json.loads(given_["view"]) if isinstance(given_["view"], str) else given_["view"]


async def test_an_answer_names_the_partner_who_answers_a_line(real_workplace, engine):
    partner = {"id": f"{PROGRAM}/crisis", "program_id": PROGRAM, "name": "River Crisis Team"}
    partner |= {"line": "mobile_crisis", "number": "+15555550181"}
    real_workplace.door.ctx.database.run_sync(
        lambda conn: conn.execute(partner_table.insert(), [partner])
    )
    row = next(
        row
        for row in matrix().rows
        if row.urgent and not row.private and "mobile_crisis" in row.call_first
    )
    engine.told["crisis"] = (hit(row.key),)
    said = first_line(await ask(real_workplace, "crisis"))
    assert "River Crisis Team" in said
    assert "+15555550181" in said
    assert "number not checked yet" in said
