"""This is chat.scheduleMessage and what belongs to it. Times are world time."""

from sandbox import limits, speaking
from sandbox.api.call import Call, method
from sandbox.api.chat import target, thread
from sandbox.errors import Refused
from sandbox.model import Json, Scheduled


@method("chat.scheduleMessage")
def schedule(call: Call) -> Json:
    """This keeps a message for later.

    Raises Refused invalid_time, time_in_past, time_too_far, restricted_too_many.
    """
    channel = target(call)
    content = speaking.content(call.args.given)
    post_at = call.args.number("post_at")
    now = call.box.clock.now()
    if post_at is None or post_at != int(post_at):
        raise Refused("invalid_time")
    if post_at <= now:
        raise Refused("time_in_past")
    if post_at > now + limits.SCHEDULE_AHEAD:
        raise Refused("time_too_far")
    waiting = call.workspace.scheduled
    window = post_at // limits.SCHEDULE_WINDOW
    same = [
        item
        for item in waiting.values()
        if item.channel == channel.id and item.post_at // limits.SCHEDULE_WINDOW == window
    ]
    if len(same) >= limits.SCHEDULED_PER_WINDOW:
        raise Refused("restricted_too_many")
    content["thread_ts"] = thread(call, channel)
    made = Scheduled(call.workspace.fresh("Q"), channel.id, post_at, content, int(now))
    waiting[made.id] = made
    call.box.nudge.set()
    return {
        "channel": channel.id,
        "scheduled_message_id": made.id,
        "post_at": int(post_at),
        "message": {"text": content["text"], "type": "delayed_message", "bot_id": call.app.bot_id},
    }


@method("chat.deleteScheduledMessage")
def delete_scheduled(call: Call) -> Json:
    """This takes a scheduled message back; not in its last minute, not after it was posted."""
    channel = target(call)
    found = call.workspace.scheduled.get(call.args.text("scheduled_message_id"))
    if found is None or found.channel != channel.id:
        raise Refused("invalid_scheduled_message_id")
    if found.post_at - call.box.clock.now() < limits.SCHEDULE_LOCKED:
        raise Refused("invalid_scheduled_message_id")
    del call.workspace.scheduled[found.id]
    return {}


@method("chat.scheduledMessages.list")
def list_scheduled(call: Call) -> Json:
    """This lists what is still to be posted."""
    channel = call.args.text("channel")
    oldest, latest = call.args.number("oldest") or 0.0, call.args.number("latest")
    found = [
        {
            "id": item.id,
            "channel_id": item.channel,
            "post_at": int(item.post_at),
            "date_created": item.created,
            "text": item.content["text"],
        }
        for item in sorted(call.workspace.scheduled.values(), key=lambda one: one.post_at)
        if channel in ("", item.channel)
        and item.post_at >= oldest
        and (latest is None or item.post_at <= latest)
    ]
    rows, more = call.page(found)
    return {"scheduled_messages": rows, **more}
