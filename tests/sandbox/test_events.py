"""This holds events: who gets them, in which shape, and how often they are tried."""

import pytest

from sandbox.delivery import Delivery
from sandbox.outcome import Outcome
from tests.sandbox.conftest import MANIFEST, until


def types(bodies):
    return [body["event"]["type"] for body in bodies]


async def test_a_message_has_slacks_envelope(world, bodies):
    sent = await world.act("message", channel="CFIELD", text="hello")
    assert sent["acked"] is True
    body = bodies[0]
    assert body["type"] == "event_callback"
    assert body["authorizations"][0]["user_id"] == "U0SANDBOXB"
    assert body["event_time"] == 1_800_000_000
    assert body["is_ext_shared_channel"] is False
    event = body["event"]
    assert (event["channel"], event["channel_type"]) == ("CFIELD", "channel")
    assert (event["user"], event["text"], event["ts"]) == ("UANA", "hello", sent["ts"])


async def test_a_mention_is_told_twice_and_in_a_direct_message_once(world, bodies):
    await world.act("message", channel="CFIELD", text="<@U0SANDBOXB> help")
    assert sorted(types(bodies)) == ["app_mention", "message"]
    await world.act("message", channel="app", text="<@U0SANDBOXB> help")
    assert bodies[-1]["event"]["channel_type"] == "im"
    assert len(bodies) == 3


async def test_the_app_hears_only_channels_it_is_in(world, bodies):
    await world.act("message", channel="COPEN", text="secret")
    await world.act("message", "ULEA", channel="CHIDE", text="secret")
    assert bodies == []


async def test_joining_and_leaving_are_told(world, bodies):
    await world.act("join", "UGUS", channel="CFIELD", by="ULEA")
    await world.act("leave", "UANA", channel="CFIELD")
    assert types(bodies) == ["member_joined_channel", "member_left_channel"]
    assert bodies[0]["event"]["user"] == "UGUS"
    await world.act("leave", "ULEA", channel="CFIELD", app=True)
    assert bodies[-1]["event"]["user"] == "U0SANDBOXB"
    assert (await world.act("message", "ULEA", channel="CFIELD", text="x"))["delivered"] is False
    refused = await world.act("join", "UGUS", channel="COPEN")
    assert refused["error"] == "channel_not_found"


async def test_a_shared_channel_is_told_and_marked(world, bodies, client):
    await world.act("share_channel", "ULEA", channel="CFIELD", team="T9")
    await world.act("message", channel="CFIELD", text="x")
    assert types(bodies) == ["channel_shared", "message"]
    assert bodies[0]["event"]["connected_team_id"] == "T9"
    assert bodies[1]["is_ext_shared_channel"] is True
    info = await client.conversations_info(channel="CFIELD")
    assert info["channel"]["is_ext_shared"] is True
    await world.act("share_channel", "ULEA", channel="CFIELD", team="T9", shared=False)
    info = await client.conversations_info(channel="CFIELD")
    assert info["channel"]["is_ext_shared"] is False


async def test_a_deactivated_person_is_told_and_can_do_nothing(world, bodies):
    await world.post("/setup", {"people": [{"id": "UANA", "deleted": True}]})
    await until(lambda: types(bodies) == ["user_change"])
    assert bodies[0]["event"]["user"]["deleted"] is True
    refused = await world.act("message", channel="CFIELD", text="x")
    assert refused["error"] == "user_is_deactivated"


async def test_a_reaction_is_told(world, bodies, client):
    sent = await client.chat_postMessage(channel="CFIELD", text="x")
    await world.act("react", channel="CFIELD", ts=sent["ts"], name="eyes")
    reactions = [b["event"] for b in bodies if b["event"]["type"] == "reaction_added"]
    assert reactions[0]["item"] == {"type": "message", "channel": "CFIELD", "ts": sent["ts"]}
    assert reactions[0]["item_user"] == "U0SANDBOXB"


async def test_without_subscription_or_scope_nothing_is_told(world, bodies):
    settings = {**MANIFEST["settings"], "event_subscriptions": {"bot_events": ["message.channels"]}}
    await world.install({**MANIFEST, "settings": settings})
    assert (await world.act("message", text="direct"))["delivered"] is False
    assert (await world.act("message", channel="CFIELD", text="x"))["delivered"] is True
    await world.install({**MANIFEST, "oauth_config": {"scopes": {"bot": ["chat:write"]}}})
    assert (await world.act("message", channel="CFIELD", text="x"))["delivered"] is False


async def test_a_command_that_the_manifest_lacks_is_unknown(world, bodies):
    told = await world.act("command", channel="CFIELD", command="/other")
    assert told["answer"] == "/other is not a valid command."
    assert told["delivered"] is False


class Transport:
    """This is a transport that keeps what it gets and fails a given number of times."""

    def __init__(self, failures=0, final=False):
        self.failures, self.final = failures, final
        self.payloads, self.attempts = [], []

    async def send(self, lane, payload, attempt):
        self.payloads.append(payload)
        self.attempts.append((attempt.number, attempt.reason))
        if len(self.attempts) > self.failures:
            return Outcome(True, True)
        return Outcome(True, False, reason="timeout", final=self.final)


def sends_by(world, transport):
    """This lets deliveries go through another transport than the sockets."""
    world.box.delivery = Delivery(world.box, transport, world.box.http)
    return transport


async def test_the_apps_own_edit_is_told_as_a_hidden_message(world, client):
    transport = sends_by(world, Transport())
    sent = await client.chat_postMessage(channel="CFIELD", text="a")
    await client.chat_update(channel="CFIELD", ts=sent["ts"], text="b")
    await client.chat_delete(channel="CFIELD", ts=sent["ts"])
    await until(lambda: len(transport.payloads) == 3)
    posted, changed, deleted = (payload["event"] for payload in transport.payloads)
    assert posted["bot_id"] == "B0SANDBOX1"
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert changed["previous_message"]["text"] == "a"
    assert changed["message"]["text"] == "b"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", sent["ts"])


@pytest.mark.parametrize(("failures", "tries"), [(0, 1), (2, 3), (9, 4)])
async def test_an_event_is_tried_again_three_times_with_its_number(world, failures, tries):
    world.box.timing = world.box.timing.changed({"retry_after": [0.0, 0.0, 0.0]})
    transport = sends_by(world, Transport(failures))
    await world.act("message", text="x")
    await until(lambda: len(transport.attempts) == tries)
    assert len({payload["event_id"] for payload in transport.payloads}) == 1
    assert transport.attempts == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")][:tries]


async def test_an_app_may_ask_for_no_retry(world):
    world.box.timing = world.box.timing.changed({"retry_after": [0.0, 0.0, 0.0]})
    transport = sends_by(world, Transport(9, final=True))
    await world.act("message", text="x")
    assert (await world.post("/quiet"))["quiet"] is True
    assert len(transport.attempts) == 1
