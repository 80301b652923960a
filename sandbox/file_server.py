"""This takes the bytes of an upload, and hands them out to whoever has the app's token."""

from collections.abc import Awaitable, Callable

from aiohttp import BodyPartReader, web

from sandbox import filing, limits
from sandbox.args import bearer
from sandbox.box import BOX, Sandbox
from sandbox.items import File
from sandbox.wire import Answer, carry

NAME = "upload"
"""What faults and records call an upload."""
CHUNK = 64 * 1024


class TooLarge(Exception):
    """This says that more bytes came than one file may have."""


async def _bytes(request: web.Request) -> bytes:
    """This is the file in a request: the first part of a form that is a file, or the raw body."""
    if request.content_type != "multipart/form-data":
        return await _whole(request.content.read)
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename:
            return await _whole(part.read_chunk)
    return b""


async def _whole(read: Callable[[int], Awaitable[bytes]]) -> bytes:
    """This reads to the end, but never more than a file may have."""
    found = bytearray()
    while piece := await read(CHUNK):
        found += piece
        if len(found) > limits.FILE_BYTES:
            raise TooLarge
    return bytes(found)


async def upload(request: web.Request) -> web.StreamResponse:
    """This is POST /upload/<key>, the address that files.getUploadURLExternal gave."""
    box, key = request.app[BOX], request.match_info["key"]
    files = box.workspace.files.values()
    file = next((one for one in files if one.upload_key == key and not one.shared), None)
    given = {"file": file.id if file else None}
    try:
        data = await _bytes(request)
    except TooLarge:
        return await carry(request, NAME, given, lambda: Answer(413, {"error": "file_too_large"}))
    return await carry(request, NAME, given, lambda: _keep(box, file, data))


def _keep(box: Sandbox, file: File | None, data: bytes) -> Answer:
    """This keeps what came, if it was expected."""
    if file is None:
        return Answer(404, {"error": "no_such_upload"})
    filing.receive(box, file, data)
    return Answer(200, {"ok": True}, plain=True)


async def download(request: web.Request) -> web.StreamResponse:
    """This is GET on a file's url_private: the bytes, for the app's token and for nobody else.

    Slack sends whoever has no token to its sign-in page; here that is a plain 403.
    """
    box = request.app[BOX]
    app, file = box.workspace.app, box.workspace.files.get(request.match_info["file"])
    token = bearer(request)
    if app is None or token != app.bot_token or "files:read" not in app.scopes:
        box.refusals.add("files", "not_allowed", request.path)
        return web.Response(status=403, text="not allowed")
    if file is None or file.data is None or not file.url.endswith(request.path):
        return web.Response(status=404, text="no such file")
    box.scope_book.need(app, "url_private", "files:read")
    return web.Response(body=file.data, content_type=file.mimetype)


ROUTES = (web.post("/upload/{key}", upload), web.get("/files/{file}/{secret}", download))
