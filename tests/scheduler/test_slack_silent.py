"""The third silence: Slack could not be reached. People are told when it is back, and only then."""

from datetime import timedelta

from tests.scheduler.test_watch import MINUTES, Desk, goes_out, watches, watching
from tests.virtual_time import run


def told(shift):
    return {
        row.to_person: row.body["text"] for row in shift.rows("PlainNews") if "/slack/" in row.key
    }


def test_when_slack_is_back_people_are_told_from_when_to_when_it_was_away(shift):
    deaf = timedelta(minutes=5)

    async def main():
        nonlocal deaf
        shift.ctx.ears.append(lambda: deaf)
        await goes_out(shift)
        watch = watching(shift, Desk())
        await watches(watch, 30)
        assert not told(shift)
        deaf = timedelta(seconds=1)
        await watches(watch, 2 * MINUTES)

    run(main())
    assert set(told(shift)) == {"jo", "rosa", "maya", "lin"}
    assert "Slack could not be reached from 11:55 AM" in told(shift)["jo"]
    assert "may be lost" in told(shift)["jo"]
    assert "Out now: Jo." in told(shift)["rosa"]


def test_a_connection_that_is_renewed_is_no_silence(shift):
    async def main():
        shift.ctx.ears.append(lambda: timedelta(seconds=20))
        await goes_out(shift)
        await watches(watching(shift, Desk()), 2 * MINUTES)

    run(main())
    assert not told(shift)


def test_one_ear_that_hears_is_enough(shift):
    async def main():
        shift.ctx.ears.extend([lambda: timedelta(hours=1), lambda: timedelta(0)])
        await goes_out(shift)
        await watches(watching(shift, Desk()), 2 * MINUTES)

    run(main())
    assert not told(shift)
