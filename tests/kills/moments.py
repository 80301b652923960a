"""Waiting, and stretches of time. Instants are Unix seconds: the world's clock is the real one."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

Span = tuple[float, float]


async def passes(seconds: float) -> None:
    """Let real time pass."""
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            await asyncio.Event().wait()
    except TimeoutError:
        pass


async def until(found: Callable[[], bool], within: float) -> bool:
    """Look every few milliseconds until it is there; False if it was not in time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not found():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.002)
    return True


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same stretches in order, those that touch made one."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        elif ends > begins:
            found.append((begins, ends))
    return found


def gaps(spans: Iterable[Span], begins: float, ends: float) -> list[Span]:
    """What is left of a stretch where none of these is."""
    free: list[Span] = []
    at = begins
    for start, end in joined(spans):
        if start > at:
            free.append((at, min(start, ends)))
        at = max(at, end)
    return joined([*free, (at, ends)])


def overlap(span: Span, others: Sequence[Span]) -> float:
    """How many seconds of a stretch lie within others, which do not touch each other."""
    return sum(max(0.0, min(span[1], end) - max(span[0], start)) for start, end in others)


def percentile(figures: Sequence[float], share: float) -> float:
    """The figure that this share of them does not exceed; 0 where there are none."""
    ranked = sorted(figures)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))] if ranked else 0.0
