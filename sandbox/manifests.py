"""This refuses a manifest that Slack would refuse, and warns of one that cannot work.

Limits: Slack's published manifest schema.
"""

from typing import Any

from sandbox.block_elements import pattern
from sandbox.checks import (
    Report,
    Surface,
    anything,
    apply,
    boolean,
    items,
    objects,
    one_of,
    shape,
    string,
)
from sandbox.model import Json
from sandbox.scopes import EVENT_SCOPES

COMMAND = pattern(r"/[a-z0-9_-]{1,31}", "a slash and 1 to 31 lower-case letters, digits, - or _")

DISPLAY = shape(
    {"name": string(35, 1)},
    {
        "description": string(140, 1),
        "long_description": string(4000, 175),
        "background_color": pattern(r"#([0-9a-fA-F]{3}){1,2}", "a colour as #abc or #aabbcc"),
    },
)
SLASH_COMMAND = shape(
    {"command": COMMAND, "description": string(2000, 1)},
    {"url": string(3000), "usage_hint": string(1000), "should_escape": boolean},
)
APP_HOME = shape(
    {},
    {
        "home_tab_enabled": boolean,
        "messages_tab_enabled": boolean,
        "messages_tab_read_only_enabled": boolean,
    },
)
SHORTCUT = shape(
    {
        "name": string(24, 1),
        "type": one_of("global", "message"),
        "callback_id": string(255, 1),
        "description": string(150, 1),
    }
)
FEATURES = shape(
    {},
    {
        "app_home": objects(APP_HOME),
        "bot_user": objects(shape({"display_name": string(80, 1)}, {"always_online": boolean})),
        "slash_commands": items(objects(SLASH_COMMAND), 50),
        "shortcuts": items(objects(SHORTCUT), 10, 0),
    },
    closed=False,
)
SUBSCRIPTIONS = shape({}, {"request_url": string(), "bot_events": items(string(), 100, 0)})
SETTINGS = shape(
    {},
    {
        "socket_mode_enabled": boolean,
        "event_subscriptions": objects(SUBSCRIPTIONS),
        "interactivity": objects(shape({"is_enabled": boolean}, {"request_url": string()})),
    },
    closed=False,
)
SCOPES = shape({}, {"bot": items(string(), 255, 0), "user": items(string(), 255, 0)}, closed=False)
MANIFEST = shape(
    {"display_information": objects(DISPLAY)},
    {
        "features": objects(FEATURES),
        "oauth_config": objects(shape({}, {"scopes": objects(SCOPES)}, closed=False)),
        "settings": objects(SETTINGS),
        "_metadata": anything,
    },
    closed=False,
)


def problems(manifest: Any) -> list[str]:
    """This is why Slack would not take the manifest; empty if it would."""
    report = Report(Surface.MESSAGE)
    apply(report, MANIFEST, manifest, "")
    return report.problems


def warnings(manifest: Json) -> list[str]:
    """This is what the manifest declares but cannot get."""
    scopes = set(((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or [])
    settings = manifest.get("settings") or {}
    events = (settings.get("event_subscriptions") or {}).get("bot_events") or []
    found = [
        f"event {event} needs the scope {EVENT_SCOPES[event]}"
        for event in events
        if event in EVENT_SCOPES and EVENT_SCOPES[event] not in scopes
    ]
    if (manifest.get("features") or {}).get("slash_commands") and "commands" not in scopes:
        found.append("slash commands need the scope commands")
    if (manifest.get("features") or {}).get("shortcuts") and "commands" not in scopes:
        found.append("shortcuts need the scope commands")
    return found
