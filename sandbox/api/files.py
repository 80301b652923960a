"""This is files.*: uploads in three steps (an address, the bytes, the sharing), and what became."""

from sandbox import file_shapes, filing, limits, speaking
from sandbox.api.call import Call, method
from sandbox.api.chat import reach, thread
from sandbox.errors import Refused
from sandbox.items import File
from sandbox.model import Json


@method("files.getUploadURLExternal")
def get_upload_url(call: Call) -> Json:
    """This is where the bytes of a file are to be posted."""
    call.args.require("filename", "length")
    size = int(call.args.number("length") or 0)
    if size <= 0:
        raise Refused("missing_argument")
    alt_text = call.args.text("alt_txt")
    name = call.args.need("filename")
    file = filing.expect(call.box, call.app.bot_user, name, size, alt_text)
    return {"upload_url": f"{call.box.url}/upload/{file.upload_key}", "file_id": file.id}


def _uploaded(call: Call) -> list[File]:
    """This is the files of a call, each with its bytes; raises Refused file_not_found."""
    rows = speaking.listed(call.args.given.get("files"), "invalid_arguments")
    files = []
    for row in rows:
        file = call.workspace.files.get(str(row.get("id"))) if isinstance(row, dict) else None
        if file is None or file.data is None or file.shared or file.user != call.app.bot_user:
            raise Refused("file_not_found")
        file.title = str(row.get("title") or file.name)
        files.append(file)
    if not files:
        raise Refused("invalid_arguments", messages=("[ERROR] missing required field: files",))
    return files


def _comment(call: Call) -> Json:
    """This is what is said with the files; the blocks count only where there is no comment."""
    comment = call.args.text("initial_comment")
    if comment:
        return speaking.content({"text": comment})
    blocks = call.args.given.get("blocks")
    return speaking.content({"blocks": blocks}) if blocks else dict(speaking.NOTHING)


@method("files.completeUploadExternal")
def complete_upload(call: Call) -> Json:
    """This ends uploads, and shares them in conversations if some are named."""
    files = _uploaded(call)
    what = _comment(call)
    names = [*call.args.names("channel_id"), *call.args.names("channels")]
    if len(names) > limits.SHARED_CHANNELS:
        raise Refused("channels_limit_exceeded")
    channels = [reach(call, name) for name in dict.fromkeys(names)]
    places = [(channel, thread(call, channel)) for channel in channels]
    for file in files:
        file.shared = True
    for channel, thread_ts in places:
        filing.share(call.box, channel, call.app.bot_user, files, what, thread_ts)
    return {"files": [file_shapes.file(call.workspace, file) for file in files]}


def _visible(call: Call) -> File:
    """This is a file that the app may see: its own, or one shared where it is a member."""
    file = call.workspace.files.get(call.args.need("file", "file_not_found"))
    bot = call.app.bot_user
    if file is None or not file.shared:
        raise Refused("file_not_found")
    inside = any(bot in call.workspace.channel(name).members for name in file.shares)
    if file.user != bot and not inside:
        raise Refused("file_not_found")
    if file.deleted:
        raise Refused("file_deleted")
    return file


@method("files.info")
def info(call: Call) -> Json:
    """This describes a file."""
    shape = file_shapes.file(call.workspace, _visible(call))
    return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.delete")
def delete(call: Call) -> Json:
    """This deletes a file of the app."""
    file = _visible(call)
    if file.user != call.app.bot_user:
        raise Refused("cant_delete_file")
    filing.delete(call.box, file)
    return {}
