"""This holds scheduled messages: bounds, deletion, and the walk of the world clock."""

from tests.sandbox.conftest import START, code_of


async def schedule(client, after, **more):
    post_at = int(START + after)
    return await client.chat_scheduleMessage(
        channel="CFIELD", post_at=post_at, text="later", **more
    )


async def test_a_scheduled_message_appears_when_the_world_gets_there(world, client):
    await schedule(client, 300)
    await world.post("/clock/forward", {"seconds": 299})
    assert (await client.conversations_history(channel="CFIELD"))["messages"] == []
    walked = await world.post("/clock/forward", {"seconds": 1})
    assert walked["posted"] == 1
    posted = (await client.conversations_history(channel="CFIELD"))["messages"][0]
    assert posted["text"] == "later"
    assert posted["ts"].startswith(str(int(START + 300)))


async def test_one_with_metadata_is_never_posted(world, client):
    await schedule(client, 60, metadata={"event_type": "x", "event_payload": {}})
    await world.post("/clock/forward", {"seconds": 120})
    assert (await client.conversations_history(channel="CFIELD"))["messages"] == []
    assert (await client.chat_scheduledMessages_list())["scheduled_messages"] == []
    assert (await world.get("/errors"))["errors"][-1]["error"] == "never_posted"


async def test_it_can_be_taken_back_until_a_minute_before(world, client):
    early = (await schedule(client, 300))["scheduled_message_id"]
    late = (await schedule(client, 300))["scheduled_message_id"]
    await client.chat_deleteScheduledMessage(channel="CFIELD", scheduled_message_id=early)
    await world.post("/clock/forward", {"seconds": 241})
    locked = client.chat_deleteScheduledMessage(channel="CFIELD", scheduled_message_id=late)
    assert await code_of(locked) == "invalid_scheduled_message_id"
    listed = (await client.chat_scheduledMessages_list(channel="CFIELD"))["scheduled_messages"]
    assert [item["id"] for item in listed] == [late]


async def test_times_are_bounded(client):
    assert await code_of(schedule(client, -1)) == "time_in_past"
    assert await code_of(schedule(client, 121 * 86_400)) == "time_too_far"


async def test_thirty_messages_fit_into_five_minutes_of_a_channel(client):
    for _ in range(30):
        await schedule(client, 600)
    assert await code_of(schedule(client, 601)) == "restricted_too_many"
    await schedule(client, 1200)


async def test_a_running_clock_posts_by_itself(world, client):
    await schedule(client, 60)
    await world.post("/clock", {"rate": 100_000})
    assert await world.box.workspace.journal.wait("UANA", 0, frozenset({"message"}), 5.0)


async def test_a_jump_posts_what_came_due(world, client):
    await schedule(client, 60)
    await world.post("/clock/jump", {"seconds": 3600})
    assert await world.box.workspace.journal.wait("UANA", 0, frozenset({"message"}), 5.0)


async def test_next_walks_to_the_next_due_moment(world, client):
    await schedule(client, 90)
    walked = await world.post("/clock/forward", {"to": "next"})
    assert walked["clock"]["now"] == START + 90
    nothing = await world.post("/clock/forward", {"to": "next"})
    assert nothing["clock"]["now"] == START + 90
