"""The audience of a channel, and a thread that is gone, in a real sandbox: who is from outside."""

from datetime import UTC, datetime

import pytest

from bot.slack.audience import Audience, Why, is_outsider
from bot.slack.render.view import Rendered
from bot.slack.send import Place, Slack, Undeliverable, make_client
from tests.scenarios.backstage import workspace_alone

FIELD, CLINICAL, MEMBER = "C_FIELD", "C_CLINICAL", "U_LIN"


def now():
    return datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def world():
    """This is the example's workspace, and Belay's way to speak with it."""
    async with workspace_alone() as (workspace, app, _):
        client = make_client(app["bot_token"], f"{workspace.url}/api/", workspace.http)
        yield workspace, Slack(client)


async def verdict(slack):
    audience = Audience(slack.call, now)
    await audience.refresh(CLINICAL)
    return audience.verdict(CLINICAL)


async def test_a_channel_of_colleagues_may_be_posted_to(world):
    _, slack = world
    assert await verdict(slack) is Why.ALLOWED


async def test_somebody_of_another_workspace_closes_a_channel_without_being_marked_a_stranger(
    world,
):
    workspace, slack = world
    # They share another channel with the app, so Slack does not mark them; this one is not shared.
    await workspace.post("/act/share_channel", {"user": MEMBER, "channel": FIELD, "team": "T2"})
    await workspace.post("/setup", {"people": [{"id": MEMBER, "team_id": "T2"}]})
    assert "is_stranger" not in (await slack.call("users.info", user=MEMBER))["user"]
    assert await verdict(slack) is Why.GUESTS


async def test_a_guest_closes_a_channel(world):
    workspace, slack = world
    await workspace.post("/setup", {"people": [{"id": MEMBER, "is_restricted": True}]})
    assert await verdict(slack) is Why.GUESTS


async def test_without_knowing_its_own_workspace_belay_allows_nothing(world):
    workspace, slack = world
    fault = {"effect": "http_500", "target": "auth.test", "count": None}
    await workspace.post("/faults", fault)
    assert await verdict(slack) is Why.UNKNOWN


async def test_its_own_workspace_is_asked_for_once(world):
    workspace, slack = world
    audience = Audience(slack.call, now)
    for channel in (CLINICAL, FIELD, "C_INCIDENTS"):
        await audience.refresh(channel)
    calls = (await workspace.get("/calls"))["calls"]
    assert [call["method"] for call in calls].count("auth.test") == 1


@pytest.mark.parametrize(
    ("user", "outside"),
    [
        ({"team_id": "T1"}, False),
        ({"team_id": "T1", "is_restricted": True}, True),
        ({"team_id": "T1", "is_ultra_restricted": True}, True),
        ({"team_id": "T1", "is_stranger": True}, True),
        ({"team_id": "T2"}, True),
        ({}, True),
        ({"team_id": "E1", "enterprise_user": {"teams": ["T1", "T3"]}}, False),
        ({"team_id": "E1", "enterprise_user": {"teams": ["T3"]}}, True),
    ],
)
def test_whoever_does_not_belong_to_the_workspace_is_an_outsider(user, outside):
    assert is_outsider(user, "T1") is outside


async def test_a_thread_that_slack_does_not_take_is_undeliverable_and_alarms_nobody(world):
    _, slack = world
    sent = await slack.post(Place(CLINICAL, "1.000001"), Rendered("a line"), "key")
    assert sent == Undeliverable("invalid_thread_ts")
    assert slack.problem is None
