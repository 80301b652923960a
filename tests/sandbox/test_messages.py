"""This holds messages, threads, metadata and what people see of them."""

from tests.sandbox.conftest import code_of

METADATA = {"event_type": "belay", "event_payload": {"key": "p/1"}}


async def test_ts_grow_although_the_world_stands_still(client):
    sent = [(await client.chat_postMessage(channel="CFIELD", text="x"))["ts"] for _ in range(5)]
    assert sent == sorted(set(sent))


async def test_metadata_is_only_returned_on_request(client):
    await client.chat_postMessage(channel="CFIELD", text="x", metadata=METADATA)
    plain = await client.conversations_history(channel="CFIELD")
    assert "metadata" not in plain["messages"][0]
    full = await client.conversations_history(channel="CFIELD", include_all_metadata=True)
    assert full["messages"][0]["metadata"] == METADATA


async def test_people_never_see_metadata(world, client):
    await client.chat_postMessage(channel="CFIELD", text="x", metadata=METADATA)
    assert "p/1" not in str(await world.see())
    assert "p/1" not in str(await world.get("/see/messages", user="UANA"))


async def test_history_respects_its_bounds_and_pages(client):
    sent = [(await client.chat_postMessage(channel="CFIELD", text=str(n)))["ts"] for n in range(5)]
    inside = await client.conversations_history(channel="CFIELD", oldest=sent[1], latest=sent[3])
    assert [m["text"] for m in inside["messages"]] == ["2"]
    closed = await client.conversations_history(
        channel="CFIELD", oldest=sent[1], latest=sent[3], inclusive=True
    )
    assert [m["text"] for m in closed["messages"]] == ["3", "2", "1"]
    page = await client.conversations_history(channel="CFIELD", limit=2)
    assert page["has_more"] is True
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel="CFIELD", limit=9, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["2", "1", "0"]


async def test_threads_count_their_replies(client):
    parent = (await client.chat_postMessage(channel="CFIELD", text="visit"))["ts"]
    reply = await client.chat_postMessage(channel="CFIELD", text="in", thread_ts=parent)
    nested = await client.chat_postMessage(channel="CFIELD", text="out", thread_ts=reply["ts"])
    assert nested["message"]["thread_ts"] == parent
    top = (await client.conversations_history(channel="CFIELD"))["messages"]
    assert [(m["text"], m["reply_count"]) for m in top] == [("visit", 2)]
    thread = await client.conversations_replies(channel="CFIELD", ts=parent)
    assert [m["text"] for m in thread["messages"]] == ["visit", "in", "out"]
    assert await code_of(client.conversations_replies(channel="CFIELD", ts="1.0")) == (
        "thread_not_found"
    )


async def test_a_reply_to_a_message_that_is_gone_stands_in_the_channel(client):
    parent = (await client.chat_postMessage(channel="CFIELD", text="visit"))["ts"]
    await client.chat_delete(channel="CFIELD", ts=parent)
    sent = await client.chat_postMessage(channel="CFIELD", text="late", thread_ts=parent)
    assert "thread_ts" not in sent["message"]
    (standing,) = (await client.conversations_history(channel="CFIELD"))["messages"]
    assert standing["text"] == "late"


async def test_a_deleted_reply_no_longer_counts(client):
    parent = (await client.chat_postMessage(channel="CFIELD", text="visit"))["ts"]
    reply = (await client.chat_postMessage(channel="CFIELD", text="in", thread_ts=parent))["ts"]
    await client.chat_delete(channel="CFIELD", ts=reply)
    top = (await client.conversations_history(channel="CFIELD"))["messages"][0]
    assert "reply_count" not in top


async def test_a_reply_may_be_shown_in_the_channel_as_well(client):
    parent = (await client.chat_postMessage(channel="CFIELD", text="visit"))["ts"]
    await client.chat_postMessage(
        channel="CFIELD", text="safe", thread_ts=parent, reply_broadcast=True
    )
    top = (await client.conversations_history(channel="CFIELD"))["messages"]
    assert [m["text"] for m in top] == ["safe", "visit"]
    assert top[0]["subtype"] == "thread_broadcast"


async def test_only_own_messages_are_edited_or_deleted(world, client):
    theirs = (await world.act("message", channel="CFIELD", text="mine"))["ts"]
    edit = client.chat_update(channel="CFIELD", ts=theirs, text="x")
    assert await code_of(edit) == "cant_update_message"
    missing = client.chat_update(channel="CFIELD", ts="1.0", text="x")
    assert await code_of(missing) == "message_not_found"
    own = (await client.chat_postMessage(channel="CFIELD", text="a"))["ts"]
    await client.chat_update(channel="CFIELD", ts=own, text="b")
    seen = (await world.see(channel="CFIELD"))["conversations"][0]["messages"]
    assert [(m["text"], m["edited"]) for m in seen] == [("mine", False), ("b", True)]
    await client.chat_delete(channel="CFIELD", ts=own)
    seen = (await world.see(channel="CFIELD"))["conversations"][0]["messages"]
    assert [m["text"] for m in seen] == ["mine"]


