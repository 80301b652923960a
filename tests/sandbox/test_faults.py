"""This holds faults: of calls, of envelopes, of sockets, and the outage."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import until


async def standing(client):
    """This is the texts that stand in the channel."""
    history = await client.conversations_history(channel="CFIELD")
    return [message["text"] for message in history["messages"]]


async def post(client):
    return await client.chat_postMessage(channel="CFIELD", text="x")


async def test_500_before_does_nothing_and_500_after_did_it(world, client):
    await world.fault("http_500", target="chat.postMessage")
    with pytest.raises(SlackApiError) as caught:
        await post(client)
    assert caught.value.response.status_code == 500
    assert await standing(client) == []
    await world.fault("http_500_after", target="chat.*")
    with pytest.raises(SlackApiError):
        await post(client)
    assert await standing(client) == ["x"]
    lost = [call for call in (await world.get("/calls"))["calls"] if call.get("lost_answer")]
    assert lost[0]["lost_answer"]["ok"] is True


async def test_a_cut_connection_before_and_after(world, client):
    await world.fault("drop", target="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    assert await standing(client) == []
    await world.fault("drop_after", target="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    assert await standing(client) == ["x"]


async def test_a_hanging_call_never_answers(world, client):
    await world.fault("hang", target="chat.postMessage")
    client.session = None
    client.timeout = 0.1
    with pytest.raises(TimeoutError):
        await post(client)
    assert (await world.post("/quiet"))["quiet"] is True


async def test_a_slow_call_is_carried_out_later(world, client):
    await world.fault("slow", target="chat.postMessage", seconds=0.02)
    await post(client)
    assert await standing(client) == ["x"]


async def test_a_chosen_error_and_a_chosen_wait(world, client):
    await world.fault("error", target="views.open", error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.views_open(trigger_id="x", view={})
    await world.fault("ratelimited", target="users.info", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.users_info(user="UANA")
    assert caught.value.response.headers["Retry-After"] == "7"


async def test_a_fault_strikes_as_often_as_it_says_and_only_where(world, client):
    await world.fault("error", target="chat.postMessage", count=2, match={"channel": "CSAFE"})
    await post(client)
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel="CSAFE", text="x")
    await client.chat_postMessage(channel="CSAFE", text="x")
    assert (await world.get("/faults"))["faults"][0]["spent"] is True


async def test_a_probability_is_drawn_from_a_seed(world, client):
    await world.fault("error", target="auth.test", count=None, probability=0.5)
    failed = 0
    for _ in range(40):
        try:
            await client.auth_test()
        except SlackApiError:
            failed += 1
    assert 5 < failed < 35


async def test_faults_are_lifted_one_by_one_or_all(world, client):
    one = await world.fault("error", target="auth.test", count=None)
    await world.fault("error", target="users.*", count=None)
    async with world.http.delete(f"{world.url}/_control/faults?id={one['id']}") as answer:
        assert (await answer.json())["lifted"] == 1
    await client.auth_test()
    async with world.http.delete(f"{world.url}/_control/faults") as answer:
        assert (await answer.json())["lifted"] == 1


async def test_a_misspelt_fault_is_refused(world):
    assert (await world.fault("explode"))["status"] == 400
    assert (await world.fault("drop", taget="x"))["status"] == 400


@pytest.fixture
def heard(bolt):
    """This is the texts of the messages that the app got, in order."""
    texts = []

    @bolt.event("message")
    async def message(event):
        texts.append(event.get("text"))

    return texts


async def test_an_envelope_is_lost_doubled_or_overtaken(world, bolt, start, heard):
    await start(bolt)
    await world.fault("lose", target="events_api")
    lost = await world.act("message", text="lost")
    assert (lost["ok"], lost["delivered"]) == (True, False)
    await world.fault("duplicate", target="events_api")
    await world.act("message", text="twice")
    await until(lambda: heard.count("twice") == 2)
    world.box.timing = world.box.timing.changed({"ack_within": 0.3})
    await world.fault("hold", target="events_api")
    await world.act("message", text="alone")
    await until(lambda: heard == ["twice", "twice", "alone"])


async def test_a_held_envelope_comes_after_the_next_one(world, bolt, start, heard):
    await start(bolt)
    fault = (await world.fault("hold", target="events_api"))["id"]
    first = asyncio.create_task(world.act("message", text="first"))
    await until(lambda: any(f.id == fault and f.spent() for f in world.box.faults.active))
    await world.act("message", text="second")
    await first
    assert heard == ["second", "first"]


async def test_a_lost_command_looks_like_a_timeout(world, bolt, start):
    await start(bolt)
    await world.fault("lose", target="slash_commands")
    told = await world.act("command", command="/belay")
    assert (told["delivered"], told["error"]) == (False, "operation_timeout")


async def test_an_outage_cuts_everything_and_its_events_are_gone(world, bolt, start, heard, client):
    await start(bolt)
    outage = await world.fault("outage")
    await until(lambda: not world.box.sockets.open)
    with pytest.raises(aiohttp.ClientError):
        await client.auth_test()
    told = await world.act("message", text="during")
    assert (told["ok"], told["delivered"]) == (True, False)
    failed = await world.act("command", command="/belay")
    assert failed["error"] == "dispatch_failed"
    async with world.http.delete(f"{world.url}/_control/faults?id={outage['id']}"):
        pass
    await until(lambda: bool(world.box.sockets.open))
    await world.act("message", text="after")
    assert heard == ["after"]


async def test_an_outage_with_replay_delivers_afterwards(world, bolt, start, heard):
    await world.fault("outage", replay=True)
    await world.act("message", text="during")
    await world.post("/timing", {"retry_after": [0.01] * 50})
    async with world.http.delete(f"{world.url}/_control/faults"):
        pass
    await start(bolt)
    await until(lambda: heard == ["during"])
