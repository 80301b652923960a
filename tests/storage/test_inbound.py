"""This holds the list of deliveries to its one promise: everything is done once."""

from datetime import timedelta

import pytest

from storage import inbound
from tests.storage.samples import NOW


def test_a_delivery_is_new_once(database):
    assert database.run_sync(inbound.first_time, "k", NOW)
    assert not database.run_sync(inbound.first_time, "k", NOW)


def test_a_delivery_whose_transaction_failed_is_new_again(database):
    def fail(conn):
        assert inbound.first_time(conn, "k", NOW)
        raise KeyError("a fault")

    with pytest.raises(KeyError):
        database.run_sync(fail)
    assert database.run_sync(inbound.first_time, "k", NOW)


def test_only_old_deliveries_are_forgotten(database):
    database.run_sync(inbound.first_time, "old", NOW - timedelta(days=2))
    database.run_sync(inbound.first_time, "new", NOW)
    assert database.run_sync(inbound.prune, NOW - timedelta(days=1)) == 1
    assert not database.run_sync(inbound.first_time, "new", NOW)
