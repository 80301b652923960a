"""This compares texts by their letters and words: tf-idf over hashed features, as cosines.

Two of these stand beside the encoders: runs of two to five letters, which forgive typing, and
words with their pairs, which know the field's own terms. Without an encoder they go on alone.
"""

import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.matrix.words import plain

Floats = NDArray[np.floating[Any]]

BUCKETS: Final = 1 << 18  # crc32 is the same in every process, where Python's own hash is not
# The rarity of a word that one example in forty has; "the" and "with" have far less.
TELLING: Final = 1 + math.log(40)
RUNS: Final = range(2, 6)  # letters in a run
_WORD: Final = re.compile(r"\w+")
_ENDINGS: Final = ("amientos", "amiento", "aciones", "iendo", "mente", "ando", "ingly", "ados",
                   "idos", "adas", "idas", "ing", "ies", "ado", "ido", "ada", "ida", "ed", "ly",
                   "es", "s")  # fmt: skip


def runs(text: str) -> list[str]:
    """Every run of letters inside the words, their edges included."""
    found = []
    for word in _WORD.findall(plain(text)):
        edged = f" {word} "
        found += [edged[at : at + n] for n in RUNS for at in range(len(edged) - n + 1)]
    return found


def words(text: str) -> list[str]:
    """Every stem, and every pair of neighbours."""
    stems = [stem(word) for word in _WORD.findall(plain(text))]
    return stems + [f"{one} {two}" for one, two in pairwise(stems)]


def stem(word: str) -> str:
    """The word without a common ending, English or Spanish; at least four letters are left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """This is the examples by feature: for each bucket the examples that have it, with weights."""

    features: Callable[[str], list[str]]
    starts: NDArray[np.int32]
    owners: NDArray[np.int32]
    weights: Floats
    rarity: Floats
    size: int

    def tells(self, word: str) -> bool:
        """Whether this word tells texts apart: few of the examples have it."""
        bucket = zlib.crc32(stem(plain(word)).encode()) % BUCKETS
        return float(self.rarity[bucket]) >= TELLING

    def against(self, text: str) -> Floats:
        """The cosine of a text with every example."""
        buckets, counts = _counted(self.features(text))
        scores = np.zeros(self.size, dtype=np.float32)
        if not len(buckets):
            return scores
        own = (1 + np.log(counts)) * self.rarity[buckets]
        own /= max(float(np.linalg.norm(own)), 1e-9)
        starts, ends = self.starts[buckets], self.starts[buckets + 1]
        lengths = ends - starts
        if not (total := int(lengths.sum())):
            return scores
        at = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        at = at + np.arange(total)
        shares = self.weights[at] * np.repeat(own, lengths)
        return np.bincount(self.owners[at], weights=shares, minlength=self.size).astype(np.float32)


def index(
    texts: Sequence[str], features: Callable[[str], list[str]], rarity: Floats | None = None
) -> Index:
    """An index of these texts; the same texts give the same index, bit for bit.

    With the `rarity` of another index its cosines can be held against that one's.
    """
    counted = [_counted(features(text)) for text in texts]
    buckets = np.concatenate([found for found, _ in counted] or [np.zeros(0, dtype=np.int64)])
    having = np.bincount(buckets, minlength=BUCKETS)
    if rarity is None:
        rarity = (np.log((1 + len(texts)) / (1 + having)) + 1).astype(np.float32)
    rows = [_unit((1 + np.log(counts)) * rarity[found]) for found, counts in counted]
    weights = np.concatenate(rows or [np.zeros(0)]).astype(np.float32)
    lengths = np.array([len(found) for found, _ in counted], dtype=np.int64)
    owners = np.repeat(np.arange(len(texts)), lengths)
    order = np.argsort(buckets, kind="stable")
    starts = np.concatenate([[0], np.cumsum(having)]).astype(np.int32)
    return Index(
        features, starts, owners[order].astype(np.int32), weights[order], rarity, len(texts)
    )


def _counted(features: list[str]) -> tuple[NDArray[np.int64], Floats]:
    counts = Counter(zlib.crc32(feature.encode()) % BUCKETS for feature in features)
    keys = np.fromiter(counts, dtype=np.int64, count=len(counts))
    return keys, np.fromiter(counts.values(), dtype=np.float32, count=len(counts))


def _unit(row: Floats) -> Floats:
    return row / max(float(np.linalg.norm(row)), 1e-9)
