"""This holds the control API: setup, guards, seed, reset, and the process itself."""

import asyncio
import json
import signal
import sys
from typing import Any

from tests.sandbox.conftest import CHANNELS, MANIFEST, PEOPLE


async def test_setup_repeated_changes_nothing(world):
    before = await world.see("ULEA")
    await world.post("/setup", {"people": PEOPLE, "channels": CHANNELS})
    assert await world.see("ULEA") == before


async def test_without_ids_names_tell_who_is_meant(world):
    rows: dict[str, Any] = {
        "people": [{"name": "eve"}],
        "channels": [{"name": "new", "is_private": True}],
    }
    first = await world.post("/setup", rows)
    assert await world.post("/setup", rows) == first
    rows["people"][0]["title"] = "Peer"
    assert await world.post("/setup", rows) == first
    made = world.box.workspace
    assert made.people[first["people"][-1]].title == "Peer"
    assert made.channels[first["channels"]["new"]].is_private is True


async def test_a_misspelt_property_is_refused(world):
    refused = await world.post("/setup", {"people": [{"id": "U1", "nmae": "x"}]})
    assert (refused["status"], refused["error"]) == (400, "bad_setup")
    refused = await world.post("/setup", {"channels": [{"name": "x", "members": ["UNONE"]}]})
    assert refused["error"] == "bad_setup"


async def test_installing_again_keeps_tokens_and_changes_scopes(world):
    first = dict(world.app)
    again = await world.install({**MANIFEST, "oauth_config": {"scopes": {"bot": []}}})
    assert again.pop("warnings") != first.pop("warnings") == []
    assert again == first
    assert world.box.app.scopes == frozenset()


async def test_a_web_page_or_another_name_for_this_machine_is_refused(world):
    url = f"{world.url}/_control/clock"
    for headers in ({"Origin": "https://example.org"}, {"Host": "example.org"}):
        async with world.http.get(url, headers=headers) as answer:
            assert answer.status == 403
    link = f"{world.url}/_clock"
    async with world.http.get(link, headers={"Origin": "https://example.org"}) as answer:
        assert answer.status == 403


async def test_reset_empties_the_workspace(world, client):
    await client.chat_postMessage(channel="CFIELD", text="x")
    await world.post("/reset")
    assert (await world.get("/calls"))["calls"] == []
    assert (await world.see("UANA"))["error"] == "user_not_found"
    assert (await world.act("message", text="x"))["status"] == 400


async def test_nonsense_is_a_bad_request(world):
    async with world.http.post(f"{world.url}/_control/setup", data="{") as answer:
        assert answer.status == 400
    assert (await world.post("/clock/forward"))["status"] == 400
    assert (await world.post("/clock", {"rate": -1}))["status"] == 400
    assert (await world.post("/timing", {"ack": 1}))["status"] == 400
    assert (await world.act("click", ts="1.0", action_id="x"))["status"] == 400


async def test_refusals_are_listed(world, client):
    await world.client("xoxb-wrong").api_call("api.test")
    refused = world.client("xoxb-wrong").auth_test()
    results = await asyncio.gather(refused, return_exceptions=True)
    assert isinstance(results[0], Exception)
    errors = (await world.get("/errors"))["errors"]
    assert (errors[-1]["where"], errors[-1]["error"]) == ("auth.test", "invalid_auth")


async def test_the_process_starts_from_a_seed_and_ends_on_sigterm(tmp_path, world):
    seed, port = tmp_path / "seed.json", tmp_path / "port"
    content = {
        "people": PEOPLE,
        "channels": CHANNELS,
        "install": {"manifest": MANIFEST, "bot_token": "xoxb-sandbox-fixed"},
        "clock": {"set": 1_700_000_000, "rate": 0},
    }
    seed.write_text(json.dumps(content))
    command = [sys.executable, "-m", "sandbox", "--port-file", str(port), "--seed", str(seed)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    url = json.loads(await process.stdout.readline())["url"]
    assert url == f"http://127.0.0.1:{port.read_text()}"
    async with world.http.get(f"{url}/_control/clock") as answer:
        assert (await answer.json())["clock"]["now"] == 1_700_000_000
    head = {"Authorization": "Bearer xoxb-sandbox-fixed"}
    async with world.http.post(f"{url}/api/auth.test", headers=head) as answer:
        assert (await answer.json())["ok"] is True
    await world.http.ws_connect(f"{url}/_clock")
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 20) == 0
