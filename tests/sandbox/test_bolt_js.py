"""This holds the sandbox against the JavaScript Bolt, so that it does not only suit Python's.

It needs node and `make js`, which installs what tests/sandbox/js/package-lock.json pins.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.sandbox.conftest import World, until

HERE = Path(__file__).parent / "js"
NODE = shutil.which("node")
STARTS_WITHIN = 60.0

pytestmark = pytest.mark.skipif(
    NODE is None or not (HERE / "node_modules").is_dir(),
    reason="The JavaScript Bolt is not installed: it takes node, and `make js` once.",
)


@pytest.fixture
async def app(world: World) -> AsyncIterator[None]:
    """This is the app of js/app.mjs, connected to the sandbox; it ends with its input."""
    given = {
        "PATH": os.environ["PATH"],
        "BASE_URL": world.url,
        "BOT_TOKEN": world.app["bot_token"],
        "APP_TOKEN": world.app["app_token"],
    }
    assert NODE is not None
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        NODE, HERE / "app.mjs", env=given, stdin=pipe, stdout=pipe
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = await asyncio.wait_for(process.stdout.readline(), STARTS_WITHIN)
        assert said == b"ready\n"
        await until(lambda: bool(world.box.sockets.open), STARTS_WITHIN)
        yield
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STARTS_WITHIN)
        except TimeoutError:
            process.kill()
            raise


async def test_a_command_is_acknowledged_and_answered(world, app):
    told = await world.act("command", channel="CFIELD", command="/belay", text="plan")
    assert told["acked"] is True
    await until(lambda: {"got plan", "and more"} <= texts(world), 20)


async def test_a_message_a_button_a_form_and_its_refusal(world, app):
    said = await world.act("message", channel="app", text="hello")
    assert said["acked"] is True
    await until(lambda: "hello <@UANA>" in texts(world), 20)
    (greeting,) = [
        entry
        for entry in world.box.workspace.journal.of("UANA")
        if entry.kind == "message" and entry.data["text"] == "hello <@UANA>"
    ]
    pressed = await world.act("click", ts=greeting.data["ts"], action_id="plan", wait_for="view")
    form = pressed["view"]["id"]
    refused = await world.act("submit", view_id=form, values={"text": "ab"})
    assert refused["errors"] == {"where": "Say a little more."}
    assert refused["view"]["values"]["where"]["text"]["value"] == "ab", "what was typed is kept"
    taken = await world.act("submit", view_id=form, values={"text": "Main St"}, wait_for="message")
    assert (taken["view"], taken["errors"]) == (None, {})
    await until(lambda: "off to Main St" in texts(world), 20)


async def test_a_shortcut_a_reaction_and_a_pin(world, app, client):
    sent = await client.chat_postMessage(channel="CFIELD", text="x")
    here = {"channel": "CFIELD", "ts": sent["ts"]}
    assert (await world.act("shortcut", callback_id="keep", **here))["acked"] is True
    message = world.box.workspace.channels["CFIELD"].messages[sent["ts"]]
    await until(lambda: message.reactions == {"pushpin": ["U0SANDBOXB"]}, 20)
    assert (await world.act("react", name="wave", **here))["acked"] is True
    await until(lambda: message.pinned, 20)


def texts(world):
    """This is every text that Ana could see come."""
    return {entry.data.get("text") for entry in world.box.workspace.journal.of("UANA")}
