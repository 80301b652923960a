"""This is commands, messages, reactions, and reading."""

from typing import Any

from sandbox import mentions, payloads, speaking
from sandbox.acts.common import actor, first, place, seen, writable
from sandbox.box import Sandbox
from sandbox.model import Channel, Json
from sandbox.outcome import Lane
from sandbox.workspace import ts_micros


async def command(box: Sandbox, given: Json) -> Json:
    """This types a slash command into a channel. Commands cannot be used in threads."""
    user = actor(box, given)
    channel = place(box, user, str(given.get("channel") or "app"))
    name = str(given.get("command") or "")
    declared = box.app.features.get("slash_commands") or []
    found = next((item for item in declared if item.get("command") == name), None)
    since = len(box.workspace.journal.entries)
    if found is None or "commands" not in box.app.scopes:
        return seen(box, user, None, since, answer=f"{name} is not a valid command.")
    box.scope_book.need(box.app, f"command {name}", "commands")
    text = str(given.get("text") or "")
    if found.get("should_escape"):
        text = mentions.with_ids(box.workspace, text, names=True)
    payload = payloads.command(box, user, channel, name, text)
    outcome = await box.delivery.send(Lane.COMMANDS, payload)
    if not outcome.acked:
        error = "operation_timeout" if outcome.reason in ("timeout", "http_timeout", "lost") else ""
        error = error or "dispatch_failed"
        told = f'{name} failed with the error "{error}"'
        return seen(box, user, outcome, since, answer=told, error=error)
    _command_answer(box, user, channel, outcome.payload)
    return seen(box, user, outcome, since)


def _command_answer(box: Sandbox, user: str, channel: Channel, answer: Any) -> None:
    """This shows what the app put into its acknowledgement of a command."""
    if not isinstance(answer, dict) or not (answer.get("text") or answer.get("blocks")):
        return
    what = speaking.content(answer)
    visible_to = None if answer.get("response_type") == "in_channel" else user
    speaking.say(box, channel, box.app.bot_user, what, visible_to=visible_to)


async def message(box: Sandbox, given: Json) -> Json:
    """This posts a person's message; people write only where they are members."""
    user = actor(box, given)
    channel = place(box, user, str(given.get("channel") or "app"))
    since = len(box.workspace.journal.entries)
    thread_ts = given.get("thread_ts")
    writable(box, user, channel, thread_ts)
    text = mentions.with_ids(box.workspace, str(given.get("text") or ""))
    what = speaking.content({"text": text})
    posted, futures = speaking.say(box, channel, user, what, thread_ts=thread_ts)
    outcome = await first(futures)
    return seen(box, user, outcome, since, ok=True, channel=channel.id, ts=posted.ts)


async def read(box: Sandbox, given: Json) -> Json:
    """This marks a conversation as read up to its last message."""
    user = actor(box, given)
    channel = place(box, user, str(given.get("channel") or "app"))
    if channel.messages:
        channel.read[user] = max(channel.messages, key=ts_micros)
    return seen(box, user, None, len(box.workspace.journal.entries), ok=True)
