"""What `doctor` finds in Slack about the app itself: tokens, scopes, Socket Mode, and the time."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.cli.findings import Finding, Kind
from bot.settings import TOKEN_STARTS, Settings
from bot.slack import manifest
from bot.slack.faults import LIMITED, Then, fault_of

# Slack refuses signatures older than five minutes, and a page's time should be a page's time.
SKEW_MAX = timedelta(seconds=10)
CALL_WITHIN = 10.0  # s
# Slack's answer where Socket Mode is off is not documented; these are refusals of the app as such.
NO_SOCKETS = frozenset({"access_denied", "accesslimited", "forbidden_team", "no_permission"})

MANIFEST_UNSEEN = Finding(
    Kind.MANIFEST_UNSEEN,
    "Commands and buttons may be older than this Belay.",
    "Slack shows an app's manifest only with a configuration token, which Belay does not ask for: "
    "after an upgrade, or with new command names, paste what `belay manifest` prints under App "
    "Manifest, and save it.",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """This is what Slack answered: the body, and the headers in lower case."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def error(self) -> str | None:
        """Slack's error code; None where it said yes."""
        return None if self.body.get("ok") else str(self.body.get("error", "unreadable"))


async def ask(http: aiohttp.ClientSession, base_url: str, method: str, token: str) -> Answer:
    """One call without arguments. What did not come through has the error `connection`."""
    try:
        async with http.post(
            base_url + method,
            headers={"Authorization": f"Bearer {token}"},
            timeout=aiohttp.ClientTimeout(total=CALL_WITHIN),
        ) as answer:
            body = await answer.json(content_type=None)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(body if isinstance(body, dict) else {}, headers)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return Answer({"error": "connection"}, {})


async def of_app_token(settings: Settings, http: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    """Whether a connection of Socket Mode can be had. None is opened: Slack would deliver to it."""
    token = settings.slack_app_token.get_secret_value()
    if settings.transport == "socket" and token.startswith(TOKEN_STARTS["slack_app_token"]):
        answer = await ask(http, settings.slack_base_url, "apps.connections.open", token)
        for found in of_opening(answer):
            yield found


def of_auth(answer: Answer, now: datetime) -> list[Finding]:
    """What auth.test tells: whether Slack takes the bot token, its scopes, and the time."""
    if answer.error is not None:
        return [_silent(answer.error) or _refused(answer.error)]
    return [*of_scopes(answer.headers), *of_time(answer.headers, now), MANIFEST_UNSEEN]


def of_opening(answer: Answer) -> Iterator[Finding]:
    """What the try to get a connection tells about the app-level token."""
    code = answer.error
    user = "Nothing that people tap or type reaches Belay."
    said = f"BELAY_SLACK_APP_TOKEN: Slack answered {code}. "
    if code is None:
        return
    if silent := _silent(code):
        yield silent
    elif code == "missing_scope":
        yield Finding(
            Kind.APP_TOKEN_SCOPE,
            user,
            f"{said}The app-level token lacks {' and '.join(manifest.APP_SCOPES)}: make another "
            "one with it, at Basic Information, App-Level Tokens.",
        )
    elif code in NO_SOCKETS:
        yield Finding(
            Kind.SOCKET_MODE_OFF,
            user,
            f"{said}Switch Socket Mode on, in the app's settings at Slack; or use "
            "BELAY_TRANSPORT=http.",
        )
    else:
        yield Finding(
            Kind.APP_TOKEN_REFUSED,
            user,
            f"{said}Make another app-level token, at Basic Information, App-Level Tokens.",
        )


def of_scopes(headers: Mapping[str, str]) -> Iterator[Finding]:
    """What the app was granted, beside what its manifest declares."""
    if "x-oauth-scopes" not in headers:
        yield Finding(
            Kind.SCOPES_UNSEEN,
            "Some messages may not arrive.",
            f"Slack did not say which scopes the app has: compare it with {manifest.FILE}.",
        )
        return
    granted = {scope.strip() for scope in headers["x-oauth-scopes"].split(",") if scope.strip()}
    for scope in sorted(set(manifest.SCOPES) - granted):
        yield Finding(
            Kind.SCOPE_MISSING,
            f"Belay cannot do this: {manifest.SCOPES[scope]}.",
            f"{scope} was not granted, and declared is not granted: see that it stands in the "
            "app's manifest at Slack, and then reinstall the app (Install App).",
        )
    if more := sorted(granted - set(manifest.SCOPES)):
        yield Finding(
            Kind.SCOPE_EXTRA,
            "The app may do more than Belay needs.",
            f"Scopes that Belay does not use: {', '.join(more)}. Take them out of the manifest at "
            "Slack and reinstall the app.",
        )


def of_time(headers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """How far this machine's clock is from Slack's."""
    try:
        off = now - parsedate_to_datetime(headers["date"])
    except (KeyError, TypeError, ValueError):
        return
    if abs(off) > SKEW_MAX:
        side = "ahead of" if off > timedelta(0) else "behind"
        yield Finding(
            Kind.CLOCK_SKEW,
            "Check-in times may be wrong.",
            f"This machine's clock is {abs(off).total_seconds():.0f} s {side} Slack's: let it "
            "follow a time server.",
        )


def _silent(code: str) -> Finding | None:
    """The finding for an answer that is nobody's refusal."""
    fault = fault_of(code)
    if fault.then is not Then.UNKNOWN and fault is not LIMITED:
        return None
    return Finding(
        Kind.SLACK_SILENT,
        "Belay could not speak with Slack just now.",
        f"Slack gave no answer that counts ({code}): look at this machine's network and at "
        "slack-status.com, and try again.",
    )


def _refused(code: str) -> Finding:
    fault = fault_of(code)
    said = f"BELAY_SLACK_BOT_TOKEN: Slack answered {code}. {fault.operator}"
    return Finding(Kind.TOKEN_REFUSED, fault.user, said)
