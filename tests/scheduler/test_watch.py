"""The watch: Belay's death is noticed, and so is every time in which nobody watched."""

import asyncio
from datetime import timedelta

import pytest

from bot.request import HelpTarget, OfMatter
from bot.scheduler import field, is_quiet
from bot.scheduler.rolling import AHEAD, Notice, Rolling
from bot.scheduler.watch import Watch
from bot.slack.audience import Why
from bot.slack.send import Refusal, Scheduled, Unknown
from protocol import events as e
from protocol.ids import MatterId, ProgramId
from storage import tables
from tests.protocol.world import JO, NOON, SAM, minutes, plan
from tests.virtual_time import during, passes, run

MINUTES = 60
PROGRAM = ProgramId("county")
NOTICE = Notice("C_FIELD", "UTC", "+1", ("Jo",))


class Desk:
    """This is Slack's drawer of scheduled messages, and the order of what was done to it."""

    def __init__(self):
        self.standing = {}
        self.done = []
        self.fail = {}
        self.made = 0
        self.slow = False

    def _may_fail(self, what):
        if what in self.fail:
            raise self.fail[what]

    async def schedule(self, channel, text, post_at):
        self._may_fail("schedule")
        self.made += 1
        made = f"Q{self.made:03}"
        self.standing[made] = (post_at, text, channel)
        self.done.append(("schedule", made))
        if self.slow:
            await asyncio.sleep(0)
        return made

    async def scheduled(self, channel):
        self._may_fail("list")
        found = [Scheduled(one, post_at) for one, (post_at, _, _) in self.standing.items()]
        if self.slow:
            await asyncio.sleep(0)
        return found

    async def unschedule(self, channel, scheduled):
        self._may_fail("delete")
        self.standing.pop(scheduled, None)
        self.done.append(("delete", scheduled))


def at(seconds):
    return NOON + timedelta(seconds=seconds)


async def test_the_new_message_stands_before_the_old_one_is_taken_back():
    desk = Desk()
    rolling = Rolling(desk, {})
    await rolling.renew(PROGRAM, NOTICE, at(0))
    await rolling.renew(PROGRAM, NOTICE, at(120))
    assert desk.done == [("schedule", "Q001"), ("schedule", "Q002"), ("delete", "Q001")]
    assert [post_at for post_at, _, _ in desk.standing.values()] == [
        int((at(120) + AHEAD).timestamp())
    ]


async def test_what_a_process_that_died_left_behind_is_taken_back_by_the_next():
    desk = Desk()
    await Rolling(desk, {}).renew(PROGRAM, NOTICE, at(0))
    await Rolling(desk, {}).renew(PROGRAM, NOTICE, at(60))
    assert list(desk.standing) == ["Q002"]


async def test_of_two_replicas_that_renew_at_once_exactly_one_message_stays():
    desk = Desk()
    # Both schedule before either lists, and both list before either takes anything back.
    desk.slow = True
    await asyncio.gather(*(Rolling(desk, {}).renew(PROGRAM, NOTICE, at(0)) for _ in range(2)))
    assert desk.made == 2
    assert list(desk.standing) == ["Q002"]


@pytest.mark.parametrize("fault", [Unknown("timeout"), Refusal("ratelimited", 30)])
async def test_a_renewal_that_fails_turns_readiness_red_until_one_succeeds(fault):
    desk = Desk()
    troubles: dict[str, str] = {}
    rolling = Rolling(desk, troubles)
    desk.fail = {"schedule": fault}
    assert not await rolling.renew(PROGRAM, NOTICE, at(0))
    assert troubles
    assert rolling.is_due(PROGRAM, at(15))
    desk.fail = {}
    assert await rolling.renew(PROGRAM, NOTICE, at(15))
    assert not troubles


