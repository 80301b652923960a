"""This is a text of the story as it stands on a screen: a sentence of the catalogue, or a name.

The story is written once. What it expects to see and what it presses is said in the language that
is spoken when it is asked for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from string import Formatter
from typing import Final

from bot.demo.screen import spoken
from bot.slack.render.times import wall_clock
from bot.slack.words.speech import _
from bot.slack.words.speech import spoken as spoken_language
from protocol.people import Language

_GAP: Final = "\N{SYMBOL FOR NULL}"
_A_WORD: Final = re.compile(r"\w")
# What stands there with an open time of day: in Spanish its article goes with the hour.
_OPEN: Final = re.compile(rf"(?:\blas )?{_GAP}")


@dataclass(frozen=True, slots=True)
class At:
    """This is a local time of day; `times` false leaves it open, where others move the clock."""

    hour: int
    minute: int

    def pieces(self, *, times: bool = True) -> list[str]:
        """The time as the bot writes it, such as "1:30 PM"."""
        # Any day will do: only the time is written.
        at = datetime.combine(date(2026, 1, 1), time(self.hour, self.minute), UTC)
        return [wall_clock(at)] if times else []


@dataclass(frozen=True, slots=True)
class Said:
    """This is a sentence of the catalogue. A place that is not in `named` may hold anything."""

    text: str
    named: Mapping[str, object]

    def pieces(self, *, times: bool = True) -> list[str]:
        """What must stand there, in parts where something else stands between."""
        parts = _OPEN.split(self._whole(times=times))
        return [part.strip() for part in parts if _A_WORD.search(part)]

    def __str__(self) -> str:
        return self._whole(times=True)

    def _whole(self, *, times: bool) -> str:
        places = {name for _text, name, _spec, _as in Formatter().parse(self.text) if name}
        return spoken(_(self.text, **{name: self._value(name, times=times) for name in places}))

    def _value(self, name: str, *, times: bool) -> object:
        value = self.named.get(name, _GAP)
        if isinstance(value, At):
            return (value.pieces(times=times) or [_GAP])[0]
        return value


@dataclass(frozen=True, slots=True)
class Button:
    """This is a button with this label."""

    label: str

    def pieces(self, *, times: bool = True) -> list[str]:
        """The label in brackets, as screens are written down."""
        del times
        return [f"[{_(self.label)}]"]


@dataclass(frozen=True, slots=True)
class InBoth:
    """This is a text of the matrix, which stands in no catalogue: it brings both its languages."""

    en: str
    es: str

    def pieces(self, *, times: bool = True) -> list[str]:
        """The text in the language spoken."""
        del times
        return [str(self)]

    def __str__(self) -> str:
        return self.es if spoken_language() == Language.ES else self.en


Text = str | Said | At | Button | InBoth


def said(text: str, /, **named: object) -> Said:
    """A sentence of the catalogue with some of its places filled in."""
    return Said(text, named)


def pieces(text: Text, *, times: bool = True) -> list[str]:
    """What must stand on the screen; without `times`, times of day are left open."""
    return [text] if isinstance(text, str) else text.pieces(times=times)


def answers(given: Mapping[str, object]) -> dict[str, object]:
    """A form's answers by its questions, both in the language now spoken."""
    return {
        _(label): str(one) if isinstance(one, Said | InBoth) else one
        for label, one in given.items()
    }
