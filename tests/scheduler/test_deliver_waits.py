"""A channel whose readers are not known yet, and a thread that is not open yet, are waited for."""

import pytest

from bot.request import HelpTarget, OfMatter
from bot.scheduler.deliver import SOON_MAX, WAIT_FOR_READERS
from bot.slack.audience import Why
from bot.slack.send import RetryAfter, Undeliverable
from protocol import events as e
from protocol.ids import MatterId
from protocol.records import Accounted, Finding
from tests.protocol.world import JO, LIN, ROSA, plan
from tests.scheduler.shift import outcomes
from tests.virtual_time import during, passes, run

HALF_AN_HOUR = 31 * 60.0
CHANNELS = ("C_CLINICAL", "C_INCIDENTS")
HEAD = "county/m1/1/thread"
POSTED = "county/m1/1.1/page/0/clinical"


def unknown(shift):
    for channel in CHANNELS:
        shift.audience.why[channel] = Why.UNKNOWN


def known(shift):
    shift.audience.why.clear()


async def taken(shift):
    now = shift.clock.now()
    await shift.county.does(LIN, lambda by: e.Acknowledge(now, by), OfMatter(MatterId("m1")))


async def tried(shift):
    now = shift.clock.now()
    await shift.county.does(
        LIN,
        lambda by: e.LogAttempt(now, by, e.ContactMethod.CALL, e.ContactOutcome.NO_ANSWER),
        OfMatter(MatterId("m1")),
    )


async def closed(shift, *, continues=False):
    now = shift.clock.now()
    await shift.county.does(
        LIN,
        lambda by: e.Close(now, by, 1, Accounted.SPOKEN, Finding.OTHER, "", continues),
        OfMatter(MatterId("m1")),
    )
    await shift.county.does(ROSA, lambda by: e.ConfirmClosing(now, by, 1), OfMatter(MatterId("m1")))


def delivering(shift, story):
    """Delivery alone turns while the story is told."""

    async def main():
        try:
            await during(shift.deliver.loop.run(), story())
        finally:
            await shift.deliver.stop()

    run(main())


def noted(shift):
    """What was written into the incident thread, in the order in which it came to stand."""
    kinds = {row.key: row.body["noted"] for row in shift.rows("ThreadNote")}
    return [kinds[key] for key in shift.slack.keys if key in kinds]


def test_readers_that_slack_does_not_name_for_half_an_hour_cost_no_page_and_no_thread(shift):
    async def story():
        unknown(shift)
        await shift.help_is_called()
        await passes(5)
        assert shift.slack.at["county/m1/1.1/page/0/rosa"] < 1, "people are paged at once"
        await passes(HALF_AN_HOUR)
        assert POSTED not in shift.slack.at
        known(shift)
        await passes(SOON_MAX.total_seconds() + 5)

    delivering(shift, story)
    assert outcomes(shift)[POSTED] == "sent"
    assert outcomes(shift)[HEAD] == "sent"
    assert set(outcomes(shift, "ThreadNote").values()) == {"sent"}
    assert not shift.slack.twice


def test_a_channel_is_told_that_it_is_over_however_long_its_readers_were_unknown(shift):
    async def story():
        await shift.help_is_called()
        await passes(5)
        unknown(shift)
        await taken(shift)
        await closed(shift)
        await passes(HALF_AN_HOUR)
        known(shift)
        await passes(SOON_MAX.total_seconds() + 5)

    delivering(shift, story)
    assert outcomes(shift, "PostStandDown")
    assert set(outcomes(shift, "PostStandDown").values()) == {"sent"}
    edited = {channel for _, channel, _, _ in shift.slack.edits}
    assert "C_CLINICAL" in edited, "the page that stands there is brought up to date, too"


def test_readers_are_asked_for_ever_more_rarely_and_never_less_than_twice_a_minute(shift):
    async def story():
        unknown(shift)
        await shift.help_is_called()
        await passes(HALF_AN_HOUR)

    delivering(shift, story)
    row = next(row for row in shift.rows() if row.key == POSTED)
    assert 60 < row.attempts < 75


def test_readers_that_are_never_known_are_given_up_in_the_end(shift):
    async def story():
        unknown(shift)
        await shift.help_is_called()
        await passes(60)
        shift.clock.start += WAIT_FOR_READERS
        await passes(60)

    delivering(shift, story)
    assert outcomes(shift)[POSTED] == "undeliverable"
    assert outcomes(shift)[HEAD] == "undeliverable"
    assert set(outcomes(shift, "ThreadNote").values()) == {"undeliverable"}


def test_notes_wait_for_a_thread_that_slack_does_not_accept_and_keep_their_order(shift):
    async def story():
        shift.slack.once = {HEAD: RetryAfter(900, "internal")}
        await shift.help_is_called()
        await passes(60)
        await taken(shift)
        await passes(100)
        for _ in range(3):
            await tried(shift)
            await passes(40)
        assert noted(shift) == []
        await passes(900)

    delivering(shift, story)
    assert set(outcomes(shift, "ThreadNote").values()) == {"sent"}
    assert noted(shift) == ["climbed", "acknowledged", "attempt", "attempt", "attempt"]
    threads = {place.thread for place, _, key in shift.slack.said if "/note/" in key}
    assert len(threads) == 1
    assert None not in threads


@pytest.mark.parametrize("why", [Why.GUESTS, Why.AVOIDED])
def test_a_thread_that_can_never_open_keeps_no_note_waiting(shift, why):
    async def story():
        shift.audience.why["C_INCIDENTS"] = why
        await shift.help_is_called()
        await passes(30)

    delivering(shift, story)
    assert outcomes(shift)[HEAD] == "undeliverable"
    assert set(outcomes(shift, "ThreadNote").values()) == {"undeliverable"}


def test_a_thread_whose_channel_is_gone_keeps_no_note_waiting(shift):
    async def story():
        shift.slack.once = {HEAD: Undeliverable("channel_not_found")}
        await shift.help_is_called()
        await passes(30)

    delivering(shift, story)
    assert set(outcomes(shift, "ThreadNote").values()) == {"undeliverable"}


def test_the_head_of_an_older_thread_keeps_its_last_word(shift):
    async def story():
        await shift.county.plans(JO, plan(), "m1")
        await shift.help_is_called("other")  # the plan is active: this is about it
        await passes(5)
        await taken(shift)
        await closed(shift, continues=True)
        await passes(5)
        for form in (e.HelpForm.CALL, e.HelpForm.QUIET):
            now, target = shift.clock.now(), HelpTarget(None, MatterId("other"))
            await shift.county.does(JO, lambda by, at=now, how=form: e.Help(at, by, how), target)
            await passes(10)

    delivering(shift, story)
    heads = [key for key in shift.slack.keys if key.endswith("/thread")]
    assert heads == [HEAD, "county/m1/2/thread"]
    ts = {row.outbox_key: row.ts for row in shift.county.rows("message") if row.thread}
    edited = [at for _, channel, at, _ in shift.slack.edits if channel == "C_INCIDENTS"]
    # The first says that it is closed, and no more; the second became a quiet call, and says so.
    assert edited == [ts[HEAD], ts["county/m1/2/thread"]]
