"""Rate gates: how soon a call may be made without Slack refusing it. Pure arithmetic plus one dict.

Instants are transport time, handed in. Pages pass every gate but one: a method that Slack itself
refused with 429 is shut for everybody until the time that Slack named.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rate:
    """This is a pace: one call `every` so often, and `burst` calls at once after a rest."""

    every: timedelta
    burst: int


def _per_minute(calls: int, burst: int) -> Rate:
    return Rate(timedelta(minutes=1) / calls, burst)


# Slack's tiers, per method and workspace (docs: "Rate limits"). Bursts are tolerated without
# numbers, so ours are small.
TIER_3: Final = _per_minute(50, 10)
METHODS: Final = {
    # A workspace takes several hundred messages a minute; what is left of it is for pages.
    "chat.postMessage": _per_minute(200, 20),
    "views.publish": _per_minute(100, 20),  # Tier 4
}
# Of one method, in one place: messages of a channel, edits of one message.
PLACES: Final = {
    "chat.postMessage": Rate(timedelta(seconds=1), 4),
    # A card that changes often is edited once every few seconds, with the newest state.
    "chat.update": Rate(timedelta(seconds=3), 1),
}
# Above this many, keys whose pace has recovered are forgotten.
KEYS_MAX: Final = 2000


def free_at(spent_until: datetime | None, rate: Rate, now: datetime) -> datetime:
    """When the next call fits this pace; `now` or earlier means at once.

    `spent_until` is when everything called so far has been paid for at this pace: the one number
    that a token bucket needs (generic cell rate algorithm).
    """
    paid = max(spent_until or now, now)
    return paid - rate.every * (rate.burst - 1)


def spend(spent_until: datetime | None, rate: Rate, now: datetime) -> datetime:
    """The new `spent_until` after one call at `now`."""
    return max(spent_until or now, now) + rate.every


@dataclass
class Gates:
    """This remembers what was called and what Slack refused; a restart may forget it."""

    _spent: dict[Key, datetime] = field(default_factory=dict)
    _shut: dict[str, datetime] = field(default_factory=dict)

    def enter(self, method: str, place: str, now: datetime, *, page: bool) -> datetime | None:
        """Take a turn and return None, or return when to ask again. A page takes it regardless."""
        shut = self._shut.get(method)
        if shut is not None and shut > now:
            return shut
        paces = _paces(method, place)
        opens = max(free_at(self._spent.get(key), rate, now) for key, rate in paces)
        if opens > now and not page:
            return opens
        self._forget(now)
        for key, rate in paces:
            self._spent[key] = spend(self._spent.get(key), rate, now)
        return None

    def refused(self, method: str, until: datetime) -> None:
        """Slack said 429: nobody calls this method before `until`."""
        self._shut[method] = max(until, self._shut.get(method, until))

    def _forget(self, now: datetime) -> None:
        if len(self._spent) > KEYS_MAX:
            self._spent = {key: until for key, until in self._spent.items() if until > now}


def _paces(method: str, place: str) -> list[tuple[Key, Rate]]:
    paces = [((method, ""), METHODS.get(method, TIER_3))]
    if method in PLACES:
        paces.append(((method, place), PLACES[method]))
    return paces
