"""What the page can do to the workspace: take a phone its signal, wish things, put up a tour."""

import asyncio

import pytest

from sandbox import wishes
from tests.sandbox.conftest import until

WITHIN = 20.0


async def test_a_phone_without_signal_shows_what_it_showed_until_the_signal_is_back(world):
    await world.act("message", user="ULEA", channel="CFIELD", text="before")
    before = await world.see("UANA")
    assert (await world.post("/signal", {"user": "UANA", "lost": True}))["lost"] == ["UANA"]
    await world.act("message", user="ULEA", channel="CFIELD", text="for <@UANA>")
    await world.client().chat_postMessage(channel="UANA", text="a page")
    during = await world.see("UANA")
    assert during["conversations"] == before["conversations"]
    assert during["notifications"] == before["notifications"] == []
    assert (await world.post("/signal", {"user": "UANA", "lost": False}))["lost"] == []
    after = await world.see("UANA")
    assert [note["text"] for note in after["notifications"]] == ["for <@UANA>", "a page"]
    field = next(one for one in after["conversations"] if one["id"] == "CFIELD")
    assert [m["text"] for m in field["messages"]] == ["before", "for <@UANA>"]


async def test_others_see_and_act_while_one_phone_has_no_signal(world):
    await world.post("/signal", {"user": "UANA"})
    assert (await world.act("message", user="ULEA", channel="CFIELD", text="still here"))["ok"]
    field = (await world.see("ULEA", channel="CFIELD"))["conversations"][0]
    assert field["messages"][0]["text"] == "still here"


@pytest.mark.parametrize("act", ["message", "command", "click", "fill", "submit", "read"])
async def test_nothing_can_be_done_on_a_phone_without_signal(world, act):
    await world.post("/signal", {"user": "UANA", "lost": True})
    answer = await world.act(act, channel="CFIELD", text="x", command="/belay")
    assert (answer["status"], answer["ok"], answer["error"]) == (400, False, "no_signal")
    assert not world.box.workspace.channels["CFIELD"].messages


async def test_what_is_seen_in_order_ends_where_the_signal_was_lost(world):
    await world.act("message", user="ULEA", channel="CFIELD", text="one")
    await world.post("/signal", {"user": "UANA", "lost": True})
    await world.act("message", user="ULEA", channel="CFIELD", text="two")
    seen = await world.get("/see/messages", user="UANA")
    assert [m["text"] for m in seen["messages"]] == ["one"]
    await world.post("/signal", {"user": "UANA", "lost": False})
    more = await world.get("/see/messages", user="UANA", since=seen["seq"])
    assert [m["text"] for m in more["messages"]] == ["two"]


async def test_a_conversation_that_came_meanwhile_is_not_there_without_signal(world):
    await world.post("/signal", {"user": "ULEA", "lost": True})
    await world.post("/setup", {"channels": [{"id": "CNEW", "name": "new", "members": ["ULEA"]}]})
    assert (await world.see("ULEA", channel="CNEW"))["error"] == "channel_not_found"
    assert (await world.see("ULEA", channel="CFIELD"))["conversations"][0]["id"] == "CFIELD"


async def test_a_reset_gives_every_phone_its_signal_back(world):
    await world.post("/signal", {"user": "UANA", "lost": True})
    await world.post("/reset")
    assert not world.box.lost


async def test_signal_is_refused_for_people_who_are_not_there(world):
    assert (await world.post("/signal", {"user": "UNOBODY"}))["error"] == "user_not_found"


async def test_a_tab_is_told_a_phone_once_when_its_signal_goes_and_whole_when_it_is_back(world):
    async with world.http.ws_connect(f"{world.url}/_page") as tab:
        await tab.send_json({"people": ["UANA"]})
        frames = []

        async def phone():
            while True:
                frames.append(await tab.receive_json(timeout=WITHIN))
                if frames[-1]["type"] == "phone":
                    return frames[-1]

        await phone()
        await world.post("/signal", {"user": "UANA", "lost": True})
        assert (await phone())["whole"]
        await world.act("message", user="ULEA", channel="CFIELD", text="for <@UANA>")
        await world.post("/signal", {"user": "UANA", "lost": False})
        back = await phone()
        assert back["whole"]
        assert [note["text"] for note in back["notifications"]] == ["for <@UANA>"]


async def test_people_see_which_reactions_are_their_own(world):
    ts = (await world.act("message", user="ULEA", channel="CFIELD", text="hello"))["ts"]
    await world.act("react", user="UANA", channel="CFIELD", ts=ts, name="eyes")
    own, other = [
        (await world.see(user, channel="CFIELD"))["conversations"][0]["messages"][0]
        for user in ("UANA", "ULEA")
    ]
    assert own["reactions"] == other["reactions"] == {"eyes": 1}
    assert (own["reacted"], other["reacted"]) == (["eyes"], [])


async def test_a_wish_reaches_whoever_waits_for_it_and_what_became_of_it_is_known(world):
    waiting = asyncio.create_task(world.get("/wishes", since=0, wait=WITHIN))
    await until(lambda: world.box.wishes.offered)
    assert (await world.post("/wishes", {"wish": "kill_bot"}))["n"] == 1
    heard = await waiting
    assert [(one["n"], one["wish"], one["done"]) for one in heard["wishes"]] == [
        (1, "kill_bot", False)
    ]
    await world.post("/wishes/done", {"n": 1, "said": "killed"})
    last = world.box.wishes.report()["last"]
    assert (last["done"], last["said"]) == (True, "killed")


async def test_wishes_that_were_heard_are_not_told_again(world):
    await world.get("/wishes")
    await world.post("/wishes", {"wish": "kill_bot"})
    await world.post("/wishes", {"wish": "start_bot"})
    assert [one["n"] for one in (await world.get("/wishes", since=1))["wishes"]] == [2]
    assert (await world.get("/wishes", since=2, wait=0.01))["wishes"] == []


async def test_a_wish_is_refused_when_nobody_fulfils_any(world, monkeypatch):
    assert (await world.post("/wishes", {"wish": "kill_bot"}))["error"] == "not_offered"
    await world.get("/wishes")
    assert (await world.post("/wishes", {"wish": "kill_bot"}))["ok"]
    monkeypatch.setattr(wishes, "OFFERED_FOR", 0.0)
    assert (await world.post("/wishes", {"wish": "start_bot"}))["error"] == "not_offered"


async def test_wishes_that_nobody_knows_are_refused(world):
    await world.get("/wishes")
    assert (await world.post("/wishes", {"wish": "world peace"}))["error"] == "bad_wish"
    assert (await world.post("/wishes/done", {"n": 7}))["error"] == "no_such_wish"


async def test_a_tour_is_kept_read_and_told_to_tabs_until_it_is_taken_down(world):
    assert (await world.get("/tour"))["tour"] is None
    await world.post("/tour", {"title": "First day", "steps": [1, 2]})
    assert (await world.get("/tour"))["tour"] == {"title": "First day", "steps": [1, 2]}
    async with world.http.ws_connect(f"{world.url}/_page") as tab:
        told: list[dict] = []
        while not told:
            frame = await tab.receive_json(timeout=WITHIN)
            told += [frame] if frame["type"] == "tour" else []
        assert told[0]["tour"]["title"] == "First day"
    await world.post("/tour", {})
    assert (await world.get("/tour"))["tour"] is None
