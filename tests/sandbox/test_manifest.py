"""This holds what the installed manifest allows."""

import copy

import pytest

from sandbox.manifests import problems, warnings
from tests.sandbox.conftest import MANIFEST, code_of


def changed(**sections):
    """This is the manifest with properties of its sections replaced."""
    manifest = copy.deepcopy(MANIFEST)
    for section, values in sections.items():
        manifest[section] |= values
    return manifest


def test_the_manifest_of_these_tests_is_good():
    assert problems(MANIFEST) == []
    assert warnings(MANIFEST) == []


BAD = {
    "no name": ({"settings": {}}, "display_information"),
    "a long name": (changed(display_information={"name": "x" * 36}), "less than 36"),
    "a command without slash": (
        changed(features={"slash_commands": [{"command": "x", "description": "x"}]}),
        "a slash",
    ),
    "a command without words": (changed(features={"slash_commands": [{"command": "/x"}]}), "descr"),
    "an unknown tab": (changed(features={"app_home": {"about": True}}), "additional property"),
    "no object": ("text", "object"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_manifest_is_refused_with(name, world):
    manifest, words = BAD[name]
    refused = await world.post("/install", {"manifest": manifest})
    assert (refused["status"], refused["error"]) == (400, "invalid_manifest")
    assert any(words in one for one in refused["response_metadata"]["messages"])


def test_an_event_without_its_scope_is_warned_of():
    found = warnings(changed(oauth_config={"scopes": {"bot": ["chat:write"]}}))
    assert "event message.im needs the scope im:history" in found
    assert "slash commands need the scope commands" in found


async def test_without_interactivity_no_button_works(world, client):
    await world.install(changed(settings={"interactivity": {"is_enabled": False}}))
    text = {"type": "plain_text", "text": "OK"}
    blocks = [
        {"type": "actions", "elements": [{"type": "button", "action_id": "ok", "text": text}]}
    ]
    sent = await client.chat_postMessage(channel="UANA", text="x", blocks=blocks)
    told = await world.act("click", ts=sent["ts"], action_id="ok")
    assert (told["ok"], told["delivered"]) == (False, False)
    assert (await world.get("/errors"))["errors"][-1]["error"] == "not_configured"


async def test_without_the_messages_tab_nobody_talks_directly(world, client):
    await world.install(changed(features={"app_home": {"messages_tab_enabled": False}}))
    refused = client.chat_postMessage(channel="UANA", text="x")
    assert await code_of(refused) == "messages_tab_disabled"
    read_only = {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}
    await world.install(changed(features={"app_home": read_only}))
    await client.chat_postMessage(channel="UANA", text="x")
    assert (await world.act("message", text="x"))["error"] == "messages_tab_disabled"


async def test_without_the_home_tab_nothing_is_published(world, client):
    await world.install(changed(features={"app_home": {"home_tab_enabled": False}}))
    refused = client.views_publish(user_id="UANA", view={"type": "home", "blocks": []})
    assert await code_of(refused) == "not_enabled"


async def test_without_socket_mode_no_socket_is_opened(world):
    await world.install(changed(settings={"socket_mode_enabled": False}))
    refused = world.client("").apps_connections_open(app_token=world.app["app_token"])
    assert await code_of(refused) == "access_denied"
