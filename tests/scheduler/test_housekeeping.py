"""Tidying up: what is due follows from the rows, and nothing that matters is touched."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.scheduler.housekeeping import Housekeeping, KnownAudience, anchor_is_due, tidy
from bot.scheduler.timetable import next_daily
from storage import inbound
from tests.county import TRANSPORT
from tests.protocol.world import NOON
from tests.virtual_time import during, passes, run

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def tidied(shift, now=NOON, transport_now=TRANSPORT):
    return shift.database.run_sync(tidy, now, transport_now)


def test_deliveries_are_forgotten_after_a_day(shift):
    for hours in (1, 23, 25, 50):
        shift.database.run_sync(inbound.first_time, f"k{hours}", NOON - hours * HOUR)
    assert tidied(shift).inbound == 2
    assert {row.key for row in shift.county.rows("inbound")} == {"k1", "k23"}


def test_only_edits_that_are_a_day_old_are_made_void(shift):
    async def main():
        await shift.help_is_called()

    run(main())
    assert tidied(shift, NOON, TRANSPORT + DAY).refreshes == 0
    done = tidied(shift, NOON + 2 * DAY, TRANSPORT + DAY + HOUR)
    assert done.refreshes == 1
    assert {row.kind for row in shift.rows() if row.outcome} == {"Refresh"}


def test_the_history_is_anchored_once_a_day_and_after_days_off_once(shift):
    async def main():
        await shift.help_is_called()

    run(main())
    assert not tidied(shift, NOON + HOUR).anchored
    assert tidied(shift, NOON + DAY).anchored
    assert not tidied(shift, NOON + DAY + HOUR).anchored
    assert len(shift.county.rows("audit_anchor")) == 1
    assert shift.database.run_sync(anchor_is_due, NOON + 5 * DAY)


def test_a_round_is_done_hourly_and_a_failing_one_is_not_done_over_and_over(shift):
    async def main():
        keeping = Housekeeping(shift.ctx)
        await during(keeping.loop.run(), passes(3 * 3600 + 120))
        shift.inline.away = True
        await during(keeping.loop.run(), passes(3 * 3600))
        return keeping.loop.faults

    assert run(main()) == 3


def test_every_channels_readers_are_asked_about_now_and_then(shift):
    async def main():
        await during(KnownAudience(shift.ctx, shift.audience).loop.run(), passes(150))

    run(main())
    channels = [channel for channel, _ in shift.audience.avoided]
    assert sorted(set(channels)) == ["C_CLINICAL", "C_FIELD", "C_INCIDENTS"]
    assert len(channels) == 9


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("2026-03-10T07:00", "2026-03-10T09:30"),
        ("2026-03-10T09:30", "2026-03-11T09:30"),
        # In spring half past two does not exist on the 8th, in autumn it comes once.
        ("2026-03-07T20:00", "2026-03-08T10:30"),
        ("2026-10-31T20:00", "2026-11-01T10:30"),
    ],
)
def test_a_daily_time_is_found_in_its_zone(last, expected):
    assert next_daily(utc(last), time(2, 30), "America/Los_Angeles") == utc(expected)


def test_a_daily_time_that_comes_twice_counts_once():
    first = next_daily(utc("2026-10-31T20:00"), time(1, 30), "America/New_York")
    assert first == utc("2026-11-01T05:30")
    assert next_daily(first, time(1, 30), "America/New_York") == utc("2026-11-02T06:30")
