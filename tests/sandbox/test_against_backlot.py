"""This holds the sandbox's refusals to those that backlot has measured at Slack's own servers.

backlot emulates the reading and writing methods of chat, conversations, users and reactions. It
runs as a process on this machine; its telemetry, which is on unless it is told otherwise, is off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import World
from tests.sandbox.wrong_calls import CALLS

pytestmark = pytest.mark.xdist_group("backlot")

MESSAGES = [
    ("field", "lea", "public", 1_700_000_000),
    ("field", "ana", "public", 1_700_000_100),
    ("hidden", "lea", "private", 1_700_000_200),
    ("elsewhere", "new", "public", 1_700_000_300),
]
NEVER = "1700009999.000100"
OFF = {"BACKLOT_TELEMETRY": "0", "DO_NOT_TRACK": "1"}

BY_REFERENCE = "Slack's reference wants an integer under 1000 and lists invalid_limit"
Call = tuple[str, dict[str, str]]
# What differs, ours first, and why ours is right or at least on the safe side.
AGREED: list[tuple[Call, str | None, str | None, str]] = [
    (
        ("chat.postEphemeral", {"channel": "{field}", "user": "{new}", "text": "x"}),
        "user_not_in_channel",
        None,
        "backlot's public channels have everybody as a member",
    ),
    (
        ("chat.postEphemeral", {"channel": "{field}", "user": "{lea}"}),
        "no_text",
        None,
        "Slack's reference lists no_text; backlot has seen an empty one pass",
    ),
    (("conversations.list", {"limit": "-1"}), "invalid_limit", None, BY_REFERENCE),
    (("conversations.list", {"limit": "5000"}), "invalid_limit", None, BY_REFERENCE),
]


@dataclass(frozen=True)
class Workspace:
    """This is one of the two: where its API is, the caller's token, and what things are called."""

    api: str
    token: str
    names: dict[str, str]


async def answer(http: aiohttp.ClientSession, where: Workspace, method: str, **args: str) -> Any:
    """This is what a workspace answers to a call; arguments travel as a form."""
    for name, value in where.names.items():
        args = {key: given.replace("{" + name + "}", value) for key, given in args.items()}
    head = {"Authorization": f"Bearer {where.token}"} if where.token else {}
    async with http.post(f"{where.api}/{method}", data=args, headers=head) as response:
        return await response.json()


@pytest.fixture(scope="module")
def backlot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    """This is a running backlot with a few messages, as Ana calls it; and Lea's token."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in OFF.items():
            patch.setenv(name, value)
        # It reads a .env where it stands.
        patch.chdir(tmp_path_factory.mktemp("backlot"))
        settings = import_module("backlot.config").Settings()
        assert not import_module("backlot.telemetry").enabled(settings)
        server = import_module("backlot.server")
        records = [
            {
                "source_type": "slack",
                "channel": channel,
                "content": f"hello at {created}",
                "author_email": f"{author}@example.org",
                "visibility": visibility,
                "created": created,
            }
            for channel, author, visibility, created in MESSAGES
        ]
        with server.serve(records, host="127.0.0.1", telemetry=False) as running:
            people = server.meta_users(running.base_url)["users"]
            tokens = {one["email"].partition("@")[0]: one["token"] for one in people}
            yield Workspace(f"{running.base_url}/slack/api", tokens["ana"], {}), tokens["lea"]


async def named(http: aiohttp.ClientSession, ana: Workspace, lea: str) -> Workspace:
    """This is Ana's backlot with the names of things in it; what Lea can see, she told."""
    people = (await answer(http, ana, "users.list"))["members"]
    both = {"types": "public_channel,private_channel"}
    hers = Workspace(ana.api, lea, {})
    channels = (await answer(http, hers, "conversations.list", **both))["channels"]
    names = {one["name"]: one["id"] for one in [*people, *channels]} | {"never": NEVER}
    told = {"channel": names["field"], "text": "x"}
    names["own"] = (await answer(http, ana, "chat.postMessage", **told))["ts"]
    names["other"] = (await answer(http, hers, "chat.postMessage", **told))["ts"]
    return Workspace(ana.api, ana.token, names)


async def ours(world: World) -> Workspace:
    """This is the sandbox, in which the app is the caller."""
    await world.post("/setup", {"people": [{"id": "UNEW", "name": "new"}]})
    await world.post("/rate_limits", {"enabled": False})
    here = Workspace(f"{world.url}/api", world.app["bot_token"], {})
    told = {"channel": "CFIELD", "text": "x"}
    own = (await answer(world.http, here, "chat.postMessage", **told))["ts"]
    other = (await world.act("message", "ULEA", channel="CFIELD", text="x"))["ts"]
    names = {"field": "CFIELD", "hidden": "CHIDE", "lea": "ULEA", "new": "UNEW"}
    return Workspace(here.api, here.token, {**names, "own": own, "other": other, "never": NEVER})


@pytest.fixture
async def both(world: World, backlot: tuple[Workspace, str]) -> tuple[Workspace, Workspace]:
    """This is the sandbox and backlot, with the same people, channels and messages."""
    return await ours(world), await named(world.http, *backlot)


async def test_the_same_wrong_call_gets_the_same_error(world, both):
    differ = []
    for method, args in CALLS:
        one, other = [await answer(world.http, where, method, **args) for where in both]
        if one.get("error") != other.get("error"):
            differ.append(((method, args), one.get("error"), other.get("error")))
        elif one.get("error") == "invalid_arguments":
            assert one["response_metadata"] == other["response_metadata"], (method, args)
    assert differ == [(call, mine, theirs) for call, mine, theirs, _ in AGREED]


@pytest.mark.parametrize("token", ["", "xoxb-nobody"])
async def test_a_bad_token_gets_the_same_error_everywhere(world, both, token):
    for method in sorted({method for method, _ in CALLS} - {"api.test"}):
        errors = [
            (await answer(world.http, Workspace(where.api, token, {}), method))["error"]
            for where in both
        ]
        assert errors[0] == errors[1], method


async def test_a_method_that_slack_has_not_is_unknown_to_both(world, both):
    answers = [await answer(world.http, where, "chat.whisper") for where in both]
    assert [one["error"] for one in answers] == ["unknown_method"] * 2
