"""The matrix from the command line: who, matrix show, export and lint."""

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.matrix import small


@pytest.fixture
def folder(tmp_path):
    """This is the small matrix in a folder of its own."""
    where = tmp_path / "county"
    (where / "packs").mkdir(parents=True)
    for name, text in {"matrix.yml": small.ROWS, **small.PACKS}.items():
        (where / name).write_text(text, encoding="utf-8")
    return where


@pytest.fixture
def run(folder, tmp_path):
    def run(*words, **given):
        given_matrix = ["--matrix", str(folder)]
        return CliRunner().invoke(app, [*words, *given_matrix], **given)

    return run


def test_a_batch_gives_one_line_of_json_for_each_question(run, tmp_path):
    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        '{"id": "a", "text": "the house is burning down"}\n\n{"id": 2, "text": "🔥"}\n'
    )
    done = run("who", "--batch", str(asked), "--cache", str(tmp_path / "cache"))
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["id"], first["outside"], first["rows"][0]["key"]) == ("a", False, "fire")
    assert set(first["rows"][0]) >= {"key", "tier", "score", "why"}
    assert first["rows"][0]["tier"] == "U0"
    assert first["ms"] > 0
    assert (second["id"], second["outside"], second["rows"]) == (2, True, [])


@pytest.mark.parametrize("line", ["not json", '{"text": "no id"}', "[1]"])
def test_a_batch_that_is_no_batch_is_refused(run, tmp_path, line):
    asked = tmp_path / "asked.jsonl"
    asked.write_text(line)
    done = run("who", "--batch", str(asked), "--cache", str(tmp_path / "cache"))
    assert done.exit_code == 2
    assert "each line is a JSON object" in done.stderr


def test_a_question_is_answered_in_words(run, tmp_path):
    done = run("who", "the house is burning down", "--cache", str(tmp_path / "cache"))
    assert "Fire (fire): U0" in done.stdout
    assert "First: Call 911" in done.stdout


def test_who_needs_a_question_or_a_file(run):
    assert run("who").exit_code == 2


def test_the_rows_are_listed_and_one_is_shown_in_either_language(run):
    assert "  smoke  trigger  U2  Smoke" in run("matrix", "show").stdout
    assert "Do: Quédate." in run("matrix", "show", "fire", "--spanish").stdout
    assert run("matrix", "show", "water").exit_code == 2


def test_an_export_can_be_shown_like_the_folder_it_came_from(run, tmp_path):
    file = tmp_path / "whole.yml"
    file.write_text(run("matrix", "export").stdout)
    again = CliRunner().invoke(app, ["matrix", "show", "--matrix", str(file)])
    assert again.stdout == run("matrix", "show").stdout


def test_lint_says_what_is_thin_and_what_is_overdue(run, folder, tmp_path):
    rows = folder / "matrix.yml"
    rows.write_text(rows.read_text().replace("2027-01-01", "2026-01-02"))
    done = run("matrix", "lint", "--cache", str(tmp_path / "cache"))
    assert done.exit_code == 1
    assert "! fire: 8 live phrasings of 40 in English" in done.stdout
    assert "its review was due on 2026-01-02" in done.stdout


def test_a_bad_matrix_is_refused_with_its_line(run, folder):
    (folder / "matrix.yml").write_text(small.ROWS.replace("tier: U4", "tier: U9"))
    done = run("matrix", "show")
    assert done.exit_code == 2
    assert "matrix.yml:" in done.stderr
