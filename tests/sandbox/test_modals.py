"""This holds modals: triggers, stacks, answers to a submit, actions, closing, and the home tab."""

from typing import Any

import pytest

from tests.sandbox.conftest import code_of, until
from tests.sandbox.kit import button, inputs, modal, plain, section

NAME = inputs({"type": "plain_text_input", "action_id": "name"}, block_id="who", optional=True)
FORM = modal(NAME, callback_id="form", private_metadata="m/1", notify_on_close=True)


@pytest.fixture
async def opened(world, bolt, start):
    """This opens FORM by a command; gives its view and the list of bodies the app then got."""
    bodies = []

    @bolt.command("/belay")
    async def open_form(ack, client, body):
        bodies.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    @bolt.view_closed("form")
    async def closed(ack, body):
        bodies.append(body)
        await ack()

    await start(bolt)
    view = (await world.act("command", command="/belay"))["view"]
    return view, bodies


def answering(bolt, bodies, **answer):
    """This makes the app answer a submit in a given way."""

    @bolt.view("form")
    async def submitted(ack, body):
        bodies.append(body)
        await ack(**answer)


async def test_a_trigger_works_once_and_for_three_seconds(world, client, opened):
    _, bodies = opened
    used = client.views_open(trigger_id=bodies[0]["trigger_id"], view=FORM)
    assert await code_of(used) == "exchanged_trigger_id"
    unknown = client.views_open(trigger_id="1.2.3", view=FORM)
    assert await code_of(unknown) == "invalid_trigger_id"
    world.box.timing = world.box.timing.changed({"trigger_lives": 0})
    old = world.box.trigger("UANA")
    assert await code_of(client.views_open(trigger_id=old, view=FORM)) == "expired_trigger_id"


async def test_a_bad_view_leaves_the_trigger_usable(world, client):
    trigger = world.box.trigger("UANA")
    bad = client.views_open(trigger_id=trigger, view=modal(NAME, submit=None))
    assert await code_of(bad) == "invalid_arguments"
    await client.views_open(trigger_id=trigger, view=FORM)


async def test_a_view_of_250_kilobytes_is_too_large(world, client):
    texts = [section(text={"type": "mrkdwn", "text": "x" * 2990}) for _ in range(90)]
    large = client.views_open(trigger_id=world.box.trigger("UANA"), view=modal(*texts))
    assert await code_of(large) == "view_too_large"


async def test_a_submission_has_slacks_shape(world, bolt, opened):
    view, bodies = opened
    answering(bolt, bodies)
    await world.act("submit", view_id=view["id"], values={"name": "Ana"})
    body = bodies[-1]
    assert body["type"] == "view_submission"
    assert body["user"] == {"id": "UANA", "username": "ana", "name": "ana", "team_id": "T0SANDBOX1"}
    assert body["response_urls"] == []
    sent = body["view"]
    assert sent["private_metadata"] == "m/1"
    assert sent["callback_id"] == "form"
    assert sent["state"]["values"] == {
        "who": {"name": {"type": "plain_text_input", "value": "Ana"}}
    }
    assert (sent["root_view_id"], sent["previous_view_id"]) == (view["id"], None)


async def test_an_update_replaces_the_view_and_keeps_what_is_typed(world, bolt, opened):
    view, bodies = opened
    answering(bolt, bodies, response_action="update", view=modal(NAME, title=plain("Two")))
    told = await world.act("submit", view_id=view["id"], values={"name": "Ana"})
    assert told["view"]["id"] == view["id"]
    assert told["view"]["title"] == "Two"
    assert told["view"]["values"]["who"]["name"]["value"] == "Ana"


async def test_a_push_stacks_up_to_three_views(world, bolt, opened):
    view, bodies = opened
    answering(bolt, bodies, response_action="push", view=FORM)
    for _ in range(2):
        told = await world.act("submit", view_id=view["id"])
        assert told["ok"] is True
        view = told["view"]
    assert len((await world.see())["views"]) == 3
    over = await world.act("submit", view_id=view["id"])
    assert (over["ok"], over["error"]) == (False, "bad_response")
    assert (await world.get("/errors"))["errors"][-1]["error"] == "push_limit_reached"
    answering_clear = await world.act("close", view_id=view["id"])
    assert answering_clear["view"]["id"] != view["id"]


async def test_clear_closes_the_whole_stack(world, bolt, opened):
    view, bodies = opened
    answering(bolt, bodies, response_action="clear")
    await world.act("submit", view_id=view["id"])
    assert (await world.see())["views"] == []


async def test_errors_for_unknown_blocks_are_trouble(world, bolt, opened):
    view, bodies = opened
    answering(bolt, bodies, response_action="errors", errors={"nope": "x"})
    told = await world.act("submit", view_id=view["id"], values={"name": "kept"})
    assert told["error"] == "bad_response"
    assert "trouble connecting" in told["answer"]
    assert told["view"]["values"]["who"]["name"]["value"] == "kept"


