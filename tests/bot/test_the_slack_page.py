"""What docs/slack.md tells people to do works: its program file, and the first visit with it."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import observe
from bot.cli.findings import Kind
from bot.demo import screen
from bot.demo.workspace import Person

PAGE = (Path(__file__).parents[2] / "docs" / "slack.md").read_text(encoding="utf-8")
ANA, BEA, CAL = "U0AAAAAAA1", "U0AAAAAAA2", "U0AAAAAAA3"
CHANNELS = ("C0AAAAAAA1", "C0AAAAAAA2", "C0AAAAAAA3")
WITHIN = 60.0  # s


@pytest.fixture
async def followed(installation):
    """This is where somebody is who did all that the page says, up to asking the doctor."""
    it = installation
    people = [{"id": ANA, "name": "ana"}, {"id": BEA, "name": "bea"}, {"id": CAL, "name": "cal"}]
    rooms = [
        {"id": one, "name": one.lower(), "is_private": True, "members": [ANA, BEA, CAL, "app"]}
        for one in CHANNELS
    ]
    await it.workspace.post("/setup", {"people": people, "channels": rooms})
    program = re.search(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
    assert program is not None
    # It is noon there: by night the same visit is rated otherwise.
    noon = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
    written = program[1].replace("America/Los_Angeles", noon)
    (it.folder / "program.yml").write_text(written, encoding="utf-8")
    (it.folder / "belay.db").unlink()
    it.setenv("BELAY_HEARTBEAT_URL", "")
    file = str(it.folder / "program.yml")
    for command in (("check-config", file), ("migrate",), ("apply", file)):
        result = await it.belay(*command)
        assert result.exit_code == 0, result.output
    return it


async def until_seen(who, words):
    """This waits until a message that stands on somebody's screen holds these words."""
    async with asyncio.timeout(WITHIN):
        while not any(words in screen.whole(one) for _, one in await who.messages()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_with_the_pages_program_the_doctor_has_the_warnings_that_the_page_names(followed):
    assert await followed.kinds() == [Kind.APPROVER_ALONE, Kind.HEARTBEAT_MISSING]


async def test_the_first_visit_goes_as_the_page_says(followed):
    await followed.runs("/metrics", f"\n{observe.APP_SOCKETS} 1.0\n")
    ana, bea = (
        Person(followed.workspace, name, user) for name, user in (("ana", ANA), ("bea", BEA))
    )
    await ana.commands("/visit")
    answers = {"Where?": "Main St shelter", "How long?": "30 min", "What for?": "Outreach"}
    said = await ana.submits(answers)
    assert said["errors"] == {}
    await until_seen(bea, "[Confirm plan]")
    await bea.presses("Confirm plan")
    assert (await bea.submits())["errors"] == {}
    await until_seen(ana, "Plan confirmed. You can still turn back.")
    for label in ("I'm here", "OK", "Leaving", "I'm clear"):
        assert f"*{label}*" in PAGE
        await until_seen(ana, f"[{label}]")
        await ana.presses(label)
    await until_seen(ana, "Visit done. You are clear.")
