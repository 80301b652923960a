"""This holds the command line: what it says, what it leaves alone, and how it ends."""

import logging
import os
import re
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

import config
from bot import runner
from bot.cli import app, base, partners
from bot.reports import out as roster
from bot.request import NewMatter, Request
from bot.settings import PREFIX
from bot.slack import manifest
from protocol.events import PlanVisit
from protocol.ids import MatterId, PersonId
from protocol.plan import Plan, StartNow, Stop
from storage import people, schema
from storage.sealing import generate_key
from tests import answering

EXAMPLE = Path(config.__file__).with_name("program.example.yml")
PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def installation(monkeypatch, tmp_path):
    """This is an empty, migrated database with a key."""
    url = f"sqlite:///{tmp_path / 'belay.db'}"
    monkeypatch.setenv("BELAY_DATABASE_URL", url)
    monkeypatch.setenv("BELAY_KEYS", generate_key())
    schema.upgrade(url)
    return tmp_path / "belay.db"


def belay(*given, typed="", ends=0):
    """This runs a command, and says what it said."""
    result = CliRunner().invoke(app, [*map(str, given)], input=typed)
    assert result.exit_code == ends, (result.exit_code, result.output, result.exception)
    return result.output


def test_what_is_missing_is_said_in_a_sentence_and_not_in_a_traceback():
    said = belay("due", ends=base.CANNOT)
    assert said == "BELAY_KEYS: not set. Make one with `belay keys generate`.\n"


def test_an_empty_database_is_told_how_to_be_filled(monkeypatch):
    monkeypatch.setenv("BELAY_KEYS", generate_key())
    assert "Run: belay migrate" in belay("due", ends=base.CANNOT)


def test_migrate_makes_the_database_and_may_be_run_again(monkeypatch):
    monkeypatch.setenv("BELAY_KEYS", generate_key())
    belay("migrate")
    belay("migrate")
    assert belay("due") == "Nothing is due within two days.\n"


def test_going_back_needs_to_be_told_where(installation):
    assert "--to" in belay("migrate", "--down", ends=base.CANNOT)


def test_a_wrong_key_keeps_the_database_shut(installation, monkeypatch):
    belay("due")
    monkeypatch.setenv("BELAY_KEYS", generate_key())
    assert "sealed with a key that was not given" in belay("due", ends=base.CANNOT)


def test_a_dry_run_says_what_would_change_and_changes_nothing(installation):
    first = belay("apply", EXAMPLE, "--dry-run")
    assert "Nothing was changed: this was a dry run." in first
    assert belay("apply", EXAMPLE, "--dry-run") == first
    assert belay("apply", EXAMPLE).splitlines() == first.splitlines()[:-1]
    assert belay("apply", EXAMPLE) == "Nothing to change.\n"


def test_a_bad_file_is_refused_with_line_and_remedy(installation, tmp_path):
    bad = tmp_path / "bad.yml"
    bad.write_text(EXAMPLE.read_text(encoding="utf-8") + "\nnonsense: 1\n", encoding="utf-8")
    for command in ("apply", "check-config"):
        assert re.match(r"bad\.yml:\d+: .+\. .+\.\n", belay(command, bad, ends=base.FOUND))


def test_check_config_passes_a_good_file_and_good_settings(installation):
    assert belay("check-config", EXAMPLE) == f"{EXAMPLE.name}: can be applied.\n"


def test_check_config_names_a_bad_setting(monkeypatch):
    monkeypatch.setenv("BELAY_HTTP_PORT", "many")
    assert "BELAY_HTTP_PORT" in belay("check-config", ends=base.CANNOT)


def test_with_nobody_out_the_list_says_so_for_each_program(installation):
    belay("apply", EXAMPLE)
    said = belay("out")
    assert "River County Peer Outreach" in said
    assert "Nobody is out." in said


def test_a_places_address_is_typed_and_never_shown(installation):
    belay("apply", EXAMPLE)
    program = re.search(r"\n  id: (\S+)", EXAMPLE.read_text(encoding="utf-8"))
    assert program is not None
    given = ("place", "add", program[1], "Home 99", "--by", "rosa")
    said = belay(*given, typed="12 Secret St\n")
    assert "Added" in said
    assert "No" in belay(*given, typed="\n", ends=base.FOUND)


def test_a_history_that_nobody_touched_is_said_to_be_whole(installation, tmp_path):
    belay("apply", EXAMPLE)
    assert "Nothing was altered." in belay("verify-audit")
    anchors = tmp_path / "anchors"
    anchors.write_text("7 abc\n", encoding="utf-8")
    belay("verify-audit", "--anchors", anchors, ends=base.FOUND)
    anchors.write_text("seven\n", encoding="utf-8")
    belay("verify-audit", "--anchors", anchors, ends=base.CANNOT)


def test_a_proxy_check_in_needs_known_people_and_an_open_visit(installation):
    belay("apply", EXAMPLE)
    asked = ("check-in", "--challenge-right", "--by", "rosa", "--proxy")
    assert "There is no person nobody." in belay(*asked, "nobody", ends=base.FOUND)
    assert "jo is on no visit." in belay(*asked, "jo", ends=base.FOUND)


