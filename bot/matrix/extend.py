"""This lets a matrix that was learnt answer for a changed one at once, without learning it anew.

One step of backfitting: what is new is compared with what was learnt by the same encoders and the
same weights of words; only what the scores still lack there is solved for. What is gone counts no
more. What was learnt is shared and stays as it is, so a program's own matrix costs little memory.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.matrix import kernel, learn, lexical, words
from bot.matrix.learn import Column, Encoder, Features, Fitted, Floats, Learned, Shares
from bot.matrix.model import Matrix
from bot.matrix.packs import Example
from bot.matrix.words import Reader

# So many new examples are solved in some seconds; more of them is another matrix, to be learnt.
MOST: Final = 2000
GONE: Final = "gone"  # the kind of an example that counts no more
_NONE: Final = -1  # stands for a column that was not there before


class TooMuchError(Exception):
    """This says that a matrix is too different to be answered for without learning it."""


@dataclass(frozen=True, slots=True)
class Before:
    """This is what there is already: a matrix, its examples in their order, what was learnt."""

    matrix: Matrix
    examples: tuple[Example, ...]
    learned: Fitted


@dataclass(frozen=True, slots=True, eq=False)
class Extended:
    """This is what was learnt before, and what was added. `of_base` are its columns there."""

    columns: tuple[Column, ...]
    base: Fitted
    size: int  # examples of the base
    of_base: NDArray[np.int64]
    gone: NDArray[np.int64]
    added: Learned

    @property
    def shares(self) -> Shares:
        """How much each way of comparing counts: as before."""
        return self.base.shares

    def alike(self, asked: Sequence[Features]) -> list[Floats]:
        """How alike each text and each example are, those before first; one gone is not."""
        before = self.base.alike(asked)
        for one in before:
            one[self.gone] = 0
        added = self.added.alike(asked)
        return [np.concatenate(both) for both in zip(before, added, strict=True)]

    def scores(self, alike: Floats) -> Floats:
        """A score in each column."""
        before = self.base.scores(alike[: self.size])
        kept = np.where(self.of_base == _NONE, np.float32(0), before[self.of_base])
        return np.asarray(kept + self.added.scores(alike[self.size :]))

    def tells(self, word: str) -> bool:
        """Whether a word is worth naming as a reason."""
        return self.base.tells(word)

    def weights(self, columns: Sequence[int]) -> Floats:
        """How much each example counts in these columns together."""
        known = [int(self.of_base[no]) for no in columns if self.of_base[no] != _NONE]
        return np.concatenate([self.base.weights(known), self.added.weights(columns)])


def reader(before: Reader, matrix: Matrix) -> Reader:
    """The reader as before, with this matrix's slang."""
    meant = words.meanings(matrix.slang)
    return replace(before, slang=meant, longest=words.longest_of(meant))


def extended(
    before: Before, matrix: Matrix, reader: Reader, encoders: Sequence[Encoder]
) -> tuple[Extended, tuple[Example, ...]]:
    """What answers for the other matrix, and its examples in their order.

    Raises TooMuchError where more is new than can be solved here.
    """
    gone, new = _apart(before, matrix)
    if len(new) > MOST:
        raise TooMuchError
    into = learn.columns(matrix)
    at = {column: no for no, column in enumerate(before.learned.columns)}
    of_base = np.array([at.get(column, _NONE) for column in into])
    texts = [reader.read(example.text).text for example in new]
    blank = _blank(before.learned, texts, encoders, into)
    found = Extended(into, before.learned, len(before.examples), of_base, gone, blank)
    lost = set(gone.tolist())
    kept = [
        replace(example, row=None, live=False, kind=GONE, also=()) if no in lost else example
        for no, example in enumerate(before.examples)
    ]
    if not new:
        return found, tuple(kept)
    each = [
        Features(text, {name: known[no] for name, known in blank.vectors.items()})
        for no, text in enumerate(texts)
    ]
    likeness = np.stack(found.alike(each))
    still = learn.wanted(matrix, new, into) - np.stack([found.scores(one) for one in likeness])
    gram = likeness[:, found.size :].astype(np.float64)
    solved = kernel.solve(gram, still.astype(np.float64))
    return replace(found, added=replace(blank, alpha=solved.alpha)), (*kept, *new)


def _apart(before: Before, matrix: Matrix) -> tuple[NDArray[np.int64], list[Example]]:
    """The numbers of the examples that are gone, and the examples that are new."""
    after = learn.all_examples(matrix)
    # An example that stands under another wide row now teaches another thing.
    known = [_under(before.matrix, one) for one in before.examples]
    wanted = [_under(matrix, one) for one in after]
    had, left = Counter(known), Counter(wanted)
    gone = []
    for no, one in enumerate(known):
        left[one] -= 1
        if left[one] < 0:
            gone.append(no)
    new = []
    for example, one in zip(after, wanted, strict=True):
        had[one] -= 1
        if had[one] < 0:
            new.append(example)
    return np.array(gone, dtype=np.int64), new


def _under(matrix: Matrix, example: Example) -> tuple[Example, str]:
    row = example.row
    return example, matrix.wide(row).key if row in matrix.by_key and row else ""


def _blank(
    base: Fitted, texts: Sequence[str], encoders: Sequence[Encoder], into: tuple[Column, ...]
) -> Learned:
    """The new texts by themselves, as they are compared, with nothing learnt of them yet."""
    like = _first(base)
    vectors: dict[str, NDArray[np.floating[Any]]] = {}
    for one in encoders:
        if one.name in like.vectors:
            none = np.zeros((0, like.vectors[one.name].shape[1]), dtype=np.float32)
            vectors[one.name] = one.encode(texts) if texts else none
    letters = lexical.index(texts, lexical.runs, like.letters.rarity)
    by_words = lexical.index(texts, lexical.words, like.words.rarity)
    nothing = np.zeros((len(texts), len(into)), dtype=np.float32)
    return Learned(into, nothing, nothing, vectors, letters, by_words, like.shares)


def _first(base: Fitted) -> Learned:
    """What was learnt at once, below everything that extended it."""
    while isinstance(base, Extended):
        base = base.base
    assert isinstance(base, Learned)
    return base
