"""The sweep: late is late, never skipped, and one bad record stops nobody's clock."""

from datetime import timedelta

import pytest

from bot.request import HelpTarget
from bot.scheduler.sweep import BACK_OFF
from protocol import events as e
from protocol.effects import Page
from protocol.ids import MatterId
from storage.tables import escalation, matter
from tests.protocol.world import JO, NOON, ROSA, SAM, THEO, plan
from tests.virtual_time import during, passes, run, until

MINUTES = 60


def pages(shift, name="m1"):
    return {
        key.split("/page/")[1]: at
        for key, at in shift.slack.at.items()
        if f"{name}/" in key and "/page/" in key
    }


async def sweeps(shift, seconds):
    await during(shift.sweep.loop.run(), passes(seconds))


def damage(conn, name):
    conn.execute(
        escalation.update().where(escalation.c.matter_id == name).values(body={"no": "sense"})
    )


def test_each_rung_fires_at_its_time_and_is_said_at_once(shift):
    async def main():
        await shift.help_is_called()
        await shift.works(6 * MINUTES)

    run(main())
    fired = pages(shift)
    assert fired["0/rosa"] < 1
    assert 2 * MINUTES <= min(at for rung, at in fired.items() if rung.startswith("1/")) < 121
    assert 5 * MINUTES <= min(at for rung, at in fired.items() if rung.startswith("2/")) < 301


def test_a_missed_check_in_goes_from_reminders_to_people(shift):
    async def main():
        await shift.county.plans(JO, plan(start_in=60))
        await shift.county.confirms(ROSA)
        shift.clock.move(rate=60.0)
        await shift.works(2 * MINUTES)

    run(main())
    reminders = [shift.slack.at[row.key] for row in shift.rows("Remind")]
    assert reminders
    assert min(pages(shift).values()) > min(reminders)


def test_an_outage_of_the_database_makes_rungs_late_and_skips_none(shift):
    async def main():
        await shift.help_is_called()

        async def outage():
            await passes(30)
            shift.inline.away = True
            await passes(10 * MINUTES)
            shift.inline.away = False
            await passes(20 * MINUTES)

        loops = shift.works(31 * MINUTES)
        await during(loops, outage())

    run(main())
    rungs = [int(rung.split("/")[0]) for rung in pages(shift)]
    assert set(range(max(rungs) + 1)) == set(rungs)
    assert max(rungs) >= 3
    firsts = sorted(
        min(at for rung, at in pages(shift).items() if rung.startswith(f"{no}/")) for no in range(3)
    )
    assert firsts[2] - firsts[1] > 60, "rungs do not fall together after an outage"


def test_a_matter_that_cannot_be_decided_stops_nobody_elses_clock(shift, logged):
    async def main():
        for number, person in enumerate((JO, SAM, THEO)):
            await shift.help_is_called(f"m{number}", person)
        shift.database.run_sync(damage, "m1")
        await shift.works(3 * MINUTES)

    run(main())
    for name in ("m0", "m2"):
        assert any(rung.startswith("1/") for rung in pages(shift, name))
    assert not any(rung.startswith("1/") for rung in pages(shift, "m1"))


def test_the_third_fault_tells_everybody_on_duty_to_treat_it_as_missed(shift):
    async def main():
        await shift.help_is_called()
        shift.database.run_sync(damage, "m1")
        await shift.works(2 * MINUTES + 30)

    run(main())
    plain = [row for row in shift.rows("PlainPage") if row.outcome == "sent"]
    assert {row.to_person or row.channel for row in plain} == {
        "rosa",
        "maya",
        "lin",
        "ines",
        "clinical",
    }
    # Two rungs' time, the first fault and the second, and the message itself.
    due = 2 * MINUTES
    said = max(at for key, at in shift.slack.at.items() if "/plain/" in key)
    assert due < said < due + sum(pause.total_seconds() for pause in BACK_OFF[:2]) + 3
    text = str(shift.slack.to("U_ROSA")[-1].blocks)
    assert "Treat it as a missed check-in" in text
    assert "Jo" in text


