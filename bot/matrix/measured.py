"""How often the shipped matrix misses, as it was measured: shown to whoever adopts it.

The figures are those of docs/matrix.md, from questions that were written by somebody who had seen
neither the rows nor their phrasings. `MEASURED_ON` is the matrix they were measured on.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MEASURED_ON: Final = "56791dbb04a9"
QUESTIONS: Final = 150


class Measured(StrEnum):
    """This is one thing that was measured."""

    URGENT = "urgent"
    FIRST = "first"
    AMONG_THREE = "among_three"
    OUTSIDE = "outside"
    CALM = "calm"
    SPEECH = "speech"


@dataclass(frozen=True, slots=True)
class Figure:
    """This is how many of how many questions were answered as they should be."""

    good: int
    of: int

    @property
    def missed_in_ten(self) -> int:
        """How many of ten are missed, rounded, and never none where any was."""
        missed = self.of - self.good
        return max(1, round(10 * missed / self.of)) if missed else 0


FIGURES: Final[dict[Measured, Figure]] = {
    Measured.URGENT: Figure(39, 42),
    Measured.FIRST: Figure(93, 115),
    Measured.AMONG_THREE: Figure(107, 115),
    Measured.OUTSIDE: Figure(32, 35),
    Measured.CALM: Figure(62, 68),
    Measured.SPEECH: Figure(13, 13),
}


def shown() -> dict[str, object]:
    """The figures as they are kept with a signature."""
    rates = {which.value: [figure.good, figure.of] for which, figure in FIGURES.items()}
    return {"measured_on": MEASURED_ON, "questions": QUESTIONS, **rates}
