"""Over HTTP everybody can reach the address: what Slack did not sign is refused and not read."""

import hmac
import json
import time
from hashlib import sha256
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import example, given
from hypothesis import strategies as st
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.slack.request_url import RequestUrl
from bot.slack.signatures import WINDOW, signed
from tests.security.junk import TEXT
from tests.security.profiles import tried

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = b'{"command": "/sos"}'
NOW = 1_773_169_200
TYPES = ("application/json", "application/x-www-form-urlencoded", "text/plain; charset=klingon")
# Each of these made some parser fail before the signature was looked at.
BODIES = (
    b"",
    b"{",
    b"[" * 50_000,
    b"null",
    b'"x"',
    b"\xff\xfe",
    b"payload=",
    b"payload=[]",
    b'payload={"user": 1}',
    b'{"event": 1}',
    b'{"authorizations": 1}',
    b'{"type": "url_verification", "challenge": "c1"}',
    b"ssl_check=1",
    b'{"type": "block_actions", "actions": [1]}',
)


def header(at=NOW, body=BODY, secret=SECRET):
    made = hmac.new(secret.encode(), b"v0:%d:" % at + body, sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={made}"}


class Bolt:
    """This counts what it is handed."""

    handed = 0

    async def async_dispatch(self, request):
        self.handed += 1
        return BoltResponse(status=200)


def test_what_slack_signs_is_taken():
    slacks = SignatureVerifier(SECRET).generate_signature(timestamp=str(NOW), body=BODY)
    assert header()["X-Slack-Signature"] == slacks
    assert signed(header(), BODY, SECRET, NOW)
    assert signed(header(NOW - WINDOW), BODY, SECRET, NOW)


@pytest.mark.parametrize("at", [NOW - WINDOW - 1, NOW + WINDOW + 1, 0])
def test_a_delivery_that_was_recorded_is_refused_once_the_window_has_passed(at):
    assert not signed(header(at), BODY, SECRET, NOW)


def test_an_old_delivery_cannot_be_made_young():
    old = header(NOW - WINDOW - 1)
    assert not signed({**old, "X-Slack-Request-Timestamp": str(NOW)}, BODY, SECRET, NOW)


def test_one_signature_does_not_fit_another_body_nor_another_secret():
    assert not signed(header(), BODY + b" ", SECRET, NOW)
    assert not signed(header(secret="another"), BODY, SECRET, NOW)


@tried(60)
@given(TEXT, TEXT, st.binary(max_size=40))
@example("abc", "v0=é", b"")
@example(str(NOW), "v0=é", BODY)
@example("١٢", "", BODY)
@example("9" * 400, "v0=", BODY)
def test_no_header_that_anybody_makes_up_is_a_signature_and_none_is_a_fault(stamp, said, body):
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": said}
    assert not signed(headers, body, SECRET, NOW)


async def test_nothing_that_is_not_signed_is_read_or_answered_otherwise_than_by_401():
    bolt: Any = Bolt()
    async with TestClient(TestServer(RequestUrl(bolt, SECRET).site())) as client:
        for body in BODIES:
            for kind in TYPES:
                for signature in ({}, {"X-Slack-Request-Timestamp": "x"}, header(NOW - 10, body)):
                    headers = {"Content-Type": kind, **signature}
                    answer = await client.post("/slack/events", data=body, headers=headers)
                    assert (answer.status, await answer.text()) == (401, ""), (kind, body[:40])
    assert bolt.handed == 0


@pytest.mark.parametrize("body", [b"payload={", b'{"user": ', b"[" * 50_000, b"\xff\xfe"])
async def test_what_is_signed_and_cannot_be_read_is_refused_in_so_many_words(body):
    at = int(time.time())
    bolt: Any = Bolt()
    async with TestClient(TestServer(RequestUrl(bolt, SECRET).site())) as client:
        headers = {"Content-Type": TYPES[0], **header(at, body)}
        answer = await client.post("/slack/events", data=body, headers=headers)
        assert answer.status == 400
        good = json.dumps({"command": "/sos"}).encode()
        answer = await client.post(
            "/slack/events", data=good, headers={**headers, **header(at, good)}
        )
        assert answer.status == 200
    assert bolt.handed == 1
