"""This prints what people do and what arrives on their screens: two columns, 80 wide, plain text.

On the left who and when, on the right what. Colour only where somebody looks at a terminal.
"""

import re
import textwrap
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.demo.news import Kind, News
from bot.demo.screen import RULE, spoken

WIDTH: Final = 80
LEFT: Final = 25
RIGHT: Final = WIDTH - LEFT
# A page's list of what to do is long; after this many lines a message is cut in the transcript.
LINES_MAX: Final = 12

BOLD, DIM, GREEN, YELLOW, RED = "1", "2", "32", "33", "31"
_COLOUR_OF: Final = {
    "Belay: URGENT page, open now": RED,
    "Belay: reminder": YELLOW,
    "Belay: accounted for": GREEN,
}

_BUTTON: Final = re.compile(r"\[[^\]]*\]")

Write = Callable[[str], object]


class Transcript:
    """This writes the transcript. `zone` is the IANA zone in which times are shown."""

    def __init__(self, write: Write, zone: str, *, colour: bool = False) -> None:
        self._write = write
        self._zone = ZoneInfo(zone)
        self._colour = colour
        self._shown: dict[tuple[str, str], list[str]] = {}

    def heading(self, text: str) -> None:
        """A scene begins."""
        self.line()
        for part in textwrap.wrap(text, WIDTH):
            self.line(self._painted(part, BOLD))
        self.line("=" * min(WIDTH, len(text)))

    def does(self, at: datetime, who: str, role: str, what: Iterable[str]) -> None:
        """Somebody does something."""
        self.line()
        left = [_fitted(f"{self.clock(at):>8}  {who}"), _fitted(f"{'':10}{role}")]
        right = [part for text in what for part in _wrapped(text)]
        self._columns(left if role else left[:1], right, BOLD)

    def time_passes(self, at: datetime, what: str) -> None:
        """Nobody does anything, and the clock goes on."""
        self.line()
        self._columns([f"{self.clock(at):>8}"], _wrapped(what), DIM)

    def arrive(self, found: Iterable[tuple[str, News]], *, times: bool = False) -> None:
        """These are on screens now, each with where; what is the same for several is shown once.

        An edit shows only the lines that are new in it, and nothing where there are none.
        """
        same: dict[tuple[object, ...], list[str]] = {}
        first: dict[tuple[object, ...], News] = {}
        for where, news in found:
            shown = self._new_in(news)
            if shown or news.kind is not Kind.EDIT:
                key = (news.at, news.kind, news.text, *shown)
                same.setdefault(key, []).append(where)
                first.setdefault(key, news)
        for key, places in same.items():
            shown = [str(line) for line in key[3:]]
            self._arrives(", ".join(dict.fromkeys(places)), first[key], shown, times=times)

    def _new_in(self, news: News) -> list[str]:
        shown = [line for line in news.lines if line != RULE]
        before = self._shown.get((news.channel, news.ts), [])
        self._shown[news.channel, news.ts] = shown
        if news.kind is Kind.EDIT:
            return [line for line in shown if line not in before]
        return shown

    def _arrives(self, where: str, news: News, shown: list[str], *, times: bool) -> None:
        self.line()
        head = "(edited)" if news.kind is Kind.EDIT else spoken(news.text).splitlines()[0]
        when = f"{self.clock(news.at)}  " if times else ""
        left = [f"  > {part}" for part in textwrap.wrap(where, LEFT - 6)]
        right = [f"{when}{self._painted(head, self._colour_for(news))}"]
        for text in _cut(shown[1:] if shown[:1] == [head] else shown):
            right += _wrapped(text, "| ")
        self._columns([left[0], *(f"    {one[4:]}" for one in left[1:])], right)

    def _columns(self, left: list[str], right: list[str], colour: str = "") -> None:
        for number in range(max(len(left), len(right))):
            name = left[number] if number < len(left) else ""
            said = right[number] if number < len(right) else ""
            padded = f"{name:<{LEFT}}"
            self.line(f"{self._painted(padded, colour)}{said}".rstrip())

    def note(self, text: str) -> None:
        """A line of the storyteller's."""
        for part in textwrap.wrap(text, WIDTH) or [""]:
            self.line(part)

    def tells(self, text: str, indent: str) -> None:
        """A line of a thread, over the whole width, below its indent."""
        for part in textwrap.wrap(
            text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False
        ) or [""]:
            self.line(part)

    def line(self, text: str = "") -> None:
        """One line, as it is."""
        self._write(text + "\n")

    def clock(self, at: datetime) -> str:
        """A time as people of the program say it."""
        return at.astimezone(self._zone).strftime("%I:%M %p").lstrip("0")

    def _colour_for(self, news: News) -> str:
        return DIM if news.kind is Kind.EDIT else _COLOUR_OF.get(news.text, BOLD)

    def _painted(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colour and colour else text


def _fitted(left: str) -> str:
    return left if len(left) < LEFT else left[: LEFT - 2] + "."


def _cut(shown: list[str]) -> list[str]:
    if sum(len(_wrapped(line, "| ")) for line in shown) <= LINES_MAX + 1:
        return shown
    # Buttons are what people look for: whatever is left out, they stay.
    kept = [line for line in shown[:LINES_MAX] if line]
    rest = [line for line in shown[LINES_MAX:] if line.startswith("[")]
    return [*kept, *rest, "..."]


def _wrapped(text: str, mark: str = "") -> list[str]:
    # A button's label is not torn in two.
    whole = _BUTTON.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)
    parts = textwrap.wrap(
        whole, RIGHT - len(mark), subsequent_indent="  " if not mark else "", break_long_words=False
    )
    return [f"{mark}{part}".replace("\N{NO-BREAK SPACE}", " ") for part in parts or [""]]
