"""Who can read a channel: known and allowed, or not posted to. The answer never waits for Slack."""

import asyncio

import pytest

from bot.slack import audience
from bot.slack.audience import Audience, Why
from bot.slack.send import Refusal, Unknown
from tests.virtual_time import VirtualClock, passes, run

PRIVATE = {"is_private": True}


class Workspace:
    """This is Slack's knowledge of one channel."""

    def __init__(self):
        self.info = dict(PRIVATE)
        self.members = ["UANA", "ULEE"]
        self.guests = set()
        self.fault = None
        self.calls = []
        self.slow = 0.0

    async def call(self, method, **arguments):
        self.calls.append(method)
        if self.slow:
            await passes(self.slow)
        if self.fault:
            raise self.fault
        if method == "conversations.info":
            return {"channel": self.info}
        if method == "conversations.members":
            return {"members": list(self.members)}
        if method == "auth.test":
            return {"team_id": "TOURS"}
        guest = arguments["user"] in self.guests
        return {"user": {"team_id": "TOURS", "is_restricted": guest}}


def knowing(workspace):
    return Audience(workspace.call, VirtualClock().transport)


def verdict_of(workspace, avoid=()):
    async def main():
        known = knowing(workspace)
        await known.refresh("C1")
        return known.verdict("C1", avoid)

    return run(main())


def test_a_private_channel_of_members_may_be_posted_to():
    assert verdict_of(Workspace()) is Why.ALLOWED


@pytest.mark.parametrize(
    ("info", "why"),
    [
        ({}, Why.PUBLIC),
        ({"is_private": True, "is_ext_shared": True}, Why.SHARED),
        ({"is_private": True, "is_pending_ext_shared": True}, Why.SHARED),
        ({"is_private": True, "is_shared": True}, Why.SHARED),
        ({"is_private": True, "is_archived": True}, Why.GONE),
    ],
)
def test_a_channel_that_others_can_read_may_not(info, why):
    workspace = Workspace()
    workspace.info = info
    assert verdict_of(workspace) is why


def test_a_guest_among_the_members_closes_the_channel():
    workspace = Workspace()
    workspace.guests = {"ULEE"}
    assert verdict_of(workspace) is Why.GUESTS


def test_whoever_must_not_read_it_closes_it_for_this_message_only():
    workspace = Workspace()
    assert verdict_of(workspace, avoid=["UANA"]) is Why.AVOIDED
    assert verdict_of(workspace, avoid=["USAM"]) is Why.ALLOWED


def test_an_endless_list_of_members_is_not_walked_through():
    workspace = Workspace()
    workspace.members = [f"U{number}" for number in range(audience.MEMBERS_MAX + 1)]
    assert verdict_of(workspace) is Why.TOO_MANY
    assert "users.info" not in workspace.calls


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Unknown("timeout"), Why.UNKNOWN),
        (Refusal("ratelimited", 9), Why.UNKNOWN),
        (Refusal("missing_scope"), Why.UNKNOWN),
        (Refusal("channel_not_found"), Why.GONE),
    ],
)
def test_what_slack_does_not_say_is_unknown_and_unknown_is_no(fault, why):
    workspace = Workspace()
    workspace.fault = fault
    assert verdict_of(workspace) is why


def test_the_answer_never_waits_for_slack():
    async def main():
        workspace = Workspace()
        workspace.slow = 30.0
        known = knowing(workspace)
        loop = asyncio.get_running_loop()
        first = known.verdict("C1")
        assert (first, loop.time()) == (Why.UNKNOWN, 0.0)
        await passes(200)
        return known.verdict("C1")

    assert run(main()) is Why.ALLOWED


def test_what_was_learnt_is_asked_for_anew_and_not_believed_for_ever():
    async def main():
        workspace = Workspace()
        known = knowing(workspace)
        await known.refresh("C1")
        await passes(150)
        before = len(workspace.calls)
        assert known.verdict("C1") is Why.ALLOWED
        await passes(1)
        assert len(workspace.calls) > before
        workspace.fault = Unknown("timeout")
        await passes(601)
        assert known.verdict("C1") is Why.UNKNOWN
        await known.close()

    run(main())


