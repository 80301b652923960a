"""The Send port: how a message reaches Slack, and what came of it.

A send ends in exactly one of three values: Sent, RetryAfter, Undeliverable. `Unknown` is raised
where nobody can tell; whoever retries looks the key up first. slack_sdk's own retries are off,
because they post a second time after a lost answer; the outbox alone decides about trying again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.faults import Fault, Then, fault_of
from bot.slack.render.view import Rendered

# Explicit, for the library's 30 s is longer than a page's lease.
CALL_SECONDS: Final = 10
EVENT_TYPE: Final = "belay"
# Slack's clock and ours may differ by this much when a message is looked up by its time.
SKEW: Final = timedelta(minutes=2)
PAGES_LOOKED_UP: Final = 3
PAGE_SIZE: Final = 100
# Slack cuts a text at 40,000 characters and advises 4,000.
PLAIN_CHARACTERS: Final = 3500
# How soon a refusal without a time of its own is tried again.
RETRY_SECONDS: Final = 15.0
# A person who was deactivated meanwhile: their conversation is asked for anew after this.
DIRECT_FOR: Final = timedelta(minutes=10)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """This is where a message goes: a channel or direct conversation, and a thread in it."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Slack accepted it: it stands in this channel at this ts."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Scheduled:
    """This is a message that Slack holds until `post_at` (Unix seconds)."""

    id: str
    post_at: int


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """Slack did not accept it, and may later. `limited` says that Slack named the time itself."""

    seconds: float
    code: str
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """Slack will never accept it."""

    code: str


Outcome = Sent | RetryAfter | Undeliverable


