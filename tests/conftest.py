"""This is what every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import databases, postgres

# The same examples in every run: a failure is nobody's bad luck. `make fuzz` looks for new ones.
settings.register_profile("steady", derandomize=True, database=None)
settings.load_profile("steady")

_home = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """This names one server folder for the run: workers are told it by whoever started them."""
    told = getattr(config, "workerinput", None)
    config.stash[_home] = Path(told["postgres_home"]) if told else postgres.reserve_home()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["postgres_home"] = str(node.config.stash[_home])


def pytest_unconfigure(config: pytest.Config) -> None:
    """This stops the server when all workers are done with it."""
    home = config.stash.get(_home, None)
    if home and not hasattr(config, "workerinput"):
        postgres.remove(home)


@pytest.fixture(scope="session")
def postgres_home(pytestconfig) -> Path:
    """This is where the run's PostgreSQL server lives; it starts when a test first asks for it."""
    return pytestconfig.stash[_home]


@pytest.fixture(params=databases.ENGINES)
def database_url(request, tmp_path, postgres_home) -> Iterator[str]:
    """This is the URL of a fresh, empty database; the test runs once on each engine."""
    with databases.fresh(request.param, tmp_path, postgres_home) as url:
        yield url


@pytest.fixture(params=databases.ENGINES)
def ready_database_url(request, tmp_path, tmp_path_factory, postgres_home) -> Iterator[str]:
    """This is the URL of a database that `databases.prepare` was applied to, on each engine."""
    template_folder = tmp_path_factory.getbasetemp()
    with databases.ready(request.param, tmp_path, postgres_home, template_folder) as url:
        yield url
