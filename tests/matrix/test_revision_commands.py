"""The matrix's history from the command line: propose, proposals, versions, and older versions."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.encoders import build
from bot.matrix import body, change, shipped
from bot.matrix.change import DropRow
from bot.matrix.export import export
from bot.matrix.load import load
from storage import incidents, matrix_versions, proposals, schema
from storage.database import Database
from storage.matrix_versions import Version
from storage.sealing import generate_key
from tests.county import PROGRAM, populate
from tests.matrix import small
from tests.protocol.world import LIN, MAYA, NOON


@pytest.fixture
def database(monkeypatch, tmp_path):
    url = f"sqlite:///{tmp_path / 'belay.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELAY_DATABASE_URL", url)
    monkeypatch.setenv("BELAY_KEYS", generate_key())
    monkeypatch.setattr(shipped, "ours", small.matrix)
    schema.upgrade(url)
    made = Database.open(url)
    made.run_sync(populate)
    yield made
    made.dispose()


def belay(*given, ends=0):
    done = CliRunner().invoke(app, ["matrix", *map(str, given)])
    assert done.exit_code == ends, done.output
    return done.output


def proposed(tmp_path, text, *more, ends=0):
    file = tmp_path / "new.yml"
    file.write_text(text, encoding="utf-8")
    return belay("propose", file, "--by", "rosa", "--reason", "we learnt", *more, ends=ends)


def changed():
    text = export(small.matrix()).replace("A ride", "A lift")
    return text.replace("i smell something burnt", "toast is burning")


def test_proposing_the_export_changes_nothing(database, tmp_path):
    said = proposed(tmp_path, export(small.matrix()))
    assert f"Nothing to propose: it says what version {small.matrix().version} says." in said
    assert database.run_sync(proposals.waiting, PROGRAM) == []


def test_a_changed_file_is_proposed_and_its_difference_said_by_row(database, tmp_path):
    said = proposed(tmp_path, changed())
    assert "ride: changed: title" in said
    assert "fire: 1 phrasings more, 1 less" in said
    [one] = database.run_sync(proposals.waiting, PROGRAM)
    assert (one.author, one.reason, one.base) == ("rosa", "we learnt", small.matrix().version)
    after = change.apply(small.matrix(), change.parse(one.changes))
    assert after.version == load({"matrix.yml": changed()}).version
    listed = belay("proposals")
    assert "Touches: fire, ride. Effect: not worked out yet. Signed: by nobody yet." in listed


def test_what_cannot_be_proposed_is_said_in_a_sentence(database, tmp_path):
    bad = changed().replace('"U4"', '"U9"')
    assert "new.yml:119: ride: this word" in proposed(tmp_path, bad, ends=2)
    assert "Name the program" in proposed(tmp_path, changed(), "--program", "nowhere", ends=2)
    missing = belay("propose", tmp_path / "no", "--by", "rosa", "--reason", "r", ends=2)
    assert "there is no matrix to read here" in missing
    by_nobody = belay("propose", tmp_path / "new.yml", "--by", "nobody", "--reason", "r", ends=2)
    assert "nobody has no role in county" in by_nobody
    assert database.run_sync(proposals.waiting, PROGRAM) == []


def adds_versions(database):
    one = small.matrix()
    for number in (1, 2):
        before, one = one, change.apply(one, [DropRow(key=["smoke", "ride"][number - 1])])
        version = Version(
            f"v{number}",
            PROGRAM,
            number,
            one.version,
            before.version,
            matrix_versions.deflated(body.written(one)),
            "p",
            f"reason {number}",
            MAYA,
            MAYA,
            LIN,
            NOON,
        )
        database.run_sync(matrix_versions.add, replace(version))
    return one


def test_versions_are_listed_and_older_ones_stay_readable(database):
    assert "the shipped matrix counts" in belay("versions")
    latest = adds_versions(database)
    first, second = belay("versions").splitlines()
    assert first.startswith(f"2  {latest.version}")
    assert second.endswith("reason 1")
    assert "ride  trigger" in belay("show", "--version", 1)
    assert "ride  trigger" not in belay("show", "--version", 2)
    assert load({"matrix.yml": belay("export", "--version", 2)}).version == latest.version
    assert "There is no version 3" in belay("show", "--version", 3, ends=2)


def who(tmp_path, *given, ends=0):
    told = ["who", "can somebody give me a ride", "--cache", str(tmp_path / "cache")]
    done = CliRunner().invoke(app, [*told, *map(str, given)])
    assert done.exit_code == ends, done.output
    return done.output


@pytest.fixture
def words_alone(monkeypatch):
    """No models: what is asked here is which matrix answers."""
    monkeypatch.setattr(build, "encoders", lambda **_: ((), "not here"))


@pytest.mark.usefixtures("words_alone")
def test_a_question_is_answered_by_the_programs_own_version(database, tmp_path):
    ours = small.matrix().version
    assert f"Matrix {ours}." in who(tmp_path, "--program", PROGRAM)
    latest = adds_versions(database)
    first = belay("versions").splitlines()[1].split()[1]
    assert f"Matrix {latest.version}." in who(tmp_path, "--program", PROGRAM)
    assert f"Matrix {first}." in who(tmp_path, "--program", PROGRAM, "--version", 1)
    belay("learn", "--version", 2, "--cache", tmp_path / "cache")
    assert build.kept(latest, tmp_path / "cache") is not None
    assert f"Matrix {latest.version}." in who(tmp_path, "--version", 2)


def test_show_and_export_follow_the_program_too(database):
    latest = adds_versions(database)
    assert f"version {latest.version}" in belay("show", "--program", PROGRAM)
    said = belay("export", "--program", PROGRAM)
    assert load({"matrix.yml": said}).version == latest.version


@pytest.mark.usefixtures("database")
def test_what_cannot_be_asked_is_refused_by_its_rule(tmp_path):
    file = tmp_path / "new.yml"
    file.write_text(export(small.matrix()), encoding="utf-8")
    one = "One matrix at a time"
    assert one in who(tmp_path, "--matrix", file, "--program", PROGRAM, ends=2)
    assert one in who(tmp_path, "--matrix", file, "--version", 1, ends=2)
    for command in ("learn", "show", "export"):
        assert one in belay(command, "--matrix", file, "--version", 1, ends=2)
    assert "Name the program with --program: county" in who(tmp_path, "--program", "x", ends=2)
    assert "There is no version 7" in who(tmp_path, "--program", PROGRAM, "--version", 7, ends=2)
    assert "There is no version 7" in belay("learn", "--version", 7, ends=2)


def test_a_proposal_is_written_against_the_newest_version(database, tmp_path):
    latest = adds_versions(database)
    assert "Nothing to propose" in proposed(tmp_path, export(latest))


def test_lint_holds_routes_against_the_people_of_each_program(database, tmp_path):
    folder = tmp_path / "county"
    (folder / "packs").mkdir(parents=True)
    rows = small.ROWS.replace("backup: coordinator", "backup: mat_coordinator")
    rows = rows.replace("  coordinator: {en: Coord", "  mat_coordinator: {en: Coord")
    for name, text in {"matrix.yml": rows, **small.PACKS}.items():
        Path(folder / name).write_text(text, encoding="utf-8")
    cache = tmp_path / "cache"
    said = belay("lint", "--matrix", folder, "--database", "--cache", cache, ends=1)
    assert "nobody in county holds the role mat_coordinator" in said


def test_a_proposal_is_shown_with_every_line_that_goes_or_comes(database, tmp_path):
    proposed(tmp_path, changed())
    [one] = database.run_sync(proposals.waiting, PROGRAM)
    falls = {"text": "fire here", "before": ["fire", "U0"], "after": ["fire", "U1"], "less": True}
    calm = {"text": "my bus", "before": [None, None], "after": ["ride", None]}
    counts = {"against": one.base, "asked": 60, "changed": 2, "lost": 0, "less": 1, "unfit": ""}
    effect = {**counts, "examples": [falls, calm]}
    database.run_sync(proposals.put_effect, one.id, effect)
    said = belay("proposals", "--show", one.id).splitlines()
    assert "  − title.en: A ride" in said
    assert "  + title.en: A lift" in said
    assert any(one.startswith("  −") and "i smell something burnt" in one for one in said)
    assert any(one.startswith("  +") and "toast is burning" in one for one in said)
    assert "  fire here: fire (U0) -> fire (U1)  LESS URGENT" in said
    assert "  my bus: no row -> ride (no page)" in said
    assert "There is no proposal x" in belay("proposals", "--show", "x", ends=2)


def test_a_version_that_came_after_an_incident_names_its_day_and_nothing_else(
    database, monkeypatch
):
    latest = adds_versions(database)
    monkeypatch.setattr(incidents, "before", lambda _conn, one: NOON if one.number == 2 else None)
    second, first = belay("versions").splitlines()
    assert second.endswith("(after an incident of 2026-03-10)")
    assert "incident" not in first
    said = belay("export", "--program", PROGRAM)
    assert said.startswith(f"# Version {latest.version}, after an incident of 2026-03-10.\n")
    assert load({"matrix.yml": said}).version == latest.version
