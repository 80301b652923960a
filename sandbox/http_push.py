"""This delivers by signed POST to the app's request URLs, which must be on this machine."""

import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.errors import Refused
from sandbox.ground import Ground
from sandbox.model import App
from sandbox.outcome import Attempt, Lane, Outcome
from sandbox.timing import LOOPBACK

FORM = "application/x-www-form-urlencoded"


def loopback(url: str) -> str:
    """This is the URL if it points to this machine; raises Refused bad_request_url."""
    if not LOOPBACK.match(url):
        raise Refused("bad_request_url", status=400, detail="only loopback URLs are delivered to")
    return url


def url_for(app: App, lane: Lane, payload: dict[str, Any]) -> str | None:
    """This is where a delivery goes: the URL given at installation, or the manifest's."""
    if app.request_url:
        return app.request_url
    if lane is Lane.EVENTS:
        return (app.settings.get("event_subscriptions") or {}).get("request_url")
    if lane is Lane.INTERACTIVE:
        return (app.settings.get("interactivity") or {}).get("request_url")
    for command in app.features.get("slash_commands") or []:
        if command.get("command") == payload.get("command"):
            found: str | None = command.get("url")
            return found
    return None


def check_urls(app: App) -> None:
    """This refuses an app whose request URLs leave the machine, unless it uses sockets."""
    if app.uses_sockets:
        return
    events = (app.settings.get("event_subscriptions") or {}).get("request_url")
    interactive = (app.settings.get("interactivity") or {}).get("request_url")
    commands = [command.get("url") for command in app.features.get("slash_commands") or []]
    wanted = [app.request_url] if app.request_url else [events, interactive, *commands]
    for url in filter(None, wanted):
        loopback(url)


def signature(secret: str, stamp: str, body: str) -> str:
    """This is Slack's v0 signature of a request body."""
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    return f"v0={digest.hexdigest()}"


def encode(lane: Lane, payload: dict[str, Any]) -> tuple[str, str]:
    """This is the body and its content type: JSON for events, forms for the rest."""
    if lane is Lane.EVENTS:
        return json.dumps(payload), "application/json"
    if lane is Lane.COMMANDS:
        return urlencode(payload), FORM
    return urlencode({"payload": json.dumps(payload)}), FORM


class HttpPush:
    """This posts to the app and reads its answer."""

    def __init__(self, box: Ground) -> None:
        self._box = box
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """This gives the connections back."""
        if self._session is not None:
            await self._session.close()

    async def send(self, lane: Lane, payload: dict[str, Any], attempt: Attempt) -> Outcome:
        """This makes one attempt."""
        app = self._box.app
        url = url_for(app, lane, payload)
        if url is None:
            return Outcome(delivered=False, acked=False, reason="connection_failed")
        body, content_type = encode(lane, payload)
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(app.signing_secret, stamp, body),
        }
        if attempt.number:
            headers["X-Slack-Retry-Num"] = str(attempt.number)
            headers["X-Slack-Retry-Reason"] = attempt.reason
        with self._box.activity.going():
            return await self._post(url, body, headers)

    async def _post(self, url: str, body: str, headers: dict[str, str]) -> Outcome:
        """This posts and reads the answer within the time for an acknowledgement."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        timeout = aiohttp.ClientTimeout(total=self._box.timing.ack_within)
        try:
            async with self._session.post(
                loopback(url), data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                text = await answer.text()
                final = answer.headers.get("X-Slack-No-Retry") == "1"
                if answer.status != 200:
                    return Outcome(True, False, reason="http_error", final=final)
                return Outcome(True, True, payload=_decode(text, answer.content_type))
        except TimeoutError:
            return Outcome(True, False, reason="http_timeout")
        except aiohttp.ClientError:
            return Outcome(False, False, reason="connection_failed")

    async def verify(self) -> bool:
        """This asks the events URL to echo a challenge, as Slack does when one is entered."""
        challenge = secrets.token_hex(16)
        payload = {
            "type": "url_verification",
            "challenge": challenge,
            "token": self._box.app.verification_token,
        }
        outcome = await self.send(Lane.EVENTS, payload, Attempt())
        answer = outcome.payload
        found = answer.get("challenge", answer.get("text")) if isinstance(answer, dict) else None
        return outcome.acked and found == challenge


def _decode(text: str, content_type: str) -> Any:
    """This is the app's answer: JSON, or plain text as a message."""
    if not text:
        return None
    if "json" in content_type:
        try:
            return json.loads(text)
        except ValueError:
            return {"text": text}
    return {"text": text}
