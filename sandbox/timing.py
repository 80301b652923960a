"""This names every duration of the sandbox. All are seconds of transport time, which never moves.

Sources: Slack's documentation unless another one is named.
"""

import re
from dataclasses import dataclass, fields, replace
from typing import Any

from sandbox.errors import Refused


@dataclass(frozen=True)
class Timing:
    """This is how long things last; tests shorten it, the defaults are Slack's."""

    ack_within: float = 3.0
    """Commands, interactions and events must be acknowledged within three seconds."""
    trigger_lives: float = 3.0
    ticket_lives: float = 30.0
    """A Socket Mode URL is for one use, soon; Slack gives no number, 30 s is ours."""
    retry_after: tuple[float, ...] = (0.0, 60.0, 300.0)
    """Events are sent again at once, after a minute and after five minutes."""
    response_url_lives: float = 1800.0
    ping_every: float = 10.0
    disconnect_after_warning: float = 10.0
    """A `warning` comes about ten seconds before the socket is closed."""
    settle_within: float = 10.0
    """How long a fast-forward waits for one bot to become quiet. Ours."""
    quiet_within: float = 10.0
    """How long a fast-forward waits for open envelopes and calls. Ours."""

    def changed(self, values: dict[str, Any]) -> "Timing":
        """This is a copy with some durations replaced. Refuses unknown names, negative values."""
        known = {field.name for field in fields(self)}
        clean: dict[str, Any] = {}
        for name, value in values.items():
            numbers = list(value) if isinstance(value, list | tuple) else [value]
            bad = any(not isinstance(n, int | float) or n < 0 for n in numbers)
            if name not in known or bad or (name == "retry_after") != isinstance(value, list):
                raise Refused("bad_timing", status=400, detail=name)
            clean[name] = tuple(numbers) if name == "retry_after" else float(value)
        return replace(self, **clean)


LOOPBACK = re.compile(r"^http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")
"""The sandbox posts nowhere else: test data must not leave the machine."""
