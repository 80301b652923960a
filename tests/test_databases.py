"""This holds the database fixtures to what they promise: fresh, apart from each other, and fast."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from tests import databases, postgres

MAKE_TABLE = text("CREATE TABLE mark (id INTEGER PRIMARY KEY)")


def tables(url):
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_a_database_that_is_empty(database_url, turn):
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(MAKE_TABLE)
    assert inspect(engine).get_table_names() == ["mark"]
    engine.dispose()


def test_a_ready_database_is_a_copy_that_a_test_may_spoil(ready_database_url):
    engine = create_engine(ready_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE spoilt (id INTEGER PRIMARY KEY)"))
    engine.dispose()
    assert "spoilt" in tables(ready_database_url)


@pytest.mark.parametrize("engine_name", databases.ENGINES)
def test_what_prepare_makes_is_in_every_copy_and_changes_stay_in_one(
    engine_name, postgres_home, tmp_path, monkeypatch
):
    def prepare(engine: Engine) -> None:
        with engine.begin() as connection:
            connection.execute(MAKE_TABLE)

    monkeypatch.setattr(databases, "prepare", prepare)
    monkeypatch.setattr(databases, "TEMPLATE", "prepared_in_a_test")
    for turn in ("first", "second"):
        folder = tmp_path / turn
        folder.mkdir()
        with databases.ready(engine_name, folder, postgres_home, tmp_path) as url:
            assert tables(url) == ["mark"]
            engine = create_engine(url)
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE spoilt (id INTEGER PRIMARY KEY)"))
            engine.dispose()


def test_a_database_left_open_is_dropped_all_the_same(postgres_home, tmp_path):
    with databases.fresh("postgresql", tmp_path, postgres_home) as url:
        engine = create_engine(url)
        connection = engine.connect()
        connection.execute(text("SELECT 1"))
    connection.invalidate()
    engine.dispose()


@pytest.fixture
def own_temporary_folder(monkeypatch):
    """This is short, for the socket's sake, and open to nobody, who runs the server for root."""
    folder = Path(tempfile.mkdtemp(prefix="belay-"))
    folder.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    folder.rmdir()


def test_the_server_of_a_run_that_was_killed_is_cleared_by_the_next(own_temporary_folder):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_RUN, str(own_temporary_folder)],
        cwd=Path(__file__).parent.parent,
        check=False,
        capture_output=True,
        text=True,
    )
    left_over = Path(killed.stdout.strip())
    server = int((left_over / "data" / "postmaster.pid").read_text().split()[0])
    assert is_running(server)

    mine = postgres.reserve_home()
    try:
        assert not left_over.exists()
        assert not is_running(server)
    finally:
        postgres.remove(mine)


def is_running(process):
    """This counts a process that ended but that nobody has collected as ended."""
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], check=False, capture_output=True, text=True
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")


KILLED_RUN = """
import os, signal, sys, tempfile
tempfile.tempdir = sys.argv[1]
from tests import postgres
home = postgres.reserve_home()
postgres.ensure_running(home)
print(home, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
