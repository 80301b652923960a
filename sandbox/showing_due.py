"""This finds out what is due next, so that the page can say so without a walk."""

import asyncio

from sandbox.box import Sandbox
from sandbox.walking import ClockLink

PAUSE = 0.5
"""Transport seconds after something happened before the bots are asked: it seldom comes alone."""


async def keep_asking(box: Sandbox, link: ClockLink) -> None:
    """This asks the bots for their next wake whenever they did something and a tab looks on."""
    asked_at = -1
    with box.onlookers.looking() as bell:
        while True:
            await bell.wait()
            bell.clear()
            if not box.onlookers.tabs or box.activity.total == asked_at or not link.bots:
                continue
            await asyncio.sleep(PAUSE)
            asked_at = box.activity.total
            await link.look_ahead()
            box.onlookers.changed()
            bell.clear()
