"""This holds the rate limits, with transport time handed in."""

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.api import METHODS
from sandbox.errors import Refused
from sandbox.rates import TIERS, Limiter


def taken(limiter, method, count, now, channel=""):
    """This is how many of `count` calls at one moment pass."""
    passed = 0
    for _ in range(count):
        try:
            limiter.take(method, channel, now)
        except Refused:
            return passed
        passed += 1
    return passed


def test_every_method_has_a_tier_and_every_tier_a_method():
    assert TIERS.keys() == METHODS.keys()


def test_a_tier_allows_its_rate_and_then_says_how_long_to_wait():
    limiter = Limiter()
    assert taken(limiter, "views.open", 200, 0.0) == 100
    with pytest.raises(Refused) as caught:
        limiter.take("views.open", "", 0.0)
    assert caught.value.status == 429
    assert caught.value.headers == {"Retry-After": "1"}
    assert taken(limiter, "views.open", 200, 30.0) == 50


def test_tier_one_refills_once_a_minute():
    limiter = Limiter()
    assert taken(limiter, "apps.connections.open", 9, 0.0) == 5
    with pytest.raises(Refused) as caught:
        limiter.take("apps.connections.open", "", 15.0)
    assert caught.value.headers == {"Retry-After": "45"}
    assert taken(limiter, "apps.connections.open", 9, 60.0) == 1


def test_posting_is_limited_for_each_channel():
    limiter = Limiter()
    assert taken(limiter, "chat.postMessage", 30, 0.0, "C1") == 10
    assert taken(limiter, "chat.postMessage", 30, 0.0, "C2") == 10
    assert taken(limiter, "chat.postMessage", 30, 3.0, "C1") == 3


def test_limits_can_be_scaled_and_switched_off():
    limiter = Limiter(factor=2)
    assert taken(limiter, "users.list", 99, 0.0) == 40
    limiter.set(False, 1)
    assert taken(limiter, "users.list", 999, 0.0) == 999
    with pytest.raises(Refused):
        limiter.set(True, 0)


async def test_slacks_client_is_told_to_wait(world, client):
    await world.post("/rate_limits", {"factor": 0.001})
    await client.auth_test()
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    answer = caught.value.response
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert int(answer.headers["Retry-After"]) >= 1
    await world.post("/rate_limits", {"enabled": False})
    await client.auth_test()
