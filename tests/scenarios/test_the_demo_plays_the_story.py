"""`belay demo --once` plays the whole story against real processes, and leaves nothing behind."""

import asyncio
import sys

PLAYED_WITHIN = 110.0  # s; some 25 on a machine that has nothing else to do


async def test_the_demo_plays_its_story_to_the_end():
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--once", "--matcher", "off"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(demo.communicate(), PLAYED_WITHIN)
    finally:
        if demo.returncode is None:
            demo.terminate()
            await demo.wait()
    story = said.decode()
    assert demo.returncode == 0, story[-2000:]
    assert "everybody saw what they should" in story
    assert "\x1b[" not in story
    too_wide = [line for line in story.splitlines() if len(line) > 80]
    assert not too_wide
