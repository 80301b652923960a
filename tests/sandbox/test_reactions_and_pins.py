"""This holds reactions and pins: the app's by Slack's own client, and people's."""

import pytest

from sandbox import limits
from tests.sandbox.conftest import code_of


@pytest.fixture
async def message(client):
    """This is where a message of the app stands."""
    sent = await client.chat_postMessage(channel="CFIELD", text="x")
    return {"channel": "CFIELD", "timestamp": sent["ts"]}


async def test_a_reaction_is_added_read_and_taken_back(client, message):
    await client.reactions_add(name="eyes", **message)
    got = await client.reactions_get(**message)
    assert got["message"]["reactions"] == [{"name": "eyes", "users": ["U0SANDBOXB"], "count": 1}]
    assert got["message"]["permalink"].startswith("https://")
    await client.reactions_remove(name="eyes", **message)
    assert "reactions" not in (await client.reactions_get(**message))["message"]


async def test_reactions_are_refused_in_slacks_words(world, client, message):
    add, remove = client.reactions_add, client.reactions_remove
    assert await code_of(add(name="", **message)) == "invalid_name"
    assert await code_of(add(name=":eyes:", **message)) == "invalid_name"
    assert await code_of(remove(name="eyes", **message)) == "no_reaction"
    await add(name="eyes", **message)
    assert await code_of(add(name="eyes", **message)) == "already_reacted"
    nowhere = {"channel": "CFIELD", "timestamp": "1.000000"}
    assert await code_of(add(name="eyes", **nowhere)) == "message_not_found"
    assert await code_of(add(name="eyes", channel="CFIELD", timestamp="")) == "bad_timestamp"
    assert await code_of(add(name="eyes", channel="COPEN", timestamp="1.0")) == "not_in_channel"
    assert await code_of(client.reactions_get(file="F1")) == "file_not_found"
    await world.post("/setup", {"channels": [{"id": "CFIELD", "is_archived": True}]})
    assert await code_of(add(name="wave", **message)) == "is_archived"


async def test_nobody_takes_back_what_another_one_left(world, client, message):
    await world.act("react", channel="CFIELD", ts=message["timestamp"], name=":eyes:")
    assert await code_of(client.reactions_remove(name="eyes", **message)) == "no_reaction"
    assert (await client.reactions_get(**message))["message"]["reactions"][0]["users"] == ["UANA"]


async def test_there_are_so_many_reactions_of_one_and_so_many_emoji_in_all(world, client, message):
    for number in range(limits.REACTIONS_OF_ONE):
        await client.reactions_add(name=f"e{number}", **message)
    more = client.reactions_add(name="one-more", **message)
    assert await code_of(more) == "too_many_reactions"
    (standing,) = world.box.workspace.channels["CFIELD"].messages.values()
    for number in range(limits.EMOJI_ON_MESSAGE):
        standing.reactions.setdefault(f"e{number}", ["ULEA"])
    assert await code_of(client.reactions_add(name="one-more", **message)) == "too_many_emoji"


async def test_the_app_lists_what_it_reacted_to(client, message):
    assert (await client.reactions_list())["items"] == []
    await client.reactions_add(name="eyes", **message)
    (item,) = (await client.reactions_list(user="U0SANDBOXB"))["items"]
    assert (item["channel"], item["message"]["ts"]) == ("CFIELD", message["timestamp"])
    assert await code_of(client.reactions_list(user="UNONE")) == "user_not_found"


async def test_a_person_takes_a_reaction_back_and_the_app_hears_of_it(world, bodies, message):
    here = {"channel": "CFIELD", "ts": message["timestamp"], "name": "eyes"}
    await world.act("react", **here)
    assert (await world.act("unreact", **here))["acked"] is True
    told = [body["event"] for body in bodies if "reaction" in body["event"]]
    assert [event["type"] for event in told] == ["reaction_added", "reaction_removed"]
    assert told[1]["item"]["ts"] == message["timestamp"]
    assert (told[1]["user"], told[1]["item_user"]) == ("UANA", "U0SANDBOXB")
    seen = await world.see("UANA", channel="CFIELD")
    assert seen["conversations"][0]["messages"][0]["reactions"] == {}


async def test_reactions_and_pins_are_seen_to_happen(world, message):
    here = {"channel": "CFIELD", "ts": message["timestamp"]}
    await world.act("react", name="eyes", **here)
    await world.act("pin", **here)
    happened = (await world.get("/see/messages", user="ULEA"))["messages"]
    assert [entry["kind"] for entry in happened][-2:] == ["reaction", "pin"]


async def test_a_message_is_pinned_listed_and_unpinned(client, message):
    await client.pins_add(**message)
    (item,) = (await client.pins_list(channel="CFIELD"))["items"]
    assert (item["type"], item["created_by"]) == ("message", "U0SANDBOXB")
    assert item["message"]["pinned_to"] == ["CFIELD"]
    await client.pins_remove(**message)
    assert (await client.pins_list(channel="CFIELD"))["items"] == []


async def test_pins_are_refused_in_slacks_words(world, client, message):
    assert await code_of(client.pins_remove(**message)) == "no_pin"
    await client.pins_add(**message)
    assert await code_of(client.pins_add(**message)) == "already_pinned"
    assert await code_of(client.pins_add(channel="CFIELD", timestamp="1.0")) == "message_not_found"
    without = client.api_call("pins.add", params={"channel": "CFIELD"})
    assert await code_of(without) == "no_item_specified"
    assert await code_of(client.pins_list(channel="CNONE")) == "channel_not_found"
    assert await code_of(client.pins_list(channel="COPEN")) == "not_in_channel"
    standing = world.box.workspace.channels["CFIELD"].messages
    for _ in range(limits.PINS):
        sent = await world.act("message", "ULEA", channel="CFIELD", text="y")
        standing[sent["ts"]].pinned = True
    other = await world.act("message", "ULEA", channel="CFIELD", text="z")
    full = client.pins_add(channel="CFIELD", timestamp=other["ts"])
    assert await code_of(full) == "too_many_pins"


async def test_people_pin_and_unpin_and_the_app_hears_of_it(world, bodies, message):
    here = {"channel": "CFIELD", "ts": message["timestamp"]}
    assert (await world.act("pin", **here))["ok"] is True
    seen = await world.see("ULEA", channel="CFIELD")
    assert seen["conversations"][0]["messages"][0]["pinned"] is True
    await world.act("unpin", "ULEA", **here)
    told = [body["event"] for body in bodies if "pin_" in body["event"]["type"]]
    assert [(event["type"], event["user"]) for event in told] == [
        ("pin_added", "UANA"),
        ("pin_removed", "ULEA"),
    ]
    assert (told[0]["pin_count"], told[1]["has_pins"]) == (1, False)
    assert told[0]["item"]["message"]["ts"] == message["timestamp"]


async def test_who_only_looks_on_does_not_pin(world):
    sent = await world.act("message", channel="COPEN", text="x")
    refused = await world.act("pin", "ULEA", channel="COPEN", ts=sent["ts"])
    assert refused["error"] == "not_in_channel"
