"""What a change does to the answers: known questions, asked of the matrix before and after it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from bot.matrix.answer import Answer
from bot.matrix.model import URGENT, Key, Matrix, Text, TierKey
from storage import program_yaml

Ask = Callable[[str], Answer]


class Known(BaseModel):
    """This is a known question, and the row that is meant; None for what is outside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Text
    row: Key | None = None


@dataclass(frozen=True, slots=True)
class First:
    """This is what is seen first of an answer: its row and tier, neither for what is outside."""

    row: str | None
    tier: str | None

    @classmethod
    def of(cls, answer: Answer) -> "First":
        """What is seen first of this answer."""
        if not answer.rows:
            return cls(None, None)
        hit = answer.rows[0]
        return cls(hit.row, hit.tier.value if hit.tier else None)


class Fall(StrEnum):
    """This is how an urgent question falls: out of what is urgent, or within it, as U0 to U1."""

    LOST = "lost"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Changed:
    """This is one known question that would be answered otherwise, and whether it falls by that."""

    text: str
    before: First
    after: First
    fall: Fall | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """This is the effect of a change on the version `against`: how many were asked, which change.

    `unfit` says why the change could not be tried at all.
    """

    against: str
    asked: int = 0
    changed: tuple[Changed, ...] = ()
    unfit: str = ""

    @property
    def lost(self) -> int:
        """How many known questions would no longer bring up the urgent row that they do now."""
        return sum(one.fall is Fall.LOST for one in self.changed)

    @property
    def less(self) -> int:
        """How many known questions would stay urgent, and be so less than now."""
        return sum(one.fall is Fall.LESS for one in self.changed)

    def stored(self) -> dict[str, Any]:
        """The counts, and each question that is answered otherwise: those that fall first."""
        first = sorted(self.changed, key=lambda one: _ORDER.index(one.fall))
        return {
            "against": self.against,
            "asked": self.asked,
            "changed": len(self.changed),
            "lost": self.lost,
            "less": self.less,
            "unfit": self.unfit,
            "examples": [
                {
                    "text": one.text,
                    "before": [one.before.row, one.before.tier],
                    "after": [one.after.row, one.after.tier],
                    "lost": one.fall is Fall.LOST,
                    "less": one.fall is Fall.LESS,
                }
                for one in first
            ],
        }


def shipped(text: str) -> tuple[Known, ...]:
    """The known questions of a file."""
    data = program_yaml.read(text, quick=True).data
    rows = data["known"] if isinstance(data, dict) else []
    return tuple(Known.model_validate(row) for row in rows)


def effect(before: Ask, after: Ask, questions: Sequence[Known], old: Matrix, new: Matrix) -> Effect:
    """Which of these questions would be answered otherwise: first row, tier, or being outside."""
    changed = []
    for known in questions:
        one, other = before(known.text), after(known.text)
        first, then = First.of(one), First.of(other)
        fall = _fall(known, one, other, old, new)
        if first != then or fall:
            changed.append(Changed(known.text, first, then, fall))
    return Effect(old.version, len(questions), tuple(changed))


# What loses most is named first.
_ORDER: Final = (Fall.LOST, Fall.LESS, None)


def _fall(known: Known, before: Answer, after: Answer, old: Matrix, new: Matrix) -> Fall | None:
    """How the urgent row that was meant, and was shown as urgent, falls; None where it does not.

    Both count: the row itself, wherever it stands, and what is read first, where that was the row.
    Another row may take its place, if it is as urgent and the row itself is gone.
    """
    if known.row is None or known.row not in old.by_key:
        return None
    meant = old.wide(known.row).key
    was = _soonest(hit.tier for hit in before.rows if hit.key == meant)
    if was not in URGENT:
        return None
    stays = new.wide(meant).key if meant in new.by_key else None
    now = _soonest(hit.tier for hit in after.rows if stays is None or hit.key == stays)
    falls = {_from(was, now)}
    first, then = before.rows[0], after.rows[0].tier if after.rows else None
    if first.key == meant and first.tier in URGENT:
        falls.add(_from(first.tier, then))
    return next(one for one in _ORDER if one in falls)


def _from(was: TierKey, now: TierKey | None) -> Fall | None:
    if now not in URGENT:
        return Fall.LOST
    return Fall.LESS if now > was else None


def _soonest(tiers: Iterable[TierKey | None]) -> TierKey | None:
    return min((one for one in tiers if one is not None), default=None)
