"""This keeps vectors and what was learnt in a folder, and reads them back.

A file is written beside its place and then moved there, so that a half-written one is never read;
one that cannot be read is made anew.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.encoders.pinned import MARK
from bot.matrix import lexical
from bot.matrix.learn import Column, Encoder, Learned
from bot.matrix.weigh import Scale

Floats = NDArray[np.floating[Any]]

_BAD: Final = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
_FEATURES: Final = {"letters": lexical.runs, "words": lexical.words}
_INDEX: Final = ("starts", "owners", "weights", "rarity")


class Remembering:
    """This is an encoder that looks up texts whose vectors are kept, and encodes the rest."""

    def __init__(self, encoder: Encoder, folder: Path | None) -> None:
        self.name, self._encoder = encoder.name, encoder
        self._file = folder / f"vectors-{encoder.name}-{MARK}.npz" if folder else None
        self._known: dict[bytes, NDArray[np.float16]] = {}
        self._used: dict[bytes, NDArray[np.float16]] = {}
        if self._file is not None:
            try:
                with self._file.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                    keys, vectors = kept["keys"], kept["vectors"]
                self._known = {bytes(k): v for k, v in zip(keys, vectors, strict=True)}
            except _BAD:
                self._known = {}

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector a text, rounded as they are kept, so that old and new ones are the same."""
        keys = [hashlib.sha256(text.encode()).digest()[:16] for text in texts]
        unknown = [no for no, key in enumerate(keys) if key not in self._known]
        if unknown:
            fresh = self._encoder.encode([texts[no] for no in unknown]).astype(np.float16)
            self._known |= {keys[no]: fresh[at] for at, no in enumerate(unknown)}
        self._used |= {key: self._known[key] for key in keys}
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def keep(self, *, forget: bool = True) -> None:
        """Write what was used; texts that are gone from the packs are forgotten, unless told."""
        kept = self._used if forget else self._known
        if self._file is not None and self._used:
            keys = np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(-1, 16)
            _write(self._file, {"keys": keys, "vectors": np.stack(list(kept.values()))})


def save(folder: Path, name: str, learned: Learned, scale: Scale) -> None:
    """Keep what was learnt."""
    arrays: dict[str, NDArray[Any]] = {"alpha": learned.alpha}
    arrays["unseen"] = learned.unseen.astype(np.float16)
    arrays["about"] = np.array(
        json.dumps(
            {
                "scale": asdict(scale),
                "columns": [(one.row, one.live) for one in learned.columns],
                "vectors": list(learned.vectors),
                "shares": dict(learned.shares),
            }
        )
    )
    for model, vectors in learned.vectors.items():
        arrays[f"vectors_{model}"] = vectors.astype(np.float16)
    for part in _FEATURES:
        index: lexical.Index = getattr(learned, part)
        arrays |= {f"{part}_{field}": getattr(index, field) for field in _INDEX}
    _write(folder / f"learned-{name}.npz", arrays)


def load(folder: Path, name: str) -> tuple[Learned, Scale] | None:
    """What was kept under this name; None where nothing was, or it cannot be read."""
    try:
        with (
            (folder / f"learned-{name}.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as kept,
        ):
            about = json.loads(str(kept["about"]))
            size = len(kept["alpha"])
            indexes = {
                part: lexical.Index(
                    features=features,
                    size=size,
                    **{field: kept[f"{part}_{field}"] for field in _INDEX},
                )
                for part, features in _FEATURES.items()
            }
            learned = Learned(
                tuple(Column(row, live) for row, live in about["columns"]),
                kept["alpha"],
                kept["unseen"],
                {one: kept[f"vectors_{one}"].astype(np.float32) for one in about["vectors"]},
                **indexes,
                shares=about["shares"],
            )
        scale = about["scale"]
        return learned, Scale(**{**scale, "live": tuple(scale["live"])})
    except _BAD:
        return None


def _write(file: Path, arrays: dict[str, NDArray[Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with beside.open("wb") as out:
        np.savez(out, allow_pickle=False, **arrays)
    beside.replace(file)
