"""This starts the whole bot against a small Slack, and holds it to how it starts and ends."""

import asyncio
import json
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
import structlog
from aiohttp.test_utils import TestClient, TestServer
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import text

from bot.app import CannotStartError, serve
from bot.clock import SystemClock
from bot.settings import SettingsError, load
from bot.slack import fallback
from bot.slack.bolt import Identity, make_bolt
from bot.slack.request_url import RequestUrl
from bot.tasks import Tasks
from storage import schema
from storage.database import Database
from storage.sealing import generate_key
from tests.bot.fakes import SmallSlack, until


def settings_for(slack, tmp_path, **more):
    return load(
        database_url=f"sqlite:///{tmp_path / 'belay.db'}",
        keys=generate_key(),
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
        slack_base_url=slack.url,
        health_port=0,
        out_file=str(tmp_path / "out.txt"),
        matcher="off",
        **more,
    )


@asynccontextmanager
async def serving(slack, tmp_path, **more):
    """This runs the bot, and says where its health can be asked; it must end by itself."""
    settings, stop = settings_for(slack, tmp_path, **more), asyncio.Event()
    schema.upgrade(settings.database_url)
    with structlog.testing.capture_logs() as lines:
        running = asyncio.create_task(serve(settings, stop))

        def told(event):
            return [line for line in lines if line["event"] == event]

        try:
            await until(lambda: told("belay.started") or running.done())
            port = told("site.listening")[-1]["port"]
            yield f"http://127.0.0.1:{port}", told, settings
            stop.set()
            async with asyncio.timeout(60):
                await running
        finally:
            running.cancel()


async def readiness(url):
    async with aiohttp.ClientSession() as http, http.get(f"{url}/readyz") as answer:
        return answer.status, await answer.json()


async def until_readiness(url, is_so):
    async with asyncio.timeout(60):
        while not is_so(*await readiness(url)):  # noqa: ASYNC110 - asked over HTTP, as others do
            await asyncio.sleep(0.01)


async def test_it_starts_gets_ready_hears_a_command_and_stops(tmp_path):
    slack = SmallSlack()
    async with slack.serving(), serving(slack, tmp_path) as (url, told, _):
        await until(lambda: slack.open and "auth.test" in slack.calls)
        payload = {"command": "/nothing", "team_id": "T1", "user_id": "U1", "text": ""}
        await slack.open[0].say(type="slash_commands", envelope_id="e1", payload=payload)
        await slack.acked.wait()
        assert slack.acks[0]["envelope_id"] == "e1"
        await until_readiness(url, lambda status, _: status == 200)
        await until((tmp_path / "out.txt").exists)
        assert "who is out" in (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert told("belay.stopping")
    assert slack.open == []


async def test_the_safety_clock_does_not_wait_for_slack(tmp_path):
    slack = SmallSlack(stale_tickets=10_000)
    async with slack.serving(), serving(slack, tmp_path) as (url, told, _):
        await until_readiness(url, lambda _, said: "database" not in str(said["reasons"]))
        assert not told("task.died")


async def test_a_program_that_is_outdated_closes_its_ears_and_says_so(tmp_path):
    slack = SmallSlack()
    async with slack.serving(), serving(slack, tmp_path) as (url, told, settings):
        await until(lambda: slack.open)
        database = Database.open(settings.database_url)
        database.run_sync(
            lambda conn: conn.execute(text("UPDATE alembic_version SET version_num='9'"))
        )
        database.dispose()
        await until(lambda: told("belay.outdated"))
        assert slack.open == []
        status, said = await readiness(url)
        assert status == 503
        assert "version" in str(said["reasons"])


async def test_it_does_not_start_on_an_empty_or_a_newer_database(tmp_path):
    slack = SmallSlack()
    async with slack.serving():
        settings = settings_for(slack, tmp_path)
        with pytest.raises(CannotStartError, match="belay migrate"):
            await serve(settings, asyncio.Event())


async def test_it_does_not_start_without_tokens():
    with pytest.raises(SettingsError):
        await serve(load(), asyncio.Event())


# --- deliveries over HTTP ----------------------------------------------------------------------

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
COMMAND = {"command": "/nothing", "team_id": "T1", "user_id": "U1", "text": ""}


async def delivered(*, age=0.0, secret=SECRET, body=COMMAND):
    """This posts one delivery, signed so long ago, and gives the answer."""
    settings = load(slack_bot_token="xoxb-1", slack_signing_secret=SECRET, transport="http")
    async with aiohttp.ClientSession() as http:
        app = make_bolt(settings, http, Identity(), lambda event: None)
        fallback.install(app, Tasks(SystemClock()))
        async with TestClient(TestServer(RequestUrl(app, SECRET).site())) as client:
            at, words = str(int(time.time() - age)), json.dumps(body)
            signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=words)
            answer = await client.post(
                "/slack/events",
                data=words,
                headers={
                    "Content-Type": "application/json",
                    "X-Slack-Request-Timestamp": at,
                    "X-Slack-Signature": str(signature),
                },
            )
            return answer.status, await answer.text()


async def test_a_signed_delivery_is_answered():
    status, words = await delivered()
    assert status == 200
    assert words


async def test_a_delivery_with_another_signature_is_refused():
    assert (await delivered(secret="another"))[0] == 401


async def test_a_delivery_that_was_recorded_and_sent_again_later_is_refused():
    assert (await delivered(age=301))[0] == 401


async def test_slacks_question_whether_the_address_is_ours_is_answered():
    status, words = await delivered(body={"type": "url_verification", "challenge": "c1"})
    assert status == 200
    assert "c1" in words
