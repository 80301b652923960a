"""What the tests of upgrades may ask for."""

import pytest
from structlog.testing import capture_logs


@pytest.fixture(autouse=True)
def logged():
    """Every log line as a dictionary; nothing is printed."""
    with capture_logs() as lines:
        yield lines
