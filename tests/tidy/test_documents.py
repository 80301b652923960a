"""This holds the documents for operators and visitors to what the program really has."""

import re
import shlex

import typer

from bot.cli import app
from bot.settings import PREFIX, Settings
from tests.tidy import tree

OPERATIONS = "docs/operations.md"
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<what>.+) \| (?P<last>[^|]+) \|$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)(?P<file>[^)#]+)(?:#[^)]*)?\)")


def test_the_operators_page_lists_every_variable_with_its_default():
    listed = {row["name"]: row["last"] for row in rows("Settings")}
    assert listed == {
        PREFIX + name.upper(): shown(field.default) for name, field in Settings.model_fields.items()
    }, f"Correct the table of {OPERATIONS}."


def test_the_operators_page_lists_every_command():
    listed = [row["name"] for row in rows("Commands")]
    assert sorted(listed) == sorted(commands()), f"Correct the table of {OPERATIONS}."


def test_every_example_of_a_command_is_one_that_it_takes():
    wrong = []
    for row in rows("Commands"):
        example = row["last"].strip("`")
        path, given = row["name"], shlex.split(example.removeprefix(row["name"]))
        if not example.startswith(path):
            wrong.append(f"{example} is no {path}")
        known = {option for one in commands()[path].params for option in one.opts}
        known |= {option for one in commands()[path].params for option in one.secondary_opts}
        wrong += [f"{example}: {word}" for word in given if word[0] == "-" and word not in known]
    assert not wrong, tree.listing(wrong, f"Correct the examples of {OPERATIONS}.")


def test_every_link_of_the_documents_leads_to_a_file():
    broken = [
        f"{name}: {link['file']}"
        for name in tree.files()
        if name.endswith(".md")
        for link in LINK.finditer(tree.text(name))
        if not ((tree.ROOT / name).parent / link["file"]).exists()
    ]
    assert not broken, tree.listing(broken, "Correct these links.")


def rows(section):
    """This yields the rows of the table in a section of the operators' page."""
    found = re.search(rf"^## {section}\n(.*?)^## ", tree.text(OPERATIONS), re.MULTILINE | re.DOTALL)
    assert found, f"{OPERATIONS} has no section {section}"
    return list(ROW.finditer(found[1]))


def commands():
    """This is every command by how it is typed."""
    return dict(below("belay", typer.main.get_command(app)))


def below(path, command):
    """This yields a command, or the commands of a group."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, one in inner.items():
        yield from below(f"{path} {name}", one)


def shown(default):
    """This is a default as the table shows it; a secret or an address that is empty is not set."""
    plain = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    if plain == "":
        return "not set"
    return f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"
