"""This hands each scenario a county of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest

from tests import harness
from tests.scenarios import backstage


@pytest.fixture
def county_url(request, tmp_path, tmp_path_factory, postgres_home) -> Iterator[str]:
    """This is a prepared database: SQLite, or what `on_both_engines` asks for."""
    engine = getattr(request, "param", "sqlite")
    template = tmp_path_factory.getbasetemp() / "county-template.db"
    with backstage.prepared(engine, tmp_path, postgres_home, template) as url:
        yield url


@pytest.fixture
def county(county_url, tmp_path) -> Callable[[], AbstractAsyncContextManager[harness.County]]:
    """This starts the county: `async with county() as c`."""
    return partial(harness.county, county_url, tmp_path)


@pytest.fixture
def county_again(tmp_path, tmp_path_factory, postgres_home) -> Iterator[Callable]:
    """This starts another county, for scenarios that compare two."""
    folder = tmp_path / "again"
    folder.mkdir()
    template = tmp_path_factory.getbasetemp() / "county-template.db"
    with backstage.prepared("sqlite", folder, postgres_home, template) as url:
        yield partial(harness.county, url, folder)


@pytest.fixture
def killable_county(
    county_url, tmp_path
) -> Callable[[], AbstractAsyncContextManager[harness.County]]:
    """This starts a county whose bot is a process of its own."""
    return partial(harness.killable, county_url, tmp_path)
