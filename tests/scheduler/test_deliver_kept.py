"""Kept messages and channels: edited when they changed, and shown only to who may read them."""

from itertools import pairwise

import pytest

from bot.request import OfMatter
from bot.slack.audience import Why
from bot.slack.send import Undeliverable
from protocol import events as e
from protocol.effects import Refresh, Surface
from protocol.ids import MatterId
from storage import outbox
from tests.county import PROGRAM
from tests.protocol.world import JO, LIN, plan
from tests.scheduler.shift import outcomes
from tests.virtual_time import during, passes, run


async def tries_to_call(shift, person=LIN):
    """Somebody logs an attempt, which changes every page that stands."""
    now = shift.clock.now()
    return await shift.county.does(
        person,
        lambda by: e.LogAttempt(now, by, e.ContactMethod.CALL, e.ContactOutcome.NO_ANSWER),
        OfMatter(MatterId("m1")),
    )


def test_a_card_that_changes_often_is_edited_once_every_few_seconds_with_the_newest(shift):
    async def main():
        await shift.help_is_called()
        await shift.delivers(3)

        async def taps():
            for _ in range(40):
                await tries_to_call(shift)
                await passes(0.2)
            await passes(8)

        try:
            await during(shift.deliver.loop.run(), taps())
        finally:
            await shift.deliver.stop()

    run(main())
    pages = [at for at, channel, _, _ in shift.slack.edits if channel == "DU_ROSA"]
    assert pages, "the page was edited"
    assert all(after - before >= 2.9 for before, after in pairwise(pages))
    shown = {row.shown_version for row in shift.county.rows("message") if row.surface == "pages"}
    assert shown == {shift.county.matter().version}


def test_an_edit_of_what_is_shown_already_is_left_out(shift):
    async def main():
        await shift.help_is_called()
        await shift.delivers(3)
        edits = len(shift.slack.edits)
        shift.database.run_sync(_ask_for_refresh, shift.clock)
        await shift.delivers(5)
        return edits

    before = run(main())
    assert len(shift.slack.edits) == before


def _ask_for_refresh(conn, clock):
    outbox.add(
        conn,
        PROGRAM,
        MatterId("m1"),
        [Refresh("again", Surface.PAGES)],
        at=clock.now(),
        transport_now=clock.transport(),
    )


def test_a_card_that_was_deleted_ends_its_edits_and_nothing_else(shift):
    async def main():
        await shift.help_is_called()
        await shift.delivers(3)
        shift.slack.edit_will = [Undeliverable("message_not_found")] * 3
        await tries_to_call(shift)
        await shift.delivers(10)

    run(main())
    assert set(outcomes(shift).values()) == {"sent"}


def test_what_changed_while_a_page_was_under_way_is_shown_on_it_afterwards(shift):
    async def main():
        await shift.help_is_called()
        plain = shift.slack.post

        async def post(place, message, key):
            answer = await plain(place, message, key)
            if key.endswith("page/0/rosa"):
                now = shift.clock.now()
                await shift.county.does(
                    LIN, lambda by: e.Acknowledge(now, by), OfMatter(MatterId("m1"))
                )
                # Slack's answer is slow: meanwhile every page that stands is brought up to date.
                await passes(5)
            return answer

        shift.slack.post = post
        await shift.delivers(20)

    run(main())
    shown = {row.shown_version for row in shift.county.rows("message") if row.surface == "pages"}
    assert shown == {shift.county.matter().version}


def test_a_page_is_not_put_into_a_channel_that_others_can_read(shift):
    async def main():
        shift.audience.why["C_CLINICAL"] = Why.GUESTS
        await shift.help_is_called()
        await shift.delivers(5)

    run(main())
    assert outcomes(shift)["county/m1/1.1/page/0/clinical"] == "undeliverable"
    assert {"county/m1/1.1/page/0/rosa", "county/m1/1.1/page/0/lin"} <= set(shift.slack.keys)


def test_a_channel_whose_readers_are_not_known_yet_is_posted_to_when_they_are(shift):
    async def main():
        shift.audience.why["C_CLINICAL"] = Why.UNKNOWN

        async def learnt():
            await passes(3)
            shift.audience.why["C_CLINICAL"] = Why.ALLOWED
            await passes(6)

        await shift.help_is_called()
        try:
            await during(shift.deliver.loop.run(), learnt())
        finally:
            await shift.deliver.stop()

    run(main())
    assert outcomes(shift)["county/m1/1.1/page/0/clinical"] == "sent"
    assert shift.slack.at["county/m1/1.1/page/0/rosa"] < 1


def test_a_card_in_a_channel_that_others_can_read_by_now_is_left_as_it_was(shift):
    async def main():
        await shift.help_is_called()
        await shift.delivers(3)
        shift.audience.why["C_CLINICAL"] = Why.GUESTS
        await tries_to_call(shift)
        await shift.delivers(10)

    run(main())
    assert {channel for _, channel, _, _ in shift.slack.edits} == {"DU_ROSA", "DU_LIN"}
    assert set(outcomes(shift).values()) == {"sent"}


@pytest.mark.parametrize("why", [Why.UNKNOWN, Why.SHARED, Why.PUBLIC])
def test_a_plan_that_may_not_be_shown_in_the_channel_goes_to_the_approvers(shift, why):
    async def main():
        shift.audience.why["C_FIELD"] = why
        await shift.county.plans(JO, plan())
        await shift.delivers(30)

    run(main())
    assert outcomes(shift, "PostApproval") == {
        row.key: "undeliverable" for row in shift.rows("PostApproval")
    }
    asked = {row.to_person for row in shift.rows("Ask") if row.outcome == "sent"}
    assert {"rosa", "maya"} <= asked
    standing = [row for row in shift.county.rows("message") if row.surface == "approval"]
    assert {row.person_id for row in standing} >= {"rosa", "maya"}
