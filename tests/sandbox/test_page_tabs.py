"""What a tab is told over its WebSocket: whole phones once, then what changed, and the world."""

import asyncio
import json
import random
from contextlib import asynccontextmanager, suppress

import pytest
from slack_sdk.errors import SlackApiError

WITHIN = 20.0
BLOCKS = [{"type": "actions", "elements": [{"type": "button", "action_id": "ok", "value": "1",
          "text": {"type": "plain_text", "text": "OK"}}]}]  # fmt: skip
VIEW = {
    "type": "home",
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}],
}


class Tab:
    """This is a tab that believes what it is told and asks nothing else."""

    def __init__(self, socket):
        self.socket = socket
        self.phones, self.told, self.calls, self.errors = {}, {}, {}, []
        self.frames = []

    async def hear(self):
        frame = json.loads(await self.socket.receive_str(timeout=WITHIN))
        self.frames.append(frame)
        kind = frame["type"]
        if kind == "phone":
            old = {} if frame["whole"] else self.phones[frame["user"]]
            self.phones[frame["user"]] = changed(old, frame)
        elif kind == "calls":
            self.calls |= {call["n"]: call for call in frame["calls"]}
            self.errors += frame["errors"]
        elif kind == "reset":
            self.phones.clear()
        else:
            self.told[kind] = frame
        return frame

    async def hear_until(self, true):
        while not true():
            await self.hear()


def changed(old, frame):
    """This is a phone after news of it, by the rules of the page's store."""
    rooms = {key: {**room, "messages": dict(room["messages"])} for key, room in
             old.get("rooms", {}).items()}  # fmt: skip
    for gone in frame.get("gone", []):
        del rooms[gone]
    for news in frame.get("conversations", []):
        messages = rooms.get(news["head"]["id"], {}).get("messages", {})
        for ts in news["removed"]:
            del messages[ts]
        messages |= {message["ts"]: message for message in news["changed"]}
        rooms[news["head"]["id"]] = {**news["head"], "messages": messages}
    return {
        "rooms": rooms,
        "views": frame.get("views", old.get("views")),
        "home": frame["home"] if "home" in frame else old.get("home"),
        "notifications": old.get("notifications", []) + frame.get("notifications", []),
    }


def as_seen(picture):
    """This is what GET /_control/see says, in the form of a tab's phone."""
    rooms = {
        room["id"]: {**room, "messages": {message["ts"]: message for message in room["messages"]}}
        for room in picture["conversations"]
    }
    return {
        "rooms": rooms,
        **{key: picture[key] for key in ("views", "home", "notifications")},
    }


@asynccontextmanager
async def tab(world, *people, calls=False):
    async with world.http.ws_connect(f"{world.url}/_page") as socket:
        opened = Tab(socket)
        await socket.send_json({"people": people, "calls": calls})
        await opened.hear_until(lambda: set(people) <= set(opened.phones))
        yield opened


async def same(world, opened, *people):
    """This waits until the tab knows all that these people see."""
    for user in people:
        seen = as_seen(await world.see(user))
        await opened.hear_until(lambda user=user, seen=seen: opened.phones[user] == seen)


async def test_a_tab_is_told_who_is_there_the_time_and_a_whole_phone(world):
    await world.act("message", user="ULEA", channel="CFIELD", text="hello")
    async with tab(world, "UANA") as opened:
        about = opened.told["workspace"]
        assert about["team"]["name"] == "Sandbox"
        assert {"UANA", "ULEA", "UOLD", "U0SANDBOXB"} <= {one["id"] for one in about["people"]}
        assert about["commands"][0]["command"] == "/belay"
        assert about["app"] == {"name": "Belay", "user": "U0SANDBOXB"}
        assert about["home_tab"] is True
        assert opened.told["clock"]["rate"] == 0.0
        assert opened.told["state"]["lost"] == []
        assert opened.phones["UANA"] == as_seen(await world.see("UANA"))
        assert opened.phones["UANA"]["rooms"]["CFIELD"]["messages"]


async def test_only_what_changed_is_told_after_that(world):
    await world.act("message", user="ULEA", channel="CFIELD", text="one")
    async with tab(world, "UANA") as opened:
        heard = len(opened.frames)
        second = await world.act("message", user="ULEA", channel="CFIELD", text="two")
        await same(world, opened, "UANA")
        news = [frame for frame in opened.frames[heard:] if frame["type"] == "phone"]
        told = [
            m["ts"] for frame in news for room in frame["conversations"] for m in room["changed"]
        ]
        assert set(told) == {second["ts"]}
        assert not any(frame["whole"] or "views" in frame or "home" in frame for frame in news)


