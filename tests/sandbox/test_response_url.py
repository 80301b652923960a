"""This holds response URLs: five uses, replacing, deleting, and who sees the answer."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient


@pytest.fixture
async def hook(world, bolt, start):
    """This is Slack's webhook client for the response URL of a command."""
    urls = []

    @bolt.command("/belay")
    async def remember(ack, body):
        urls.append(body["response_url"])
        await ack()

    await start(bolt)
    await world.act("command", channel="COPEN", command="/belay")
    return AsyncWebhookClient(urls[0], session=world.http)


async def texts(world, user):
    channel = (await world.see(user, channel="COPEN"))["conversations"][0]
    return [(m["text"], m["ephemeral"]) for m in channel["messages"]]


async def test_an_answer_is_ephemeral_even_where_the_app_is_not_a_member(world, hook):
    assert (await hook.send(text="for you")).body == "ok"
    assert await texts(world, "UANA") == [("for you", True)]
    assert await texts(world, "ULEA") == []


async def test_an_answer_may_be_for_everybody(world, hook):
    await hook.send(text="for all", response_type="in_channel")
    assert await texts(world, "ULEA") == [("for all", False)]


async def test_an_answer_replaces_and_deletes_the_one_before(world, hook):
    await hook.send(text="wait")
    await hook.send(text="done", replace_original=True)
    assert await texts(world, "UANA") == [("done", True)]
    await hook.send(delete_original=True)
    assert await texts(world, "UANA") == []


async def test_five_uses_are_all(world, hook):
    for n in range(5):
        assert (await hook.send(text=str(n))).status_code == 200
    used = await hook.send(text="6")
    assert (used.status_code, "used_url" in used.body) == (404, True)


async def test_it_expires(world, client):
    world.box.timing = world.box.timing.changed({"response_url_lives": 0})
    old = AsyncWebhookClient(world.box.response_url("COPEN", "UANA"), session=world.http)
    assert "expired_url" in (await old.send(text="x")).body


async def test_bad_blocks_are_refused(world, hook):
    refused = await hook.send(text="x", blocks=[{"type": "section"}])
    assert (refused.status_code, "invalid_blocks" in refused.body) == (400, True)


async def test_an_ephemeral_button_sends_no_message_and_can_replace_it(world, bolt, start, client):
    bodies = []

    @bolt.action("ok")
    async def pressed(ack, body, respond):
        bodies.append(body)
        await ack()
        await respond("thanks", replace_original=True)

    await start(bolt)
    text = {"type": "plain_text", "text": "OK"}
    blocks = [
        {"type": "actions", "elements": [{"type": "button", "action_id": "ok", "text": text}]}
    ]
    sent = await client.chat_postEphemeral(channel="CFIELD", user="UANA", text="x", blocks=blocks)
    ts = sent["message_ts"]
    await world.act("click", channel="CFIELD", ts=ts, action_id="ok", wait_for="edit")
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]
    seen = (await world.see(channel="CFIELD"))["conversations"][0]["messages"]
    assert [(m["text"], m["blocks"]) for m in seen] == [("thanks", [])]
    other = await world.act("click", "ULEA", channel="CFIELD", ts=ts, action_id="ok")
    assert other["error"] == "message_not_found"
