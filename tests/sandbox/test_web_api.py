"""This holds the Web API's answers and refusals against Slack's own client."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import MANIFEST, code_of


async def test_auth_test_says_who_the_bot_is_and_what_it_may(client):
    answer = await client.auth_test()
    assert answer["user_id"] == "U0SANDBOXB"
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


async def test_tokens_are_checked(world):
    assert await code_of(world.client("").auth_test()) == "not_authed"
    assert await code_of(world.client("xoxb-wrong").auth_test()) == "invalid_auth"
    app_token = world.app["app_token"]
    assert await code_of(world.client(app_token).auth_test()) == "not_allowed_token_type"
    assert await code_of(world.client("").api_call("no.such")) == "unknown_method"


async def test_a_token_may_come_as_a_parameter_of_a_get(world):
    query = {"token": world.app["bot_token"], "user": "UANA"}
    async with world.http.get(f"{world.url}/api/users.info", params=query) as answer:
        body = await answer.json()
    assert body["user"]["profile"]["email"] == "ana@example.org"


async def test_a_form_may_carry_blocks_as_json(world):
    data = {"channel": "CFIELD", "text": "x", "blocks": '[{"type": "divider"}]'}
    head = {"Authorization": f"Bearer {world.app['bot_token']}"}
    url = f"{world.url}/api/chat.postMessage"
    async with world.http.post(url, data=data, headers=head) as answer:
        body = await answer.json()
    assert body["message"]["blocks"][0]["type"] == "divider"


async def test_a_missing_scope_is_named_with_what_was_provided(world, client):
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["chat:write", "channels:read"]}}}
    await world.install(manifest)
    with pytest.raises(SlackApiError) as caught:
        await client.users_info(user="UANA")
    answer = caught.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert answer["provided"] == "channels:read,chat:write"
    assert await code_of(client.conversations_info(channel="CSAFE")) == "missing_scope"
    assert await code_of(client.conversations_list(types="im")) == "missing_scope"
    assert await code_of(client.conversations_history(channel="CFIELD")) == "missing_scope"


async def test_scopes_that_were_used_are_remembered(world, client):
    await client.chat_postMessage(channel="CFIELD", text="x")
    used = (await world.get("/scopes_used"))["used"]
    assert used["chat:write"] == ["chat.postMessage"]


async def test_posting_is_refused_where_slack_refuses(world, client):
    post = client.chat_postMessage
    assert await code_of(post(channel="CNONE", text="x")) == "channel_not_found"
    assert await code_of(post(channel="CHIDE", text="x")) == "channel_not_found"
    assert await code_of(post(channel="COPEN", text="x")) == "not_in_channel"
    assert await code_of(post(channel="UOLD", text="x")) == "channel_not_found"
    empty = client.api_call("chat.postMessage", json={"channel": "CFIELD"})
    assert await code_of(empty) == "no_text"
    assert await code_of(post(channel="CFIELD", text="x" * 40_001)) == "msg_too_long"
    odd = post(channel="CFIELD", text="x", thread_ts="1.0")
    assert await code_of(odd) == "invalid_thread_ts"
    await world.post("/setup", {"channels": [{"id": "CFIELD", "is_archived": True}]})
    assert await code_of(post(channel="CFIELD", text="x")) == "is_archived"


async def test_invalid_blocks_are_refused_with_their_place(client):
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="CFIELD", text="x", blocks=[{"type": "section"}])
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0]" in answer["response_metadata"]["messages"][0]


async def test_people_are_looked_up(client):
    found = await client.users_lookupByEmail(email="ANA@example.org")
    assert found["user"]["id"] == "UANA"
    missing = client.users_lookupByEmail(email="nobody@example.org")
    assert await code_of(missing) == "users_not_found"
    assert await code_of(client.users_info(user="UNONE")) == "user_not_found"
    lea = (await client.users_info(user="ULEA"))["user"]
    assert (lea["tz"], lea["tz_offset"]) == ("America/New_York", -5 * 3600)
    everyone = await client.users_list(limit=2)
    assert len(everyone["members"]) == 2
    cursor = everyone["response_metadata"]["next_cursor"]
    rest = await client.users_list(limit=200, cursor=cursor)
    flags = {who["id"]: who["deleted"] for who in rest["members"]}
    assert flags["UOLD"] is True


async def test_conversations_are_listed_and_described(world, client):
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert {c["id"] for c in listed["channels"]} == {"CFIELD", "CSAFE", "COPEN"}
    mine = await client.users_conversations(types="public_channel,private_channel")
    assert {c["id"] for c in mine["channels"]} == {"CFIELD", "CSAFE"}
    info = await client.conversations_info(channel="CSAFE", include_num_members=True)
    assert info["channel"]["is_private"] is True
    assert info["channel"]["num_members"] == 2
    members = await client.conversations_members(channel="CFIELD")
    assert members["members"] == ["UANA", "ULEA", "U0SANDBOXB"]
    assert await code_of(client.conversations_info(channel="CHIDE")) == "channel_not_found"
    assert await code_of(client.conversations_list(types="odd")) == "invalid_types"
    assert await code_of(client.conversations_list(cursor="odd")) == "invalid_cursor"


async def test_direct_conversations_are_opened_once(client):
    first = await client.conversations_open(users="UANA")
    again = await client.conversations_open(users=["UANA"], return_im=True)
    assert again["already_open"] is True
    assert again["channel"]["id"] == first["channel"]["id"]
    assert again["channel"]["user"] == "UANA"
    assert await code_of(client.conversations_open(users="UOLD")) == "user_disabled"
    assert await code_of(client.conversations_open(users="UNONE")) == "user_not_found"


async def test_a_conversation_of_several_needs_its_own_scope(world, client):
    assert await code_of(client.conversations_open(users="UANA,ULEA")) == "missing_scope"
    scopes = [*MANIFEST["oauth_config"]["scopes"]["bot"], "mpim:write"]
    await world.install({**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}})
    first = await client.conversations_open(users="UANA,ULEA")
    again = await client.conversations_open(users="ULEA,UANA")
    assert again["channel"]["id"] == first["channel"]["id"]
    await client.chat_postMessage(channel=first["channel"]["id"], text="both of you")
    assert (await world.see("ULEA"))["notifications"][0]["text"] == "both of you"


async def test_channels_are_made_joined_and_filled(client):
    made = await client.conversations_create(name="incident-7", is_private=True)
    channel = made["channel"]["id"]
    await client.conversations_invite(channel=channel, users="UANA,ULEA")
    again = client.conversations_invite(channel=channel, users="UANA")
    assert await code_of(again) == "already_in_channel"
    assert await code_of(client.conversations_create(name="field")) == "name_taken"
    assert await code_of(client.conversations_create(name="No Good")) == "invalid_name_specials"
    joined = await client.conversations_join(channel="COPEN")
    assert joined["channel"]["is_member"] is True
    assert await code_of(client.conversations_join(channel="CHIDE")) == "channel_not_found"


async def test_history_shows_reactions_and_counts_pins(client):
    sent = await client.chat_postMessage(channel="CFIELD", text="x")
    where = {"channel": "CFIELD", "timestamp": sent["ts"]}
    await client.reactions_add(name="eyes", **where)
    await client.pins_add(**where)
    history = await client.conversations_history(channel="CFIELD")
    assert history["pin_count"] == 1
    assert history["messages"][0]["reactions"][0]["name"] == "eyes"


async def test_do_not_disturb_is_told(world, client):
    quiet = {"id": "ULEA", "dnd_enabled": True, "dnd_start": 1_799_990_000, "dnd_end": 1.9e9}
    await world.post("/setup", {"people": [quiet]})
    answer = await client.dnd_info(user="ULEA")
    assert answer["dnd_enabled"] is True
    assert answer["next_dnd_end_ts"] == 1_900_000_000


async def test_every_call_is_recorded(world, client):
    await client.chat_postMessage(channel="CFIELD", text="x")
    calls = (await world.get("/calls"))["calls"]
    assert calls[-1]["method"] == "chat.postMessage"
    assert calls[-1]["args"]["text"] == "x"
    assert calls[-1]["answer"]["ok"] is True
    assert "token" not in calls[-1]["args"]
    last = (await world.post("/calls/clear"))["last"]
    assert (await world.get("/calls", since=last))["calls"] == []
