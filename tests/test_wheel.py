"""This installs Belay as a stranger would: from a wheel, away from the checkout."""

import importlib.metadata
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.tidy import tree

OURS = {"bot", "storage", "protocol", "sandbox", "config"}
# Data that the installed program reads, as the wheel must carry it: every file of the tree that
# matches is expected inside.
DATA = (
    "config/*.yml",
    "config/packs/*.yml",
    "bot/encoders/*.txt",
    "storage/migrations/*",
    "storage/migrations/versions/*.py",
    "bot/locale/**/*",
    "sandbox/page/**/*",
)
# What is run from the installed wheel, in a folder of its own: arguments, then what it prints.
# EXAMPLE stands for the program's file that came with the wheel.
EXAMPLE = "program.example.yml"
STORY_ENDS = "The whole story was played, and everybody saw what they should."
COMMANDS = [
    pytest.param(["--help"], "Usage", id="help"),
    pytest.param(["migrate"], "The database is at the newest version.", id="migrate"),
    pytest.param(["check-config", EXAMPLE], f"{EXAMPLE}: can be applied.", id="check-config"),
    pytest.param(["matrix", "show"], "suicidal_intent", id="matrix"),
]
# The demo plays a whole afternoon: half a minute on an idle machine.
LONGEST_RUN = 240
WIDTH = 80  # of a terminal

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """This is the wheel, built from what is or would be committed, and from nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in tree.files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree.ROOT / name, source / name)
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    checked([sys.executable, *build], cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def belay(wheel, tmp_path_factory):
    """This is the installed command; its environment borrows our locked dependencies."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    install = ["install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    checked([sys.executable, "-m", "pip", "--python", str(python), *install], cwd=home)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    borrowed = home / "lib" / version / "site-packages" / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "belay"


def test_the_wheel_carries_every_file_that_the_program_reads(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        name
        for name in tree.files()
        if name.startswith(tuple(f"{package}/" for package in OURS))
        and (name.endswith(".py") or any(matches(name, pattern) for pattern in DATA))
    }
    missing = sorted(wanted - inside)
    assert not missing, tree.listing(missing, "Add these to package-data in pyproject.toml.")
    assert "config/policy.yml" in inside


def test_the_wheel_carries_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == OURS


@pytest.mark.parametrize(("arguments", "printed"), COMMANDS)
def test_an_installed_belay_runs_away_from_the_checkout(belay, tmp_path, arguments, printed):
    [example] = belay.parent.parent.glob(f"lib/*/site-packages/config/{EXAMPLE}")
    given = [str(example) if word == EXAMPLE else word for word in arguments]
    assert printed in checked([str(belay), *given], cwd=tmp_path)


def test_an_installed_belay_plays_the_whole_story_to_its_end(belay, tmp_path):
    story = checked([str(belay), "demo", "--once", "--matcher", "off"], cwd=tmp_path)
    assert STORY_ENDS in story
    assert "\x1b[" not in story
    too_wide = [line for line in story.splitlines() if len(line) > WIDTH]
    assert not too_wide


def test_an_installed_belay_shows_its_page(belay, tmp_path):
    demo = subprocess.Popen(
        [str(belay), "demo", "--matcher", "off"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = next(line.split()[-1] for line in demo.stdout if "Open this page:" in line)
        with urllib.request.urlopen(f"{address}tour.mjs", timeout=LONGEST_RUN) as answer:
            assert answer.read() == (tree.ROOT / "sandbox/page/tour.mjs").read_bytes()
    finally:
        demo.terminate()
        demo.communicate(timeout=LONGEST_RUN)


def test_the_installed_modules_are_the_wheels_own(belay, tmp_path):
    show = "import bot, config, protocol, storage; print(bot.__file__)"
    where = checked([str(belay.with_name("python")), "-c", show], cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(belay.parent.parent)


def test_no_dependency_owns_one_of_our_names():
    owners = importlib.metadata.packages_distributions()
    taken = [
        f"{name}: {owner}"
        for name in sorted(OURS)
        for owner in owners.get(name, [])
        if owner != "belay-bot"
    ]
    assert not taken, tree.listing(taken, "Do without this package: it would hide ours.")


def matches(name, pattern):
    """This is Path.match with ``**`` for any depth, which Python learned only in 3.13."""
    folder, _, last = pattern.rpartition("/")
    if folder.endswith("/**"):
        return name.startswith(folder.removesuffix("**"))
    return Path(name).match(pattern) and name.count("/") == pattern.count("/") and bool(last)


def checked(command, cwd):
    """This runs a command without a checkout on its path, and shows all it said if it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        timeout=LONGEST_RUN,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout
