"""This limits the rate of calls by Slack's tiers, in transport time.

Slack publishes calls per minute and says that bursts are tolerated, without numbers. Here a
bucket starts full and holds a minute's worth, and refills evenly: a sustained rate above the tier
is refused, a burst up to it passes. Tier 1 holds five, because Slack lets a client reconnect
several times in a row.
"""

import math
from dataclasses import dataclass

from sandbox.errors import Refused


@dataclass(frozen=True)
class Tier:
    """This is a rate: `per_minute` in the long run, `burst` at once."""

    per_minute: float
    burst: float


TIER_1 = Tier(1, 5)
TIER_2 = Tier(20, 20)
TIER_3 = Tier(50, 50)
TIER_4 = Tier(100, 100)
AUTH_TEST = Tier(600, 600)
PERMALINK = Tier(600, 600)
POST_PER_CHANNEL = Tier(60, 10)
"""One a second and channel, short bursts tolerated; the size of the burst is ours."""
POST_PER_WORKSPACE = Tier(300, 300)
"""Slack says: several hundred a minute."""

TIERS: dict[str, Tier] = {
    "api.test": TIER_4,
    "apps.connections.open": TIER_1,
    "auth.test": AUTH_TEST,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.deleteScheduledMessage": TIER_3,
    "chat.getPermalink": PERMALINK,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": POST_PER_WORKSPACE,
    "chat.scheduleMessage": TIER_3,
    "chat.scheduledMessages.list": TIER_3,
    "chat.update": TIER_3,
    "conversations.create": TIER_2,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.invite": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "dnd.info": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.delete": TIER_3,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "pins.add": TIER_2,
    "pins.list": TIER_2,
    "pins.remove": TIER_2,
    "reactions.add": TIER_3,
    "reactions.get": TIER_3,
    "reactions.list": TIER_2,
    "reactions.remove": TIER_2,
    "usergroups.create": TIER_2,
    "usergroups.disable": TIER_2,
    "usergroups.enable": TIER_2,
    "usergroups.list": TIER_2,
    "usergroups.update": TIER_2,
    "usergroups.users.list": TIER_2,
    "usergroups.users.update": TIER_2,
    "users.conversations": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}


class Limiter:
    """This is a bucket of calls per method, and per channel for chat.postMessage."""

    def __init__(self, enabled: bool = True, factor: float = 1.0) -> None:
        self.enabled = enabled
        self.factor = factor
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def set(self, enabled: bool, factor: float) -> None:
        """This switches the limits or scales rate and burst; all buckets start full again."""
        if factor <= 0:
            raise Refused("bad_factor", status=400)
        self.enabled, self.factor = enabled, factor
        self._buckets.clear()

    def take(self, method: str, channel: str, now: float) -> None:
        """This counts one call at transport time `now`; raises Refused ratelimited."""
        if not self.enabled or method not in TIERS:
            return
        self._spend((method, ""), TIERS[method], now)
        if method == "chat.postMessage" and channel:
            self._spend((method, channel), POST_PER_CHANNEL, now)

    def _spend(self, key: tuple[str, str], tier: Tier, now: float) -> None:
        """This takes one from a bucket or says how long to wait."""
        burst = max(1.0, tier.burst * self.factor)
        speed = tier.per_minute * self.factor / 60
        left, at = self._buckets.get(key, (burst, now))
        left = min(burst, left + (now - at) * speed)
        if left < 1:
            self._buckets[key] = (left, now)
            wait = max(1, math.ceil((1 - left) / speed))
            raise Refused("ratelimited", status=429, headers={"Retry-After": str(wait)})
        self._buckets[key] = (left - 1, now)
