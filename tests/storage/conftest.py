"""This is what the tests of matters, outbox and messages may ask for."""

from collections.abc import Iterator

import pytest

from storage.database import Database
from tests.storage import samples
from tests.storage.boxes import M1, M2, Box


@pytest.fixture
def database(ready_database_url) -> Iterator[Database]:
    """This is an open database with the program and the people of `samples`, on each engine."""
    opened = Database.open(ready_database_url)
    opened.run_sync(samples.populate)
    yield opened
    opened.dispose()


@pytest.fixture
def box(database) -> Box:
    """This is the outbox of a database in which two matters are open."""
    for name in (M1, M2):
        database.run_sync(samples.open_matter, samples.matter(name))
    return Box(database)
