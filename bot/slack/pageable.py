"""This turns a row of the matrix into what can be paged for, as it stands now. Pure."""

from datetime import timedelta
from typing import Final

from bot.matrix.model import Line, Matrix, TierKey
from protocol.policy import ChannelRole
from protocol.trigger import MANUAL_PAGE, Both, Pageable, RowUsed, Tier, Who, ladder

NO_CHANNEL: Final = "none"
# About the worker's own life, and happening now: then whoever is on call is reached.
DANGER: Final = frozenset({TierKey.U0})


def pageable(matrix: Matrix | None, key: str) -> Pageable | None:
    """The row with its ladder; None for one that is gone, or for which nobody is paged.

    The row that is there without a matrix is found without one.
    """
    if key == MANUAL_PAGE.row.key:
        return MANUAL_PAGE
    row = matrix.by_key.get(key) if matrix else None
    if matrix is None or row is None or row.tier is TierKey.U4:
        return None
    quiet = row.private or row.route.channel == NO_CHANNEL
    channel = None if quiet else ChannelRole(row.route.channel)
    tier = Tier(row.tier.value)
    steps = tuple(
        (timedelta(minutes=rung.after), Who(rung.who.value))
        for rung in matrix.tiers[row.tier].ladder
    )
    used = RowUsed(
        row.key,
        matrix.version,
        tier,
        Both(row.title.en, row.title.es),
        tuple(_line(matrix.lines[one]) for one in row.call_first),
        tuple(Both(*pair) for pair in zip(row.first_actions.en, row.first_actions.es, strict=True)),
    )
    return Pageable(
        used,
        ladder(tier, row.route.role, row.route.backup, channel, steps),
        row.route.backup,
        channel,
        row.private,
        row.private and row.tier in DANGER,
    )


def _line(line: Line) -> Both:
    number = line.number or ""
    en, es = (
        text if not number or number in text else f"{text}: {number}"
        for text in (line.text.en, line.text.es)
    )
    return Both(en, es)
