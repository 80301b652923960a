"""This holds the files in docs/deploy to the tree: every path, command and setting they name.

No container can be built where Belay is tested; what can be read off them is.
"""

import configparser
import json
import re
import shlex

import pytest
import typer
import yaml

from bot import health
from bot.app import STOP_WITHIN
from bot.cli import app
from bot.settings import PREFIX, Settings
from tests.tidy import tree

FOLDER = "docs/deploy/"
CONTAINER, COMPOSE = f"{FOLDER}Containerfile", f"{FOLDER}compose.yml"
UNITS = ("belay.service", "belay-backup.service", "belay-backup.timer")
SETTING = re.compile(rf"{PREFIX}[A-Z_]+")
# What is let end: connections, then what works; besides, deliveries are drained at first.
DRAIN_MAX = 60
STOPS_WITHIN = 2 * STOP_WITHIN.total_seconds() + DRAIN_MAX


class Unit(configparser.ConfigParser):
    """This keeps names as they are written."""

    def optionxform(self, optionstr):
        return optionstr


def commands():
    return set(getattr(typer.main.get_command(app), "commands"))  # noqa: B009 - of a group alone


def instructions():
    """This is each instruction of the container file, on one line."""
    whole = tree.text(CONTAINER).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in whole.splitlines() if line[:1].isalpha()]
    return [(word, rest.strip()) for word, rest in lines]


def given(word):
    return [rest for name, rest in instructions() if name == word]


def unit(name):
    found = Unit(interpolation=None, strict=False, delimiters=["="])
    found.read_string(tree.text(FOLDER + name))
    return found


def seconds(text):
    return float(text.removesuffix("s"))


def test_everything_that_is_copied_is_there_and_gets_through_the_ignore_file():
    let_in = {line[1:] for line in tree.text(f"{CONTAINER}.dockerignore").split() if line[0] == "!"}
    copied = {
        name
        for rest in given("COPY")
        if not rest.startswith("--from")
        for name in rest.split()[:-1]
    }
    assert copied == let_in
    for name in copied:
        assert (tree.ROOT / name).exists(), name
    assert set(tree.PACKAGES) <= copied


def test_the_image_is_pinned_by_hashes_and_runs_as_nobody_special():
    (installs,) = [rest for rest in given("RUN") if "pip install" in rest]
    assert "--require-hashes" in installs
    assert "-r requirements.lock" in installs
    assert "--hash=sha256:" in tree.text("requirements.lock")
    assert len(given("FROM")) == 2
    assert given("USER") == ["10001"]
    assert "--uid 10001" in " ".join(given("RUN"))
    assert not any(PREFIX in rest for name, rest in instructions() if name in ("ENV", "ARG"))


def test_the_image_starts_and_looks_after_what_there_is():
    assert json.loads(given("ENTRYPOINT")[0]) == ["python", "-m", "bot"]
    assert json.loads(given("CMD")[0]) == ["run"]
    assert "run" in commands()
    (look,) = given("HEALTHCHECK")
    port = Settings.model_fields["health_port"].default
    assert f"127.0.0.1:{port}/healthz" in look
    assert "/healthz" in tree.text(f"{health.__name__.replace('.', '/')}.py")


def test_the_compose_file_names_what_there_is():
    found = yaml.safe_load(tree.text(COMPOSE))
    belays = {name: one for name, one in found["services"].items() if one["image"] == "belay"}
    assert set(belays) == {"migrate", "belay-1", "belay-2", "backup"}
    for one in belays.values():
        build = one["build"]
        context = (tree.ROOT / FOLDER / build["context"]).resolve()
        assert (context / build["dockerfile"]).is_file()
        assert set(one["depends_on"]) <= set(found["services"])
        assert seconds(one["stop_grace_period"]) >= STOPS_WITHIN
        for volume in one.get("volumes", ()):
            assert volume.partition(":")[0] in found["volumes"]
    assert belays["migrate"]["command"][0] in commands()
    assert "python -m bot backup " in belays["backup"]["command"][0]
    assert "backup" in commands()
    # pg_dump in our image must not be older than the server.
    (server,) = re.findall(r"postgres:(\d+)", found["services"]["database"]["image"])
    assert f"postgresql-client-{server}" in " ".join(given("RUN"))


@pytest.mark.parametrize("name", UNITS)
def test_each_unit_is_one_and_names_commands_that_there_are(name):
    found = unit(name)
    assert "Unit" in found
    if "Service" not in found:
        return
    for key in ("ExecStart", "ExecStartPre"):
        words = shlex.split(found["Service"].get(key, ""))
        words = shlex.split(words[-1])[1:] if words[:1] == ["/bin/sh"] else words
        if words:
            assert words[0] == "/opt/belay/bin/belay"
            assert words[1] in commands()


def test_the_service_is_watched_and_has_the_time_to_end():
    service = unit("belay.service")["Service"]
    assert (service["Type"], service["Restart"]) == ("notify", "always")
    # A turn takes up to eleven seconds while the database is away, and a second to be seen.
    assert 15 <= seconds(service["WatchdogSec"]) <= 60
    assert seconds(service["TimeoutStopSec"]) >= STOPS_WITHIN
    assert "AF_UNIX" in service["RestrictAddressFamilies"]
    assert unit("belay-backup.timer")["Timer"]["OnCalendar"]


def test_every_setting_that_is_named_is_one():
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    named = {
        (name, setting)
        for name in tree.files()
        if name.startswith(FOLDER)
        for setting in SETTING.findall(tree.text(name))
    }
    assert named
    assert {setting for _, setting in named} <= known
