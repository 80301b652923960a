"""Tests that share something costly say so, and the runner keeps them on one worker."""

import os

import pytest

pytestmark = pytest.mark.xdist_group("groups")


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one worker")
def test_a_group_is_known_to_whoever_hands_out_the_tests(request):
    assert request.node.nodeid.endswith("@groups")
