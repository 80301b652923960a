"""What the tests of the runner may ask for."""

import pytest

from tests.county import County


@pytest.fixture
def county(ready_database_url):
    opened = County.on(ready_database_url)
    yield opened
    opened.ctx.database.dispose()
