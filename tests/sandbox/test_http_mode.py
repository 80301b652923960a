"""This holds delivery by signed POST against slack_bolt's own server."""

import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncApp

from tests.sandbox.conftest import MANIFEST, until

SECRET = "s3cret"


@pytest.fixture
async def served(world):
    """This is a slack_bolt app behind HTTP, installed with its address."""
    logger = logging.getLogger("slack_bolt.http")
    logger.setLevel(logging.CRITICAL)
    app = AsyncApp(client=world.client(), signing_secret=SECRET, logger=logger)
    server = AsyncSlackAppServer(port=0, path="/slack/events", app=app)
    async with TestServer(server.web_app) as running:
        url = f"http://127.0.0.1:{running.port}/slack/events"
        await world.install(request_url=url, signing_secret=SECRET)
        yield app


async def test_the_request_url_is_verified_by_a_signed_challenge(world, served):
    assert (await world.post("/verify_url"))["verified"] is True
    await world.install(request_url=world.box.app.request_url, signing_secret="another")
    assert (await world.post("/verify_url"))["verified"] is False


async def test_commands_actions_and_events_arrive(world, served, client):
    heard = []

    @served.command("/belay")
    async def command(ack, command):
        await ack(f"got {command['text']}")

    @served.action("ok")
    async def action(ack, respond):
        await ack()
        await respond("done")

    @served.event("message")
    async def message(event):
        heard.append(event["text"])

    told = await world.act("command", channel="CFIELD", command="/belay", text="a&b <c>")
    assert told["answer"] == "got a&b <c>"
    text = {"type": "plain_text", "text": "OK"}
    button = {"type": "button", "action_id": "ok", "text": text}
    blocks = [{"type": "actions", "elements": [button]}]
    sent = await client.chat_postMessage(channel="UANA", text="x", blocks=blocks)
    told = await world.act("click", ts=sent["ts"], action_id="ok", wait_for="answer")
    assert told["answer"] == "done"
    await world.act("message", text="hello")
    await until(lambda: "hello" in heard)


async def test_an_unhandled_event_is_tried_again_with_headers(world):
    world.box.timing = world.box.timing.changed({"retry_after": [0.0, 0.0, 0.0]})
    got = []

    async def events(request):
        got.append(dict(request.headers))
        headers = {"X-Slack-No-Retry": "1"} if len(got) == 3 else {}
        return web.Response(status=500, headers=headers)

    app = web.Application()
    app.router.add_post("/", events)
    async with TestServer(app) as running:
        await world.install(request_url=f"http://127.0.0.1:{running.port}/")
        told = await world.act("message", text="x")
        assert (told["delivered"], told["acked"]) == (True, False)
        await until(lambda: len(got) == 3)
        assert (await world.post("/quiet"))["quiet"] is True
    assert "X-Slack-Retry-Num" not in got[0]
    assert [g["X-Slack-Retry-Num"] for g in got[1:]] == ["1", "2"]
    assert got[1]["X-Slack-Retry-Reason"] == "http_error"


@pytest.mark.parametrize(
    "url",
    ["https://example.org/slack", "http://127.0.0.1.example.org/", "http://localhost@example.org/"],
)
async def test_a_request_url_that_leaves_the_machine_is_refused(world, url):
    refused = await world.install(request_url=url)
    assert (refused["status"], refused["error"]) == (400, "bad_request_url")
    settings = {"event_subscriptions": {"request_url": url, "bot_events": []}}
    refused = await world.install({**MANIFEST, "settings": settings})
    assert refused["error"] == "bad_request_url"
