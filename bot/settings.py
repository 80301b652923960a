"""This reads the environment, and nothing else does.

Every variable starts with BELAY_. What is wrong is said with the variable's name and what to do;
the value is never repeated, because it may be a secret.
"""

import ipaddress
import os
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.sealing import BadKeyError, read_key

PREFIX = "BELAY_"
SANDBOX_TOKEN = "xoxb-sandbox"  # what a token of the sandbox starts with
TOKEN_STARTS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}

Level = Literal["debug", "info", "warning", "error"]


class SettingsError(Exception):
    """This says which settings are wrong and what to do, one line each, without their values."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Settings(BaseSettings):
    """This is how one installation is set up. Frozen: a change needs a restart."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: str = "sqlite:///belay.db"
    keys: SecretStr = SecretStr("")
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_base_url: str = "https://slack.com/api/"
    transport: Literal["socket", "http"] = "socket"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=3000, ge=0, le=65535)
    http_drain: int = Field(default=5, ge=0, le=60)
    health_host: str = "127.0.0.1"
    health_port: int = Field(default=8087, ge=0, le=65535)
    health_open: bool = False
    heartbeat_url: SecretStr = SecretStr("")
    sandbox_clock_url: str = ""
    out_file: str = "belay-out.txt"
    log_level: Level = "info"
    command_visit: str = "visit"
    command_checkin: str = "checkin"
    command_checkout: str = "checkout"
    command_sos: str = "sos"
    command_page: str = "page"
    command_whohandles: str = "whohandles"
    matcher: Literal["full", "words", "off"] = "full"
    matrix_folder: str = "belay-matrix"

    @property
    def commands(self) -> dict[str, str]:
        """What each command is called in this workspace, with its slash, by its key."""
        return {
            "visit": f"/{self.command_visit}",
            "checkin": f"/{self.command_checkin}",
            "checkout": f"/{self.command_checkout}",
            "sos": f"/{self.command_sos}",
            "page": f"/{self.command_page}",
            "whohandles": f"/{self.command_whohandles}",
        }

    @property
    def in_sandbox(self) -> bool:
        """Whether this is the sandbox, where nobody's life hangs on an answer."""
        return self.slack_bot_token.get_secret_value().startswith(SANDBOX_TOKEN)

    @field_validator("keys")
    @classmethod
    def _keys_are_keys(cls, value: SecretStr) -> SecretStr:
        for key in value.get_secret_value().split(","):
            if key.strip():
                try:
                    read_key(key)
                except BadKeyError as problem:
                    raise ValueError(str(problem)) from None
        return value

    @field_validator("slack_base_url")
    @classmethod
    def _base_url_ends_in_a_slash(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(value)):
            raise ValueError(
                "the token travels in every call, so it is https://, or http:// to this machine. "
                "Leave it unset for Slack itself."
            )
        return value if value.endswith("/") else value + "/"

    @model_validator(mode="after")
    def _commands_differ(self) -> Self:
        if len(set(self.commands.values())) < len(self.commands):
            raise ValueError(
                "BELAY_COMMAND_VISIT, _CHECKIN, _CHECKOUT, _SOS, _PAGE and _WHOHANDLES: two have "
                "the same name. Give each its own."
            )
        return self

    @model_validator(mode="after")
    def _sandbox_clock_stays_in_the_sandbox(self) -> Self:
        if not self.sandbox_clock_url:
            return self
        token = self.slack_bot_token.get_secret_value()
        real = token != "" and not token.startswith(SANDBOX_TOKEN)
        away = not is_loopback(self.slack_base_url) or not is_loopback(self.sandbox_clock_url)
        if real or away:
            raise ValueError(
                "BELAY_SANDBOX_CLOCK_URL: a clock that can be moved was given together with a "
                "real token or with an address off this machine. Somebody's life may hang on "
                "these timers: unset it, or use the sandbox's own token and addresses."
            )
        return self

    @model_validator(mode="after")
    def _health_is_not_on_the_network_by_mistake(self) -> Self:
        if not self.health_open and not _is_loopback_host(self.health_host):
            raise ValueError(
                "BELAY_HEALTH_HOST: health and metrics would be readable from the network. Use "
                "127.0.0.1, or set BELAY_HEALTH_OPEN=true where something in front protects them."
            )
        return self

    def to_run(self) -> Self:
        """These settings, if they are enough to run the bot. SettingsError names what is missing.

        Other commands need less, so this is asked only by those that talk to Slack.
        """
        if problems := [*self.missing(), *self.of_another_kind()]:
            raise SettingsError(problems)
        return self

    def missing(self) -> list[str]:
        """What running needs and is not set, with where to find it."""
        needed = {
            "slack_bot_token": "Copy the Bot User OAuth Token (xoxb-) from OAuth & Permissions.",
            "keys": "Make one with `belay keys generate` and keep a copy outside this machine.",
        }
        if self.transport == "socket":
            needed["slack_app_token"] = (
                "Make an app-level token (xapp-) with connections:write under Basic Information."
            )
        else:
            needed["slack_signing_secret"] = "Copy the Signing Secret from Basic Information."
        return [
            f"{PREFIX}{name.upper()}: not set. {remedy}"
            for name, remedy in needed.items()
            if not getattr(self, name).get_secret_value()
        ]

    def of_another_kind(self) -> list[str]:
        """Tokens that are set and are not of the kind that belongs there."""
        return [
            f"{PREFIX}{name.upper()}: does not start with {start}. "
            "Slack has several kinds of tokens; docs/slack.md says where this one is."
            for name, start in TOKEN_STARTS.items()
            if (value := getattr(self, name).get_secret_value()) and not value.startswith(start)
        ]


def load(**overrides: Any) -> Settings:
    """The settings from the environment. SettingsError says what is wrong, with all of it at once.

    An override stands for a variable; tests use it.
    """
    problems = _misspelt()
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        problems += [_sentence(problem) for problem in error.errors()]
        raise SettingsError(problems) from None
    if problems:
        raise SettingsError(problems)
    return settings


def notify_socket() -> str:
    """Where systemd listens for whether we live (NOTIFY_SOCKET); empty where nobody does."""
    return os.environ.get("NOTIFY_SOCKET", "")


def for_children(**more: str) -> dict[str, str]:
    """The environment for a program that we start, without any setting of ours, and with these."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**inherited, **more}


def _misspelt() -> list[str]:
    """Variables that look like ours and are not. Ignored, a misspelt heartbeat would be silence."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    found = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    problems = []
    for name in found:
        near = get_close_matches(name, known, 1)
        remedy = f"Did you mean {near[0]}?" if near else "Unset it."
        problems.append(f"{name}: there is no such setting. {remedy}")
    return problems


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    return _is_loopback_host(urlsplit(url).hostname or "")


def _is_loopback_host(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _sentence(problem: Any) -> str:
    text = str(problem["msg"]).removeprefix("Value error, ")
    if not problem["loc"]:  # a rule over several variables names them itself
        return text
    name = f"{PREFIX}{str(problem['loc'][0]).upper()}"
    if problem["type"] == "value_error":
        return f"{name}: {text}"
    return f"{name}: {text}. Correct it, or unset it for the default."
