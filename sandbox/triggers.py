"""This hands out what an app may use only for a while: triggers and response URLs."""

import secrets
import time
from dataclasses import dataclass

from sandbox import limits
from sandbox.errors import Refused


@dataclass
class Trigger:
    """This allows one modal to be opened for one person."""

    user: str
    expires: float
    view: str | None
    used: bool = False


class Triggers:
    """This is every trigger handed out; they live for seconds of transport time."""

    def __init__(self) -> None:
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str, lives: float, view: str | None = None) -> str:
        """This is a new trigger id; `view` is the view it was made in."""
        made = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._known[made] = Trigger(user, time.monotonic() + lives, view)
        return made

    def check(self, trigger_id: str) -> Trigger:
        """This is a usable trigger; raises Refused with Slack's code."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if trigger.expires < time.monotonic():
            raise Refused("expired_trigger_id")
        return trigger


@dataclass
class Hook:
    """This is a response URL: where its answers go and what they may replace."""

    channel: str
    user: str
    ts: str | None
    expires: float
    uses: int = 0


class Hooks:
    """This is every response URL handed out."""

    def __init__(self) -> None:
        self._known: dict[str, Hook] = {}

    def issue(self, channel: str, user: str, ts: str | None, lives: float) -> str:
        """This is the key of a new response URL."""
        key = secrets.token_urlsafe(18)
        self._known[key] = Hook(channel, user, ts, time.monotonic() + lives)
        return key

    def use(self, key: str) -> Hook:
        """This counts one use; raises Refused used_url, expired_url or no_such_url."""
        hook = self._known.get(key)
        if hook is None:
            raise Refused("no_such_url", status=404)
        if hook.expires < time.monotonic():
            raise Refused("expired_url", status=404)
        if hook.uses >= limits.RESPONSE_URL_USES:
            raise Refused("used_url", status=404)
        hook.uses += 1
        return hook
