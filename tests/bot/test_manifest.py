"""This holds app_manifest.yml, the handlers and the calls that are really made to each other."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot.handlers import home, opening_handover, opening_plans
from bot.matrix.reading import grade
from bot.settings import Settings, SettingsError, load
from bot.slack import manifest
from bot.slack.ids import BUILT_IN_COMMANDS, Command
from bot.slack.read import worker
from sandbox import manifests

PLAIN = 8  # the school grade in which everything that people read can be read
ROOT = Path(manifest.__file__).parents[2]

# What each Web API method needs (Slack's reference page of the method). Where the scope depends on
# the kind of conversation, the kinds that Belay touches are listed: private channels and DMs.
METHOD_SCOPES = {
    "apps.connections.open": (),  # the app-level token
    "auth.test": (),
    "chat.deleteScheduledMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.scheduleMessage": ("chat:write",),
    "chat.scheduledMessages.list": (),
    "chat.update": ("chat:write",),
    "conversations.history": ("im:history", "groups:history"),
    # Asked of public channels too: that one is public is what must be noticed.
    "conversations.info": ("groups:read", "channels:read"),
    "conversations.members": ("groups:read", "channels:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("im:history", "groups:history"),
    "dnd.info": ("dnd:read",),
    "dnd.teamInfo": ("dnd:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
FAMILIES = "|".join(sorted({method.partition(".")[0] for method in METHOD_SCOPES}))
METHOD = re.compile(rf"(?:{FAMILIES})(?:\.[a-z]\w*)+")


@pytest.fixture
def settings() -> Settings:
    return load()


def called_methods() -> set[str]:
    """These are the Web API methods that Belay's code names, as text or as a client's method."""
    known = {method.replace(".", "_").lower(): method for method in METHOD_SCOPES}
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        if path.is_relative_to(ROOT / "bot/demo") or path.name == "manifest.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if METHOD.fullmatch(node.value):
                    found.add(node.value)
            elif isinstance(node, ast.Attribute) and node.attr.lower() in known:
                found.add(known[node.attr.lower()])
    return found


def subscribed(events: dict[str, tuple[str, ...]]) -> set[str]:
    return {scope for scopes in events.values() for scope in scopes}


def test_every_call_that_belay_makes_is_in_the_table():
    assert called_methods() <= set(METHOD_SCOPES)


def test_every_scope_is_used_and_every_scope_that_is_used_is_asked_for():
    used = {scope for method in called_methods() for scope in METHOD_SCOPES[method]}
    used |= subscribed(manifest.EVENTS) | {"commands"}
    assert set(manifest.SCOPES) == used


def test_every_scope_says_what_it_is_for(settings):
    for scope, reason in manifest.SCOPES.items():
        assert len(reason) > 10
        assert f"- {scope}  # {reason}\n" in manifest.text(settings)


def test_the_file_in_the_repository_is_what_the_command_writes(settings):
    assert (ROOT / manifest.FILE).read_text(encoding="utf-8") == manifest.text(settings)


def test_the_comments_do_not_change_what_is_said(settings):
    assert yaml.safe_load(manifest.text(settings)) == manifest.build(settings)


def test_every_event_has_a_scope_that_is_asked_for():
    for event, scopes in manifest.EVENTS.items():
        assert set(scopes) <= set(manifest.SCOPES), event


def test_over_socket_mode_no_address_is_named(settings):
    built = manifest.build(settings)
    assert built["settings"]["socket_mode_enabled"] is True
    assert "url" not in manifest.text(settings).replace("from https", "")


def test_over_http_every_delivery_has_its_address(settings):
    built = manifest.build(settings, "https://belay.example.org/")
    address = "https://belay.example.org/slack/events"
    assert built["settings"]["socket_mode_enabled"] is False
    assert built["settings"]["event_subscriptions"]["request_url"] == address
    assert built["settings"]["interactivity"]["request_url"] == address
    assert {one["url"] for one in built["features"]["slash_commands"]} == {address}


def test_the_names_of_commands_come_from_the_settings():
    built = manifest.build(load(command_sos="belay-sos"))
    names = [one["command"] for one in built["features"]["slash_commands"]]
    assert names == ["/visit", "/checkin", "/checkout", "/belay-sos", "/page", "/whohandles"]


@pytest.mark.parametrize("name", ["who", "remind", "dnd", "shrug", "SOS", "help me", "", "x" * 32])
def test_a_command_that_slack_would_not_deliver_is_refused_by_its_variable(name):
    with pytest.raises(SettingsError, match="BELAY_COMMAND_SOS: "):
        manifest.commands(load(command_sos=name))


def test_two_commands_of_one_name_are_refused():
    with pytest.raises(SettingsError, match="two"):
        manifest.commands(load(command_sos="visit"))


def test_slacks_own_commands_are_known():
    asked_for = "who away dnd remind invite msg me leave join topic status search shortcuts call"
    asked_for += " feed open mute collapse expand archive active apps dm prefs rename shrug star"
    asked_for += " kick remove unarchive"
    assert {f"/{name}" for name in asked_for.split()} <= BUILT_IN_COMMANDS


def test_every_command_has_words():
    assert set(manifest.COMMANDS) == set(Command)


@pytest.mark.parametrize("url", ["", "https://belay.example.org"])
def test_slack_would_take_the_manifest_and_every_event_in_it(settings, url):
    # The sandbox holds a manifest to the limits of Slack's published schema.
    built = manifest.build(settings, url)
    assert manifests.problems(built) == []
    assert manifests.warnings(built) == []


def test_what_people_read_of_the_manifest_is_plain(settings):
    said = manifest.build(settings)["display_information"]["description"]
    described = [description for description, _ in manifest.COMMANDS.values()]
    for text in (said, *described, *manifest.SCOPES.values()):
        assert grade(text) <= PLAIN, text


def test_every_word_that_a_command_hints_at_is_understood():
    understood = {
        Command.VISIT: opening_plans.HERE
        | opening_plans.AGAIN
        | home._BOARD
        | opening_handover._HAND_OVER
        | opening_handover._EVERYONE,
        Command.SOS: worker._WANTS_CALL,
    }
    for command, (_, hint) in manifest.COMMANDS.items():
        assert set(re.findall(r"\w+", hint)) <= understood.get(command, frozenset()), command
