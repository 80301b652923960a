"""This starts two replicas behind HTTP on one database, and takes one out as a balancer sees it."""

import asyncio
import itertools
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import text

from bot.app import serve
from bot.demo import county
from bot.demo.start import prepare_database
from bot.settings import load
from bot.slack.request_url import RequestUrl
from storage.database import Database
from storage.sealing import generate_key
from tests import databases
from tests.bot.fakes import SmallSlack, until

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"
HELP = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T1",
    "event": {
        "type": "message",
        "channel_type": "im",
        "channel": "D1",
        "user": "U_JO",
        "text": "help",
        "ts": "1.1",
    },
}
SOS = {"command": "/sos", "team_id": "T1", "user_id": "U_JO", "text": "", "trigger_id": "t.1"}
WITHIN = 60.0  # s


class PostingSlack(SmallSlack):
    """This takes whatever is posted."""

    numbers = itertools.count(1)

    async def _any(self, request: web.Request) -> web.Response:
        self.calls.append(request.match_info["method"])
        at = f"{int(time.time())}.{next(self.numbers):06}"
        said = {"ok": True, "bot_id": "B1", "user_id": "U0", "channel": "D1", "ts": at}
        return web.json_response(said)


class Held(asyncio.Event):
    """This stands in for a sleep that is over when the test says so."""

    async def __call__(self, seconds: float) -> None:
        await self.wait()


@dataclass
class Replica:
    """This is one process of two, in the test's loop."""

    http: aiohttp.ClientSession
    site: str
    health: str = ""
    running: asyncio.Task | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def asked(self, url):
        async with self.http.get(url) as answer:
            return answer.status

    async def deliver(self, body, retry=0):
        """This posts a delivery as Slack signs it: JSON for an event, a form for a command."""
        event = "event" in body
        words = json.dumps(body) if event else urlencode(body)
        at = str(int(time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=at, body=words)
        headers = {
            "Content-Type": "application/json" if event else FORM,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": str(signature),
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        url = f"{self.site}/slack/events"
        async with self.http.post(url, data=words, headers=headers) as answer:
            return answer.status, answer.headers.get("Connection", "")


@dataclass
class Pair:
    """This is two replicas on one database."""

    both: list[Replica]
    database: Database

    def count(self, rows):
        return self.database.run_sync(
            lambda conn: conn.execute(text(f"SELECT count(*) FROM {rows}")).scalar_one()
        )


on_both_engines = pytest.mark.parametrize("database_url", databases.ENGINES, indirect=True)


@pytest.fixture
def database_url(request, tmp_path, postgres_home):
    """This is an empty database: SQLite, or what `on_both_engines` asks for."""
    with databases.fresh(getattr(request, "param", "sqlite"), tmp_path, postgres_home) as url:
        yield url


@pytest.fixture
async def pair(database_url, tmp_path):
    """This is two replicas that are ready, the sandbox's county in their database."""
    key, file = generate_key(), county.example()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await asyncio.to_thread(prepare_database, database_url, key, file, yesterday)
    database = Database.open(database_url, threads=1)
    async with PostingSlack().serving() as slack, aiohttp.ClientSession() as http:
        with structlog.testing.capture_logs() as lines:
            both = [
                await started(lines, http, slack, database_url, key, tmp_path, number)
                for number in range(2)
            ]
            try:
                yield Pair(both, database)
            finally:
                for one in both:
                    one.stop.set()
                await asyncio.wait_for(asyncio.gather(*(one.running for one in both)), WITHIN)
    await asyncio.to_thread(database.dispose)


async def started(lines, http, slack, url, key, folder, number):
    settings = load(
        database_url=url,
        keys=key,
        slack_bot_token="xoxb-1",
        slack_signing_secret=SECRET,
        slack_base_url=slack.url,
        transport="http",
        http_port=0,
        http_drain=0,
        health_port=0,
        out_file=str(folder / f"out-{number}.txt"),
        matcher="off",
    )
    before, stop = len(lines), asyncio.Event()
    running = asyncio.create_task(serve(settings, stop))

    def ports():
        return [one["port"] for one in lines[before:] if one["event"] == "site.listening"]

    await until(lambda: len(ports()) == 2 or running.done(), WITHIN)
    site, health = (f"http://127.0.0.1:{port}" for port in ports())
    found = Replica(http, site, health, running, stop)
    async with asyncio.timeout(WITHIN):
        while await found.asked(f"{site}/readyz") != 200:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.01)
    return found


@on_both_engines
async def test_one_delivery_that_reaches_both_replicas_is_one_call_for_help(pair):
    first, second = pair.both
    said = await asyncio.gather(first.deliver(HELP), second.deliver(HELP, retry=1))
    assert [status for status, _ in said] == [200, 200]
    assert (await first.deliver(HELP, retry=2))[0] == 200
    assert pair.count("matter") == 1
    assert pair.count("escalation") == 1
    said = await asyncio.gather(first.deliver(SOS), second.deliver(SOS, retry=1))
    assert [status for status, _ in said] == [200, 200]
    assert pair.count("inbound") == 2


async def test_a_replica_that_is_stopped_says_so_first_and_leaves_the_other_at_work(
    pair, monkeypatch
):
    first, second = pair.both
    hold = asyncio.Event()

    async def drain(url, seconds):
        url.leaving = True
        await hold.wait()

    monkeypatch.setattr(RequestUrl, "drain", drain)
    first.stop.set()
    async with asyncio.timeout(WITHIN):
        while await first.asked(f"{first.site}/readyz") != 503:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    assert await first.asked(f"{first.health}/readyz") == 503
    assert (await first.deliver(SOS))[0] == 200
    assert pair.count("inbound") == 1
    hold.set()
    await asyncio.wait_for(first.running, WITHIN)
    with pytest.raises(aiohttp.ClientConnectionError):
        await first.asked(f"{first.site}/healthz")
    assert await second.asked(f"{second.site}/healthz") == 200
    assert (await second.deliver(HELP))[0] == 200
    assert pair.count("matter") == 1


async def test_older_code_gives_up_its_place_to_newer_code(pair):
    first, _ = pair.both
    pair.database.run_sync(
        lambda conn: conn.execute(text("UPDATE belay_version SET behaviour = behaviour + 1"))
    )
    async with asyncio.timeout(WITHIN):
        while await first.asked(f"{first.health}/readyz") != 503:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    assert not first.running.done()


async def test_a_replica_that_leaves_says_so_first_and_still_answers_what_comes():
    hold = Held()
    url = RequestUrl(_Bolt(), SECRET, sleep=hold)
    url.able = lambda: True
    runner = web.AppRunner(url.site())
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        site = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as http:
            one = Replica(http, site)
            assert await one.asked(f"{site}/readyz") == 200
            assert await one.deliver(HELP) == (200, "")
            leaving = asyncio.create_task(url.drain(5))
            await until(lambda: url.leaving)
            assert await one.asked(f"{site}/readyz") == 503
            assert await one.asked(f"{site}/healthz") == 200
            assert await one.deliver(HELP) == (200, "close")
            assert not leaving.done()
            hold.set()
            await leaving
    finally:
        await runner.cleanup()


async def test_it_is_not_ready_before_anybody_says_so():
    runner = web.AppRunner(RequestUrl(_Bolt(), SECRET).site())
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        site = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as http:
            assert await Replica(http, site).asked(f"{site}/readyz") == 503
    finally:
        await runner.cleanup()


class _Bolt(AsyncApp):
    """This answers every delivery."""

    def __init__(self):
        """Nothing of the real one is needed."""

    async def async_dispatch(self, request):
        return BoltResponse(status=200)