async def test_an_unanswered_submit_keeps_the_form_with_what_was_typed(world, opened):
    view, _ = opened
    world.box.timing = world.box.timing.changed({"ack_within": 0.1})
    told = await world.act("submit", view_id=view["id"], values={"name": "kept"})
    assert (told["ok"], told["acked"]) == (False, False)
    assert "trouble connecting" in told["answer"]
    assert told["view"]["values"]["who"]["name"]["value"] == "kept"


async def test_closing_is_told_if_asked_for(world, opened):
    view, bodies = opened
    told = await world.act("close", view_id=view["id"])
    assert told["view"] is None
    assert bodies[-1]["type"] == "view_closed"
    assert bodies[-1]["is_cleared"] is False


async def test_closing_all_tells_of_every_view(world, client, opened):
    view, bodies = opened
    trigger = world.box.trigger("UANA", view["id"])
    await client.views_push(trigger_id=trigger, view=FORM)
    bodies.clear()
    top = (await world.see())["views"][-1]
    told = await world.act("close", view_id=top["id"], all=True)
    assert told["view"] is None
    assert [body["is_cleared"] for body in bodies] == [True, True]


async def test_views_are_updated_by_id_or_external_id_and_hash(world, client):
    trigger = world.box.trigger("UANA")
    made = await client.views_open(trigger_id=trigger, view={**FORM, "external_id": "x-1"})
    view = made["view"]
    stale = client.views_update(view_id=view["id"], view=FORM, hash="old")
    assert await code_of(stale) == "hash_conflict"
    changed = await client.views_update(external_id="x-1", view=FORM, hash=view["hash"])
    assert changed["view"]["hash"] != view["hash"]
    assert await code_of(client.views_update(view_id="V9", view=FORM)) == "not_found"


async def test_an_action_in_a_view_may_push_another_one(world, bolt, start, client):
    bodies = []

    @bolt.action("more")
    async def more(ack, body, client):
        bodies.append(body)
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=FORM)

    await start(bolt)
    first = modal(section(accessory=button(action_id="more", value="1")), NAME)
    made = await client.views_open(trigger_id=world.box.trigger("UANA"), view=first)
    view_id = made["view"]["id"]
    await world.act("fill", view_id=view_id, values={"name": "half"})
    told = await world.act("click", view_id=view_id, action_id="more", wait_for="view")
    assert told["view"]["id"] != view_id
    body = bodies[0]
    assert body["container"] == {"type": "view", "view_id": view_id}
    assert body["view"]["state"]["values"]["who"]["name"]["value"] == "half"
    assert "response_url" not in body


async def test_an_input_dispatches_only_if_it_says_so(world, bolt, start, client):
    bodies = []

    @bolt.action("day")
    async def day(ack, body):
        bodies.append(body)
        await ack()

    await start(bolt)
    silent = inputs({"type": "datepicker", "action_id": "night"})
    loud = inputs({"type": "datepicker", "action_id": "day"}, dispatch_action=True)
    trigger = world.box.trigger("UANA")
    made = await client.views_open(trigger_id=trigger, view=modal(silent, loud))
    view_id = made["view"]["id"]
    for name in ("night", "day"):
        await world.act("choose", view_id=view_id, action_id=name, value="2027-01-15")
    assert [body["actions"][0]["action_id"] for body in bodies] == ["day"]
    assert bodies[0]["actions"][0]["selected_date"] == "2027-01-15"


async def test_a_form_belongs_to_one_person(world, opened):
    view, _ = opened
    told = await world.act("submit", "ULEA", view_id=view["id"])
    assert (told["status"], told["error"]) == (400, "not_found")


async def test_the_home_tab_is_published_and_opened(world, bolt, start, client):
    events = []

    @bolt.event("app_home_opened")
    async def opened(event):
        events.append(event)

    await start(bolt)
    home = {"type": "home", "blocks": [section()]}
    made = await client.views_publish(user_id="UANA", view=home)
    assert (await world.see())["home"]["id"] == made["view"]["id"]
    await world.act("home")
    await until(lambda: bool(events))
    assert events[0]["tab"] == "home"
    assert events[0]["view"]["id"] == made["view"]["id"]
    stale = client.views_publish(user_id="UANA", view=home, hash="old")
    assert await code_of(stale) == "hash_conflict"
    nobody = client.views_publish(user_id="UNONE", view=home)
    assert await code_of(nobody) == "user_not_found"
    assert await code_of(client.views_publish(user_id="UANA", view=FORM)) == "invalid_arguments"


async def test_a_conversation_asked_for_comes_with_a_response_url(world, bolt, start, client):
    bodies: list[Any] = []
    answering(bolt, bodies)
    await start(bolt)
    element = {"type": "conversations_select", "action_id": "c", "response_url_enabled": True}
    view = modal(inputs(element, block_id="where"), callback_id="form")
    made = await client.views_open(trigger_id=world.box.trigger("UANA"), view=view)
    await world.act("submit", view_id=made["view"]["id"], values={"where": "CFIELD"})
    url = bodies[0]["response_urls"][0]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "c", "CFIELD")
    async with world.http.post(url["response_url"], json={"text": "from the form"}) as answer:
        assert answer.status == 200