async def test_a_list_that_fails_leaves_what_is_remembered_to_be_taken_back():
    desk = Desk()
    rolling = Rolling(desk, {})
    await rolling.renew(PROGRAM, NOTICE, at(0))
    desk.fail = {"list": Unknown("timeout")}
    await rolling.renew(PROGRAM, NOTICE, at(120))
    assert list(desk.standing) == ["Q002"]


async def test_a_message_that_could_not_be_taken_back_goes_with_the_next_renewal():
    desk = Desk()
    rolling = Rolling(desk, {})
    await rolling.renew(PROGRAM, NOTICE, at(0))
    desk.fail = {"delete": Unknown("timeout")}
    assert not await rolling.renew(PROGRAM, NOTICE, at(120))
    desk.fail = {}
    await rolling.renew(PROGRAM, NOTICE, at(240))
    assert list(desk.standing) == ["Q003"]


def watching(shift, desk):
    return Watch(shift.ctx, desk, shift.audience)


async def watches(watch, seconds):
    await during(watch.loop.run(), passes(seconds))


async def goes_out(shift, person=JO, matter="m1"):
    await shift.county.plans(person, plan(start_in=1), matter)
    now = shift.clock.now()
    await shift.county.does(person, lambda by: e.Arrive(now, by), OfMatter(MatterId(matter)))


async def comes_back(shift, person=JO, matter="m1"):
    now = shift.clock.now()
    for step in (e.Leave, e.Clear):
        await shift.county.does(
            person, lambda by, step=step: step(now, by), OfMatter(MatterId(matter))
        )


def test_while_somebody_is_out_one_message_stands_and_when_nobody_is_none(shift):
    desk = Desk()

    async def main():
        watch = watching(shift, desk)
        await watches(watch, 10)
        assert not desk.done
        await goes_out(shift)
        await watches(watch, 9 * MINUTES)
        assert len(desk.standing) == 1
        await comes_back(shift)
        await passes(3)
        await watches(watch, 20)

    run(main())
    assert desk.made == 5
    assert not desk.standing
    assert shift.county.rows("program")[0].watched_at is None or is_active(shift)


def is_active(shift):
    return any(row.active for row in shift.county.rows("matter"))


def test_the_message_says_since_when_who_was_out_and_whom_to_call(shift):
    desk = Desk()

    async def main():
        await goes_out(shift)
        await watches(watching(shift, desk), 1)

    run(main())
    [(post_at, text, channel)] = desk.standing.values()
    assert channel == "C_FIELD"
    assert "Jo" in text
    assert "+15550100" in text
    assert post_at == pytest.approx((NOON + AHEAD).timestamp(), abs=3)


@pytest.mark.parametrize("why", [Why.UNKNOWN, Why.GUESTS])
def test_nobody_is_named_where_others_may_read(shift, why):
    desk = Desk()

    async def main():
        shift.audience.why["C_FIELD"] = why
        await goes_out(shift)
        await watches(watching(shift, desk), 1)

    run(main())
    [(_, text, _)] = desk.standing.values()
    assert "Jo" not in text
    assert "+15550100" in text


def test_a_quiet_call_for_help_shows_in_no_channel(shift):
    desk = Desk()

    async def main():
        now = shift.clock.now()
        await shift.county.does(
            JO,
            lambda by: e.Help(now, by, e.HelpForm.QUIET),
            HelpTarget(None, MatterId("m1")),
        )
        await watches(watching(shift, desk), 30)

    run(main())
    assert not desk.made


def test_slack_that_is_away_delays_neither_the_mark_nor_anybody(shift):
    desk = Desk()
    desk.fail = {"schedule": Unknown("timeout")}

    async def main():
        await goes_out(shift)
        await watches(watching(shift, desk), 65)

    run(main())
    assert shift.ctx.troubles
    assert shift.county.rows("program")[0].watched_at >= at(58)


def told(shift):
    return {
        row.to_person: row.body["text"] for row in shift.rows("PlainNews") if "/gap/" in row.key
    }


