"""This holds the number by which older code knows that it must leave newer rows alone."""

import json

import pytest

from storage import versions
from storage.database import Database
from tests.county import TRANSPORT
from tests.upgrade import forms


def test_the_number_goes_up_when_a_stored_form_changes():
    was, now = json.loads(forms.FILE.read_text(encoding="utf-8")), forms.forms()
    changed = [name for name, form in now["forms"].items() if was["forms"].get(name) != form]
    assert was == now, (
        f"The stored form of {', '.join(changed) or 'something'} is another one. Was there a "
        "release since BEHAVIOUR in storage/versions.py went up? Then raise it by one. Then run "
        "python -m tests.upgrade.forms"
    )


@pytest.fixture
def database(ready_database_url):
    opened = Database.open(ready_database_url, threads=1)
    yield opened
    opened.dispose()


def test_the_newest_that_ever_wrote_here_stays_known(database, monkeypatch):
    assert not database.run_sync(versions.outdated)
    for behaviour, may_start in ((3, True), (3, True), (5, True), (4, False), (5, True)):
        monkeypatch.setattr(versions, "BEHAVIOUR", behaviour)
        assert database.run_sync(versions.arrive, TRANSPORT) is may_start
    assert database.run_sync(versions.newest) == 5


def test_going_back_is_possible_once_it_was_said(database, monkeypatch):
    monkeypatch.setattr(versions, "BEHAVIOUR", 5)
    database.run_sync(versions.arrive, TRANSPORT)
    monkeypatch.setattr(versions, "BEHAVIOUR", 4)
    assert database.run_sync(versions.outdated)
    database.run_sync(versions.forget)
    assert database.run_sync(versions.arrive, TRANSPORT)
