"""This holds docs/slack.md to the program: what it names exists, and every finding is explained."""

import re
import shlex

from bot.cli.findings import Kind, Level
from bot.settings import PREFIX, Settings
from bot.slack import manifest
from bot.slack.ids import BUILT_IN_COMMANDS
from tests.tidy import tree
from tests.tidy.test_documents import commands

PAGE = "docs/slack.md"
# Slack's own commands that people are told to type.
SLACKS = {"/invite"}
HEALTH = {"/healthz", "/readyz", "/metrics"}
ROW = re.compile(r"^\| `([a-z_]+)` \| (.+) \| (.+) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")


def page():
    return tree.text(PAGE)


def inline():
    """This is everything that is written as code within a sentence, or stands on a shell's line."""
    shells = re.findall(r"```sh\n(.+?)```", page(), re.DOTALL)
    lines = [line.strip() for shell in shells for line in shell.splitlines()]
    return [*CODE.findall(re.sub(r"```.+?```", "", page(), flags=re.DOTALL)), *lines]


def test_every_finding_of_doctor_is_explained_in_its_order():
    explained = [name for name, _, _ in ROW.findall(page())]
    assert explained == [kind.value for kind in sorted(Kind, key=by_level)], (
        f"Each finding has one row in {PAGE}, in the order in which doctor shows them."
    )


def test_every_command_that_the_page_tells_people_to_type_is_taken():
    wrong = []
    typed = [one for one in inline() if one.startswith("belay ")]
    typed += re.findall(r"\$\((belay [^)]+)\)", page())
    for line in typed:
        words = shlex.split(line)
        known = commands()
        path = next((p for p in (" ".join(words[:3]), " ".join(words[:2])) if p in known), None)
        if path is None:
            wrong.append(f"{line}: no such command")
            continue
        options = {option for one in known[path].params for option in one.opts}
        wrong += [f"{line}: {word}" for word in words if word[0] == "-" and word not in options]
    assert len(typed) > 10
    assert not wrong, tree.listing(wrong, f"Correct {PAGE}.")


def test_every_setting_that_the_page_names_exists():
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", page()))
    assert named
    assert named <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_scope_that_the_page_names_is_asked_for():
    named = {one for one in inline() if re.fullmatch(r"[a-z]+:[a-z]+", one)}
    assert named
    assert named <= set(manifest.SCOPES) | set(manifest.APP_SCOPES)


def test_every_slash_command_that_the_page_names_is_ours_or_slacks():
    ours = set(Settings.model_construct().commands.values())
    named = {one.split()[0] for one in inline() if re.match(r"/[a-z]+( |$)", one)}
    assert named & ours
    assert named <= ours | HEALTH | (SLACKS & BUILT_IN_COMMANDS)


def test_the_page_does_not_promise_that_it_is_ready():
    assert "**Belay is not ready to be relied on in a real workspace.**" in page()
    assert "--go-live" not in page()


def by_level(kind):
    return list(Level).index(kind.level), list(Kind).index(kind)
