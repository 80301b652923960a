"""This reads the weights of a small ONNX file: the named tensors of its graph, and nothing else.

ONNX is a protocol buffer. Four of its fields are all that is needed, so no library is (0038).
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_GRAPH, _TENSOR = 7, 5  # fields of a model and of its graph
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9  # fields of a tensor
_TYPES: Final = {1: np.float32, 3: np.int8, 7: np.int64}


def tensors(content: memoryview) -> dict[str, Array]:
    """Every stored tensor by its name; raises ValueError where this is not such a file."""
    found: dict[str, Array] = {}
    for field, value in _fields(content):
        if field == _GRAPH and isinstance(value, memoryview):
            for inner, part in _fields(value):
                if inner == _TENSOR and isinstance(part, memoryview):
                    _add(found, part)
    return found


def _add(found: dict[str, Array], content: memoryview) -> None:
    dims: list[int] = []
    kind, name, raw = 0, "", memoryview(b"")
    for field, value in _fields(content):
        if isinstance(value, int):
            if field == _DIMS:
                dims.append(value)
            elif field == _TYPE:
                kind = value
        elif field == _NAME:
            name = bytes(value).decode()
        elif field == _RAW:
            raw = value
    if kind in _TYPES:
        found[name] = np.frombuffer(raw, dtype=_TYPES[kind]).reshape(dims)


def _fields(content: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(content):
        key, at = _number(content, at)
        match key & 7:
            case 0:
                value, at = _number(content, at)
                yield key >> 3, value
            case 2:
                length, at = _number(content, at)
                yield key >> 3, content[at : at + length]
                at += length
            case 5:
                at += 4
            case 1:
                at += 8
            case _:
                raise ValueError("not an ONNX file")


def _number(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(content) or shift > 63:
            raise ValueError("not an ONNX file")
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