async def test_an_edit_keeps_what_it_does_not_mention(client):
    blocks = [{"type": "divider", "block_id": "line"}]
    sent = await client.chat_postMessage(
        channel="CFIELD", text="a", blocks=blocks, metadata=METADATA
    )
    only_metadata = {"channel": "CFIELD", "ts": sent["ts"], "metadata": METADATA}
    assert await code_of(client.api_call("chat.update", json=only_metadata)) == "no_text"
    kept = await client.conversations_history(channel="CFIELD", include_all_metadata=True)
    assert kept["messages"][0]["blocks"][0]["block_id"] == "line"
    await client.chat_update(channel="CFIELD", ts=sent["ts"], text="b")
    after = await client.conversations_history(channel="CFIELD", include_all_metadata=True)
    assert "blocks" not in after["messages"][0]
    assert after["messages"][0]["metadata"] == METADATA


async def test_an_ephemeral_message_is_for_one_person_and_in_no_history(world, client):
    await client.chat_postEphemeral(channel="CFIELD", user="UANA", text="psst")
    ana = (await world.see("UANA", channel="CFIELD"))["conversations"][0]["messages"]
    lea = (await world.see("ULEA", channel="CFIELD"))["conversations"][0]["messages"]
    assert [m["ephemeral"] for m in ana] == [True]
    assert lea == []
    assert (await client.conversations_history(channel="CFIELD"))["messages"] == []
    outside = client.chat_postEphemeral(channel="CFIELD", user="UGUS", text="x")
    assert await code_of(outside) == "user_not_in_channel"


async def test_phones_light_up_for_new_messages_and_never_for_edits(world, client):
    sent = await client.chat_postMessage(channel="UANA", text="due in 5 minutes")
    await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="overdue")
    await client.chat_postMessage(channel="CFIELD", text="nobody in particular")
    await client.chat_postMessage(channel="CFIELD", text="hello <@UANA>")
    no_text = {"channel": "UANA", "blocks": [{"type": "divider"}]}
    await client.api_call("chat.postMessage", json=no_text)
    lit = (await world.see())["notifications"]
    assert [n["text"] for n in lit] == [
        "due in 5 minutes",
        "hello <@UANA>",
        "This content can't be displayed.",
    ]


async def test_a_thread_notifies_those_who_take_part(world, client):
    parent = (await world.act("message", channel="CFIELD", text="out now"))["ts"]
    await client.chat_postMessage(channel="CFIELD", text="noted", thread_ts=parent)
    assert [n["text"] for n in (await world.see())["notifications"]] == ["noted"]
    assert (await world.see("ULEA"))["notifications"] == []


async def test_notifications_are_held_while_somebody_is_not_to_be_disturbed(world, client):
    quiet = {"id": "UANA", "dnd_enabled": True, "dnd_start": 1_799_990_000, "dnd_end": 1.9e9}
    await world.post("/setup", {"people": [quiet]})
    await client.chat_postMessage(channel="UANA", text="x")
    assert (await world.see())["notifications"][0]["held_by_dnd"] is True


async def test_unread_messages_are_counted_until_they_are_read(world, client):
    await client.chat_postMessage(channel="CFIELD", text="one")
    await client.chat_postMessage(channel="CFIELD", text="two")
    assert (await world.see(channel="CFIELD"))["conversations"][0]["unread"] == 2
    await world.act("read", channel="CFIELD")
    assert (await world.see(channel="CFIELD"))["conversations"][0]["unread"] == 0


async def test_private_channels_are_there_for_members_only(world):
    ana = {c["id"] for c in (await world.see("UANA"))["conversations"]}
    lea = {c["id"] for c in (await world.see("ULEA"))["conversations"]}
    gus = {c["id"] for c in (await world.see("UGUS"))["conversations"]}
    assert ana == {"CFIELD", "COPEN"}
    assert lea == {"CFIELD", "COPEN", "CSAFE", "CHIDE"}
    assert gus == set()
    assert (await world.see("UANA", channel="CSAFE"))["status"] == 404
    refused = await world.act("message", channel="CSAFE", text="x")
    assert (refused["status"], refused["error"]) == (400, "channel_not_found")


async def test_the_flat_list_tells_what_happened_in_order(world, client):
    sent = await client.chat_postMessage(channel="UANA", text="a")
    mark = (await world.get("/see/messages", user="UANA"))["seq"]
    await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="b")
    await client.chat_postMessage(channel="UANA", text="c")
    later = (await world.get("/see/messages", user="UANA", since=mark))["messages"]
    assert [(m["kind"], m["text"]) for m in later] == [
        ("edit", "b"),
        ("message", "c"),
        ("notification", "c"),
    ]


async def test_a_permalink_points_into_the_thread(client):
    parent = (await client.chat_postMessage(channel="CFIELD", text="a"))["ts"]
    reply = (await client.chat_postMessage(channel="CFIELD", text="b", thread_ts=parent))["ts"]
    link = await client.chat_getPermalink(channel="CFIELD", message_ts=reply)
    assert f"thread_ts={parent}" in link["permalink"]
