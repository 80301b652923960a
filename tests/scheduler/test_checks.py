"""Once a minute the rows are held to what must always be true, and whoever runs Belay is told."""

from datetime import timedelta

from sqlalchemy import update

from bot import observe
from bot.scheduler.checks import Checks
from storage import invariants, tables
from storage.database import Unavailable
from tests.virtual_time import during, passes, run

MATTER = tables.matter
ROWS = "belay_invariant_broken_rows"
S4 = {"letter": "S4", "rule": "nothing_is_tried_before_it_is_due"}


def spoil(shift):
    """Somebody puts a try off, past the rules, so that no sweep looks at it."""
    moved = update(MATTER).values(attempt_at=shift.clock.now() + timedelta(days=1))
    shift.database.run_sync(lambda conn: conn.execute(moved))


def mend(shift):
    mended = update(MATTER).values(attempt_at=MATTER.c.due_at)
    shift.database.run_sync(lambda conn: conn.execute(mended))


def checks_for(shift, seconds):
    async def main():
        await shift.help_is_called()
        checks = Checks(shift.ctx)
        spoil(shift)
        await during(checks.loop.run(), passes(seconds))
        return checks

    return run(main())


def test_what_is_broken_is_told_within_a_minute_by_readiness_metrics_and_log(shift, logged):
    checks_for(shift, 61)
    assert "S4 nothing_is_tried_before_it_is_due" in shift.ctx.troubles["invariants"]
    assert observe.registry.get_sample_value(ROWS, S4) == 1
    [line] = [line for line in logged if line.get("rule") == S4["rule"]]
    assert line["event"] == "invariant.broken"
    assert line["rows"] == 1


def test_what_is_told_names_nobody(shift, logged):
    checks_for(shift, 61)
    told = str([line for line in logged if line["event"].startswith("invariant")])
    told += shift.ctx.troubles["invariants"]
    for name in ("jo", "m1", "county"):
        assert name not in told.lower().split()
        assert f"'{name}'" not in told.lower()


def test_a_break_is_told_for_an_hour_because_only_a_window_is_looked_at(shift):
    async def main():
        await shift.help_is_called()
        checks = Checks(shift.ctx)
        spoil(shift)
        await during(checks.loop.run(), passes(61))
        mend(shift)
        await during(shift.sweep.loop.run(), during(checks.loop.run(), passes(50 * 60)))
        assert "S4" in shift.ctx.troubles["invariants"]
        await during(shift.sweep.loop.run(), during(checks.loop.run(), passes(12 * 60)))

    run(main())
    assert "S4" not in shift.ctx.troubles.get("invariants", "")


def test_sound_rows_are_asked_about_every_minute_and_nothing_is_told(shift, logged):
    asked = "belay_invariants_checked_total"
    before = observe.registry.get_sample_value(asked, S4) or 0

    async def main():
        await shift.help_is_called()
        both = during(Checks(shift.ctx).loop.run(), shift.works(5 * 60 + 1))
        await both
        await shift.deliver.stop()

    run(main())
    assert observe.registry.get_sample_value(asked, S4) == before + 5
    assert "invariants" not in shift.ctx.troubles
    assert not [line for line in logged if line["event"].startswith("invariant")]


def failing(monkeypatch, letter, fault):
    really = invariants.broken

    def fails(conn, invariant, seen):
        if invariant.letter == letter:
            raise fault
        return really(conn, invariant, seen)

    monkeypatch.setattr(invariants, "broken", fails)


def test_one_question_that_cannot_be_asked_stops_no_other(shift, monkeypatch, logged):
    failing(monkeypatch, "S1", ValueError("a damaged row"))
    checks_for(shift, 61)
    assert "S4" in shift.ctx.troubles["invariants"]
    assert sum(line["event"] == "invariant.not_asked" for line in logged) == 2


def test_a_database_that_is_away_is_asked_again_in_a_minute_and_told_of_once(
    shift, monkeypatch, logged
):
    failing(monkeypatch, "S1", Unavailable("away"))
    assert checks_for(shift, 61).loop.faults == 1
    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["loop.fault"]
