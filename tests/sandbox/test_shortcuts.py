"""This holds shortcuts: from anywhere, and from the menu of a message."""

import pytest

from tests.sandbox.conftest import MANIFEST
from tests.sandbox.kit import inputs, modal


async def test_a_global_shortcut_can_open_a_modal(world, bolt, start):
    got = []

    @bolt.shortcut("help")
    async def help_(ack, body, client):
        got.append(body)
        await ack()
        field = inputs({"type": "plain_text_input", "action_id": "note"})
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field))

    await start(bolt)
    used = await world.act("shortcut", callback_id="help", wait_for="view")
    assert used["view"]["type"] == "modal"
    assert (got[0]["type"], got[0]["user"]["id"]) == ("shortcut", "UANA")
    assert "channel" not in got[0]


async def test_a_message_shortcut_brings_its_message_and_can_answer(world, client, bolt, start):
    @bolt.shortcut("keep")
    async def keep(ack, shortcut, respond):
        await ack()
        await respond(f"kept: {shortcut['message']['text']} of {shortcut['channel']['name']}")

    await start(bolt)
    sent = await client.chat_postMessage(channel="CFIELD", text="x")
    here = {"channel": "CFIELD", "ts": sent["ts"]}
    used = await world.act("shortcut", callback_id="keep", wait_for="answer", **here)
    assert used["answer"] == "kept: x of field"


async def test_only_shortcuts_of_the_manifest_can_be_used(world):
    missing = await world.act("shortcut", callback_id="other")
    assert (missing["status"], missing["error"]) == (400, "no_such_shortcut")
    without = await world.act("shortcut", callback_id="keep")
    assert without["error"] == "message_not_found"


@pytest.mark.parametrize(
    "slip", [{"type": "odd"}, {"name": "n" * 25}, {"callback_id": ""}, {"description": "d" * 151}]
)
async def test_a_manifest_with_a_bad_shortcut_is_refused(world, slip):
    good = MANIFEST["features"]["shortcuts"][0]
    features = {**MANIFEST["features"], "shortcuts": [{**good, **slip}]}
    refused = await world.post("/install", {"manifest": {**MANIFEST, "features": features}})
    assert refused["error"] == "invalid_manifest"
