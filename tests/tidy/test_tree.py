"""This keeps the top of the tree readable, and the tree free of the machines it was written on."""

import re

from tests.tidy import tree

FOUNDING = "the founding layout"
LAYOUT = "docs/decisions/0022-top-level-names.md"
REQUIRED = (
    "app_manifest.yml",
    "bot/__init__.py",
    "bot/handlers/__init__.py",
    "bot/matrix/__init__.py",
    "bot/scheduler/__init__.py",
    "pyproject.toml",
    "storage/__init__.py",
    "tests/__init__.py",
)
TOP_LEVEL = {
    ".ci": LAYOUT,
    ".gitignore": LAYOUT,
    ".slack": LAYOUT,
    "CHANGELOG.md": LAYOUT,
    "LICENSE": LAYOUT,
    "Makefile": LAYOUT,
    "README.md": LAYOUT,
    "app_manifest.yml": FOUNDING,
    "bench": LAYOUT,
    "bot": FOUNDING,
    "config": LAYOUT,
    "docs": LAYOUT,
    "protocol": LAYOUT,
    "pyproject.toml": FOUNDING,
    "requirements-dev.lock": LAYOUT,
    "requirements.lock": LAYOUT,
    "sandbox": LAYOUT,
    "storage": FOUNDING,
    "tests": FOUNDING,
}
# Spelled so that this file does not find itself.
MACHINE = re.compile(r"(?<![\w.~$}/-])/(?:root|home|Users|work|tmp|private)/[\w.]")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian|proxy\.golang")
OUTSIDE = re.compile(r"\.\.[/]shared\b|/opt[/]pypi")


def test_every_required_name_is_there():
    missing = [name for name in REQUIRED if name not in tree.files()]
    assert not missing, tree.listing(missing, "The layout promises these: add them.")


def test_every_top_level_name_was_decided_on():
    tops = sorted({name.partition("/")[0] for name in tree.files()})
    strays = [name for name in tops if name not in TOP_LEVEL]
    assert not strays, tree.listing(
        strays, f"Move these below a name that exists, or decide in {LAYOUT} and allow them here."
    )


def test_every_record_that_allows_a_name_mentions_it():
    unmentioned = [
        f"{record} does not mention {name}"
        for name, record in TOP_LEVEL.items()
        if record != FOUNDING
        and not ((tree.ROOT / record).exists() and f"`{name}" in tree.text(record))
    ]
    assert not unmentioned, tree.listing(unmentioned, "Say in the record why the name is there.")


def test_no_file_names_a_folder_of_somebodys_machine():
    assert_nowhere(MACHINE, "Name it from the root of the project, or take a temporary folder.")


def test_no_file_names_a_package_registry():
    assert_nowhere(REGISTRY, "Say the package's name: each machine knows where it gets packages.")


def test_no_file_leans_on_anything_outside_the_project():
    assert_nowhere(OUTSIDE, "Bring what is needed into the project.")


def assert_nowhere(pattern, advice):
    found = [
        f"{name}:{number} {line.strip()[:100]}"
        for name in tree.files()
        for number, line in enumerate(tree.text(name).splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, tree.listing(found, advice)
