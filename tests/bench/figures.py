"""What was measured, as rows of the table: percentiles, and the judgement of each figure. Pure."""

import math
import statistics
from collections.abc import Sequence

from tests.report import Row


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed (nearest rank); NaN for none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def below(what: str, seconds: Sequence[float], limit: float, *, middle: str = "") -> Row:
    """A time that must stay below a limit; of several runs the median is judged (s)."""
    seen = statistics.median(seconds) if seconds else math.nan
    spread = f" ({duration(min(seconds))} to {duration(max(seconds))})" if len(seconds) > 1 else ""
    return Row(what, duration(seen) + spread + middle, f"< {duration(limit)}", seen < limit)


def at_least(what: str, a_second: float, limit: float) -> Row:
    """A rate that must be reached."""
    return Row(what, f"{a_second:,.0f} a second", f">= {limit:,.0f} a second", a_second >= limit)


def at_most(what: str, ratio: float, limit: float, detail: str = "") -> Row:
    """A ratio of two figures of the same run that must not be exceeded."""
    return Row(what, f"{ratio:.2f} x{detail}", f"<= {limit:g} x", ratio <= limit)


def seen(what: str, value: str) -> Row:
    """A figure to compare with, which has no target of its own."""
    return Row(what, value)


def failed(what: str, why: str) -> Row:
    """A measurement that did not come about is a miss."""
    return Row(what, why, "", met=False)


def duration(seconds: float) -> str:
    """Seconds as people read them."""
    if math.isnan(seconds):
        return "none"
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 2 else f"{seconds:.1f} s"
