"""This holds user groups: Slack's own client makes and changes them, mentions reach people."""

import pytest

from tests.sandbox.conftest import code_of


@pytest.fixture
async def leads(client):
    """This is the id of a group of two."""
    made = await client.usergroups_create(name="The leads", handle="leads", description="On call")
    group = made["usergroup"]["id"]
    await client.usergroups_users_update(usergroup=group, users=["UANA", "ULEA"])
    return group


async def test_a_group_is_made_filled_and_read(client, leads):
    (group,) = (await client.usergroups_list(include_users=True, include_count=True))["usergroups"]
    assert (group["id"], group["handle"], group["name"]) == (leads, "leads", "The leads")
    assert (group["users"], group["user_count"]) == (["UANA", "ULEA"], 2)
    assert (await client.usergroups_users_list(usergroup=leads))["users"] == ["UANA", "ULEA"]
    (bare,) = (await client.usergroups_list())["usergroups"]
    assert "users" not in bare
    assert "user_count" not in bare


async def test_a_group_is_renamed_and_keeps_the_rest(client, leads):
    answer = await client.usergroups_update(
        usergroup=leads, name="Leads", channels=["CFIELD", "CSAFE"]
    )
    group = answer["usergroup"]
    assert (group["name"], group["handle"], group["description"]) == ("Leads", "leads", "On call")
    assert group["prefs"] == {"channels": ["CFIELD"], "groups": ["CSAFE"]}
    assert group["users"] == ["UANA", "ULEA"]


async def test_a_handle_is_made_of_the_name(client):
    made = await client.usergroups_create(name="Night Shift")
    assert made["usergroup"]["handle"] == "night-shift"


async def test_a_disabled_group_is_listed_only_on_request(client, leads):
    disabled = (await client.usergroups_disable(usergroup=leads))["usergroup"]
    assert disabled["date_delete"] == 1_800_000_000
    assert (await client.usergroups_list())["usergroups"] == []
    assert len((await client.usergroups_list(include_disabled=True))["usergroups"]) == 1
    hidden = client.usergroups_users_list(usergroup=leads)
    assert await code_of(hidden) == "no_such_subteam"
    found = await client.usergroups_users_list(usergroup=leads, include_disabled=True)
    assert found["users"] == ["UANA", "ULEA"]
    enabled = (await client.usergroups_enable(usergroup=leads))["usergroup"]
    assert enabled["date_delete"] == 0


async def test_groups_are_refused_in_slacks_words(client, leads):
    create, fill = client.usergroups_create, client.usergroups_users_update
    assert await code_of(client.api_call("usergroups.create")) == "missing_subteam_name"
    assert await code_of(create(name="The leads")) == "name_already_exists"
    assert await code_of(create(name="x", handle="leads")) == "handle_already_exists"
    assert await code_of(create(name="x", handle="ana")) == "handle_already_exists"
    assert await code_of(create(name="x", handle="field")) == "handle_already_exists"
    assert await code_of(create(name="x", handle="Not Good")) == "bad_handle"
    assert await code_of(create(name="x", description="d" * 141)) == "description_too_long"
    assert await code_of(create(name="x", channels="CNONE")) == "invalid_channel_provided"
    assert await code_of(fill(usergroup=leads, users="")) == "no_users_provided"
    assert await code_of(fill(usergroup=leads, users="UNONE")) == "invalid_users"
    assert await code_of(fill(usergroup=leads, users="UOLD")) == "failed_for_some_users"
    assert await code_of(client.api_call("usergroups.update")) == "missing_argument"
    assert await code_of(client.usergroups_enable(usergroup="SNONE")) == "no_such_subteam"
    assert len((await client.usergroups_list(include_disabled=True))["usergroups"]) == 1


async def test_changing_a_group_is_told_in_three_ways(world, bodies, client, leads):
    await client.usergroups_users_update(usergroup=leads, users="ULEA,UGUS")
    assert (await world.post("/quiet"))["quiet"] is True
    told = [body["event"] for body in bodies]
    types = [event["type"] for event in told]
    assert types.count("subteam_created") == 1
    changes = [event for event in told if event["type"] == "subteam_members_changed"]
    # bolt hears events side by side, not in order.
    (first, second) = sorted(changes, key=lambda event: event["removed_users_count"])
    assert (first["added_users"], first["removed_users_count"]) == (["UANA", "ULEA"], 0)
    assert (second["added_users"], second["removed_users"]) == (["UGUS"], ["UANA"])
    assert second["subteam_id"] == leads
    assert types.count("subteam_updated") == 2


async def test_a_mention_of_a_group_lights_up_its_members_phones(world, client, leads):
    await client.chat_postMessage(channel="CFIELD", text=f"<!subteam^{leads}|@leads> look")
    for user in ("UANA", "ULEA"):
        (lit,) = (await world.see(user))["notifications"]
        assert lit["text"] == f"<!subteam^{leads}|@leads> look"
    await client.usergroups_disable(usergroup=leads)
    await client.chat_postMessage(channel="CFIELD", text=f"<!subteam^{leads}> again")
    assert len((await world.see("UANA"))["notifications"]) == 1


async def test_whoever_is_not_in_the_channel_is_not_told(world, client, leads):
    await client.chat_postMessage(channel="CSAFE", text=f"<!subteam^{leads}> look")
    assert (await world.see("UANA"))["notifications"] == []
    assert len((await world.see("ULEA"))["notifications"]) == 1


async def test_people_type_a_groups_handle(world, leads):
    await world.act("message", channel="CFIELD", text="@leads and @leadsx")
    seen = await world.see("ULEA", channel="CFIELD")
    text = seen["conversations"][0]["messages"][0]["text"]
    assert text == f"<!subteam^{leads}> and @leadsx"


async def test_an_admin_sets_groups_up_and_changes_them(world, bodies, client):
    row = {"handle": "crew", "name": "Crew", "users": ["UANA"], "channels": ["CFIELD"]}
    made = await world.post("/setup", {"usergroups": [row]})
    await world.post("/setup", {"usergroups": [row]})
    await world.post("/setup", {"usergroups": [{"handle": "crew", "users": ["ULEA"]}]})
    await world.post("/setup", {"usergroups": [{"handle": "crew", "is_disabled": True}]})
    assert (await world.post("/quiet"))["quiet"] is True
    told = [body["event"]["type"] for body in bodies]
    # The first users of a new group are told as a change of members, too.
    assert sorted(told) == [
        *("subteam_created", "subteam_members_changed", "subteam_members_changed"),
        *("subteam_updated", "subteam_updated", "subteam_updated"),
    ]
    (group,) = (await client.usergroups_list(include_disabled=True, include_users=True))[
        "usergroups"
    ]
    assert (group["id"], group["users"]) == (made["usergroups"]["crew"], ["ULEA"])
    assert group["date_delete"] == 1_800_000_000


@pytest.mark.parametrize(
    "row", [{"name": "x"}, {"handle": "x", "colour": 1}, {"handle": "x", "users": ["UNONE"]}]
)
async def test_a_group_with_a_slip_is_not_set_up(world, row):
    refused = await world.post("/setup", {"usergroups": [row]})
    assert (refused["status"], refused["error"]) == (400, "bad_setup")
    assert world.box.workspace.groups == {}
