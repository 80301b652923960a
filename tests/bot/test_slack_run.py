"""Slack's own command line starts Belay: its hooks are run here as it runs them.

The command line itself is not on this machine. What it does with `.slack/hooks.json` was read in
its source: it runs `get-hooks`, lays the file's own entries over the answer, and runs each hook as
`sh -c` in the project's folder, with the tokens of the installed app in the environment.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PREFIX, Settings
from bot.slack import manifest

ROOT = Path(__file__).parents[2]
FILE = json.loads((ROOT / ".slack" / "hooks.json").read_text(encoding="utf-8"))
WITHIN = 60.0  # s


@pytest.fixture
def shell(tmp_path):
    """This is a shell in which `python3` is the Python of this environment."""
    here = tmp_path / "python3"
    here.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    here.chmod(0o755)
    ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}

    def run(script: str, **environment: str) -> subprocess.CompletedProcess:
        path = f"{tmp_path}{os.pathsep}{ours['PATH']}"
        return subprocess.run(
            ["sh", "-c", script],
            cwd=ROOT,
            env={**ours, "PATH": path, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            timeout=WITHIN,
            check=False,
        )

    return run


def merged(shell) -> dict:
    """This is what the command line goes by: the library's answer with our entries over it."""
    theirs = json.loads(shell(FILE["hooks"]["get-hooks"]).stdout)
    hooks = {**theirs["hooks"], **FILE["hooks"]}
    return {**theirs, "hooks": hooks, "config": {**theirs["config"], **FILE["config"]}}


def test_the_manifest_that_slack_gets_is_ours(shell):
    found = shell(merged(shell)["hooks"]["get-manifest"])
    assert json.loads(found.stdout) == manifest.build(Settings.model_construct())


def test_no_option_is_added_that_our_hooks_do_not_know(shell):
    assert merged(shell)["config"]["protocol-version"] == ["default"]


def test_belay_holds_its_own_connection(shell):
    assert merged(shell)["config"]["sdk-managed-connection-enabled"] is True


def test_the_start_hook_hands_the_apps_tokens_on(shell):
    start = merged(shell)["hooks"]["start"]
    said = shell(start, SLACK_BOT_TOKEN="xoxp-of-a-person", SLACK_APP_TOKEN="xapp-1").stderr
    assert "BELAY_SLACK_BOT_TOKEN: does not start with xoxb-" in said
    assert "BELAY_SLACK_APP_TOKEN" not in said
    assert "xoxp-of-a-person" not in said


def test_what_is_watched_is_there(shell):
    watched = merged(shell)["config"]["watch"]
    for path in [*watched["app"]["paths"], *watched["manifest"]["paths"]]:
        assert (ROOT / path).exists()
