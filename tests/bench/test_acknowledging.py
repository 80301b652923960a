"""The bench of acknowledgements compares like with like: the same statements meet the same rows."""

import time

import pytest

from tests.bench import acknowledging as bench

PEOPLE = 3


async def test_the_bare_statements_of_a_check_in_meet_the_rows_that_belay_met():
    transactions = await bench._recorded("sqlite", PEOPLE, PEOPLE)
    assert len(transactions) == PEOPLE
    with bench.replaying("sqlite", PEOPLE, transactions) as bare:
        for number in range(PEOPLE - 1):
            await bare(number)
        transactions[-1][-1].rows += 1
        with pytest.raises(RuntimeError, match="other rows"):
            await bare(PEOPLE - 1)


async def test_the_bare_app_is_gone_through_as_belays_is():
    """The same delivery, all of bolt's own middleware, and an answer without words."""
    app = bench.bare_bolt()
    assert await bench.command(app, 1, time.perf_counter()) > 0
    with bench.seeded("sqlite", 1) as (_, database):
        ours = bench.belay(database)
    kinds = [type(one) for one in app._async_middleware_list]
    assert kinds == [type(one) for one in ours._async_middleware_list][: len(kinds)]
