"""This learns the matrix's phrasings, and scores a text against them.

One column for each row where it is live, one for each wide row where it is asked about calmly, and
one for what is outside. All that is answered is read off these scores (`weigh.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.matrix import kernel, lexical
from bot.matrix.model import Matrix
from bot.matrix.packs import Example, examples
from bot.matrix.words import Reader

Floats = NDArray[np.floating[Any]]
Progress = Callable[[str, int, int], None]

OUTSIDE: Final = "outside"
NAMES: Final = frozenset({"alias", "quiz"})  # learnt from, but not what people type
# How much each way of comparing counts; measured on public data and on the packs (0039).
Shares = Mapping[str, float]
SHARES: Final[Shares] = {"minilm": 0.4, "multilingual": 1.0, "letters": 0.25, "words": 0.25}
ALONE: Final[Shares] = {"letters": 0.5, "words": 0.5}  # where there is no encoder
_SLICE: Final = 256  # texts at a time, between two words of progress


class Encoder(Protocol):
    """This turns texts into unit vectors. Where it comes from is not the matrix's affair."""

    name: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector a text."""


@dataclass(frozen=True, slots=True)
class Column:
    """This is one thing that scores tell apart: a row, live or calm, or what is outside."""

    row: str
    live: bool


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """This is what a text is compared by: its vectors, one by encoder, and the text as read."""

    text: str
    vectors: Mapping[str, Floats]


class Fitted(Protocol):
    """This is what scores a text: what was learnt at once (`Learned`), or extended since."""

    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def shares(self) -> Shares: ...
    def alike(self, asked: Sequence[Features]) -> list[Floats]: ...
    def scores(self, alike: Floats) -> Floats: ...
    def weights(self, columns: Sequence[int]) -> Floats: ...
    def tells(self, word: str) -> bool: ...


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """This is what was learnt: enough to score any text."""

    columns: tuple[Column, ...]
    alpha: Floats
    unseen: Floats
    vectors: Mapping[str, Floats]
    letters: lexical.Index
    words: lexical.Index
    shares: Shares

    def alike(self, asked: Sequence[Features]) -> list[Floats]:
        """How alike each text and each example are: by text, one figure an example."""
        total = np.zeros((len(asked), self.letters.size), dtype=np.float32)
        for name, index in (("letters", self.letters), ("words", self.words)):
            if share := self.shares.get(name, 0.0):
                for no, one in enumerate(asked):
                    total[no] += index.against(one.text) * np.float32(share)
        for name, known in self.vectors.items():
            if asked:
                vectors = np.stack([one.vectors[name] for one in asked])
                total += kernel.likeness(vectors @ known.T) * np.float32(self.shares[name])
        return list(total)

    def tells(self, word: str) -> bool:
        """Whether a word is worth naming as a reason."""
        return self.words.tells(word)

    def scores(self, alike: Floats) -> Floats:
        """A score in each column."""
        return alike @ self.alpha

    def weights(self, columns: Sequence[int]) -> Floats:
        """How much each example counts in these columns together."""
        return np.asarray(self.alpha[:, list(columns)].sum(axis=1))


def all_examples(matrix: Matrix) -> tuple[Example, ...]:
    """Everything that is learnt from, in a fixed order."""
    found = [
        Example(phrase.text, None, False, kind, language)
        for kind, phrases in sorted(matrix.background.items())
        for language, phrase in phrases.all()
    ]
    for _, pack in sorted(matrix.packs.items()):
        found += examples(pack)
    for row in matrix.rows:
        for language, names, title in (
            ("en", row.aliases.en, row.title.en),
            ("es", row.aliases.es, row.title.es),
        ):
            found += [Example(one, row.key, True, "alias", language) for one in (*names, title)]
        for language, asked, wording in (
            ("en", row.quiz.question.en, row.wording.en),
            ("es", row.quiz.question.es, row.wording.es),
        ):
            found.append(Example(asked, row.key, True, "quiz", language))
            parts = [part.strip() for part in wording.split(". ")]
            found += [Example(part, row.key, True, "alias", language) for part in parts if part]
    return tuple(found)


def columns(matrix: Matrix) -> tuple[Column, ...]:
    """The columns, in a fixed order; what is outside comes last."""
    live = [Column(row.key, True) for row in matrix.rows]
    calm = [Column(row.key, False) for row in matrix.wide_rows()]
    return (*live, *calm, Column(OUTSIDE, False))


def wanted(matrix: Matrix, found: Sequence[Example], into: Sequence[Column]) -> Floats:
    """For each example a 1 where it belongs. A bare name is half live and half calm."""
    at = {column: number for number, column in enumerate(into)}
    goal = np.zeros((len(found), len(into)), dtype=np.float32)
    for number, example in enumerate(found):
        if example.row is None:
            goal[number, at[Column(OUTSIDE, False)]] = 1
            continue
        for row in (example.row, *example.also):
            live, calm = at[Column(row, True)], at[Column(matrix.wide(row).key, False)]
            if example.kind == "alias":
                goal[number, [live, calm]] = 0.5
            else:
                goal[number, live if example.live else calm] = 1
    return goal


def learn(
    matrix: Matrix,
    reader: Reader,
    encoders: Sequence[Encoder],
    progress: Progress,
    shares: Shares | None = None,
) -> Learned:
    """This learns all of a matrix; takes minutes, and more than a gigabyte while it lasts."""
    shares = shares or (SHARES if encoders else ALONE)
    found = all_examples(matrix)
    texts = [reader.read(example.text).text for example in found]
    vectors = {one.name: _encoded(one, texts, progress) for one in encoders}
    letters, words = (lexical.index(texts, by) for by in (lexical.runs, lexical.words))
    into = columns(matrix)
    empty = np.zeros((0, 0), dtype=np.float32)
    blank = Learned(into, empty, empty, vectors, letters, words, shares)
    gram = np.empty((len(texts), len(texts)), dtype=np.float64)
    for at in range(0, len(texts), _SLICE):
        progress("comparing", at, len(texts))
        gram[at : at + _SLICE] = blank.alike(
            [
                Features(text, {name: known[at + no] for name, known in vectors.items()})
                for no, text in enumerate(texts[at : at + _SLICE])
            ]
        )
    progress("solving", 0, 1)
    solved = kernel.solve(gram, wanted(matrix, found, into))
    progress("solving", 1, 1)
    return Learned(into, solved.alpha, solved.unseen, vectors, letters, words, shares)


def _encoded(encoder: Encoder, texts: Sequence[str], progress: Progress) -> Floats:
    parts = []
    for at in range(0, len(texts), _SLICE):
        progress(encoder.name, at, len(texts))
        parts.append(encoder.encode(texts[at : at + _SLICE]))
    return np.concatenate(parts)