def test_the_challenge_must_be_said_to_be_right_or_wrong(installation):
    belay("check-in", "--by", "rosa", "--proxy", "jo", ends=2)


def test_a_duress_choice_is_shown_once_and_stored_sealed(installation):
    belay("apply", EXAMPLE)
    said = belay("duress", "assign", "jo", "sam")
    assert said.count("of the two OK buttons means") == 2
    phrase = re.search(r'has the words "(.+)"', said)
    assert phrase is not None
    with sqlite3.connect(installation) as conn:
        stored = conn.execute("SELECT duress FROM person WHERE id IN ('jo', 'sam')").fetchall()
    assert len(stored) == 2
    assert all(blob and phrase[1] not in blob for (blob,) in stored)


def test_a_duress_choice_for_somebody_unknown_changes_nothing(installation):
    belay("apply", EXAMPLE)
    assert "There is no person nobody" in belay("duress", "assign", "jo", "nobody", ends=base.FOUND)
    with sqlite3.connect(installation) as conn:
        assert conn.execute("SELECT duress FROM person WHERE id = 'jo'").fetchone() == (None,)


def test_keys_are_made_and_rotated(installation, monkeypatch):
    belay("apply", EXAMPLE)
    belay("place", "add", "river-county", "Home 99", "--by", "rosa", typed="12 Secret St\n")
    fresh = belay("keys", "generate").strip()
    old = os.environ["BELAY_KEYS"]
    monkeypatch.setenv("BELAY_KEYS", f"{fresh},{old}")
    assert "sealed anew" in belay("keys", "rotate")
    monkeypatch.setenv("BELAY_KEYS", fresh)
    belay("due")


def test_the_manifest_is_shown_or_written_here(tmp_path):
    said = belay("manifest")
    assert not (tmp_path / manifest.FILE).exists()
    belay("manifest", "--write")
    assert (tmp_path / manifest.FILE).read_text(encoding="utf-8") == said


def test_the_page_of_the_protocol_is_shown_as_the_documents_have_it():
    assert belay("protocol") == PROTOCOL.read_text(encoding="utf-8")


# --- who is out --------------------------------------------------------------------------------


def test_the_list_shows_times_in_the_programs_zone():
    row = roster.Row(MatterId("m"), "Jo and Sam", "Home 17", NOW, NOW + HOUR)
    group = roster.Group("River", "America/New_York", "+1555", (row,))
    said = roster.text([group], NOW)
    assert "Written 2026-11-23 12:00 UTC" in said
    assert "Jo and Sam: Home 17, since Mon 07:00, next due Mon 08:00" in said


def test_somebody_whose_record_cannot_be_read_is_not_left_out():
    row = roster.Row(MatterId("m7"), "unreadable", "", None, None)
    said = roster.text([roster.Group("River", "UTC", "+1555", (row,))], NOW)
    assert "Somebody is out, and the record m7 cannot be read" in said


def test_the_file_is_replaced_whole_and_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("old and readable by all", encoding="utf-8")
    path.chmod(0o644)
    roster.write(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


# --- with somebody out -------------------------------------------------------------------------


@pytest.fixture
def jo_is_out(installation):
    """This is a visit that Jo started by saying "I'm there already: watch me"."""
    belay("apply", EXAMPLE)

    async def go(ctx):
        jo = (await ctx.database.run(people.by_ids, [PersonId("jo")]))[PersonId("jo")]
        at = ctx.clock.now()
        plan = Plan((Stop("Home 17"),), at, 2 * HOUR, "America/Los_Angeles", note="the red door")
        request = Request(
            key="k1",
            user=jo.slack_user,
            target=NewMatter(MatterId("m1")),
            event=lambda person: PlanVisit(at, person, plan, StartNow.WATCH_ME),
        )
        return await runner.run(ctx, request)

    outcome = base.run(go)
    assert outcome.decision is not None
    assert not outcome.decision.refused


def test_who_is_out_is_listed_with_place_and_next_due_and_never_the_note(jo_is_out):
    said = belay("out")
    assert "Jo Alvarez: Home 17, since " in said
    assert "red door" not in said


def test_what_is_due_is_listed_by_id_alone(jo_is_out):
    said = belay("due")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  m1\n", said)


def test_somebody_who_was_spoken_to_can_be_checked_in_by_command(jo_is_out):
    asked = ("check-in", "--proxy", "jo", "--by", "rosa")
    assert "Recorded: proxy_checked_in." in belay(*asked, "--challenge-right")
    assert "Refused: " in belay(*asked, "--challenge-wrong", ends=base.FOUND)


def test_nobody_checks_themselves_in_by_command(jo_is_out):
    asked = ("check-in", "--proxy", "jo", "--by", "jo", "--challenge-right")
    assert "Refused: " in belay(*asked, ends=base.FOUND)


def test_lines_without_a_partner_and_numbers_nobody_checked_are_found(installation):
    belay("apply", EXAMPLE)

    async def look(ctx):
        return [str(one) for one in await ctx.database.run(partners.found, answering.matrix(), NOW)]

    found = base.run(look)
    assert "! harbor-clinic: in river-county nobody has checked the number" in "\n".join(found)
    assert any(one.startswith("! child_line: in river-county no partner") for one in found)
    assert not any("mobile_crisis" in one or "county_number" in one for one in found)
