"""This reads a text as the matcher does: slang written out, thumbs' slips mended, noise gone.

Slips are mended towards the matrix's own words only, and never from a word that anybody uses. What
was changed is kept, because an answer says how it read the question.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from protocol.people import Language

MOST_LETTERS: Final = 3000
SHORTEST_MENDED: Final = 5  # letters; shorter words are too close to each other
TWO_SLIPS_FROM: Final = 9  # letters
SHORTEST_BASE: Final = 4  # letters of a word before its ending
SEEN_OFTEN: Final = 3  # times in the packs before a word is one that slips are mended towards

_ENDINGS: Final = ("s", "es", "d", "ed", "ing", "r", "er", "ers")
_WORD: Final = re.compile(r"[^\W_]+(?:['’./][^\W_]+)*/?")
_STRETCHED: Final = re.compile(r"([^\W\d_])\1{2,}")
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Read:
    """This is a text as it was read, and what was changed: what stood there, and what it became."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is no word in it."""
        return not any(letter.isalpha() for letter in self.text)


def small(text: str) -> str:
    """Small letters, one space between words, no letter more than twice in a row."""
    text = unicodedata.normalize("NFKC", text[:MOST_LETTERS]).replace("’", "'").casefold()
    return _SPACES.sub(" ", _STRETCHED.sub(r"\1\1", text)).strip()


def plain(text: str) -> str:
    """The same without accents, which many do not type."""
    apart = unicodedata.normalize("NFKD", small(text))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Reader:
    """This reads texts: `slang` by its words, `towards` by each word with one letter left out."""

    slang: Mapping[str, str]
    longest: int
    known: frozenset[str]
    towards: Mapping[str, tuple[str, ...]]
    often: Mapping[str, int]  # how many times each word that slips are mended towards was written

    def read(self, text: str) -> Read:
        """The text as the matcher sees it: what stands between the words stays, and accents too."""
        text = small(text)
        spans = [(found.start(), found.end()) for found in _WORD.finditer(text)]
        words = [plain(text[start:end]) for start, end in spans]
        parts: list[str] = []
        changes: list[tuple[str, str]] = []
        at = copied = 0
        while at < len(words):
            length, meant = self._meant(words, at)
            start, end = spans[at][0], spans[at + length - 1][1]
            if meant is not None:
                parts += [text[copied:start], meant]
                copied = end
                changes.append((text[start:end], meant))
            at += length
        return Read("".join([*parts, text[copied:]]), tuple(changes))

    def _meant(self, words: list[str], at: int) -> tuple[int, str | None]:
        """How many words from here are read as one thing, and as what if it is another."""
        for length in range(min(self.longest, len(words) - at), 0, -1):
            if (meant := self.slang.get(" ".join(words[at : at + length]))) is not None:
                return length, meant
        meant = self.mended(words[at])
        return 1, None if meant == words[at] else meant

    def mended(self, word: str) -> str:
        """The matrix's word that this is a slip of, the commonest of several, or itself."""
        if len(word) < SHORTEST_MENDED or not word.isalpha() or self._is_known(word):
            return word
        near = {one for form in _shortened(word) for one in self.towards.get(form, ())}
        close = [
            one for one in near if _slips(word, one) <= (2 if len(word) >= TWO_SLIPS_FROM else 1)
        ]
        return min(
            close, key=lambda one: (_slips(word, one), -self.often.get(one, 0), one), default=word
        )

    def _is_known(self, word: str) -> bool:
        """Whether it is a word that nobody misspells, or one of its common forms."""
        if word in self.known:
            return True
        bases = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
        return any(
            len(base) >= SHORTEST_BASE and (base in self.known or f"{base}e" in self.known)
            for base in bases
        )


def reader(
    texts: Iterable[str], slang: Mapping[Language, Mapping[str, str]], common: frozenset[str]
) -> Reader:
    """A reader that mends towards the words of these texts; `common` is what nobody misspells."""
    counts = Counter(word for text in texts for word in _WORD.findall(plain(text)))
    meant = meanings(slang)
    towards: dict[str, list[str]] = {}
    for word, count in counts.items():
        if count >= SEEN_OFTEN and len(word) >= SHORTEST_MENDED and word.isalpha():
            for form in _shortened(word):
                towards.setdefault(form, []).append(word)
    longest = longest_of(meant)
    known = common | {word for word, count in counts.items() if count > 1} | set(meant)
    return Reader(
        meant, longest, frozenset(known), {k: tuple(v) for k, v in towards.items()}, counts
    )


def meanings(slang: Mapping[Language, Mapping[str, str]]) -> dict[str, str]:
    """What is read for each word of slang, of all languages together."""
    return {plain(said): means for one in slang.values() for said, means in one.items()}


def longest_of(meant: Mapping[str, str]) -> int:
    """How many words the longest of these has; 1 without any."""
    return max((len(said.split()) for said in meant), default=1)


def _shortened(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def _slips(one: str, other: str) -> int:
    """Letters to add, take, change or swap until one is the other; 3 stands for more than two."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return min(row[-1], 3)
