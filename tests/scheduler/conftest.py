"""What the tests of the scheduler may ask for."""

import pytest
from structlog.testing import capture_logs

from tests.scheduler.shift import open_shift


@pytest.fixture(autouse=True)
def logged():
    """Every log line as a dictionary; nothing is printed."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def shift():
    """A shift on SQLite in memory: these tests are about order and faults, not about the engine."""
    opened = open_shift()
    yield opened
    opened.database.dispose()
