"""The Send port against a real client over real HTTP: three outcomes, and an honest "unknown"."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack import faults, send
from bot.slack.faults import FAULTS, Then, fault_of
from bot.slack.render.view import Rendered
from bot.slack.send import (
    Place,
    Refusal,
    RetryAfter,
    Sent,
    Undeliverable,
    Unknown,
    metadata_key,
    plain_text,
)
from tests.slack.server import CUT, HANG, slack_server

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = "harbor/m1/1.1/page/0/lee"
PAGE = Rendered(
    "Belay: URGENT page, open now",
    (
        {"type": "header", "text": {"type": "plain_text", "text": "Ana missed a check-in"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "Due *14:10*"}},
        {"type": "actions", "elements": [{"type": "button", "action_id": "acknowledge"}]},
    ),
)
STANDS = {"channel": "D1", "ts": "1.5"}
POST = "chat.postMessage"


async def test_a_message_is_posted_with_a_key_that_tells_nothing():
    async with slack_server() as (server, slack):
        server.says(POST, STANDS)
        assert await slack.post(Place("D1"), PAGE, KEY) == Sent("D1", "1.5")
    (asked,) = server.asked(POST)
    assert asked["metadata"] == {
        "event_type": "belay",
        "event_payload": {"key": metadata_key(KEY)},
    }
    assert "page" not in metadata_key(KEY)
    assert "lee" not in metadata_key(KEY)
    assert asked["blocks"] == list(PAGE.blocks)


async def test_a_reply_goes_into_its_thread():
    async with slack_server() as (server, slack):
        server.says(POST, STANDS)
        await slack.post(Place("C1", "9.9"), Rendered("a line"), KEY)
    (asked,) = server.asked(POST)
    assert asked["thread_ts"] == "9.9"
    assert "blocks" not in asked


@pytest.mark.parametrize("code", [c for c, f in FAULTS.items() if f.then is Then.UNDELIVERABLE])
async def test_what_can_never_arrive_is_undeliverable(code):
    async with slack_server() as (server, slack):
        server.refuses(POST, code)
        server.says("auth.test", {})
        assert await slack.post(Place("D1"), PAGE, KEY) == Undeliverable(code)
    assert slack.problem is None


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope"])
async def test_a_token_that_fails_is_tried_again_and_raises_the_alarm(code):
    async with slack_server() as (server, slack):
        server.refuses(POST, code)
        outcome = await slack.post(Place("D1"), PAGE, KEY)
        assert isinstance(outcome, RetryAfter)
        assert slack.problem == code
        server.says(POST, STANDS)
        await slack.post(Place("D1"), PAGE, KEY)
        assert slack.problem is None


async def test_an_inactive_account_is_the_persons_only_if_the_token_works():
    async with slack_server() as (server, slack):
        server.refuses(POST, "account_inactive")
        server.says("auth.test", {})
        assert await slack.post(Place("D1"), PAGE, KEY) == Undeliverable("account_inactive")
        server.refuses("auth.test", "account_inactive")
        outcome = await slack.post(Place("D1"), PAGE, KEY)
    assert isinstance(outcome, RetryAfter)
    assert slack.problem == "token_revoked"


async def test_a_429_is_a_definite_no_with_slacks_own_time():
    async with slack_server() as (server, slack):
        server.says(POST, (429, {"Retry-After": "7"}))
        outcome = await slack.post(Place("D1"), PAGE, KEY)
    assert outcome == RetryAfter(7, "ratelimited", limited=True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, {}), "http_500"),
        ((503, {}), "http_503"),
        ({"ok": False, "error": "internal_error"}, "internal_error"),
        ({"ok": False, "error": "fatal_error"}, "fatal_error"),
        ({"ok": False, "error": "request_timeout"}, "request_timeout"),
    ],
)
async def test_slacks_own_faults_leave_the_outcome_unknown(answer, code):
    async with slack_server() as (server, slack):
        server.says(POST, answer)
        with pytest.raises(Unknown) as raised:
            await slack.post(Place("D1"), PAGE, KEY)
    assert raised.value.code == code
    assert len(server.asked(POST)) == 1, "the client itself must never try again"


async def test_no_answer_in_time_leaves_the_outcome_unknown(monkeypatch):
    monkeypatch.setattr(send, "CALL_SECONDS", 0.05)
    async with slack_server() as (server, slack):
        server.says(POST, HANG)
        with pytest.raises(Unknown) as raised:
            await slack.post(Place("D1"), PAGE, KEY)
    assert raised.value.code == "timeout"


async def test_a_broken_connection_is_tried_once_and_the_outbox_decides():
    async with slack_server() as (server, slack):
        server.says(POST, CUT)
        with pytest.raises(Unknown) as raised:
            await slack.post(Place("D1"), PAGE, KEY)
    assert raised.value.code == "connection"
    assert len(server.asked(POST)) == 1, "the message may stand there already"


async def test_a_refused_connection_leaves_the_outcome_unknown():
    async with send.open_session() as session:
        slack = send.Slack(send.make_client("xoxb-1", "http://127.0.0.1:1/api/", session))
        with pytest.raises(Unknown) as raised:
            await slack.post(Place("D1"), PAGE, KEY)
    assert raised.value.code == "connection"


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "metadata_too_large"])
async def test_a_page_whose_form_is_refused_goes_once_more_as_text(code):
    async with slack_server() as (server, slack):
        server.says(POST, {"ok": False, "error": code}, STANDS)
        assert await slack.post(Place("D1"), PAGE, KEY) == Sent("D1", "1.5")
    first, second = server.asked(POST)
    assert "blocks" in first
    assert "blocks" not in second
    assert "Ana missed a check-in" in second["text"]
    assert "Due *14:10*" in second["text"]


async def test_text_that_is_refused_too_is_undeliverable_and_not_tried_a_third_time():
    async with slack_server() as (server, slack):
        server.refuses(POST, "invalid_blocks")
        assert await slack.post(Place("D1"), PAGE, KEY) == Undeliverable("invalid_blocks")
    assert len(server.asked(POST)) == 2


async def test_a_code_that_nobody_listed_is_tried_again_and_raises_the_alarm():
    async with slack_server() as (server, slack):
        server.refuses(POST, "brand_new_error")
        outcome = await slack.post(Place("D1"), PAGE, KEY)
    assert outcome == RetryAfter(send.RETRY_SECONDS, "brand_new_error")
    assert slack.problem == "brand_new_error"


async def test_an_edit_that_falls_back_to_text_empties_the_old_blocks():
    async with slack_server() as (server, slack):
        server.says("chat.update", {"ok": False, "error": "invalid_blocks"}, STANDS)
        await slack.update("D1", "1.5", PAGE)
    assert server.asked("chat.update")[1]["blocks"] == []


async def test_a_message_is_found_by_its_key_from_the_first_try_on():
    other = {"ts": "1.9", "text": "x"}
    ours = {"ts": "1.5", "metadata": {"event_payload": {"key": metadata_key(KEY)}}}
    async with slack_server() as (server, slack):
        server.says(
            "conversations.history",
            {"messages": [other], "response_metadata": {"next_cursor": "n"}},
            {"messages": [ours]},
        )
        assert await slack.find(Place("D1"), KEY, NOW) == Sent("D1", "1.5")
    first, second = server.asked("conversations.history")
    assert float(first["oldest"]) == (NOW - send.SKEW).timestamp()
    assert first["include_all_metadata"] == "1"
    assert second["cursor"] == "n"


async def test_a_reply_is_looked_for_in_its_thread():
    async with slack_server() as (server, slack):
        server.says("conversations.replies", {"messages": []})
        assert await slack.find(Place("C1", "9.9"), KEY, NOW) is None
    assert server.asked("conversations.replies")[0]["ts"] == "9.9"


async def test_a_lookup_never_walks_through_more_than_a_few_pages():
    async with slack_server() as (server, slack):
        server.says(
            "conversations.history", {"messages": [], "response_metadata": {"next_cursor": "n"}}
        )
        assert await slack.find(Place("D1"), KEY, NOW) is None
    assert len(server.asked("conversations.history")) == send.PAGES_LOOKED_UP


async def test_a_conversation_is_opened_once_and_asked_about_again_after_a_while():
    async with slack_server() as (server, slack):
        server.says("conversations.open", {"channel": {"id": "D1"}})
        assert await slack.direct("U1", NOW) == "D1"
        assert await slack.direct("U1", NOW + timedelta(minutes=9)) == "D1"
        assert len(server.asked("conversations.open")) == 1
        await slack.direct("U1", NOW + timedelta(minutes=10))
        assert len(server.asked("conversations.open")) == 2
        slack.forget_person("U1")
        await slack.direct("U1", NOW + timedelta(minutes=10))
        assert len(server.asked("conversations.open")) == 3


async def test_a_deactivated_person_is_undeliverable_although_slack_would_accept_the_message():
    async with slack_server() as (server, slack):
        server.says("conversations.open", {"channel": {"id": "D1", "is_user_deleted": True}})
        assert await slack.direct("U1", NOW) == Undeliverable("user_disabled")
        server.refuses("conversations.open", "user_disabled")
        assert await slack.direct("U1", NOW) == Undeliverable("user_disabled")


async def test_what_was_scheduled_is_listed_and_taken_back_without_metadata():
    async with slack_server() as (server, slack):
        server.says("chat.scheduleMessage", {"scheduled_message_id": "Q1"})
        server.says(
            "chat.scheduledMessages.list",
            {"scheduled_messages": [{"id": "Q1", "post_at": 600}]},
        )
        server.refuses("chat.deleteScheduledMessage", "invalid_scheduled_message_id")
        assert await slack.schedule("C1", "not heard from", 600) == "Q1"
        assert [one.id for one in await slack.scheduled("C1")] == ["Q1"]
        await slack.unschedule("C1", "Q1")
        server.refuses("chat.deleteScheduledMessage", "invalid_auth")
        with pytest.raises(Refusal):
            await slack.unschedule("C1", "Q1")
    assert "metadata" not in server.asked("chat.scheduleMessage")[0]


def test_every_fault_has_a_sentence_for_who_waits_and_one_for_who_runs_it():
    for fault in [*FAULTS.values(), faults.UNLISTED]:
        assert fault.user.endswith(".")
        assert fault.operator.endswith(".")
        assert fault.user != fault.operator


def test_only_faults_that_stop_everything_are_red_and_none_of_those_gives_up():
    assert all(fault.then is Then.RETRY for fault in FAULTS.values() if fault.red)


def test_slacks_http_faults_are_its_own():
    assert fault_of("http_502").then is Then.UNKNOWN
    assert fault_of("http_404") is faults.UNLISTED


def test_the_plain_form_of_a_message_keeps_its_text_and_its_limit():
    long = Rendered("first", ({"type": "section", "text": {"type": "mrkdwn", "text": "x" * 9000}},))
    assert plain_text(PAGE).splitlines()[0] == "Belay: URGENT page, open now"
    assert len(plain_text(long)) == send.PLAIN_CHARACTERS
