"""What a change does to the answers: known questions, asked of the matrix before and after it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from bot.matrix.answer import Answer
from bot.matrix.model import URGENT, Key, Matrix, Text
from storage import program_yaml

MOST_EXAMPLES: Final = 20
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


@dataclass(frozen=True, slots=True)
class Changed:
    """This is one known question that would be answered otherwise; `lost` an urgent row by it."""

    text: str
    before: First
    after: First
    lost: bool = False


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
        return sum(one.lost for one in self.changed)

    def stored(self) -> dict[str, Any]:
        """The counts, and up to twenty of the questions: those that lose something come first."""
        first = sorted(self.changed, key=lambda one: not one.lost)[:MOST_EXAMPLES]
        return {
            "against": self.against,
            "asked": self.asked,
            "changed": len(self.changed),
            "lost": self.lost,
            "unfit": self.unfit,
            "examples": [
                {
                    "text": one.text,
                    "before": [one.before.row, one.before.tier],
                    "after": [one.after.row, one.after.tier],
                    "lost": one.lost,
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
        lost = _lost(known, one, other, old, new)
        if first != then or lost:
            changed.append(Changed(known.text, first, then, lost))
    return Effect(old.version, len(questions), tuple(changed))


def _lost(known: Known, before: Answer, after: Answer, old: Matrix, new: Matrix) -> bool:
    """Whether an urgent row that was meant, and was shown as urgent, would be so no more.

    Another row may take its place, if it is as urgent and the row itself is gone.
    """
    if known.row is None or known.row not in old.by_key:
        return False
    wide = old.wide(known.row).key
    was = any(hit.key == wide and _urgent(hit.tier) for hit in before.rows)
    if not was:
        return False
    stays = wide in new.by_key
    return not any(_urgent(hit.tier) and (hit.key == wide or not stays) for hit in after.rows)


def _urgent(tier: object) -> bool:
    return tier in URGENT
