"""The judge of `make bench`: percentiles, and what is met."""

import math

from tests.bench.figures import at_least, at_most, below, duration, percentile


def test_a_percentile_is_a_value_that_was_seen():
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile([7.0], 0.99) == 7
    assert math.isnan(percentile([], 0.99))


def test_of_several_runs_the_median_is_judged():
    slow_once = below("stall", [0.01, 0.02, 3.0], 0.05)
    assert slow_once.met
    assert slow_once.seen == "20 ms (10 ms to 3.0 s)"
    assert not below("stall", [0.01, 0.06, 0.07], 0.05).met
    assert not below("nothing was measured", [], 0.05).met


def test_a_rate_is_met_from_its_limit_on_and_a_ratio_up_to_it():
    assert at_least("sweep", 2000, 2000).met
    assert not at_least("sweep", 1999.4, 2000).met
    assert at_most("ack", 1.5, 1.5).met
    assert not at_most("ack", 1.51, 1.5).met


def test_seconds_are_written_as_people_read_them():
    assert [duration(one) for one in (0.0012, 0.25, 1.9, 12.34)] == [
        "1.2 ms",
        "250 ms",
        "1900 ms",
        "12.3 s",
    ]
