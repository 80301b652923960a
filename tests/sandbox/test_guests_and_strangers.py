"""This holds guests and people of other workspaces: what they see and where they can be."""

import pytest

from tests.sandbox.conftest import code_of

OTHER = {"id": "UEXT", "name": "ext", "real_name": "Eve Ext", "team_id": "TOTHER", "email": "e@x.y"}
SHARED = {"id": "CFIELD", "is_ext_shared": True, "connected_team_ids": ["TOTHER"]}


@pytest.fixture
async def shared(world):
    """This is a channel that is shared with another workspace, one of whose people is in it."""
    await world.post("/setup", {"people": [OTHER]})
    await world.post("/setup", {"channels": [SHARED]})
    assert (await world.act("join", "UEXT", channel="CFIELD", by="UANA"))["ok"] is True


async def test_guests_are_marked_and_listed_like_everybody(world, client):
    await world.post("/setup", {"people": [{"id": "UONE", "name": "one", "is_restricted": True}]})
    await world.post("/setup", {"people": [{"id": "UONE", "is_ultra_restricted": True}]})
    one = (await client.users_info(user="UONE"))["user"]
    assert (one["is_restricted"], one["is_ultra_restricted"]) == (True, True)
    everybody = (await client.users_list())["members"]
    assert {who["id"]: who.get("is_restricted") for who in everybody}["UGUS"] is True
    await world.act("join", "UGUS", channel="CFIELD", by="UANA")
    assert "UGUS" in (await client.conversations_members(channel="CFIELD"))["members"]


async def test_a_guest_sees_only_channels_they_are_in_and_brings_nobody(world):
    assert (await world.see("UGUS"))["conversations"] == []
    assert (await world.act("join", "UGUS", channel="COPEN"))["error"] == "channel_not_found"
    await world.act("join", "UGUS", channel="CFIELD", by="UANA")
    assert [c["id"] for c in (await world.see("UGUS"))["conversations"]] == ["CFIELD"]
    await world.post("/setup", {"people": [{"id": "UNEW", "name": "new"}]})
    brought = await world.act("join", "UNEW", channel="CFIELD", by="UGUS")
    assert (brought["status"], brought["error"]) == (400, "restricted_action")
    shares = await world.act("share_channel", "UGUS", channel="CFIELD")
    assert shares["error"] == "restricted_action"


async def test_a_single_channel_guest_gets_one_channel(world, client):
    one = {"id": "UONE", "name": "one", "is_restricted": True, "is_ultra_restricted": True}
    await world.post("/setup", {"people": [one]})
    await client.conversations_invite(channel="CFIELD", users="UONE")
    more = client.conversations_invite(channel="CSAFE", users="UONE")
    assert await code_of(more) == "ura_max_channels"
    assert (await world.act("join", "UONE", channel="CSAFE", by="ULEA"))["error"] == (
        "ura_max_channels"
    )
    assert (await client.conversations_open(users="UONE"))["ok"] is True


async def test_somebody_elses_people_come_only_into_channels_shared_with_them(world, client):
    await world.post("/setup", {"people": [OTHER]})
    invited = client.conversations_invite(channel="CFIELD", users="UEXT")
    assert await code_of(invited) == "cant_invite"
    assert (await world.act("join", "UEXT", channel="CFIELD", by="UANA"))["error"] == "cant_invite"
    await world.act("share_channel", channel="CFIELD", team="TOTHER")
    await client.conversations_invite(channel="CFIELD", users="UEXT")
    info = (await client.conversations_info(channel="CFIELD"))["channel"]
    assert (info["is_ext_shared"], info["connected_team_ids"]) == (True, ["TOTHER"])
    await world.act("share_channel", channel="CFIELD", team="TOTHER", shared=False)
    assert "UEXT" not in (await client.conversations_members(channel="CFIELD"))["members"]


async def test_a_stranger_is_only_who_shares_no_channel_with_the_app(world, client):
    await world.post("/setup", {"people": [OTHER]})
    assert (await client.users_info(user="UEXT"))["user"]["is_stranger"] is True
    assert "UEXT" not in [who["id"] for who in (await client.users_list())["members"]]
    post, opened = client.chat_postMessage, client.conversations_open
    assert await code_of(post(channel="UEXT", text="x")) == "channel_not_found"
    assert await code_of(opened(users="UEXT")) == "user_not_visible"
    await world.post("/setup", {"channels": [SHARED]})
    await world.act("join", "UEXT", channel="CFIELD", by="UANA")
    known = (await client.users_info(user="UEXT"))["user"]
    assert "is_stranger" not in known
    assert known["team_id"] == "TOTHER"
    assert "UEXT" in [who["id"] for who in (await client.users_list())["members"]]
    assert await code_of(client.users_lookupByEmail(email="e@x.y")) == "users_not_found"


async def test_somebody_marked_a_stranger_is_of_another_workspace(world, client):
    await world.post("/setup", {"people": [{"id": "UX", "name": "x", "is_stranger": True}]})
    who = (await client.users_info(user="UX"))["user"]
    assert who["is_stranger"] is True
    assert who["team_id"] != (await client.auth_test())["team_id"]


async def test_a_channel_is_pending_until_the_other_side_accepts(world, client):
    await world.act("share_channel", channel="CFIELD", team="TOTHER", pending=True)
    info = (await client.conversations_info(channel="CFIELD"))["channel"]
    assert (info["is_pending_ext_shared"], info["is_ext_shared"]) == (True, False)
    await world.act("share_channel", channel="CFIELD", team="TOTHER")
    info = (await client.conversations_info(channel="CFIELD"))["channel"]
    assert (info["is_pending_ext_shared"], info["is_ext_shared"]) == (False, True)


async def test_events_of_a_shared_channel_say_so_and_whose_people_they_are_about(
    world, bodies, shared
):
    await world.act("message", "UEXT", channel="CFIELD", text="hello")
    # bolt hears events side by side, not in order.
    joined, said = sorted(bodies, key=lambda body: body["event"]["type"])
    assert joined["event"]["type"] == "member_joined_channel"
    assert joined["event"]["team"] == "TOTHER"
    assert said["is_ext_shared_channel"] is True
    event, own = said["event"], world.box.workspace.team["id"]
    assert (event["team"], event["user_team"], event["source_team"]) == ("TOTHER",) * 3
    assert said["team_id"] == own


async def test_a_button_pressed_from_outside_says_whose_people(world, client, bolt, start):
    got = []

    @bolt.action("ok")
    async def ok(ack, body):
        got.append(body["user"]["team_id"])
        await ack()

    await world.post("/setup", {"people": [OTHER]})
    await world.post("/setup", {"channels": [SHARED]})
    await world.act("join", "UEXT", channel="CFIELD", by="UANA")
    await start(bolt)
    text = {"type": "plain_text", "text": "OK"}
    actions = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "ok", "text": text}],
    }
    sent = await client.chat_postMessage(channel="CFIELD", text="x", blocks=[actions])
    for user in ("UEXT", "UANA"):
        await world.act("click", user, channel="CFIELD", ts=sent["ts"], action_id="ok")
    assert got == ["TOTHER", world.box.workspace.team["id"]]
