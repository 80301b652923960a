"""This posts scheduled messages when world time reaches them."""

import asyncio

from sandbox import speaking
from sandbox.box import Sandbox

LONGEST_NAP = 3600.0


def next_at(box: Sandbox) -> float | None:
    """This is the world time of the next scheduled message."""
    return min((item.post_at for item in box.workspace.scheduled.values()), default=None)


def post_due(box: Sandbox) -> int:
    """This posts what is due and says how many.

    One with metadata silently disappears: Slack documents that it is never posted. So does one
    whose channel the app has left or that was archived.
    """
    now, workspace, posted = box.clock.now(), box.workspace, 0
    due = sorted(workspace.scheduled.values(), key=lambda item: (item.post_at, item.id))
    for item in due:
        if item.post_at > now:
            break
        del workspace.scheduled[item.id]
        channel = workspace.channel(item.channel)
        content = dict(item.content)
        thread_ts = content.pop("thread_ts")
        inside = box.app.bot_user in channel.members or "chat:write.public" in box.app.scopes
        if content["metadata"] is not None or channel.is_archived or not inside:
            box.refusals.add("scheduled", "never_posted", item.id)
            continue
        speaking.say(box, channel, box.app.bot_user, content, thread_ts=thread_ts)
        posted += 1
    return posted


async def run(box: Sandbox) -> None:
    """This posts for ever; a nudge (new message, moved clock) makes it look again."""
    while True:
        box.nudge.clear()
        post_due(box)
        following, rate = next_at(box), box.clock.rate
        nap = LONGEST_NAP
        if following is not None and rate > 0:
            nap = min(nap, max(0.0, (following - box.clock.now()) / rate))
        try:
            await asyncio.wait_for(box.nudge.wait(), nap)
        except TimeoutError:
            continue
