"""What `doctor` finds in Slack: tokens, scopes, channels and their readers, and the time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.cli.findings import Finding, fault, warning
from bot.settings import Settings
from bot.slack import manifest
from bot.slack.audience import Audience, Why
from bot.slack.faults import fault_of
from bot.slack.send import Slack, make_client
from protocol.policy import ChannelRole

# Slack refuses signatures older than five minutes, and a page's time should be a page's time.
SKEW_MAX = timedelta(seconds=10)
CALL_WITHIN = 10.0  # s

WRONG: dict[Why, tuple[str, str]] = {
    Why.PUBLIC: ("anybody in the workspace could read it", "make it private"),
    Why.SHARED: ("another workspace could read it", "stop sharing it, or name another channel"),
    Why.GUESTS: ("guests could read it", "remove the guests, or name another channel"),
    Why.TOO_MANY: ("too many people could read it", "name a channel with only the people it needs"),
    Why.GONE: ("Belay is not in it, or it is archived", "invite Belay, or name another channel"),
    Why.UNKNOWN: ("Slack did not say who can read it", "try again; see the scopes above"),
}


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


async def of_slack(
    settings: Settings,
    channels: Mapping[str, Mapping[ChannelRole, str]],
    transport_now: datetime,
) -> AsyncIterator[Finding]:
    """Everything wrong that Slack can tell. `channels` are those of each program, by id."""
    async with aiohttp.ClientSession() as http:
        token = settings.slack_bot_token.get_secret_value()
        answer = await ask(http, settings.slack_base_url, "auth.test", token)
        if (found := of_token("BELAY_SLACK_BOT_TOKEN", answer)) is not None:
            yield found
            return  # everything below would fail for the same reason
        for found in (*of_scopes(answer.headers), *of_time(answer.headers, transport_now)):
            yield found
        if settings.transport == "socket":
            app_token = settings.slack_app_token.get_secret_value()
            opening = await ask(http, settings.slack_base_url, "apps.connections.open", app_token)
            if (found := of_token("BELAY_SLACK_APP_TOKEN", opening)) is not None:
                yield found
        client = make_client(token, settings.slack_base_url, http)
        audience = Audience(Slack(client).call, lambda: transport_now)
        for program, named in channels.items():
            for role, channel in named.items():
                await asyncio.wait({audience.refresh(channel)})
                if (bad := of_channel(program, role, audience.verdict(channel))) is not None:
                    yield bad
        await audience.close()


def of_token(name: str, answer: Answer) -> Finding | None:
    """Whether Slack accepts a token."""
    if answer.error is None:
        return None
    known = fault_of(answer.error)
    return fault(known.user, f"{name}: Slack answered {answer.error}. {known.operator}")


def of_scopes(headers: Mapping[str, str]) -> list[Finding]:
    """What the app was granted, beside what Belay needs."""
    if "x-oauth-scopes" not in headers:
        return [
            warning(
                "Some messages may not arrive.",
                "Slack did not say which scopes the app has: compare it with app_manifest.yml.",
            )
        ]
    granted = {scope.strip() for scope in headers["x-oauth-scopes"].split(",") if scope.strip()}
    found = [
        fault(
            f"Belay cannot do this: {manifest.SCOPES[scope]}.",
            f"The scope {scope} is missing: update the app from app_manifest.yml and reinstall it.",
        )
        for scope in sorted(set(manifest.SCOPES) - granted)
    ]
    if more := sorted(granted - set(manifest.SCOPES)):
        found.append(
            warning(
                "The app may do more than Belay needs.",
                f"Scopes that Belay does not use: {', '.join(more)}. Take them away.",
            )
        )
    return found


def of_time(headers: Mapping[str, str], transport_now: datetime) -> list[Finding]:
    """How far this machine's clock is from Slack's."""
    try:
        theirs = parsedate_to_datetime(headers["date"])
        off = transport_now - theirs
    except (KeyError, TypeError, ValueError):
        return []
    if abs(off) <= SKEW_MAX:
        return []
    side = "ahead of" if off > timedelta(0) else "behind"
    seconds = abs(off).total_seconds()
    return [
        fault(
            "Check-in times may be wrong.",
            f"This machine's clock is {seconds:.0f} s {side} Slack's: let it follow a time server.",
        )
    ]


def of_channel(program: str, role: ChannelRole, why: Why) -> Finding | None:
    """Whether a program's channel may be posted to."""
    if why not in WRONG:
        return None
    what, remedy = WRONG[why]
    name = f"The {role.value.replace('_', ' ')} channel of {program}"
    return fault(
        f"{name} gets nothing: {what}. People are told directly instead.",
        f"{name}: {remedy}.",
    )
