"""This holds Socket Mode against slack_bolt's own handler."""

from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import START, World


async def test_a_command_reaches_bolt_and_its_answer_is_ephemeral(world, bolt, start):
    @bolt.command("/belay")
    async def answer(ack, command):
        await ack(f"You said {command['text']} in {command['channel_name']}")

    await start(bolt)
    told = await world.act("command", channel="CFIELD", command="/belay", text="plan")
    assert told["ok"]
    assert told["answer"] == "You said plan in field"
    other = await world.see("ULEA", channel="CFIELD")
    assert other["conversations"][0]["messages"] == []


async def test_a_command_without_a_connection_fails_at_once(world):
    told = await world.act("command", channel="CFIELD", command="/belay")
    assert not told["delivered"]
    assert told["error"] == "dispatch_failed"


async def test_a_command_that_nobody_acknowledges_times_out(world, bolt, start):
    world.box.timing = world.box.timing.changed({"ack_within": 0.1})
    await start(bolt)
    told = await world.act("command", channel="CFIELD", command="/belay")
    assert (told["delivered"], told["acked"]) == (True, False)
    assert told["error"] == "operation_timeout"


async def test_a_modal_opens_refuses_and_then_closes(world, bolt, start):
    seen: list[Any] = []

    @bolt.command("/belay")
    async def plan(ack, client, command):
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)
        await ack()

    @bolt.view("plan")
    async def submitted(ack, view):
        seen.append(view["state"]["values"])
        if view["state"]["values"]["who"]["name"]["value"] == "bad":
            await ack(response_action="errors", errors={"who": "Not this one"})
        else:
            await ack()

    await start(bolt)
    told = await world.act("command", channel="CFIELD", command="/belay")
    view_id = told["view"]["id"]
    refused = await world.act("submit", view_id=view_id)
    assert refused["errors"] == {"who": "Please complete this required field."}
    assert seen == []
    again = await world.act("submit", view_id=view_id, values={"name": "bad"})
    assert again["errors"] == {"who": "Not this one"}
    assert again["view"]["values"]["who"]["name"]["value"] == "bad"
    done = await world.act("submit", view_id=view_id, values={"who": "good"})
    assert done["ok"]
    assert done["view"] is None
    assert seen[-1]["who"]["name"] == {"type": "plain_text_input", "value": "good"}


async def test_a_button_in_a_message_carries_slacks_payload(world, bolt, start, client):
    bodies: list[Any] = []

    @bolt.action("ok")
    async def pressed(ack, body, respond):
        await ack()
        bodies.append(body)
        await respond("thank you")

    await start(bolt)
    sent = await client.chat_postMessage(channel="UANA", text="check in", blocks=BUTTONS)
    told = await world.act("click", channel=sent["channel"], ts=sent["ts"], action_id="ok")
    assert told["answer"] == "thank you"
    body = bodies[0]
    assert body["container"]["message_ts"] == sent["ts"]
    assert body["channel"] == {"id": sent["channel"], "name": "directmessage"}
    assert body["actions"][0]["value"] == "7"
    assert body["message"]["ts"] == sent["ts"]


async def test_a_ticket_opens_one_connection(world, client):
    opened = await world.client("").apps_connections_open(app_token=world.app["app_token"])
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(opened["url"]) as ws:
            hello = await ws.receive_json()
            assert hello["type"] == "hello"
            assert hello["num_connections"] == 1
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])


def test_the_world_starts_where_the_tests_say(world: World):
    assert world.box.clock.now() == START


MODAL = {
    "type": "modal",
    "callback_id": "plan",
    "title": {"type": "plain_text", "text": "Plan"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "who",
            "label": {"type": "plain_text", "text": "Who"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        }
    ],
}
BUTTONS = [
    {
        "type": "actions",
        "block_id": "b",
        "elements": [
            {
                "type": "button",
                "action_id": "ok",
                "value": "7",
                "text": {"type": "plain_text", "text": "OK"},
            }
        ],
    }
]
