"""A county's afternoons with everything failing: nothing is lost, skipped, doubled or early.

Each seed is the same run every time. `python -m pytest tests/simulation -k 'seed7'` repeats one.
"""

import pytest

from tests.simulation.invariants import violations
from tests.simulation.run import Shape, simulate

SEEDS = range(1, 11)
# Twenty hours in a minute and a half; `make soak` plays a week of 200 workers.
SHAPE = Shape(hours=2.1, lives=2, pace=150, gone=("theo",))


def test_the_simulated_hours_are_at_least_twenty():
    assert len(SEEDS) * SHAPE.hours >= 20


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed{seed}")
def test_no_failure_loses_skips_doubles_or_hastens_anything(seed, monkeypatch):
    ran = simulate(seed, SHAPE, monkeypatch)
    assert violations(ran) == []
    assert ran.fleet.kills > 0
    assert ran.fleet.database.faults > 0
    doubled = {key: times for key, times in ran.slack.times.items() if times > 1}
    assert not doubled, "a message stands twice although what stands is looked up"
