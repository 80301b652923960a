"""This is how anything comes to be said: checked content becomes a message, events follow."""

import json
from typing import Any

from sandbox import events, limits, normalise, shapes
from sandbox.blocks import message_problems
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.events import Futures
from sandbox.model import Channel, Json, Message

NOTHING: Json = {"text": "", "blocks": [], "attachments": [], "metadata": None}
"""The content of a message that only carries files."""
SAYING = ("text", "fallback", "title", "pretext", "author_name", "fields")
"""What makes an attachment a message, be it empty (backlot)."""


def listed(value: Any, code: str) -> list[Any]:
    """This is a list given as such or as JSON text; raises Refused with `code`."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as problem:
            raise Refused(code, messages=("must be valid JSON",)) from problem
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(code, messages=("[ERROR] must provide an array [json-pointer:/blocks]",))
    return value


def _attachments(value: Any) -> list[Any]:
    """This is the attachments; Slack takes what is no list of objects for none."""
    try:
        found = listed(value, "invalid_attachments")
    except Refused:
        return []
    return [one for one in found if isinstance(one, dict)]


def _says_something(attachment: Json) -> bool:
    """This is true if an attachment is a message by itself, and not only decoration."""
    return any(name in attachment for name in SAYING) or bool(attachment.get("blocks"))


def content(args: Json, *, keep: Message | None = None) -> Json:
    """This is checked text, blocks, attachments and metadata of a message.

    Raises Refused no_text, msg_too_long, invalid_blocks or invalid_metadata_format. `keep` is
    the message being edited: attachments and metadata that are not given stay.
    """
    text = str(args.get("text") or "")
    if len(text) > limits.MESSAGE_TEXT:
        raise Refused("msg_too_long")
    blocks = listed(args.get("blocks"), "invalid_blocks_format")
    attachments = _attachments(args.get("attachments"))
    problems = message_problems(blocks)
    for index, attachment in enumerate(attachments):
        inner = attachment.get("blocks")
        problems += message_problems(inner or [], f"/attachments/{index}/blocks")
    if problems:
        raise Refused("invalid_blocks", messages=tuple(problems), errors=problems)
    if len(attachments) > limits.ATTACHMENTS:
        raise Refused("too_many_attachments")
    if not text and not blocks and not any(map(_says_something, attachments)):
        raise Refused("no_text")
    return {
        "text": text,
        "blocks": normalise.blocks(blocks),
        "attachments": keep.attachments if keep and "attachments" not in args else attachments,
        "metadata": _metadata(args.get("metadata")) or (keep.metadata if keep else None),
    }


def _metadata(value: Any) -> Json | None:
    """This is message metadata: event_type and event_payload; raises Refused for other forms."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value else None
        except ValueError as problem:
            raise Refused("invalid_metadata_format") from problem
    if not value:
        return None
    good = isinstance(value, dict) and isinstance(value.get("event_type"), str)
    if not good or not isinstance(value.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    found: Json = {name: value[name] for name in ("event_type", "event_payload")}
    return found


def say(
    box: Sandbox,
    channel: Channel,
    user: str,
    what: Json,
    *,
    thread_ts: str | None = None,
    visible_to: str | None = None,
    subtype: str | None = None,
) -> tuple[Message, Futures]:
    """This posts checked content as a person or as the app."""
    workspace = box.workspace
    app = workspace.app
    message = Message(
        ts=workspace.next_ts(channel),
        channel=channel.id,
        user=user,
        by_app=app is not None and user == app.bot_user,
        thread_ts=thread_ts,
        visible_to=visible_to,
        subtype=subtype,
        **what,
    )
    workspace.post(message)
    return message, events.posted(box, message)


def revise(box: Sandbox, message: Message, editor: str, what: Json) -> Futures:
    """This replaces a message's content; typed state of elements that are gone is forgotten."""
    before = shapes.message(box.workspace, message)
    kept = {
        (block["block_id"], element.get("action_id"))
        for block in what["blocks"]
        for element in normalise.elements(block)
    }
    typed = {key: value for key, value in message.typed.items() if key[1:] in kept}
    box.workspace.edit(message, editor, **what, typed=typed)
    return events.edited(box, before, message) if message.visible_to is None else []


def remove(box: Sandbox, message: Message) -> Futures:
    """This deletes a message."""
    before = shapes.message(box.workspace, message)
    box.workspace.delete(message)
    return events.deleted(box, before, message) if message.visible_to is None else []
