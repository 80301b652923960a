"""This holds backup and restore: taken while others write, whole, private, and never in the way."""

import os
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import app, base
from bot.runner import Write
from bot.scheduler import sweep
from bot.settings import PREFIX
from storage import backups, outbox, schema
from storage.database import Database
from storage.sealing import Sealer, generate_key
from tests import databases, postgres
from tests.bench import seeding
from tests.county import KEY
from tests.protocol.world import NOON
from tests.scenarios.backstage import KEY as KEY_TEXT
from tests.scheduler.shift import open_shift
from tests.virtual_time import run

VISITS = 60
BACKUPS = 2
WITHIN = 60.0  # s
# All were seeded with one line each and the same version; each decision adds one to both.
HALF_DONE = """
    SELECT count(*) FROM (
      SELECT DISTINCT matter.version - (
        SELECT count(*) FROM audit_line WHERE audit_line.chain = matter.id
      ) FROM matter
    ) AS differences
"""
UNLOOKED = "SELECT count(*) FROM outbox WHERE attempt_at IS NOT NULL AND unsure = false"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELAY_KEYS", KEY_TEXT)


@pytest.fixture
def tools(monkeypatch):
    """This is PostgreSQL's own programs on PATH, of the version that the tests' server has."""
    found = find_spec(postgres.PACKAGE)
    assert found
    package = Path(str(found.origin)).parent
    monkeypatch.setenv("PATH", str(package / postgres.PROGRAMS), prepend=os.pathsep)


@pytest.fixture
def county(database_url, tools):
    """This is a county in which everybody is about to be missed."""
    database = filled(database_url)
    yield database
    database.dispose()


@pytest.fixture
def server_url(tools, tmp_path, postgres_home):
    """This is the URL of an empty database on the server."""
    with databases.fresh("postgresql", tmp_path, postgres_home) as url:
        yield url


def filled(url):
    schema.upgrade(url)
    database = Database.open(url, threads=1)
    everybody = [seeding.Group(VISITS, NOON, missed=True)]
    database.run_sync(seeding.fill, VISITS, everybody)
    database.run_sync(Sealer([KEY]).register)
    return database


@pytest.fixture
def elsewhere(database_url, tmp_path, postgres_home):
    """This is the URL of another, empty database on the same engine."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with databases.fresh(database_url.split(":")[0].split("+")[0], folder, postgres_home) as url:
        yield url


@pytest.fixture
def small(monkeypatch, tmp_path):
    """This is the file of a small SQLite database with nothing in it."""
    url = f"sqlite:///{tmp_path / 'belay.db'}"
    monkeypatch.setenv("BELAY_DATABASE_URL", url)
    schema.upgrade(url)
    assert belay("due")
    return tmp_path / "belay.db"


def belay(*given, ends=0):
    """This runs a command, and says what it said."""
    result = CliRunner().invoke(app, [*map(str, given)])
    assert result.exit_code == ends, (result.exit_code, result.output, result.exception)
    return result.output


def scalar(database, statement):
    return database.run_sync(lambda conn: conn.execute(text(statement)).scalar_one())


def test_a_copy_taken_under_load_holds_nothing_half_done(
    county, database_url, elsewhere, monkeypatch, tmp_path
):
    monkeypatch.setenv("BELAY_DATABASE_URL", database_url)
    over, begun = threading.Event(), threading.Event()

    def load():
        database, at = Database.open(database_url, threads=1), NOON
        while not over.is_set():
            at += timedelta(minutes=1)
            done = database.run_sync(sweep._batch, Write(Sealer([KEY]), at, datetime.now(UTC)))
            if done:
                begun.set()
        database.dispose()

    writer = threading.Thread(target=load)
    writer.start()
    try:
        assert begun.wait(WITHIN)
        said = [belay("backup", tmp_path / f"copy-{number}") for number in range(BACKUPS)]
    finally:
        over.set()
        writer.join(WITHIN)
    assert f"{VISITS} open" in said[-1]
    copy = tmp_path / f"copy-{BACKUPS - 1}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert KEY_TEXT.encode() not in copy.read_bytes()
    assert [one.name for one in tmp_path.glob(".*")] == []

    monkeypatch.setenv("BELAY_DATABASE_URL", elsewhere)
    said = belay("restore", copy)
    # The copy is months old: everybody's next step is long past, and is done, each once.
    assert f"{VISITS} deadlines had passed and are decided" in said
    assert "peer-1" in said.casefold()
    restored = Database.open(elsewhere, threads=1)
    try:
        assert scalar(restored, HALF_DONE) == 1
        assert scalar(restored, "SELECT count(*) FROM matter") == VISITS
        assert scalar(restored, "SELECT count(*) FROM outbox WHERE attempt_at IS NOT NULL") > 0
        assert scalar(restored, UNLOOKED) == 0
        due = datetime.now(UTC) + timedelta(seconds=1)
        assert restored.run_sync(sweep._batch, Write(Sealer([KEY]), due, due)) == 0
    finally:
        restored.dispose()
    assert "Nothing was altered." in belay("verify-audit")


def test_a_message_that_went_out_since_the_copy_is_found_and_not_sent_again():
    async def story(again):
        shift = open_shift()
        await shift.help_is_called()
        await shift.delivers(5)
        said = len(shift.slack.said)
        # As the copy has it: asked for, and nothing sent of it.
        shift.database.run_sync(lambda conn: conn.execute(text(AS_COPIED)))
        shift.database.run_sync(lambda conn: conn.execute(text("DELETE FROM message")))
        if again:
            now = shift.clock.transport()
            shift.database.run_sync(backups.perhaps_sent, shift.clock.now(), now)
        await shift.again().delivers(30)
        shift.database.dispose()
        return said, shift.slack.twice

    said, twice = run(story(True))
    assert said > 3
    assert twice == {}
    # The test can fail: without the doubt each goes out twice.
    assert len(run(story(False))[1]) == said


AS_COPIED = """
    UPDATE outbox SET outcome = NULL, attempt_at = queued_at, unsure = 0, first_tried_at = NULL,
      attempts = 0, claimed_by = NULL
