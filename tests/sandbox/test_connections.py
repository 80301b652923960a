"""This holds what happens to sockets: rotation, refresh, cuts, half-open ones, too many."""

import asyncio
from functools import partial

from aiohttp import WSMsgType

from tests.sandbox.conftest import until


async def raw(world):
    """This is a bare connection that has read its hello."""
    client = world.client("")
    opened = await client.apps_connections_open(app_token=world.app["app_token"])
    ws = await world.http.ws_connect(opened["url"])
    return ws, await ws.receive_json()


async def answer(ws):
    """This acknowledges the next envelope and gives it back."""
    envelope = await ws.receive_json()
    await ws.send_json({"envelope_id": envelope["envelope_id"]})
    return envelope


async def test_envelopes_go_round_among_connections(world):
    await world.post("/rate_limits", {"enabled": False})
    sockets = [(await raw(world))[0] for _ in range(2)]
    got = []

    async def serve(number, ws):
        while True:
            got.append((number, await answer(ws)))

    tasks = [asyncio.create_task(serve(n, ws)) for n, ws in enumerate(sockets)]
    for _ in range(4):
        await world.act("message", text="x")
    for task in tasks:
        task.cancel()
    assert sorted(number for number, _ in got) == [0, 0, 1, 1]
    assert all(envelope["retry_attempt"] == 0 for _, envelope in got)
    assert all(envelope["accepts_response_payload"] is False for _, envelope in got)


async def test_the_eleventh_connection_is_sent_away(world):
    await world.post("/rate_limits", {"enabled": False})
    kept = [await raw(world) for _ in range(10)]
    hellos = [hello for _, hello in kept]
    assert [hello["num_connections"] for hello in hellos] == list(range(1, 11))
    assert hellos[0]["connection_info"]["app_id"] == world.app["app_id"]
    _, first = await raw(world)
    assert first == {"type": "disconnect", "reason": "too_many_websockets"}


async def test_a_ping_is_answered_and_slack_pings_too(world):
    world.box.timing = world.box.timing.changed({"ping_every": 0.01})
    client = world.client("")
    opened = await client.apps_connections_open(app_token=world.app["app_token"])
    async with world.http.ws_connect(opened["url"], autoping=False) as ws:
        await ws.ping(b"mine")
        kinds = [(frame.type, frame.data) for frame in [await ws.receive() for _ in range(3)]]
    assert (WSMsgType.PONG, b"mine") in kinds
    assert (WSMsgType.PING, b"sandbox") in kinds


def replaced(world, old):
    """This is true once the old socket is gone and another one stands."""
    return bool(world.box.sockets.open) and old not in world.box.sockets.open


async def test_bolt_reconnects_after_a_cut_and_after_a_refresh(world, bolt, start):
    @bolt.command("/belay")
    async def command(ack):
        await ack("here")

    await start(bolt)
    for effect in ("drop_sockets", "disconnect"):
        old = world.box.sockets.open[0]
        assert (await world.fault(effect))["sockets"] == 1
        await until(partial(replaced, world, old))
        assert (await world.act("command", command="/belay"))["answer"] == "here"


async def test_a_half_open_socket_swallows_a_command_until_bolt_notices(world, bolt, start):
    @bolt.command("/belay")
    async def command(ack):
        await ack("here")

    await start(bolt)
    world.box.timing = world.box.timing.changed({"ack_within": 0.2})
    old = world.box.sockets.open[0]
    await world.fault("half_open")
    told = await world.act("command", command="/belay")
    assert (told["delivered"], told["acked"]) == (True, False)
    await until(lambda: replaced(world, old))
    world.box.timing = world.box.timing.changed({"ack_within": 20})
    assert (await world.act("command", command="/belay"))["answer"] == "here"


async def test_a_refused_socket_spoils_its_ticket(world):
    await world.fault("refuse_socket", target="socket", count=1)
    client = world.client("")
    opened = await client.apps_connections_open(app_token=world.app["app_token"])
    for _ in range(2):
        async with world.http.get(opened["url"].replace("ws:", "http:")) as refused:
            assert refused.status == 403


async def test_a_late_acknowledgement_is_noted(world):
    world.box.timing = world.box.timing.changed({"ack_within": 0.05})
    ws, _ = await raw(world)
    told = await world.act("command", command="/belay")
    assert told["error"] == "operation_timeout"
    await answer(ws)
    await until(lambda: any(r["error"] == "late_ack" for r in world.box.refusals.rows))
