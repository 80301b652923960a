"""Decline with citation: the reply, the count without a name, and the need that goes on."""

import json

import pytest
from sqlalchemy import select

from bot.matcher import Matcher
from bot.slack.carried import NO_MATTER, Rows, pack, pack_rows
from bot.slack.ids import Action
from storage import declines, tables
from tests.answering import FakeEngine, hit, matrix
from tests.county import PROGRAM
from tests.handlers.test_asking import everything, on_message, shown
from tests.slack.payloads import submission, tap
from tests.slack.readable import readable

ROW = "clinical_assessment"
TYPED = {"team": "shelter", "reply": "Thanks, but this is not for a peer."}


@pytest.fixture(autouse=True)
def engine(real_workplace):
    made = FakeEngine({"assess": (hit(ROW),)})
    matcher = real_workplace.door.ctx.matcher
    matcher.engine, matcher.state = made, Matcher(made).state
    return made


def cited(row=ROW):
    text = {"type": "plain_text", "text": "x"}
    value = pack_rows(Rows(matrix().version, (row,)))
    return {"type": "button", "text": text, "action_id": Action.DECLINE_ROW.value, "value": value}


async def form_of(workplace, body=None):
    await workplace.gets(body or tap(cited()))
    return shown(workplace)


async def declined(workplace, *, user="U_JO", typed=TYPED, view_id="V1"):
    await workplace.gets(tap(cited(), user=user))
    body = submission(shown(workplace), typed, user=user)
    body["view"]["id"] = view_id
    return await workplace.gets(body)


def to_owners(workplace):
    def read(conn):
        rows = conn.execute(select(tables.outbox.c.to_person, tables.outbox.c.body))
        return {row.to_person: row.body["text"] for row in rows}

    return workplace.door.ctx.database.run_sync(read)


def rows_of(workplace):
    return workplace.door.ctx.database.run_sync(
        lambda conn: conn.execute(select(tables.matrix_tables.decline)).all()
    )


async def test_the_need_goes_to_whoever_it_belongs_to_and_the_reply_can_be_copied(real_workplace):
    done = await declined(real_workplace)
    view = done["view"]
    said = readable(view["blocks"])
    row = matrix().by_key[ROW]
    assert TYPED["reply"] in said
    assert row.title.en in said
    assert f"Matrix row {ROW}, version {matrix().version}" in said
    assert matrix().owners[row.owner].title.en in said
    [(who, text)] = to_owners(real_workplace).items()
    assert who == "lin"
    assert row.title.en in text
    assert "(Shelter)" in text


async def test_the_row_of_a_request_names_no_peer_and_keeps_nothing_of_the_reply(real_workplace):
    await declined(real_workplace)
    [row] = rows_of(real_workplace)
    assert (row.team, row.row_key, row.version) == ("shelter", ROW, matrix().version)
    stored = everything(real_workplace, "decline") + everything(real_workplace, "decline_salt")
    assert "jo" not in stored.replace("'", " ").split()
    assert "U_JO" not in stored
    assert "not for a peer" not in everything(real_workplace)
    assert "jo" not in {text.split()[0] for text in to_owners(real_workplace).values()}


async def test_a_form_sent_twice_counts_and_tells_once(real_workplace):
    await declined(real_workplace)
    await declined(real_workplace)
    assert len(rows_of(real_workplace)) == 1
    assert len(to_owners(real_workplace)) == 1


async def test_from_a_message_the_fitting_row_is_chosen_and_the_reply_goes_into_its_thread(
    real_workplace,
):
    view = await form_of(real_workplace, on_message("outside_role", "can you assess him"))
    assert ROW in json.dumps(
        [block.get("element", {}).get("initial_option") for block in view["blocks"]]
    )
    done = await real_workplace.gets(submission(view, TYPED))
    assert "goes out now" in readable(done["view"]["blocks"])
    (method, sent), (update, after) = real_workplace.slack.calls[-2:]
    assert (method, sent["channel"], sent["thread_ts"]) == (
        "chat.postMessage",
        "C9",
        "1773169000.000100",
    )
    assert update == "views.update"
    assert "was sent" in str(after["view"])
    [text] = to_owners(real_workplace).values()
    assert "<@U_MAYA>" in text


async def test_where_belay_is_not_in_the_conversation_the_reply_is_given_to_copy(real_workplace):
    real_workplace.slack.refuses["chat.postMessage"] = "not_in_channel"
    view = await form_of(real_workplace, on_message("outside_role", "can you assess him"))
    await real_workplace.gets(submission(view, TYPED))
    method, after = real_workplace.slack.calls[-1]
    assert method == "views.update"
    assert "not in that conversation" in str(after["view"])
    assert TYPED["reply"] in str(after["view"])
    assert len(to_owners(real_workplace)) == 1


async def test_from_the_home_no_row_is_chosen_and_one_must_be(real_workplace):
    home = {**cited(), "value": pack(NO_MATTER)}
    view = await form_of(real_workplace, tap(home))
    back = await real_workplace.gets(submission(view, TYPED))
    assert back["response_action"] == "errors"
    assert "row" in back["errors"]
    assert rows_of(real_workplace) == []


async def test_a_reply_that_may_name_a_client_comes_back_as_it_was_typed(real_workplace):
    back = await declined(real_workplace, typed={**TYPED, "reply": "call her at 555-867-5309"})
    assert back["response_action"] == "errors"
    assert "reply" in back["errors"]


async def test_a_private_row_is_nobodys_request(real_workplace):
    await real_workplace.gets(tap(cited("own_return_to_use")))
    options = json.dumps(shown(real_workplace)["blocks"])
    assert "own_return_to_use" not in options
    assert ROW in options


async def test_a_pattern_shows_from_five_requests_by_three_peers_on(real_workplace):
    ctx = real_workplace.door.ctx

    def patterns():
        return ctx.database.run_sync(declines.patterns, PROGRAM, ctx.clock.now())

    users = ("U_JO", "U_JO", "U_JO", "U_SAM", "U_SAM")
    for number, user in enumerate(users):
        await declined(real_workplace, user=user, view_id=f"V{number}")
    assert patterns() == []
    await declined(real_workplace, user="U_ROSA", view_id="V9")
    [pattern] = patterns()
    assert (pattern.team, pattern.row, pattern.requests, pattern.peers) == ("shelter", ROW, 6, 3)