def test_after_a_gap_who_is_out_and_who_is_on_duty_are_told_once(shift):
    async def main():
        await goes_out(shift)
        await watches(watching(shift, Desk()), 5)
        await passes(10 * MINUTES)
        again = watching(shift, Desk())
        await watches(again, 60)
        await watches(watching(shift, Desk()), 60)

    run(main())
    assert set(told(shift)) == {"jo", "rosa", "maya", "lin"}
    assert "Monitoring was interrupted" in told(shift)["jo"]
    assert "Out now: Jo." in told(shift)["rosa"]
    assert len(shift.rows("PlainNews")) == 4


def test_a_restart_is_no_gap(shift):
    async def main():
        await goes_out(shift)
        await watches(watching(shift, Desk()), 5)
        await passes(100)
        await watches(watching(shift, Desk()), 30)

    run(main())
    assert not told(shift)


def test_a_process_that_was_suspended_notices_when_it_goes_on(shift):
    async def main():
        await goes_out(shift)
        watch = watching(shift, Desk())
        await watches(watch, 5)
        await passes(10 * MINUTES)
        await watches(watch, 30)

    run(main())
    assert set(told(shift)) == {"jo", "rosa", "maya", "lin"}


def test_a_sandbox_clock_that_leaps_is_no_gap(shift):
    async def main():
        await goes_out(shift)
        watch = watching(shift, Desk())
        await watches(watch, 5)
        shift.clock.move(by=minutes(30))
        await watches(watch, 30)

    run(main())
    assert not told(shift)


def test_a_gap_in_which_nobody_was_out_is_not_told(shift):
    async def main():
        await shift.county.plans(SAM, plan(start_in=300))
        await watches(watching(shift, Desk()), 5)
        await passes(10 * MINUTES)
        await watches(watching(shift, Desk()), 30)

    run(main())
    assert not told(shift)


def test_after_a_gap_in_a_quiet_matter_the_worker_is_not_told(shift):
    async def main():
        now = shift.clock.now()
        await shift.county.does(
            JO,
            lambda by: e.Help(now, by, e.HelpForm.QUIET),
            HelpTarget(None, MatterId("m1")),
        )
        await watches(watching(shift, Desk()), 5)
        await passes(10 * MINUTES)
        await watches(watching(shift, Desk()), 30)

    run(main())
    assert set(told(shift)) == {"rosa", "maya", "lin"}
    assert not any("Jo" in text for text in told(shift).values())


def quiet(shift):
    return shift.database.run_sync(is_quiet, shift.clock.now(), shift.clock.transport())


def test_a_sandbox_that_leaps_waits_for_sweep_delivery_and_watch(shift):
    async def main():
        assert quiet(shift) == (True, None)
        await goes_out(shift)
        assert quiet(shift)[0] is False
        await shift.works(5)
        assert quiet(shift)[0] is False, "nobody watches yet"
        await watches(watching(shift, Desk()), 1)
        is_still, wake = quiet(shift)
        assert is_still
        return wake

    wake = run(main())
    watched_at = shift.county.rows("program")[0].watched_at
    assert wake == min(watched_at + minutes(2), shift.county.rows("matter")[0].due_at)


def test_a_mark_in_the_future_is_written_anew(shift):
    async def main():
        await goes_out(shift)
        shift.database.run_sync(
            lambda conn: conn.execute(tables.program.update().values(watched_at=at(9999)))
        )
        await watches(watching(shift, Desk()), 2)

    run(main())
    assert shift.county.rows("program")[0].watched_at < at(10)


def test_of_many_who_are_out_the_first_are_named_and_the_rest_counted(shift, monkeypatch):
    monkeypatch.setattr(field, "NAMED", 1)

    async def main():
        await goes_out(shift, JO, "m1")
        await goes_out(shift, SAM, "m2")
        return await shift.ctx.database.run(field.field, PROGRAM, shift.clock.now())

    around = run(main())
    assert around.names == ("Jo", "+1")
    assert set(around.out) == {JO, SAM}