"""


def test_looking_for_messages_does_not_go_back_for_ever():
    shift, now = open_shift(), datetime(2031, 7, 2, tzinfo=UTC)
    run(shift.help_is_called())
    assert shift.database.run_sync(backups.perhaps_sent, NOON, now) == len(shift.rows())
    assert {row.first_tried_at for row in shift.rows()} == {now - backups.LOOK_BACK}
    assert shift.database.run_sync(outbox.next_attempt) == now
    shift.database.dispose()


def test_a_copy_never_overwrites_a_file(small, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("something else")
    assert "left as it is" in belay("backup", taken, ends=base.CANNOT)
    assert taken.read_text() == "something else"


def test_a_backup_of_nothing_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("BELAY_DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere.db'}")
    assert "There is no database" in belay("backup", tmp_path / "copy", ends=base.CANNOT)
    assert not (tmp_path / "nowhere.db").exists()


def test_restoring_puts_what_was_there_aside_and_only_when_told_to(small, tmp_path):
    belay("backup", tmp_path / "copy")
    with closing(sqlite3.connect(small)) as conn, conn:
        conn.execute("CREATE TABLE made_later (one TEXT)")
    before = small.read_bytes()
    assert "--replace" in belay("restore", tmp_path / "copy", ends=base.CANNOT)
    assert small.read_bytes() == before
    said = belay("restore", tmp_path / "copy", "--replace")
    (aside,) = tmp_path.glob("belay.db_before_restore_*")
    assert str(aside) in said
    assert tables(aside) - tables(small) == {"made_later"}
    assert stat.S_IMODE(small.stat().st_mode) == 0o600


def test_a_database_that_somebody_has_open_is_never_replaced(small, tmp_path):
    belay("backup", tmp_path / "copy")
    running = Database.open(f"sqlite:///{small}")
    try:
        running.run_sync(schema.current)
        said = belay("restore", tmp_path / "copy", "--replace", ends=base.CANNOT)
        assert "in use" in said
        assert not list(tmp_path.glob("*before_restore*"))
        assert running.run_sync(schema.current) == schema.head()
    finally:
        running.dispose()


def test_a_running_postgresql_is_never_replaced(server_url, monkeypatch, tmp_path):
    running = filled(server_url)
    monkeypatch.setenv("BELAY_DATABASE_URL", server_url)
    belay("backup", tmp_path / "copy")
    assert "--replace" in belay("restore", tmp_path / "copy", ends=base.CANNOT)
    assert "in use" in belay("restore", tmp_path / "copy", "--replace", ends=base.CANNOT)
    running.dispose()
    monkeypatch.setenv("BELAY_KEYS", generate_key())
    assert "not given" in belay("restore", tmp_path / "copy", "--replace", ends=base.CANNOT)
    monkeypatch.setenv("BELAY_KEYS", KEY_TEXT)
    assert "not on PATH" in without_tools(monkeypatch, tmp_path)
    assert "is now schema belay_before" in belay("restore", tmp_path / "copy", "--replace")
    assert "Nothing was altered." in belay("verify-audit")


def without_tools(monkeypatch, tmp_path):
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        return belay("backup", tmp_path / "another", ends=base.CANNOT)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("UPDATE audit_head SET seq = seq + 1", "history was altered"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer Belay"),
        ("DELETE FROM alembic_version", "nothing of Belay"),
    ],
)
def test_a_copy_that_is_not_right_is_not_restored(spoil, words, small, tmp_path):
    belay("apply", base.__file__.replace("bot/cli/base.py", "config/program.example.yml"))
    copy = tmp_path / "copy"
    belay("backup", copy)
    with closing(sqlite3.connect(copy)) as conn, conn:
        conn.execute("INSERT INTO audit_head VALUES ('x', 1, 'd', 0)")
        conn.execute(spoil)
    before = small.read_bytes()
    assert words in belay("restore", copy, "--replace", ends=base.CANNOT)
    assert small.read_bytes() == before


def test_a_damaged_copy_or_one_with_another_key_is_not_restored(small, tmp_path, monkeypatch):
    copy = tmp_path / "copy"
    belay("backup", copy)
    shutil.copy(copy, tmp_path / "damaged")
    with (tmp_path / "damaged").open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * 8192)
    said = belay("restore", tmp_path / "damaged", "--replace", ends=base.CANNOT)
    assert "copy" in said.casefold()
    monkeypatch.setenv("BELAY_KEYS", generate_key())
    assert "not given" in belay("restore", copy, "--replace", ends=base.CANNOT)
    (tmp_path / "text").write_text("PGDMP")
    assert "no copy of a SQLite" in belay("restore", tmp_path / "text", ends=base.CANNOT)


def tables(file):
    with closing(sqlite3.connect(file)) as conn:
        return {name for (name,) in conn.execute("SELECT name FROM sqlite_master")}
