"""This is what Slack is told that Belay is: commands, scopes with their reasons, events.

`belay manifest --write` makes app_manifest.yml from this; a test holds the file, the handlers and
the calls that are really made against each other. Each scope is one more thing that an
administrator must trust us with, so each says what it is for.
"""

from typing import Any

import yaml

from bot.settings import Settings, SettingsError
from bot.slack.ids import Command, Shortcut, command_problem

FILE = "app_manifest.yml"
EVENTS_PATH = "/slack/events"

HEADER = """\
# Made by `belay manifest --write`; change bot/slack/manifest.py instead.
# In Slack: api.slack.com/apps, Create New App, From a manifest, and paste this file.
# Make an app of your own from it: rate limits are tighter for apps that many workspaces share.
"""

COMMANDS: dict[Command, tuple[str, str]] = {
    Command.VISIT: (
        "Plan a visit, or say that you are there now",
        "[here | again | board | handover | everyone]",
    ),
    Command.CHECK_IN: ("Say that you are OK", ""),
    Command.CHECK_OUT: ("Say that you are leaving, and then that you are clear", ""),
    Command.SOS: ("Get help now", "[call]"),
    Command.PAGE: ("Page the clinical lead about something you saw or heard", ""),
    Command.WHO_HANDLES: ("Ask who handles something. Only you see the answer", ""),
}

# In the menu of a message. Slack shows these names in one language for all.
SHORTCUTS: dict[Shortcut, tuple[str, str]] = {
    Shortcut.WHO_HANDLES: ("Who handles this?", "Find out whose job this is. Only you see it"),
    Shortcut.OUTSIDE_ROLE: ("Outside the peer role", "Say so kindly, and pass it on"),
}

SCOPES: dict[str, str] = {
    "app_mentions:read": "hears a question that names Belay in a channel it was asked into",
    "commands": "the slash commands",
    "chat:write": "pages, reminders, cards and the rolling message, in DMs and where invited",
    "im:write": "opens the DM with a person who is to be reminded or paged",
    "im:history": "hears OK, OUT and HELP typed to Belay; finds an earlier try of a page again",
    "groups:read": "checks who can read its own private channels before posting there",
    "groups:history": "finds an earlier try of a message in its own private channels again",
    "channels:read": "notices that a channel it was given is public, and refuses it",
    "users:read": "notices guests and outsiders in a channel, and people who have left",
}

# Events that arrive by themselves, and the scopes of which one is needed for them.
EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "member_joined_channel": ("groups:read", "channels:read"),
    "member_left_channel": ("groups:read", "channels:read"),
    "message.im": ("im:history",),
    "user_change": ("users:read",),
}

APP_SCOPES = ("connections:write",)  # of the app-level token; not part of the manifest


def commands(settings: Settings) -> dict[Command, str]:
    """What each command is called here. SettingsError names those that Slack does not take."""
    names = {command: settings.commands[command.value] for command in Command}
    problems = [
        f"BELAY_COMMAND_{command.value.upper()}: {problem}"
        for command, name in names.items()
        if (problem := command_problem(name)) is not None
    ]
    if len(set(names.values())) < len(names):
        problems.append("BELAY_COMMAND_...: two commands have the same name. Give each its own.")
    if problems:
        raise SettingsError(problems)
    return names


def build(settings: Settings, request_url: str = "") -> dict[str, Any]:
    """The manifest as Slack's schema 1 has it. With a URL Slack delivers there over HTTP."""
    over_http = bool(request_url)
    url = {"url": request_url.rstrip("/") + EVENTS_PATH} if over_http else {}
    delivery = {"request_url": url["url"]} if over_http else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Belay",
            "description": "Keeps peer-support workers safe in the field",
            "background_color": "#1f4e4a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Belay", "always_online": True},
            "shortcuts": [
                {
                    "name": name,
                    "type": "message",
                    "callback_id": which.value,
                    "description": description,
                }
                for which, (name, description) in SHORTCUTS.items()
            ],
            "slash_commands": [
                {
                    "command": name,
                    **url,
                    "description": COMMANDS[command][0],
                    **({"usage_hint": hint} if (hint := COMMANDS[command][1]) else {}),
                    "should_escape": False,
                }
                for command, name in commands(settings).items()
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**delivery, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **delivery},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not over_http,
            "token_rotation_enabled": False,
        },
    }


def text(settings: Settings, request_url: str = "") -> str:
    """The manifest as a file, with the reason beside each scope."""
    plain = yaml.safe_dump(build(settings, request_url), sort_keys=False, width=100)
    lines = []
    for line in plain.splitlines():
        reason = SCOPES.get(line.strip().removeprefix("- "))
        lines.append(f"{line}  # {reason}" if reason else line)
    return HEADER + "\n".join(lines) + "\n"
