"""This hands each promise a county: on the runner and a database, or whole with Slack."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest
from structlog.testing import capture_logs

from tests import county as runner_county
from tests import harness
from tests.scenarios import backstage


@pytest.fixture
def office(ready_database_url) -> Iterator[runner_county.County]:
    """This is the county on the runner alone, on each engine."""
    with capture_logs():
        county = runner_county.County.on(ready_database_url)
        yield county
        county.ctx.database.dispose()


@pytest.fixture
def whole_county(
    tmp_path, tmp_path_factory, postgres_home
) -> Callable[[], AbstractAsyncContextManager[harness.County]]:
    """This starts a county with its workspace and its bot, on SQLite; each call starts another."""
    template = tmp_path_factory.getbasetemp() / "county-template.db"
    made = 0

    def start() -> AbstractAsyncContextManager[harness.County]:
        nonlocal made
        made += 1
        folder = tmp_path / f"county-{made}"
        folder.mkdir()
        prepared = backstage.prepared("sqlite", folder, postgres_home, template)
        with prepared as url:
            return partial(harness.county, url, folder)()

    return start
