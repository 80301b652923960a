"""Gates: ordinary traffic keeps Slack's pace, and pages pass whatever is not shut by Slack."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.gates import Gates, Rate, free_at, spend

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def enter(gates, now=NOW, *, method="chat.postMessage", place="C1", page=False):
    return gates.enter(method, place, now, page=page)


def test_a_channel_takes_a_small_burst_and_then_one_message_a_second():
    gates = Gates()
    assert [enter(gates) for _ in range(4)] == [None] * 4
    assert enter(gates) == NOW + SECOND
    assert enter(gates, NOW + SECOND) is None
    assert enter(gates, NOW + SECOND) == NOW + 2 * SECOND


def test_another_channel_is_not_held_up():
    gates = Gates()
    for _ in range(5):
        enter(gates)
    assert enter(gates, place="C2") is None


def test_a_page_passes_where_ordinary_traffic_waits():
    gates = Gates()
    for _ in range(50):
        enter(gates)
    assert enter(gates) is not None
    assert [enter(gates, page=True) for _ in range(20)] == [None] * 20


def test_a_page_takes_its_share_so_that_the_rest_makes_room():
    gates = Gates()
    for _ in range(6):
        enter(gates, page=True)
    assert enter(gates) == NOW + 3 * SECOND


@pytest.mark.parametrize("page", [True, False])
def test_a_method_that_slack_refused_is_shut_for_everybody_until_slacks_own_time(page):
    gates = Gates()
    until = NOW + timedelta(seconds=30)
    gates.refused("chat.postMessage", until)
    assert enter(gates, page=page, place="C9") == until
    assert enter(gates, until, page=page, place="C9") is None
    assert enter(gates, method="chat.update", page=page) is None


def test_a_shorter_refusal_does_not_open_a_longer_one():
    gates = Gates()
    gates.refused("chat.update", NOW + timedelta(seconds=30))
    gates.refused("chat.update", NOW + timedelta(seconds=1))
    assert enter(gates, method="chat.update") == NOW + timedelta(seconds=30)


def test_one_card_is_edited_once_in_three_seconds():
    gates = Gates()
    assert enter(gates, method="chat.update", place="C1/1.1") is None
    assert enter(gates, method="chat.update", place="C1/1.1") == NOW + 3 * SECOND
    assert enter(gates, method="chat.update", place="C1/2.2") is None


def test_old_paces_are_forgotten():
    gates = Gates()
    for number in range(3000):
        enter(gates, NOW + number * timedelta(seconds=10), place=f"C{number}")
    assert len(gates._spent) < 2100


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5))
def test_no_window_ever_has_more_calls_than_burst_and_pace_allow(pauses, burst):
    rate = Rate(SECOND, burst)
    now, spent, passed = NOW, None, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if free_at(spent, rate, now) <= now:
            spent = spend(spent, rate, now)
            passed.append(now)
    for first, start in enumerate(passed):
        for last, end in enumerate(passed[first:], first):
            assert last - first + 1 <= burst + (end - start) / SECOND + 1e-6
