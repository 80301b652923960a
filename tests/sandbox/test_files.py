"""This holds files: uploaded in three steps by Slack's own client, shown, read back, deleted."""

import aiohttp
import pytest

from sandbox import limits
from tests.sandbox.conftest import code_of


@pytest.fixture
async def shared(client):
    """This is a file of the app that stands in a channel."""
    answer = await client.files_upload_v2(
        channel="CFIELD",
        content="one,two\n",
        filename="visits.csv",
        title="Visits",
        initial_comment="Here they are",
    )
    return answer["file"]


async def test_slacks_client_uploads_a_file_into_a_channel(world, shared):
    assert (shared["name"], shared["title"], shared["size"]) == ("visits.csv", "Visits", 8)
    assert shared["mimetype"] == "text/csv"
    (message,) = (await world.see("UANA", channel="CFIELD"))["conversations"][0]["messages"]
    assert (message["text"], message["by_app"]) == ("Here they are", True)
    (file,) = message["files"]
    assert (file["id"], file["name"]) == (shared["id"], "visits.csv")
    assert (file["title"], file["size"]) == ("Visits", 8)


async def test_a_file_goes_into_a_thread_and_to_a_person(world, client):
    sent = await client.chat_postMessage(channel="CFIELD", text="x")
    await client.files_upload_v2(
        channel="CFIELD", content="a", filename="a.txt", thread_ts=sent["ts"]
    )
    (reply,) = (await client.conversations_replies(channel="CFIELD", ts=sent["ts"]))["messages"][1:]
    assert reply["files"][0]["name"] == "a.txt"
    direct = (await client.conversations_open(users="ULEA"))["channel"]["id"]
    await client.files_upload_v2(channel=direct, content="b", filename="b.txt", title="B")
    (lit,) = (await world.see("ULEA"))["notifications"]
    assert lit["text"] == "uploaded a file: B"


async def test_several_files_are_one_message(world, client):
    both = [{"content": "a", "filename": "a.txt"}, {"content": "b", "filename": "b.txt"}]
    answer = await client.files_upload_v2(channel="CFIELD", file_uploads=both)
    assert len(answer["files"]) == 2
    (message,) = (await world.see("UANA", channel="CFIELD"))["conversations"][0]["messages"]
    assert [file["name"] for file in message["files"]] == ["a.txt", "b.txt"]


async def test_a_file_is_described_and_read_back_with_the_token_only(world, client, shared):
    info = (await client.files_info(file=shared["id"]))["file"]
    assert info["shares"]["public"]["CFIELD"][0]["ts"]
    assert (info["channels"], info["is_public"]) == (["CFIELD"], True)
    head = {"Authorization": f"Bearer {world.app['bot_token']}"}
    async with world.http.get(info["url_private"], headers=head) as answer:
        assert await answer.read() == b"one,two\n"
        assert answer.content_type == "text/csv"
    async with world.http.get(info["url_private"]) as answer:
        assert answer.status == 403
    guessed = info["url_private"].rpartition("/")[0] + "/guess"
    async with world.http.get(guessed, headers=head) as answer:
        assert answer.status == 404


async def test_a_form_with_a_file_in_it_is_taken_too(world, client):
    given = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    data = aiohttp.FormData()
    data.add_field("filename", b"abc", filename="a.txt")
    async with world.http.post(given["upload_url"], data=data) as answer:
        assert answer.status == 200
    done = await client.files_completeUploadExternal(files=[{"id": given["file_id"]}])
    assert (done["files"][0]["size"], done["files"][0]["title"]) == (3, "a.txt")


