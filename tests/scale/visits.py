"""How many calls of Slack a visit takes: real visits in the sandbox's workspace, counted there."""

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests import harness
from tests.harness import County, Inbox
from tests.scenarios import backstage, given

Story = Callable[[County], Awaitable[None]]
# Once for each process, not for each visit; and what a program costs as long as anybody is out.
NOT_OF_A_VISIT = (
    *("apps.connections.open", "auth.test"),
    *("chat.scheduleMessage", "chat.scheduledMessages.list", "chat.deleteScheduledMessage"),
)


async def ordinary(c: County) -> None:
    """Two hours, planned, confirmed and done: four check-ins, leaving, clear; nobody is paged."""
    await given.on_a_visit(c, c.jo)
    for _ in range(4):
        await c.clock.forward(minutes=20)
        await c.jo.presses("OK")
        await c.clock.settle()
    await c.clock.forward(minutes=15)
    await c.jo.presses("Leaving")
    await c.clock.forward(minutes=5)
    await c.jo.presses("I'm clear")
    await c.jo.sees("Visit done. You are clear.")
    await c.clock.settle()


async def missed(c: County) -> None:
    """A check-in does not come; the second rung answers, looks, and accounts for the worker."""
    await given.missed_twice(c, c.jo)
    await given.acknowledged(c, c.lin, c.jo)
    await c.incidents.expects("has it.")
    await c.clock.forward(minutes=5)
    await c.lin.presses("Accounted for...")
    await c.lin.submits(given.IS_OVER)
    await c.clock.settle()


class Unread(Inbox):
    """Nothing that comes is looked at."""

    async def look(self) -> None:
        """This leaves it unread."""


STORIES: dict[str, Story] = {
    "An ordinary visit with four check-ins": ordinary,
    "A visit that is missed and answered at the second rung": missed,
}


async def count(story: Story, folder: Path) -> dict[str, int]:
    """Play a story; how often each method was called in it, the most frequent first."""
    with backstage.prepared("sqlite", folder, folder, folder / "template.db") as url:
        async with harness.county(url, folder) as c:
            await c.workspace.post("/calls/clear")
            await story(c)
            calls = (await c.workspace.get("/calls"))["calls"]
            # What else it said is the scenarios' business.
            c.inbox = Unread(c.inbox.watch, c.inbox.bot_user)
    methods = Counter(call["method"] for call in calls)
    return {name: n for name, n in methods.most_common() if name not in NOT_OF_A_VISIT}