class Unknown(Exception):
    """Nobody can tell whether Slack accepted it: no answer, or one about Slack's own fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refusal(Exception):
    """Slack said no, with a code; `seconds` is what Retry-After said."""

    def __init__(self, code: str, seconds: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds

    @property
    def fault(self) -> Fault:
        """What follows from it."""
        return fault_of(self.code)


def open_session() -> aiohttp.ClientSession:
    """This is the one session of all calls; whoever opens it closes it.

    The limit stands here too: slack_sdk ignores its own `timeout` where it is given a session.
    """
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, sock_connect=5)
    return aiohttp.ClientSession(timeout=timeout)


def make_client(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """This is a client that tries everything once."""
    return AsyncWebClient(token, base_url, timeout=CALL_SECONDS, session=session, retry_handlers=[])


def metadata_key(key: str) -> str:
    """What is written into a message so that it can be found again: a digest, which tells nothing.

    Other apps may read metadata, and an outbox key says "page" and which rung.
    """
    return sha256(key.encode()).hexdigest()[:32]


class Slack:
    """This is Slack, as far as sending goes. `problem` is the red fault that stands, or None."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._direct: dict[str, tuple[str, datetime]] = {}
        self.problem: str | None = None

    async def call(self, method: str, *, write: bool = False, **arguments: Any) -> dict[str, Any]:
        """Make one call. Raises Refusal for what Slack answered, Unknown where it did not.

        Reading methods take form fields only, writing ones JSON.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            async with asyncio.timeout(CALL_SECONDS):
                if write:
                    answer = await self._client.api_call(method, json=given)
                else:
                    answer = await self._client.api_call(method, params=given)
        except SlackApiError as error:
            raise _refusal(error) from None
        except TimeoutError:
            raise Unknown("timeout") from None
        except (aiohttp.ClientError, OSError, SlackClientError):
            raise Unknown("connection") from None
        data = answer.data
        if not isinstance(data, dict):
            raise Unknown("unreadable")
        return data

    async def direct(self, user: str, now: datetime) -> str | RetryAfter | Undeliverable:
        """The conversation with a person, from the cache or from Slack. Raises Unknown.

        Slack accepts messages to a deactivated person without an error, so it is asked about them
        now and then: a page that nobody can read is not a page.
        """
        known = self._direct.get(user)
        if known is not None and now - known[1] < DIRECT_FOR:
            return known[0]
        try:
            answer = await self.call("conversations.open", users=user, return_im=True)
        except Refusal as refusal:
            return await self._outcome(refusal)
        channel = answer["channel"]
        if channel.get("is_user_deleted"):
            return Undeliverable("user_disabled")
        self._direct[user] = (channel["id"], now)
        return str(channel["id"])

    def forget_person(self, user: str) -> None:
        """Something about this person changed (`user_change`): ask Slack anew."""
        self._direct.pop(user, None)

    async def post(self, place: Place, message: Rendered, key: str) -> Outcome:
        """Post a new message that can be found by its key. Raises Unknown."""
        arguments = {
            "channel": place.channel,
            "thread_ts": place.thread,
            "metadata": {
                "event_type": EVENT_TYPE,
                "event_payload": {"key": metadata_key(key)},
            },
            "unfurl_links": False,
            "unfurl_media": False,
        }
        return await self._say("chat.postMessage", message, arguments)

    async def update(self, channel: str, ts: str, message: Rendered) -> Outcome:
        """Bring a message up to date. Raises Unknown."""
        return await self._say("chat.update", message, {"channel": channel, "ts": ts})

    async def find(self, place: Place, key: str, since: datetime) -> Sent | None:
        """Look for a message by its key, from `since` on, newest first. Raises Refusal, Unknown."""
        wanted = metadata_key(key)
        method = "conversations.replies" if place.thread else "conversations.history"
        cursor: str | None = None
        for _ in range(PAGES_LOOKED_UP):
            answer = await self.call(
                method,
                channel=place.channel,
                ts=place.thread,
                oldest=f"{(since - SKEW).timestamp():.6f}",
                limit=PAGE_SIZE,
                include_all_metadata=True,
                cursor=cursor,
            )
            for message in answer.get("messages", ()):
                about = message.get("metadata") or {}
                if about.get("event_payload", {}).get("key") == wanted:
                    return Sent(place.channel, message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        return None

    async def schedule(self, channel: str, text: str, post_at: int) -> str:
        """Let Slack post something later (Unix seconds). Raises Refusal, Unknown.

        Without metadata: Slack never posts a scheduled message that has any.
        """
        answer = await self.call(
            "chat.scheduleMessage", write=True, channel=channel, text=text, post_at=post_at
        )
        return str(answer["scheduled_message_id"])

    async def scheduled(self, channel: str) -> list[Scheduled]:
        """What this app has scheduled in a channel. Raises Refusal, Unknown."""
        found: list[Scheduled] = []
        cursor: str | None = None
        while True:
            answer = await self.call(
                "chat.scheduledMessages.list", channel=channel, limit=PAGE_SIZE, cursor=cursor
            )
            found += [
                Scheduled(str(one["id"]), int(one["post_at"]))
                for one in answer.get("scheduled_messages", ())
            ]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    async def unschedule(self, channel: str, scheduled: str) -> None:
        """Take a scheduled message back; one that is gone already is fine. Raises as above."""
        try:
            await self.call(
                "chat.deleteScheduledMessage",
                write=True,
                channel=channel,
                scheduled_message_id=scheduled,
            )
        except Refusal as refusal:
            if refusal.code != "invalid_scheduled_message_id":
                raise

    async def _say(self, method: str, message: Rendered, arguments: dict[str, Any]) -> Outcome:
        full = {"text": message.text, "blocks": [dict(block) for block in message.blocks] or None}
        try:
            return await self._accepted(method, {**arguments, **full})
        except Refusal as refusal:
            if refusal.fault.then is not Then.PLAIN:
                return await self._outcome(refusal)
            log.error("message_sent_as_text", method=method, code=refusal.code)
            code = refusal.code
        # The blocks of an older version would stay below the new text: an edit empties them.
        plain: dict[str, Any] = {"text": plain_text(message)}
        if method == "chat.update":
            plain["blocks"] = []
        if "metadata" in code:
            plain["metadata"] = None
        try:
            return await self._accepted(method, {**arguments, **plain})
        except Refusal as refusal:
            return await self._outcome(refusal)

    async def _accepted(self, method: str, arguments: dict[str, Any]) -> Sent:
        answer = await self.call(method, write=True, **arguments)
        self.problem = None
        return Sent(str(answer["channel"]), str(answer["ts"]))

    async def _outcome(self, refusal: Refusal) -> RetryAfter | Undeliverable:
        """Read a refusal by the table. Raises Unknown."""
        code, fault = refusal.code, refusal.fault
        if code == "account_inactive" and not await self._token_works():
            code, fault = "token_revoked", fault_of("token_revoked")
        if fault.then is Then.UNKNOWN:
            raise Unknown(code)
        if fault.red:
            self.problem = code
            log.critical("slack_refuses_everything", code=code)
        if fault.then is Then.RETRY:
            return RetryAfter(
                refusal.seconds or RETRY_SECONDS, code, limited=refusal.seconds is not None
            )
        return Undeliverable(code)

    async def _token_works(self) -> bool:
        try:
            await self.call("auth.test")
        except Refusal:
            return False
        return True


def plain_text(message: Rendered) -> str:
    """The same message without blocks: the first line, and the text of every block."""
    lines = [message.text]
    for block in message.blocks:
        parts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        lines += [_text_of(part) for part in parts]
    return "\n".join(line for line in dict.fromkeys(lines) if line)[:PLAIN_CHARACTERS]


def _text_of(part: object) -> str:
    if not isinstance(part, Mapping) or part.get("type") not in {"plain_text", "mrkdwn"}:
        return ""
    return str(part.get("text", ""))


def _refusal(error: SlackApiError) -> Refusal | Unknown:
    response = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", 0) or 0)
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return Refusal(code or "ratelimited", _retry_after(getattr(response, "headers", {})))
    if not code:
        return Unknown(f"http_{status}" if status else "unreadable")
    return Refusal(code)


def _retry_after(headers: Mapping[str, str]) -> float:
    named = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    # Without a time Slack's own example is taken: half a minute.
    return max(1.0, float(named)) if named.isdigit() else 30.0
