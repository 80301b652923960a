"""A simulation that was never seen to fail proves little: here are defects, and it finds them."""

from datetime import timedelta
from itertools import count

from bot.scheduler.post import Poster
from bot.slack.send import Sent
from protocol import climb
from storage import matter_rows
from tests.simulation.invariants import violations
from tests.simulation.run import Shape, simulate
from tests.simulation.slack import Weather
from tests.virtual_time import passes

SHAPE = Shape(
    hours=0.5,
    lives=4,
    pace=60,
    kills=4,
    database_outages=1,
    slack_outages=1,
    jumps=0,
    weather=Weather(limited=0.1, refused=0.1, answer_lost=0.15, hangs=0.03),
)


def found(monkeypatch, seed: int = 1) -> str:
    """What the invariants say of a run, and what was doubled."""
    ran = simulate(seed, SHAPE, monkeypatch)
    doubled = [f"doubled: {key}" for key, times in ran.slack.times.items() if times > 1]
    return "\n".join([*violations(ran), *doubled])


def test_without_a_defect_it_finds_nothing(monkeypatch):
    assert not found(monkeypatch)


def test_it_finds_a_message_that_counts_as_sent_before_it_is_sent(monkeypatch):
    stood = count(1)

    async def post(self, row, letter, until):
        await passes(0.05)
        return Sent(f"D{letter.user}", f"{next(stood)}.1")

    monkeypatch.setattr(Poster, "post", post)
    assert "and Slack never had it" in found(monkeypatch)


def test_it_finds_a_resend_that_was_not_looked_up(monkeypatch):
    monkeypatch.setattr(Poster, "_find", _found_nothing)
    assert "doubled: " in found(monkeypatch)


async def _found_nothing(self, row, key, place):
    return None


def test_it_finds_a_rung_that_is_left_out(monkeypatch):
    really = vars(climb)["replace"]

    def skipping(record, **changes):
        if changes.keys() == {"rung", "fired_at"} and changes["rung"] == 1:
            changes["rung"] = 2
        return really(record, **changes)

    monkeypatch.setattr(climb, "replace", skipping)
    assert "rungs_are_climbed_in_order" in found(monkeypatch)


def test_it_finds_a_deadline_that_is_stored_too_late(monkeypatch):
    really = vars(matter_rows)["next_deadline"]

    def late(matter):
        due_at = really(matter)
        return due_at and due_at + timedelta(minutes=3)

    monkeypatch.setattr(matter_rows, "next_deadline", late)
    assert "deadlines_are_met" in found(monkeypatch)