def test_several_questions_about_one_channel_are_asked_once():
    async def main():
        workspace = Workspace()
        workspace.slow = 1.0
        known = knowing(workspace)
        for _ in range(5):
            known.verdict("C1")
        await passes(10)
        return workspace.calls.count("conversations.info")

    assert run(main()) == 1


@pytest.mark.parametrize("kind", sorted(audience.CHANNEL_CHANGED))
def test_a_change_of_the_channel_makes_it_unknown_until_slack_was_asked_again(kind):
    async def main():
        workspace = Workspace()
        known = knowing(workspace)
        await known.refresh("C1")
        workspace.members.append("USPY")
        named = {"id": "C1"} if kind == "channel_shared" else "C1"
        known.noticed({"type": kind, "channel": named, "user": "USPY"})
        during = known.verdict("C1", ["USPY"])
        await passes(1)
        return during, known.verdict("C1", ["USPY"])

    assert run(main()) == (Why.UNKNOWN, Why.AVOIDED)


def test_a_change_while_slack_is_being_asked_is_asked_about_once_more():
    async def main():
        workspace = Workspace()
        workspace.slow = 1.0
        known = knowing(workspace)
        known.refresh("C1")
        await passes(2.5)
        workspace.members.append("USPY")
        known.noticed({"type": "member_joined_channel", "channel": "C1", "user": "USPY"})
        await passes(30)
        return known.verdict("C1", ["USPY"])

    assert run(main()) is Why.AVOIDED


def test_a_member_who_becomes_a_guest_closes_the_channel():
    async def main():
        workspace = Workspace()
        known = knowing(workspace)
        await known.refresh("C1")
        workspace.guests = {"ULEE"}
        known.noticed({"type": "user_change", "user": {"id": "ULEE"}})
        await passes(1)
        return known.verdict("C1")

    assert run(main()) is Why.GUESTS


def test_changes_of_channels_that_are_not_ours_are_not_asked_about():
    async def main():
        workspace = Workspace()
        knowing(workspace).noticed({"type": "member_joined_channel", "channel": "COTHER"})
        await passes(1)
        return workspace.calls

    assert run(main()) == []


def test_a_change_of_somebody_who_does_not_read_the_channel_leaves_it_known():
    async def main():
        workspace = Workspace()
        known = knowing(workspace)
        await known.refresh("C1")
        before = len(workspace.calls)
        known.noticed({"type": "user_change", "user": {"id": "USTRANGER"}})
        return known.verdict("C1"), len(workspace.calls) - before

    assert run(main()) == (Why.ALLOWED, 0)


def test_a_member_who_becomes_a_guest_while_slack_is_being_asked_closes_the_channel():
    async def main():
        workspace = Workspace()
        workspace.slow = 1.0
        known = knowing(workspace)
        known.refresh("C1")
        await passes(3.5)  # the first member was looked at
        workspace.guests = {"UANA", "ULEE"}
        known.noticed({"type": "user_change", "user": {"id": "UANA"}})
        known.noticed({"type": "user_change", "user": {"id": "ULEE"}})
        await passes(30)
        return known.verdict("C1")

    assert run(main()) is Why.GUESTS


def test_a_limit_of_slacks_is_heeded_and_what_was_learnt_before_it_is_kept():
    async def main():
        workspace = Workspace()
        workspace.members = [f"U{number}" for number in range(20)]
        plain, asked = workspace.call, []

        async def limited(method, **arguments):
            if method == "users.info":
                asked.append(asyncio.get_running_loop().time())
                if len(asked) % 8 == 0:
                    raise Refusal("ratelimited", 20)
            return await plain(method, **arguments)

        workspace.call = limited  # type: ignore[method-assign]
        known = knowing(workspace)
        for _ in range(30):
            known.verdict("C1")
            await passes(2)
        return known.verdict("C1"), asked

    verdict, asked = run(main())
    assert verdict is Why.ALLOWED
    assert len(asked) == 22, "each member once, and the two who were refused once more"
    assert all(
        after - before >= 20 for before, after in zip(asked[7::8], asked[8::8], strict=False)
    )
