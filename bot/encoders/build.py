"""This makes the engine: models found and checked, vectors and what was learnt kept for next time.

Everything kept is named by the digest of what it was made from, so that nothing stale is ever
read; deleting the folder costs a minute. Nothing is downloaded: what is not installed is done
without, and the engine says so.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.encoders import pinned, store, wordpiece
from bot.encoders.minilm import MiniLM
from bot.encoders.multilingual import Multilingual
from bot.matrix import learn, weigh, words
from bot.matrix.engine import Engine
from bot.matrix.learn import Encoder, Progress
from bot.matrix.model import Matrix
from bot.matrix.packs import Example

BOTH: Final = ("minilm", "multilingual")
_METHOD: Final = 2  # raised when the same matrix is learnt in another way


class Lazy:
    """This is a model that is loaded when it is first needed, once, whoever asks first."""

    def __init__(self, name: str, make: Callable[[], Encoder]) -> None:
        self.name = name
        self._make, self._lock = make, threading.Lock()
        self._model: Encoder | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text."""
        with self._lock:
            if self._model is None:
                self._model = self._make()
        return self._model.encode(texts)


def quiet(what: str, done: int, of: int) -> None:
    """This is progress that nobody watches."""


def encoders(
    names: Iterable[str] = BOTH, minilm_file: Path | None = None, folder: Path | None = None
) -> tuple[tuple[Encoder, ...], str | None]:
    """The models that can be used, and what is missing in words. Loads none of them yet.

    `folder` is where a model may keep what would fill the memory.
    """
    found: list[Encoder] = []
    missing: list[str] = []
    for name in names:
        try:
            if name == "minilm":
                file = pinned.minilm(minilm_file)
                found.append(Lazy(name, partial(MiniLM, file)))
            else:
                pinned.multilingual()
                found.append(Lazy(name, partial(Multilingual, folder)))
        except pinned.NotUsableError as problem:
            missing.append(str(problem))
    return tuple(found), "; ".join(missing) or None


def engine(
    matrix: Matrix,
    folder: Path | None,
    *,
    progress: Progress = quiet,
    shares: learn.Shares | None = None,
    models: tuple[tuple[Encoder, ...], str | None] | None = None,
) -> Engine:
    """The engine for this matrix, from what is kept in the folder or learnt anew."""
    usable, degraded = encoders(folder=folder) if models is None else models
    examples = learn.all_examples(matrix)
    reader = words.reader((one.text for one in examples), matrix.slang, wordpiece.common_words())
    name = _name(matrix, examples, usable, shares)
    kept = store.load(folder, name) if folder is not None else None
    columns = learn.columns(matrix)
    layout = weigh.layout(matrix, columns)
    if kept is None:
        watched = [store.Remembering(one, folder) for one in usable]
        learned = learn.learn(matrix, reader, watched, progress, shares)
        for one in watched:
            one.keep()
        kept = learned, weigh.fit(learned.unseen, examples, layout)
        if folder is not None:
            store.save(folder, name, *kept)
    learned, scale = kept
    return Engine(matrix, examples, reader, learned, layout, scale, usable, degraded)


def kept(
    matrix: Matrix,
    folder: Path,
    models: tuple[tuple[Encoder, ...], str | None] | None = None,
) -> Engine | None:
    """The engine for exactly this matrix if it was learnt in full before; learns nothing."""
    usable, degraded = encoders(folder=folder) if models is None else models
    examples = learn.all_examples(matrix)
    found = store.load(folder, _name(matrix, examples, usable, None))
    if found is None:
        return None
    reader = words.reader((one.text for one in examples), matrix.slang, wordpiece.common_words())
    layout = weigh.layout(matrix, learn.columns(matrix))
    return Engine(matrix, examples, reader, found[0], layout, found[1], usable, degraded)


def _name(
    matrix: Matrix,
    examples: Sequence[Example],
    usable: Sequence[Encoder],
    shares: learn.Shares | None,
) -> str:
    tiers = [(row.key, row.under, row.tier) for row in matrix.rows]
    made_from = {
        "method": _METHOD,
        "examples": [asdict(one) for one in examples],
        "rows": tiers,
        "slang": matrix.slang,
        "models": [one.name for one in usable],
        "digests": pinned.DIGESTS,
        "shares": dict(shares or (learn.SHARES if usable else learn.ALONE)),
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:24]