async def test_uploads_are_refused_in_slacks_words(world, client):
    ask, complete = client.files_getUploadURLExternal, client.files_completeUploadExternal
    assert await code_of(client.api_call("files.getUploadURLExternal")) == "invalid_arguments"
    assert await code_of(ask(filename="a", length=0)) == "missing_argument"
    long = ask(filename="a", length=1, alt_txt="x" * 1001)
    assert await code_of(long) == "alt_txt_too_large"
    large = ask(filename="a", length=limits.FILE_BYTES + 1)
    assert await code_of(large) == "file_upload_size_restricted"
    assert await code_of(complete(files=[{"id": "FNONE"}])) == "file_not_found"
    given = await ask(filename="a", length=1)
    files = [{"id": given["file_id"], "title": "A"}]
    assert await code_of(complete(files=files)) == "file_not_found", "its bytes are missing"
    async with world.http.post(given["upload_url"], data=b"a") as answer:
        assert answer.status == 200
    assert await code_of(complete(files=files, channel_id="CNONE")) == "channel_not_found"
    assert await code_of(complete(files=files, channel_id="COPEN")) == "not_in_channel"
    many = ",".join(f"C{number}" for number in range(101))
    too_many = client.api_call(
        "files.completeUploadExternal",
        params={"files": f'[{{"id": "{given["file_id"]}"}}]'} | {"channels": many},
    )
    assert await code_of(too_many) == "channels_limit_exceeded"
    await complete(files=files, channel_id="CFIELD")
    assert await code_of(complete(files=files)) == "file_not_found", "it is done already"
    async with world.http.post(given["upload_url"], data=b"b") as answer:
        assert answer.status == 404


async def test_bytes_beyond_the_bound_are_not_kept(world, client, monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    given = await client.files_getUploadURLExternal(filename="a", length=10)
    async with world.http.post(given["upload_url"], data=b"x" * 11) as answer:
        assert answer.status == 413
    assert world.box.workspace.files[given["file_id"]].data is None


async def test_the_oldest_files_are_forgotten_when_there_are_too_many_bytes(
    world, client, monkeypatch
):
    monkeypatch.setattr(limits, "FILES_BYTES", 10)
    for name in ("a", "b", "c"):
        await client.files_upload_v2(channel="CFIELD", content="12345", filename=name)
    kept = {file.name: file.data is not None for file in world.box.workspace.files.values()}
    assert kept == {"a": False, "b": True, "c": True}
    errors = (await world.get("/errors"))["errors"]
    assert [row["error"] for row in errors if row["where"] == "files"] == ["forgotten"]


async def test_the_app_hears_of_a_file_that_a_person_shares(world, client, bodies):
    done = await world.act(
        "upload", channel="CFIELD", name="note.txt", content="hi", text="@lea look"
    )
    assert (done["ok"], done["acked"]) == (True, True)
    told = {body["event"]["type"]: body["event"] for body in bodies}
    assert told["file_shared"]["file_id"] == done["file"]
    assert (told["file_shared"]["user_id"], told["file_shared"]["channel_id"]) == ("UANA", "CFIELD")
    assert told["message"]["subtype"] == "file_share"
    assert told["message"]["files"][0]["title"] == "note.txt"
    (lit,) = (await world.see("ULEA"))["notifications"]
    assert lit["text"] == "<@ULEA> look"
    assert (await client.files_info(file=done["file"]))["file"]["user"] == "UANA"
    assert await code_of(client.files_delete(file=done["file"])) == "cant_delete_file"


async def test_the_app_sees_no_file_of_a_channel_it_is_not_in(world, client):
    done = await world.act("upload", channel="COPEN", name="note.txt", content="hi")
    assert await code_of(client.files_info(file=done["file"])) == "file_not_found"


async def test_a_deleted_file_leaves_its_message_and_is_gone(world, client, bodies, shared):
    await client.files_delete(file=shared["id"])
    assert await code_of(client.files_info(file=shared["id"])) == "file_deleted"
    assert await code_of(client.files_delete(file=shared["id"])) == "file_deleted"
    (message,) = (await world.see("UANA", channel="CFIELD"))["conversations"][0]["messages"]
    assert message["files"] == [{"id": shared["id"], "deleted": True}]
    assert (await world.post("/quiet"))["quiet"] is True
    assert "file_deleted" in [body["event"]["type"] for body in bodies]
    head = {"Authorization": f"Bearer {world.app['bot_token']}"}
    async with world.http.get(shared["url_private"], headers=head) as answer:
        assert answer.status == 404


async def test_faults_strike_an_upload_too(world, client):
    given = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    await world.fault("http_500", target="upload")
    async with world.http.post(given["upload_url"], data=b"abc") as answer:
        assert answer.status == 500
    async with world.http.post(given["upload_url"], data=b"abc") as answer:
        assert answer.status == 200
