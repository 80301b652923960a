"""This keeps uploaded files, in memory and within bounds, and shares them in conversations."""

import mimetypes
import secrets

from sandbox import item_events, limits, speaking
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.events import Futures
from sandbox.items import File
from sandbox.model import Channel, Json, Message


def expect(box: Sandbox, user: str, name: str, size: int, alt_text: str = "") -> File:
    """This makes room for a file whose bytes are still to come.

    Raises Refused file_upload_size_restricted or alt_txt_too_large.
    """
    if size > limits.FILE_BYTES:
        raise Refused("file_upload_size_restricted")
    if len(alt_text) > limits.ALT_TEXT:
        raise Refused("alt_txt_too_large")
    file = File(box.workspace.fresh("F"), name, user, size, int(box.clock.now()), name)
    file.mimetype = mimetypes.guess_type(name)[0] or file.mimetype
    file.alt_text = alt_text
    file.upload_key = secrets.token_urlsafe(18)
    file.url = f"{box.url}/files/{file.id}/{secrets.token_urlsafe(6)}"
    box.workspace.files[file.id] = file
    return file


def receive(box: Sandbox, file: File, data: bytes) -> None:
    """This takes the bytes. When there are too many in all, the oldest files lose theirs."""
    file.data, file.size = data, len(data)
    held = [one for one in box.workspace.files.values() if one.data is not None]
    total = sum(len(one.data or b"") for one in held)
    for one in held:
        if total <= limits.FILES_BYTES or one is file:
            break
        total -= len(one.data or b"")
        one.data = None
        box.refusals.add("files", "forgotten", f"{one.id}: more than {limits.FILES_BYTES} bytes")


def share(
    box: Sandbox,
    channel: Channel,
    user: str,
    files: list[File],
    what: Json,
    thread_ts: str | None = None,
) -> tuple[Message, Futures]:
    """This posts a message that carries files; `what` is its checked content."""
    carried = {**what, "files": [file.id for file in files]}
    message, futures = speaking.say(box, channel, user, carried, thread_ts=thread_ts)
    for file in files:
        file.shares.setdefault(channel.id, []).append(message.ts)
        futures += item_events.file_shared(box, channel, file, user)
    return message, futures


def delete(box: Sandbox, file: File) -> Futures:
    """This takes a file away; the messages that carried it show that it is gone."""
    file.deleted, file.data = True, None
    for name, stamps in file.shares.items():
        channel = box.workspace.channel(name)
        for message in (channel.messages[ts] for ts in stamps if ts in channel.messages):
            box.workspace.mark("file", message, file_id=file.id, deleted=True)
    return item_events.file_deleted(box, file)
