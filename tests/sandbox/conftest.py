"""This starts a sandbox in the test's own event loop, and a real slack_bolt app against it."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.box import BOX, Sandbox
from sandbox.clock import Clock
from sandbox.server import build
from sandbox.timing import Timing

Json = dict[str, Any]
START = 1_800_000_000.0
# A loaded machine must not turn a slow answer into a missing one; tests of timeouts set their own.
PATIENT = Timing(ack_within=20, trigger_lives=20, quiet_within=20, retry_after=())
MANIFEST: Json = {
    "display_information": {"name": "Belay"},
    "features": {
        "bot_user": {"display_name": "Belay"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/belay", "description": "Stay safe"}],
        "shortcuts": [
            {"type": "global", "name": "Help", "callback_id": "help", "description": "Ask"},
            {"type": "message", "name": "Keep", "callback_id": "keep", "description": "Keep"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("app_mentions:read", "channels:history", "channels:join", "channels:manage"),
                *("channels:read", "chat:write", "commands", "dnd:read", "groups:history"),
                *("files:read", "files:write"),
                *("groups:read", "groups:write", "im:history", "im:read", "im:write"),
                *("pins:read", "pins:write", "reactions:read", "reactions:write"),
                *("usergroups:read", "usergroups:write", "users:read", "users:read.email"),
            ]
        }
    },
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {
            "bot_events": [
                *("app_home_opened", "app_mention", "channel_shared", "member_joined_channel"),
                *("member_left_channel", "message.channels", "message.groups", "message.im"),
                *("reaction_added", "reaction_removed", "pin_added", "pin_removed"),
                *("file_shared", "file_deleted", "subteam_created", "subteam_updated"),
                *("subteam_members_changed", "user_change"),
            ]
        },
    },
}
PEOPLE: list[Json] = [
    {"id": "UANA", "name": "ana", "real_name": "Ana Peer", "email": "ana@example.org"},
    {"id": "ULEA", "name": "lea", "real_name": "Lea Lead", "tz": "America/New_York"},
    {"id": "UGUS", "name": "gus", "real_name": "Gus Guest", "is_restricted": True},
    {"id": "UOLD", "name": "old", "real_name": "Old Timer", "deleted": True},
]
CHANNELS: list[Json] = [
    {"id": "CFIELD", "name": "field", "members": ["UANA", "ULEA", "app"]},
    {"id": "CSAFE", "name": "safety", "is_private": True, "members": ["ULEA", "app"]},
    {"id": "CHIDE", "name": "hidden", "is_private": True, "members": ["ULEA"]},
    {"id": "COPEN", "name": "open", "members": ["UANA"]},
]


@dataclass
class World:
    """This is a running sandbox with its address and the credentials of the app."""

    box: Sandbox
    url: str
    http: aiohttp.ClientSession
    app: Json = field(default_factory=dict)

    async def post(self, path: str, body: Json | None = None) -> Json:
        """This calls the control API; the answer carries its HTTP status as `status`."""
        async with self.http.post(f"{self.url}/_control{path}", json=body or {}) as answer:
            return {"status": answer.status, **await answer.json()}

    async def get(self, path: str, **query: Any) -> Json:
        """This reads from the control API."""
        async with self.http.get(f"{self.url}/_control{path}", params=query) as answer:
            return {"status": answer.status, **await answer.json()}

    async def act(self, name: str, /, user: str = "UANA", **given: Any) -> Json:
        """This lets a person act."""
        return await self.post(f"/act/{name}", {"user": user, **given})

    async def see(self, user: str = "UANA", **query: Any) -> Json:
        """This is what a person sees."""
        return await self.get("/see", user=user, **query)

    async def fault(self, effect: str, **more: Any) -> Json:
        """This puts a fault in force."""
        return await self.post("/faults", {"effect": effect, **more})

    async def install(self, manifest: Json | None = None, **more: Any) -> Json:
        """This installs the app and remembers its credentials."""
        self.app = await self.post("/install", {"manifest": manifest or MANIFEST, **more})
        return self.app

    def client(self, token: str | None = None) -> AsyncWebClient:
        """This is Slack's own client, pointed at the sandbox."""
        return AsyncWebClient(
            token=token if token is not None else self.app["bot_token"],
            base_url=f"{self.url}/api/",
            session=self.http,
            retry_handlers=[],
        )


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """This is a sandbox with some people and channels, the app installed, time paused."""
    app = build(clock=Clock(START, rate=0.0), timing=PATIENT)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        box = app[BOX]
        box.url = f"http://127.0.0.1:{server.port}"
        world = World(box, box.url, http)
        await world.install()
        await world.post("/setup", {"people": PEOPLE, "channels": CHANNELS})
        yield world


@pytest.fixture
def client(world: World) -> AsyncWebClient:
    """This is Slack's client with the bot token."""
    return world.client()


Start = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]


@pytest.fixture
def bolt(world: World) -> AsyncApp:
    """This is an empty slack_bolt app."""
    logger = logging.getLogger("slack_bolt.test")
    logger.setLevel(logging.CRITICAL)
    return AsyncApp(client=world.client(), logger=logger, process_before_response=True)


@pytest.fixture
async def start(world: World) -> AsyncIterator[Start]:
    """This connects a slack_bolt app over Socket Mode, and closes it after the test."""
    handlers: list[AsyncSocketModeHandler] = []

    async def connect(app: AsyncApp) -> AsyncSocketModeHandler:
        """This connects and returns once the socket stands."""
        handler = AsyncSocketModeHandler(
            app, world.app["app_token"], web_client=world.client(""), ping_interval=0.5
        )
        handlers.append(handler)
        await handler.connect_async()
        return handler

    yield connect
    for handler in handlers:
        with contextlib.suppress(Exception):
            await handler.close_async()


@pytest.fixture
async def bodies(world: World, bolt: AsyncApp, start: Start) -> list[Json]:
    """This is every event body that the app got, in order."""
    got: list[Json] = []

    @bolt.middleware
    async def record(body: Json, next_: Callable[[], Awaitable[None]]) -> None:
        if "event" in body:
            got.append(body)
        await next_()

    for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:
        bolt.event(name.partition(".")[0])(ignore)
    await start(bolt)
    return got


async def ignore(ack: Callable[[], Awaitable[None]]) -> None:
    await ack()


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """This waits until something holds; fails loudly after a long bound."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not true():
        assert loop.time() < end, "waited in vain"
        await asyncio.sleep(0.01)


async def code_of(call: Awaitable[Any]) -> Any:
    """This is the error code with which a call is refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]