def test_a_quiet_matter_that_fails_is_told_quietly_and_never_to_the_worker(shift):
    async def main():
        now = shift.clock.now()
        await shift.county.does(
            JO,
            lambda by: e.Help(now, by, e.HelpForm.QUIET),
            HelpTarget(None, MatterId("m1")),
        )
        shift.database.run_sync(damage, "m1")
        await shift.works(3 * MINUTES)

    run(main())
    plain = shift.rows("PlainPage")
    assert plain
    assert all(row.body["text"].startswith("*Do not call or message them.*") for row in plain)
    told = {row.to_person for row in plain}
    assert "jo" not in told
    assert "theo" not in told, "whom the worker excluded"
    in_channel = next(row for row in plain if row.channel)
    assert {"jo", "theo"} <= set(in_channel.body["avoid"])


def test_lateness_of_a_matter_that_fails_is_not_hidden_and_it_does_not_spin(shift):
    async def main():
        await shift.help_is_called()
        shift.database.run_sync(damage, "m1")
        await sweeps(shift, 10 * MINUTES)

    run(main())
    [row] = shift.county.rows("matter")
    assert row.due_at == NOON + timedelta(minutes=2)
    assert row.attempt_at > row.due_at
    assert row.faults > 5
    # A turn each second, and one for each try.
    assert shift.sweep.loop.turns < 10 * MINUTES + 5 * row.faults


def test_a_matter_that_keeps_failing_is_told_again_and_again(shift):
    async def main():
        await shift.help_is_called()
        shift.database.run_sync(damage, "m1")
        await sweeps(shift, 40 * MINUTES)

    run(main())
    times = {row.key.split("/plain/")[1].split("/")[0] for row in shift.rows("PlainPage")}
    assert len(times) >= 3


def test_a_matter_that_is_due_without_anything_due_is_told_and_not_spun_on(shift):
    async def main():
        await shift.help_is_called()
        shift.database.run_sync(lambda conn: conn.execute(matter.update().values(attempt_at=NOON)))
        await sweeps(shift, 10)

    run(main())
    assert shift.sweep.loop.turns < 60
    assert shift.rows("PlainPage")


def test_a_matter_that_is_mended_goes_on_where_it_stood(shift):
    async def main():
        await shift.help_is_called()
        whole = shift.county.rows("escalation")[0].body
        shift.database.run_sync(damage, "m1")
        await shift.works(4 * MINUTES)
        shift.database.run_sync(lambda conn: conn.execute(escalation.update().values(body=whole)))
        await shift.works(2 * MINUTES)

    run(main())
    assert any(rung.startswith("1/") for rung in pages(shift))
    assert shift.county.rows("matter")[0].faults == 0


@pytest.mark.parametrize("rate", [1.0, 60.0])
def test_a_deadline_is_met_at_its_instant_however_fast_the_world_goes(shift, rate):
    async def main():
        await shift.help_is_called()
        shift.clock.move(rate=rate)
        shift.sweep.loop.nudge.set()

        async def second_rung():
            await until(lambda: len(rungs(shift)) > 1, within=200)
            return shift.clock.now()

        return await during(shift.sweep.loop.run(), second_rung())

    late = run(main()) - (NOON + timedelta(minutes=2))
    assert timedelta(0) <= late < timedelta(seconds=2)


def rungs(shift):
    return {row.body["rung"] for row in shift.rows(Page.__name__)}


def test_a_clock_that_stands_still_and_is_moved_is_noticed_by_the_nudge(shift):
    async def main():
        await shift.help_is_called()
        shift.clock.move(rate=0.0)

        async def moved():
            await passes(30)
            assert len(rungs(shift)) == 1
            shift.clock.move(by=timedelta(minutes=2))
            shift.ctx.nudge()
            await passes(0.05)
            return rungs(shift)

        return await during(shift.sweep.loop.run(), moved())

    assert run(main()) == {0, 1}