ACTS = ("write", "thread", "post", "edit", "delete", "whisper", "react", "pin", "join", "leave",
        "read", "share", "archive", "rename", "home", "click")  # fmt: skip


async def one_act(world, client, draw):
    """This does something at random; what is refused changes nothing, which is fine too."""
    user, channel = draw.choice(["UANA", "ULEA"]), draw.choice(["CFIELD", "COPEN", "app", "ULEA"])
    field = world.box.workspace.channels["CFIELD"]
    ts = draw.choice([*field.messages, "1"])
    name = draw.choice(ACTS)
    calls = {
        "post": lambda: client.chat_postMessage(channel="CFIELD", text="hi", blocks=BLOCKS),
        "edit": lambda: client.chat_update(channel="CFIELD", ts=ts, text=f"e{draw.random()}"),
        "delete": lambda: client.chat_delete(channel="CFIELD", ts=ts),
        "whisper": lambda: client.chat_postEphemeral(channel="CFIELD", user=user, text="psst"),
        "pin": lambda: client.pins_add(channel="CFIELD", timestamp=ts),
        "home": lambda: client.views_publish(user_id=user, view=VIEW),
        "write": lambda: world.act("message", user=user, channel=channel, text="x <@UANA>"),
        "thread": lambda: world.act("message", user=user, channel="CFIELD", text="t", thread_ts=ts),
        "react": lambda: world.act("react", user=user, channel="CFIELD", ts=ts, name="eyes"),
        "click": lambda: world.act("click", user=user, channel="CFIELD", ts=ts, action_id="ok"),
        "join": lambda: world.act("join", user=user, channel="COPEN"),
        "leave": lambda: world.act("leave", user=user, channel="COPEN"),
        "read": lambda: world.act("read", user=user, channel="CFIELD"),
        "share": lambda: world.act("share_channel", user="ULEA", channel="CFIELD", team="T9"),
        "archive": lambda: world.post("/setup", {"channels": [
            {"id": "COPEN", "name": "open", "is_archived": draw.random() < 0.5}]}),
        "rename": lambda: world.post("/setup", {"people": [
            {"id": "ULEA", "name": "lea", "real_name": f"Lea {draw.randint(1, 9)}"}]}),
    }  # fmt: skip
    with suppress(SlackApiError):
        await calls[name]()


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_acts_a_tab_knows_exactly_what_people_see(world, seed):
    draw, client = random.Random(seed), world.client()
    await client.chat_postMessage(channel="CFIELD", text="first", blocks=BLOCKS)
    async with tab(world, "UANA", "ULEA") as opened:
        for _ in range(5):
            for _ in range(8):
                await one_act(world, client, draw)
            await same(world, opened, "UANA", "ULEA")
    assert world.box.workspace.channels["CFIELD"].messages


async def test_a_form_its_errors_and_what_is_typed_are_told(world, bolt, start):
    form = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Plan"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{"type": "input", "block_id": "where", "label": {"type": "plain_text",
                    "text": "Where?"}, "element": {"type": "plain_text_input",
                    "action_id": "where"}}],
    }  # fmt: skip

    @bolt.command("/belay")
    async def plan(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=form)
        await ack()

    await start(bolt)
    async with tab(world, "UANA") as opened:
        view = (await world.act("command", command="/belay"))["view"]
        await same(world, opened, "UANA")
        assert opened.phones["UANA"]["views"][0]["id"] == view["id"]
        await world.act("submit", view_id=view["id"])
        await same(world, opened, "UANA")
        assert opened.phones["UANA"]["views"][0]["errors"]
        await world.act("fill", view_id=view["id"], values={"where": "shelter"})
        await same(world, opened, "UANA")
        typed = opened.phones["UANA"]["views"][0]["values"]["where"]["where"]["value"]
        assert typed == "shelter"
        await world.act("close", view_id=view["id"])
        await same(world, opened, "UANA")
        assert opened.phones["UANA"]["views"] == []


async def test_several_tabs_and_one_that_comes_back_know_the_same(world):
    async with tab(world, "UANA") as one, tab(world, "UANA", "ULEA") as other:
        await world.act("message", user="ULEA", channel="CFIELD", text="hello")
        await same(world, one, "UANA")
        await same(world, other, "UANA", "ULEA")
    await world.act("message", user="ULEA", channel="CFIELD", text="meanwhile")
    async with tab(world, "UANA") as again:
        assert again.phones["UANA"] == as_seen(await world.see("UANA"))


async def test_somebody_else_is_shown_when_the_tab_asks_for_them(world):
    async with tab(world, "UANA") as opened:
        await opened.socket.send_json({"people": ["ULEA"]})
        await opened.hear_until(lambda: "ULEA" in opened.phones)
        assert opened.phones["ULEA"] == as_seen(await world.see("ULEA"))


