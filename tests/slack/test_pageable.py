"""What can be paged for, of the matrix as it is shipped."""

import pytest

from bot.matrix import shipped
from bot.matrix.model import TierKey
from bot.slack.pageable import pageable
from protocol.people import Role
from protocol.policy import ChannelRole
from protocol.trigger import MANUAL_PAGE


@pytest.fixture(scope="module")
def matrix():
    return shipped.matrix()


def test_every_row_that_pages_has_a_ladder_and_is_pinned_to_its_version(matrix):
    for row in matrix.rows:
        found = pageable(matrix, row.key)
        assert (found is None) == (row.tier is TierKey.U4)
        if found is not None:
            assert (found.row.key, found.row.version) == (row.key, matrix.version)
            assert found.private == row.private
            assert any(rung.everyone for rung in found.ladder.rungs)


@pytest.mark.parametrize(
    ("key", "owner", "channel"),
    [
        ("suicidal_intent", Role.CLINICAL_LEAD, ChannelRole.CLINICAL),
        ("mat_access_lapse", Role.MAT_COORDINATOR, ChannelRole.CLINICAL),
        ("violence_risk", Role.COORDINATOR, ChannelRole.FIELD_SAFETY),
        ("own_suicidal_thoughts", Role.PEER_SUPERVISOR, None),
    ],
)
def test_a_trigger_goes_to_the_place_where_it_belongs(matrix, key, owner, channel):
    found = pageable(matrix, key)
    assert found.ladder.rungs[0].roles == (owner,)
    assert found.channel is channel


def test_a_row_that_is_gone_cannot_be_paged_for_and_the_lead_always_can(matrix):
    assert pageable(matrix, "no_such_row") is None
    assert pageable(None, "suicidal_intent") is None
    assert pageable(None, MANUAL_PAGE.row.key) is MANUAL_PAGE
