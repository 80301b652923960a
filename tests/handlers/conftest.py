import pytest

from bot import runner
from bot.handlers import opening
from storage import tables
from storage.database import Database
from tests.handlers.workplace import FakeRun, Workplace

# s: what waits only where something is broken, however slow the machine.
PATIENT = 20.0


@pytest.fixture(autouse=True)
def _no_form_is_late_because_the_machine_is(monkeypatch):
    """A test of the limits themselves sets its own."""
    monkeypatch.setattr(opening, "READ_WITHIN", PATIENT)
    monkeypatch.setattr(opening, "OPEN_WITHIN", PATIENT)


@pytest.fixture
def workplace(tmp_path):
    """This is the app with a fake runner; the database is only read, so one engine is enough."""
    url = f"sqlite:///{tmp_path / 'belay.db'}"
    database = Database.open(url)
    tables.metadata.create_all(database.engine)
    made = Workplace.over(database, FakeRun())
    yield made
    made.slack.takes_all()
    database.dispose()


@pytest.fixture
def real_workplace(ready_database_url):
    """This is the app with the runner itself, on each engine."""
    database = Database.open(ready_database_url)
    made = Workplace.over(database, runner.run)
    yield made
    made.slack.takes_all()
    database.dispose()