async def test_a_reset_empties_the_tab_which_then_hears_of_the_new_workspace(world):
    async with tab(world, "UANA") as opened:
        await world.post("/reset")
        await opened.hear_until(lambda: {"type": "reset"} in opened.frames)
        await world.post("/setup", {"people": [{"id": "UANA", "name": "anew"}]})
        await opened.hear_until(lambda: "UANA" in opened.phones)
        await opened.hear_until(lambda: len(opened.told["workspace"]["people"]) == 1)
        assert opened.phones["UANA"]["rooms"] == {}


async def test_the_clock_is_told_at_each_change_and_while_it_is_walked(world):
    async with tab(world) as opened:
        await world.post("/clock", {"rate": 60})
        await opened.hear_until(lambda: opened.told.get("clock", {}).get("rate") == 60)
        await world.post("/clock", {"pause": True})
        client = world.client()
        at = int(world.box.clock.now()) + 300
        await client.chat_scheduleMessage(channel="CFIELD", text="later", post_at=at)
        await opened.hear_until(lambda: opened.told["clock"]["next_due"] == at)
        await world.post("/clock/forward", {"to": "next"})
        await opened.hear_until(lambda: opened.told["clock"]["world"] >= at)
        await opened.hear_until(lambda: not opened.told["clock"]["walking"])


async def test_faults_and_their_end_are_told(world):
    async with tab(world) as opened:
        await world.fault("outage", count=None)
        await opened.hear_until(lambda: bool(opened.told.get("state", {}).get("faults")))
        async with world.http.delete(f"{world.url}/_control/faults"):
            await opened.hear_until(lambda: not opened.told["state"]["faults"])


async def test_calls_are_told_with_their_answers_only_to_tabs_that_ask(world):
    client = world.client()
    await client.chat_postMessage(channel="CFIELD", text="before")
    async with tab(world, "UANA") as plain, tab(world, calls=True) as curious:
        await client.chat_postMessage(channel="CFIELD", text="after")
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await client.chat_postMessage(channel="CNONE", text="nowhere")
        await curious.hear_until(lambda: len(curious.calls) == 3 and bool(curious.errors))
        await curious.hear_until(lambda: all("status" in one for one in curious.calls.values()))
        assert curious.calls[3]["answer"]["error"] == "channel_not_found"
        assert curious.errors[0]["where"] == "chat.postMessage"
        await same(world, plain, "UANA")
        assert not plain.calls


async def test_a_call_that_is_still_open_is_told_and_told_again_with_its_answer(world):
    await world.fault("slow", seconds=0.05)
    async with tab(world, calls=True) as curious:
        await world.client().chat_postMessage(channel="CFIELD", text="slowly")
        await curious.hear_until(lambda: curious.calls.get(1, {}).get("status") == 200)


async def test_a_tab_that_does_not_read_holds_nobody_up_and_misses_nothing(world):
    async with tab(world, "UANA") as slow, tab(world, "UANA") as quick:
        slow.socket._response.connection.transport.pause_reading()
        text = "x" * 30_000
        for _ in range(40):
            answer = await asyncio.wait_for(
                world.act("message", user="ULEA", channel="CFIELD", text=text), WITHIN
            )
            assert answer["ok"]
        await same(world, quick, "UANA")
        slow.socket._response.connection.transport.resume_reading()
        await same(world, slow, "UANA")


async def test_nonsense_from_a_tab_is_not_taken_for_a_wish(world):
    async with world.http.ws_connect(f"{world.url}/_page") as socket:
        await socket.send_json({"people": ["UNOBODY"], "calls": False})
        kinds = {json.loads(await socket.receive_str(timeout=WITHIN))["type"] for _ in range(4)}
        assert kinds == {"workspace", "clock", "state", "tour"}


async def test_the_next_due_moment_is_the_one_that_a_bot_names_without_any_walk(world):
    wake = world.box.clock.now() + 90
    async with tab(world) as opened, world.http.ws_connect(f"{world.url}/_clock") as bot:
        assert (await bot.receive_json(timeout=WITHIN))["type"] == "clock"
        await world.client().chat_postMessage(channel="CFIELD", text="planned")
        asked = await bot.receive_json(timeout=WITHIN)
        assert asked["type"] == "settle"
        await bot.send_json({"type": "settled", "seq": asked["seq"], "next_wake": wake})
        await opened.hear_until(lambda: opened.told.get("clock", {}).get("next_due") == wake)
    assert world.box.clock.seq == 0
